// What an app does with the client: sign in, create, list, change, meet errors, refresh and sign out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"os"
	"slices"

	tripod "example.org/tripod/client"
)

func main() {
	name, code, email := os.Getenv("TRIPOD_NAME"), os.Getenv("TRIPOD_CODE"), os.Getenv("TRIPOD_EMAIL")
	configuration := tripod.NewConfiguration()
	configuration.Servers = tripod.ServerConfigurations{{URL: os.Getenv("TRIPOD_URL")}}
	client := tripod.NewAPIClient(configuration)
	authentication, languages, projects := client.AuthenticationAPI, client.LanguagesAPI, client.ProjectsAPI

	credentials := tripod.NewLogInRequest(email, os.Getenv("TRIPOD_PASSWORD"))
	signedIn, _, err := authentication.LogIn(context.Background()).LogInRequest(*credentials).Execute()
	must(err)
	ctx := withToken(signedIn.Tokens)
	me, _, err := authentication.GetMe(ctx).Execute()
	must(err)
	check(me.Email == email, "the account")

	newLanguage := *tripod.NewCreateLanguageRequest(name, code)
	language, _, err := languages.CreateLanguage(ctx).CreateLanguageRequest(newLanguage).IdempotencyKey(code).Execute()
	must(err)
	again, _, err := languages.CreateLanguage(ctx).CreateLanguageRequest(newLanguage).IdempotencyKey(code).Execute()
	must(err)
	check(again.Id == language.Id, "the same language")
	newProject := *tripod.NewCreateProjectRequest(name, language.Id)
	newProject.SetDescription(name)
	newProject.SetLatitude(-10.5)
	newProject.SetLongitude(20.25)
	project, _, err := projects.CreateProject(ctx).CreateProjectRequest(newProject).Execute()
	must(err)
	check(project.GetLatitude() == -10.5, "the latitude")

	// What is left out keeps its value, and what is nil is cleared.
	changes := *tripod.NewUpdateProjectRequest()
	changes.SetLatitudeNil()
	changes.SetLongitudeNil()
	changed, _, err := projects.UpdateProject(ctx, project.Id).UpdateProjectRequest(changes).Execute()
	must(err)
	check(changed.GetDescription() == name && changed.Latitude.Get() == nil, "the change")
	all, _, err := projects.ListProjects(ctx).LanguageId(language.Id).Execute()
	must(err)
	isIt := func(each tripod.Project) bool { return each.Id == project.Id }
	check(slices.ContainsFunc(all, isIt), "the project in the list")
	page, response, err := projects.ListProjects(ctx).Limit(1).Execute()
	must(err)
	check(len(page) == 1 && response.Header.Get("ETag") != "", "a page")

	request, _, err := client.AccessRequestsAPI.GetMyAccessRequest(ctx).AppKey("tripod-studio").Execute()
	must(err)
	check(request == nil, "no request for access")
	_, _, err = languages.CreateLanguage(ctx).CreateLanguageRequest(newLanguage).Execute()
	check(problemOf(err).Code == "LANGUAGE_CODE_TAKEN", "the conflict")

	refresh := *tripod.NewRefreshRequest(signedIn.Tokens.RefreshToken)
	tokens, _, err := authentication.RefreshTokens(ctx).RefreshRequest(refresh).Execute()
	must(err)
	ctx = withToken(*tokens)
	_, _, err = languages.GetLanguage(ctx, language.Id).Execute()
	must(err)

	// A field that the service adds later.
	fields, err := language.ToMap()
	must(err)
	fields["later"] = true
	text, err := json.Marshal(fields)
	must(err)
	var later tripod.Language
	must(json.Unmarshal(text, &later))
	check(later.Id == language.Id, "the language of later")

	goodbye := *tripod.NewLogOutRequest(tokens.RefreshToken)
	_, err = authentication.LogOut(ctx).LogOutRequest(goodbye).Execute()
	must(err)
	_, _, err = authentication.GetMe(ctx).Execute()
	check(problemOf(err).Code == "UNAUTHORIZED", "the end of the session")
}

func withToken(tokens tripod.Tokens) context.Context {
	return context.WithValue(context.Background(), tripod.ContextAccessToken, tokens.AccessToken)
}

func problemOf(err error) tripod.Problem {
	var failure *tripod.GenericOpenAPIError
	check(errors.As(err, &failure), "an error")
	problem, ok := failure.Model().(tripod.Problem)
	check(ok, "a problem")
	return problem
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func check(holds bool, what string) {
	if !holds {
		log.Fatalf("This is not as it should be: %s.", what)
	}
}
