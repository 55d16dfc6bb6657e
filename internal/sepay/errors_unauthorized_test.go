package sepay

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestTheNextStepOfA401FollowsItsHint(t *testing.T) {
	t.Parallel()

	const denied = "The resource owner or authorization server denied the request."

	for hint, want := range map[string]string{
		"Access token has been revoked":       "renewed somewhere else",
		"Access token could not be verified":  "check that base_url is the service that issued it",
		`Missing \"Authorization\" header`:    "a proxy between this machine and SePay removes",
		"The user is locked":                  "the user who signed in is still active",
		"":                                    "the user who signed in is still active",
		"Access token has been revoked <b>":   "renewed somewhere else",
		"Access token is not verified by RSA": "check that base_url",
	} {
		s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			respond(w, 401, fmt.Sprintf(`{"error":"access_denied","error_description":%q,"hint":"%s","message":%q}`, denied, hint, denied))
		})

		_, err := client.Me(t.Context())

		var failure *APIError
		if !errors.As(err, &failure) || !strings.Contains(failure.NextStep(), want) ||
			!strings.Contains(err.Error(), strings.ReplaceAll(hint, `\`, "")) || strings.Contains(err.Error(), "..") {
			t.Errorf("%s: %v, want %q", hint, err, want)
		}

		if strings.Contains(err.Error(), "no other one") || len(s.log()) != 2 {
			t.Errorf("%s: %d requests, %v", hint, len(s.log()), err)
		}
	}
}

func TestTheErrorNamesTheRejectedTokenWhenThereIsNoOther(t *testing.T) {
	t.Parallel()

	dead := errors.New("the authorization has ended")
	_, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		respond(w, 401, `{"error":"access_denied","hint":"Access token has been revoked"}`)
	}, func(cfg *Config) { cfg.Tokens = &tokens{fail: dead} })

	_, err := client.Me(t.Context())

	var refused *APIError
	if !errors.Is(err, dead) || !errors.As(err, &refused) || !strings.Contains(refused.Summary(), "GET /me with 401 Unauthorized: ") ||
		!strings.Contains(refused.Summary(), "Access token has been revoked") {
		t.Errorf("got %v", err)
	}
}
