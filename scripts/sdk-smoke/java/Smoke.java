import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.UUID;
import tripod.client.ApiClient;
import tripod.client.ApiException;
import tripod.client.api.AccessRequestsApi;
import tripod.client.api.AuthenticationApi;
import tripod.client.api.LanguagesApi;
import tripod.client.api.ProjectsApi;
import tripod.client.model.CreateLanguageRequest;
import tripod.client.model.CreateProjectRequest;
import tripod.client.model.Language;
import tripod.client.model.LogInRequest;
import tripod.client.model.LogOutRequest;
import tripod.client.model.Problem;
import tripod.client.model.RefreshRequest;
import tripod.client.model.Tokens;
import tripod.client.model.UpdateProjectRequest;

/** What an app does with the client: sign in, create, list, change, meet errors, refresh and sign out. */
public final class Smoke {
  private static Tokens tokens;

  private interface Call {
    void run() throws ApiException;
  }

  public static void main(String[] args) throws Exception {
    var name = System.getenv("TRIPOD_NAME");
    var client = new ApiClient();
    client.updateBaseUri(System.getenv("TRIPOD_URL"));
    client.setRequestInterceptor(request -> {
      if (tokens != null) request.header("Authorization", "Bearer " + tokens.getAccessToken());
    });
    var authentication = new AuthenticationApi(client);
    var languages = new LanguagesApi(client);
    var projects = new ProjectsApi(client);

    var email = System.getenv("TRIPOD_EMAIL");
    var credentials = new LogInRequest().email(email).password(System.getenv("TRIPOD_PASSWORD"));
    tokens = authentication.logIn(credentials, null).getTokens();
    check(authentication.getMe(null).getEmail().equals(email));

    var newLanguage = new CreateLanguageRequest().name(name).code(System.getenv("TRIPOD_CODE"));
    var key = UUID.randomUUID().toString();
    var language = languages.createLanguage(newLanguage, key);
    check(languages.createLanguage(newLanguage, key).equals(language));
    var newProject = new CreateProjectRequest()
        .name(name).languageId(language.getId()).description(name).latitude(-10.5).longitude(20.25);
    var project = projects.createProject(newProject, null);
    check(Objects.equals(project.getLatitude(), -10.5));

    // What is left out keeps its value, and what is null is cleared.
    var changes = new UpdateProjectRequest().latitude(null).longitude(null);
    var changed = projects.updateProject(project.getId(), changes, null);
    check(name.equals(changed.getDescription()) && changed.getLatitude() == null);
    var ofLanguage = projects.listProjects(language.getId(), null, null, null, null);
    check(ofLanguage.stream().anyMatch(each -> each.getId().equals(project.getId())));
    var page = projects.listProjectsWithHttpInfo(null, null, 1, null, null);
    check(page.getData().size() == 1 && page.getHeaders().containsKey("etag"));

    check(new AccessRequestsApi(client).getMyAccessRequest("tripod-studio", null) == null);
    var mapper = client.getObjectMapper();
    var conflict = failureOf(() -> languages.createLanguage(newLanguage, null));
    var problem = mapper.readValue(conflict.getResponseBody(), Problem.class);
    check(conflict.getCode() == 409 && problem.getCode().equals("LANGUAGE_CODE_TAKEN"));

    tokens = authentication.refreshTokens(new RefreshRequest().refreshToken(tokens.getRefreshToken()));
    check(languages.getLanguage(language.getId(), null).equals(language));

    // A field that the service adds later.
    ObjectNode later = mapper.valueToTree(language);
    later.put("later", true);
    check(mapper.treeToValue(later, Language.class).getId().equals(language.getId()));

    authentication.logOut(new LogOutRequest().refreshToken(tokens.getRefreshToken()));
    check(failureOf(() -> authentication.getMe(null)).getCode() == 401);
  }

  private static ApiException failureOf(Call call) {
    try {
      call.run();
    } catch (ApiException exception) {
      return exception;
    }
    throw new IllegalStateException("This should have failed.");
  }

  private static void check(boolean holds) {
    if (!holds) throw new IllegalStateException("This is not as it should be.");
  }
}
