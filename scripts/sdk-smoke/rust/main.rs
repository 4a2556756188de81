//! What an app does with the client: sign in, create, list, change, meet errors, refresh and sign out.
#![deny(warnings)]

use std::env::var;
use std::error::Error as StdError;

use tripod_client::apis::authentication_api::{self, GetMeError, GetMeParams, LogInParams, LogOutParams, RefreshTokensParams};
use tripod_client::apis::configuration::Configuration;
use tripod_client::apis::languages_api::{self, CreateLanguageError, CreateLanguageParams, GetLanguageParams};
use tripod_client::apis::projects_api::{self, CreateProjectParams, ListProjectsParams, UpdateProjectParams};
use tripod_client::apis::Error;
use tripod_client::models::{
    CreateLanguageRequest, CreateProjectRequest, Language, LogInRequest, LogOutRequest, RefreshRequest, UpdateProjectRequest,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let (name, code, email) = (var("TRIPOD_NAME")?, var("TRIPOD_CODE")?, var("TRIPOD_EMAIL")?);
    let mut client = Configuration { base_path: var("TRIPOD_URL")?, ..Configuration::new() };

    let log_in_request = LogInRequest::new(email.clone(), var("TRIPOD_PASSWORD")?);
    let signed_in = authentication_api::log_in(&client, LogInParams { log_in_request, device_id: None }).await?;
    client.bearer_access_token = Some(signed_in.tokens.access_token);
    let me = authentication_api::get_me(&client, GetMeParams { if_none_match: None }).await?;
    assert_eq!(me.email, email);

    let new_language = |idempotency_key| CreateLanguageParams {
        create_language_request: CreateLanguageRequest::new(name.clone(), code.clone()),
        idempotency_key,
    };
    let language = languages_api::create_language(&client, new_language(Some(code.clone()))).await?;
    let again = languages_api::create_language(&client, new_language(Some(code.clone()))).await?;
    assert_eq!(again, language);
    let create_project_request = CreateProjectRequest {
        description: Some(Some(name.clone())),
        latitude: Some(Some(-10.5)),
        longitude: Some(Some(20.25)),
        ..CreateProjectRequest::new(name.clone(), language.id)
    };
    let new_project = CreateProjectParams { create_project_request, idempotency_key: None };
    let project = projects_api::create_project(&client, new_project).await?;
    assert_eq!(project.latitude, Some(-10.5));

    // What is left out keeps its value, and what is None within Some is cleared.
    let update_project_request = UpdateProjectRequest { latitude: Some(None), longitude: Some(None), ..Default::default() };
    let changes = UpdateProjectParams { project_id: project.id.to_string(), update_project_request, if_match: None };
    let changed = projects_api::update_project(&client, changes).await?;
    assert_eq!((changed.description, changed.latitude), (Some(name.clone()), None));
    let every = ListProjectsParams { language_id: None, organization_id: None, limit: None, cursor: None, if_none_match: None };
    let of_language = ListProjectsParams { language_id: Some(language.id.to_string()), ..every.clone() };
    let all = projects_api::list_projects(&client, of_language).await?;
    assert!(all.iter().any(|each| each.id == project.id));
    let page = projects_api::list_projects(&client, ListProjectsParams { limit: Some(1), ..every }).await?;
    assert_eq!(page.len(), 1);

    match languages_api::create_language(&client, new_language(None)).await {
        Err(Error::ResponseError(answer)) => match answer.entity {
            Some(CreateLanguageError::DefaultResponse(problem)) => assert_eq!(problem.code, "LANGUAGE_CODE_TAKEN"),
            other => panic!("no problem: {other:?}"),
        },
        other => panic!("no conflict: {other:?}"),
    }

    let refresh_request = RefreshRequest::new(signed_in.tokens.refresh_token);
    let tokens = authentication_api::refresh_tokens(&client, RefreshTokensParams { refresh_request }).await?;
    client.bearer_access_token = Some(tokens.access_token);
    let wanted = GetLanguageParams { language_id: language.id.to_string(), if_none_match: None };
    assert_eq!(languages_api::get_language(&client, wanted).await?, language);

    // A field that the service adds later.
    let mut later = serde_json::to_value(&language)?;
    later["later"] = true.into();
    assert_eq!(serde_json::from_value::<Language>(later)?, language);

    let log_out_request = LogOutRequest::new(tokens.refresh_token);
    authentication_api::log_out(&client, LogOutParams { log_out_request }).await?;
    match authentication_api::get_me(&client, GetMeParams { if_none_match: None }).await {
        Err(Error::ResponseError(answer)) => match answer.entity {
            Some(GetMeError::DefaultResponse(problem)) => assert_eq!(problem.code, "UNAUTHORIZED"),
            other => panic!("no problem: {other:?}"),
        },
        other => panic!("still signed in: {other:?}"),
    }
    Ok(())
}
