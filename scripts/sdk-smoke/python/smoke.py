"""What an app does with the client: sign in, create, list, change, meet errors, refresh and sign out."""

import os
from uuid import uuid4

from tripod_client import (
    AccessRequestsApi,
    ApiClient,
    AuthenticationApi,
    Configuration,
    CreateLanguageRequest,
    CreateProjectRequest,
    Language,
    LanguagesApi,
    LogInRequest,
    LogOutRequest,
    Problem,
    ProjectsApi,
    RefreshRequest,
    UpdateProjectRequest,
)
from tripod_client.exceptions import ConflictException, UnauthorizedException

name, code = os.environ["TRIPOD_NAME"], os.environ["TRIPOD_CODE"]
configuration = Configuration(host=os.environ["TRIPOD_URL"])
with ApiClient(configuration) as client:
    authentication = AuthenticationApi(client)
    languages = LanguagesApi(client)
    projects = ProjectsApi(client)

    email = os.environ["TRIPOD_EMAIL"]
    signed_in = authentication.log_in(
        LogInRequest(email=email, password=os.environ["TRIPOD_PASSWORD"])
    )
    configuration.access_token = signed_in.tokens.access_token
    assert authentication.get_me().email == email

    new_language = CreateLanguageRequest(name=name, code=code)
    key = str(uuid4())
    language = languages.create_language(new_language, idempotency_key=key)
    assert languages.create_language(new_language, idempotency_key=key).id == language.id
    new_project = CreateProjectRequest(
        name=name, language_id=language.id, description=name, latitude=-10.5, longitude=20.25
    )
    project = projects.create_project(new_project)
    assert project.latitude == -10.5

    # What is left out keeps its value, and what is None is cleared.
    changes = UpdateProjectRequest(latitude=None, longitude=None)
    changed = projects.update_project(project.id, changes)
    assert changed.description == name and changed.latitude is None
    assert project.id in [each.id for each in projects.list_projects(language_id=language.id)]
    page = projects.list_projects_with_http_info(limit=1)
    assert len(page.data) == 1 and page.headers is not None

    assert AccessRequestsApi(client).get_my_access_request("tripod-studio") is None
    try:
        languages.create_language(new_language)
        raise AssertionError("The code is taken.")
    except ConflictException as error:
        assert isinstance(error.data, Problem) and error.data.code == "LANGUAGE_CODE_TAKEN"

    tokens = authentication.refresh_tokens(
        RefreshRequest(refresh_token=signed_in.tokens.refresh_token)
    )
    configuration.access_token = tokens.access_token
    assert languages.get_language(language.id) == language

    # A field that the service adds later.
    later = Language.from_dict({**language.to_dict(), "later": True})
    assert later is not None and later.id == language.id

    authentication.log_out(LogOutRequest(refresh_token=tokens.refresh_token))
    try:
        authentication.get_me()
        raise AssertionError("The session is over.")
    except UnauthorizedException as error:
        assert isinstance(error.data, Problem) and error.data.code == "UNAUTHORIZED"
