package sepay

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// scopedToken returns an access token whose claims are payload.
func scopedToken(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
}

func TestA403PrintsTheCommandThatAuthorizesAgain(t *testing.T) {
	t.Parallel()

	update := func(t *testing.T, client *Client) error {
		t.Helper()

		return client.UpdateWebhook(t.Context(), 1, WebhookBody{Name: new("x")})
	}
	company := func(t *testing.T, client *Client) error {
		t.Helper()

		_, err := client.Company(t.Context())

		return err
	}

	for name, test := range map[string]struct {
		claims  string
		request func(*testing.T, *Client) error
		want    []string
		not     []string
	}{
		"the scope is missing": {
			`{"scope":"webhook:read profile"}`, update,
			[]string{
				`lacks the scope "webhook:write"`, "it has profile, webhook:read",
				"authorize again", "`terraform-provider-sepay login --scope profile,webhook:read,webhook:write`",
			},
			[]string{"permission"},
		},
		"the only scope is missing": {
			`{"scopes":["webhook:read"]}`, company,
			[]string{`lacks the scope "company"`, "`terraform-provider-sepay login --scope company,webhook:read`", "Admin or SuperAdmin"},
			nil,
		},
		"the user may not": {
			`{"scope":"webhook:write"}`, update,
			[]string{`has the scope "webhook:write"`, "permission", "administrator of the company", "authorize again as a user who has it"},
			[]string{"lacks the scope", "--scope"},
		},
		"the user has another role": {
			`{"scope":"company"}`, company,
			[]string{`has the scope "company"`, "Admin or SuperAdmin", "administrator of the company", "authorize again as a user who has it"},
			[]string{"lacks the scope", "--scope"},
		},
		"the token does not say": {
			`{}`, update,
			[]string{`the scope "webhook:write"`, "permission", "authorize again", "`terraform-provider-sepay login`", "--scope"},
			nil,
		},
		"the token says what a shell would run": {
			`{"scope":"webhook:read $(id) a;b \u001b[2J"}`, update,
			[]string{"`terraform-provider-sepay login --scope webhook:read,webhook:write`"},
			[]string{"$(", "a;b", "\x1b"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, client := serve(t, status(403, `{"message":"Forbidden"}`), func(cfg *Config) {
				cfg.Tokens = fixedToken(scopedToken(test.claims))
			})

			err := test.request(t, client)
			if err == nil {
				t.Fatal("no error")
			}

			for _, want := range append(test.want, "SePay responded with 403 Forbidden. ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}

			for _, not := range append(test.not, "..", "Forbidden: Forbidden") {
				if strings.Contains(err.Error(), not) {
					t.Errorf("%q is in: %v", not, err)
				}
			}
		})
	}
}

func TestAMessageThatRepeatsTheStatusIsShownOnce(t *testing.T) {
	t.Parallel()

	for code, text := range map[int]string{429: "Too many requests.", 404: "not found", 503: "Service Unavailable"} {
		_, client := serve(t, status(code, fmt.Sprintf(`{"message":%q}`, text)), func(cfg *Config) { cfg.MaxRetries = 0 })

		_, err := client.Me(t.Context())
		if want := fmt.Sprintf("GET /me: SePay responded with %d %s", code, http.StatusText(code)); err == nil ||
			!strings.HasPrefix(err.Error(), want) || strings.Count(strings.ToLower(err.Error()), strings.ToLower(strings.TrimSuffix(text, "."))) != 1 {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
