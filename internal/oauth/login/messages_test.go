package login

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic/diagnostictest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// TestLoginMessages compares all messages of the sign-in with golden files.
func TestLoginMessages(t *testing.T) {
	t.Parallel()

	options := Options{
		ClientID: "client-1", RedirectURL: "http://127.0.0.1:8765/callback",
		Scopes: []string{"webhook:read", "webhook:write", "company"},
	}
	m := messages{tokenstore.NewMessages("client-1", "")}
	rejected := tokenendpoint.Response{
		Status: 400, Code: "invalid_request", Description: "The request is missing a required parameter. Authorization code has expired",
	}
	elsewhere := options
	elsewhere.RedirectURL = "https://example.com/callback"
	withPKCE := options
	withPKCE.PKCE = true
	one := options
	one.Scopes = []string{"company"}
	cause := errors.New("bind: address already in use")

	for name, text := range map[string]string{
		"login open":                      m.openAddress("https://my.sepay.vn/oauth/authorize?…", true, options),
		"login open elsewhere":            m.openAddress("https://my.sepay.vn/oauth/authorize?…", false, elsewhere),
		"login no callback yet":           m.noCallbackYet(30*time.Second, options),
		"login started twice":             diagnostictest.Text(m.startedTwice()),
		"login needs a store":             diagnostictest.Text(m.loginNeedsStore()),
		"login bad redirect":              diagnostictest.Text(m.badRedirect("nowhere")),
		"login cannot listen":             diagnostictest.Text(m.cannotListen("127.0.0.1:8765", cause)),
		"login no callback":               diagnostictest.Text(m.noCallback(10 * time.Minute)),
		"login nothing pasted":            diagnostictest.Text(m.nothingPasted(nil)),
		"login paste unreadable":          diagnostictest.Text(m.nothingPasted(errors.New("token too long"))),
		"login foreign response":          diagnostictest.Text(m.foreignResponse()),
		"login unverified":                m.unverified() + "\n" + m.stillWaiting(),
		"login no code":                   diagnostictest.Text(m.noCode()),
		"login rejected scope":            diagnostictest.Text(m.notAuthorized(denial{"invalid_scope", "The requested scope is invalid, unknown, or malformed", "Check the `webhook:write` scope"}, options)),
		"login rejected only scope":       diagnostictest.Text(m.notAuthorized(denial{"invalid_scope", "The requested scope is invalid, unknown, or malformed", "Check the `company` scope"}, one)),
		"login rejected scopes":           diagnostictest.Text(m.notAuthorized(denial{code: "invalid_scope"}, options)),
		"login denied by the user":        diagnostictest.Text(m.notAuthorized(denial{"access_denied", "The resource owner or authorization server denied the request.", "The user denied the request"}, options)),
		"login unknown client":            diagnostictest.Text(m.notAuthorized(denial{code: "unauthorized_client"}, options)),
		"login invalid request":           diagnostictest.Text(m.notAuthorized(denial{code: "invalid_request", description: "The request is malformed."}, options)),
		"login invalid request with pkce": diagnostictest.Text(m.notAuthorized(denial{code: "invalid_request", description: "The request is malformed."}, withPKCE)),
		"login server error":              diagnostictest.Text(m.notAuthorized(denial{code: "temporarily_unavailable"}, options)),
		"login client rejected":           diagnostictest.Text(m.clientRejected(tokenendpoint.Response{Status: 401, Code: "invalid_client", Description: "Client authentication failed"})),
		"login code rejected":             diagnostictest.Text(m.codeRejected(rejected, false)),
		"login code rejected with pkce":   diagnostictest.Text(m.codeRejected(rejected, true)),
		"login challenge lost":            diagnostictest.Text(m.codeRejected(tokenendpoint.Response{Status: 400, Code: "invalid_request", Description: "code_verifier received when no code_challenge is present"}, true)),
		"login code not exchanged":        diagnostictest.Text(m.codeNotExchanged(tokenendpoint.Response{Status: 502})),
		"login no refresh token":          diagnostictest.Text(m.noRefreshToken()),
	} {
		diagnostictest.ExpectGolden(t, name, text)
	}
}
