package oauth

import (
	"errors"
	"testing"
	"time"
)

// TestLoginMessages holds every text of the sign-in, as a user reads it.
func TestLoginMessages(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := LoginOptions{
		ClientID: "client-1", RedirectURL: "http://127.0.0.1:8765/callback",
		Scopes: []string{"webhook:read", "webhook:write", "company"},
	}
	m := loginMessages{storeMessages{signInName{ClientID: "client-1"}}}
	refused := answer{
		status: 400, code: "invalid_request", description: "The request is missing a required parameter. Authorization code has expired",
	}
	elsewhere := options
	elsewhere.RedirectURL = "https://example.com/callback"
	withPKCE := options
	withPKCE.PKCE = true
	one := options
	one.Scopes = []string{"company"}
	why := errors.New("bind: address already in use")

	for name, text := range map[string]string{
		"login open":                      m.openThis("https://my.sepay.vn/oauth/authorize?…", true, options),
		"login open elsewhere":            m.openThis("https://my.sepay.vn/oauth/authorize?…", false, elsewhere),
		"login silence":                   m.silence(30*time.Second, options),
		"login started twice":             said(m.startedTwice()),
		"login needs a store":             said(m.loginNeedsStore()),
		"login bad redirect":              said(m.badRedirect("nowhere")),
		"login cannot listen":             said(m.cannotListen("127.0.0.1:8765", why)),
		"login nobody came back":          said(m.nobodyCameBack(10 * time.Minute)),
		"login nothing pasted":            said(m.nothingPasted(nil)),
		"login paste unreadable":          said(m.nothingPasted(errors.New("token too long"))),
		"login foreign answer":            said(m.foreignAnswer()),
		"login unverified":                m.unverified() + "\n" + m.stillWaiting(),
		"login no code":                   said(m.noCode()),
		"login refused scope":             said(m.notAuthorized(denial{"invalid_scope", "The requested scope is invalid, unknown, or malformed", "Check the `webhook:write` scope"}, options)),
		"login refused only scope":        said(m.notAuthorized(denial{"invalid_scope", "The requested scope is invalid, unknown, or malformed", "Check the `company` scope"}, one)),
		"login refused scopes":            said(m.notAuthorized(denial{code: "invalid_scope"}, options)),
		"login refused by the user":       said(m.notAuthorized(denial{"access_denied", "The resource owner or authorization server denied the request.", "The user denied the request"}, options)),
		"login refused client":            said(m.notAuthorized(denial{code: "unauthorized_client"}, options)),
		"login refused request":           said(m.notAuthorized(denial{code: "invalid_request", description: "The request is malformed."}, options)),
		"login refused request with pkce": said(m.notAuthorized(denial{code: "invalid_request", description: "The request is malformed."}, withPKCE)),
		"login server error":              said(m.notAuthorized(denial{code: "temporarily_unavailable"}, options)),
		"login client rejected":           said(m.clientRejected(answer{status: 401, code: "invalid_client", description: "Client authentication failed"})),
		"login code refused":              said(m.codeRefused(refused, false)),
		"login code refused with pkce":    said(m.codeRefused(refused, true)),
		"login challenge lost":            said(m.codeRefused(answer{status: 400, code: "invalid_request", description: "code_verifier received when no code_challenge is present"}, true)),
		"login code not exchanged":        said(m.codeNotExchanged(answer{status: 502})),
		"login no refresh token":          said(m.noRefreshToken()),
		"logout cannot delete":            said(m.cannotRemove(f.dir+"/x.json", errors.New("permission denied"))),
		"token lives too short":           said(messages{}.tooLong(2*time.Hour, time.Hour)),
		"store is readable by others":     warning(openToOthers(f.dir, false)),
		"store was readable by others":    warning(openToOthers(f.dir, true)),
		"every sign-in refused":           said(newMessages(Config{ClientID: "client-1", Store: newFileStore(f.dir)}).severalRecords(refusedRecords())),
	} {
		f.expectGolden(name, text)
	}
}

func refusedRecords() []stored {
	var all []stored

	for _, key := range []string{"staging", "production"} {
		r := &record{Key: key, RefreshToken: "rt", ObtainedAt: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}
		r.Rejected = &rejection{Fingerprint: fingerprint("rt")}
		all = append(all, stored{Name: key, record: r})
	}

	return all
}

func TestTheCommandIsWrittenAsTheShellTakesIt(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ system, path, want string }{
		{"linux", "/srv/shop/.terraform/providers/x/terraform-provider-sepay_v0.1.0", "/srv/shop/.terraform/providers/x/terraform-provider-sepay_v0.1.0"},
		{"darwin", "/Users/an b/it's/terraform-provider-sepay", `'/Users/an b/it'\''s/terraform-provider-sepay'`},
		{"windows", `C:\work\terraform-provider-sepay.exe`, `C:\work\terraform-provider-sepay.exe`},
		{"windows", `C:\An's work\terraform-provider-sepay.exe`, `& 'C:\An''s work\terraform-provider-sepay.exe'`},
	} {
		if got := invocation(test.system, test.path); got != test.want {
			t.Errorf("%s on %s: %s, want %s", test.path, test.system, got, test.want)
		}
	}
}
