package probe

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// errNotSignedIn is the reason why the questions about tokens stay open.
const errNotSignedIn = sentinel("SePay issued no tokens for the sign-in of the probe")

// grant is the probe's own sign-in. It is kept only in memory.
type grant struct {
	access, refresh string
	form            url.Values // of the exchange
}

// askTokens signs in again and answers the questions about tokens, without the user's own sign-in.
func (r *run) askTokens(ctx context.Context) error {
	r.sayf("Signing in once more, to ask about tokens. These tokens are the probe's own, and are not stored.")

	var own grant

	err := r.SignIn(ctx, func(ctx context.Context, form url.Values) Redeemed { return r.redeem(ctx, form, &own) })
	if err != nil {
		return fmt.Errorf("sign in for the questions about tokens: %w", err)
	}

	if own.access == "" || own.refresh == "" {
		return errNotSignedIn
	}

	for _, step := range []func(context.Context, *grant) error{r.askRefresh, r.askReplay, r.askCode, r.askAuthorize} {
		if err := step(ctx, &own); err != nil {
			return err
		}
	}

	return r.askFirstSignIn(ctx)
}

// askFirstSignIn checks whether the user's own access token works after the second sign-in. It does not renew it.
func (r *run) askFirstSignIn(ctx context.Context) error {
	token, err := r.Tokens.Token(ctx, "")
	if err != nil {
		return err
	}

	e, err := r.ask(ctx, r.api("first sign-in", http.MethodGet, "/me").with("Bearer "+token))
	if err != nil {
		return err
	}

	switch {
	case e.succeeded() || e.responded() && e.status == http.StatusForbidden:
		r.notes = append(r.notes, "After a second sign-in of the same user, the access token of the first one works.")
	case e.responded() && e.status == http.StatusUnauthorized:
		r.notes = append(r.notes, "A second sign-in of the same user ends the access token of the first one.")
		r.sayf("The sign-in of the probe has revoked the access token of your own sign-in. If the provider fails now, sign in again with " +
			"`terraform-provider-sepay login`.")
	}

	return nil
}

// redeem exchanges the code. If the consent page drops the challenge of PKCE, the server rejects the verifier: the code is then
// sent without it.
func (r *run) redeem(ctx context.Context, form url.Values, own *grant) Redeemed {
	seen := &r.seen.tokens

	e, err := r.ask(ctx, r.token("code", form))
	seen.exchange, seen.usedVerifier = e, form.Has("code_verifier")
	own.form = form

	if err == nil && e.refused() && form.Has("code_verifier") {
		bare := url.Values{}
		for key, values := range form {
			if key != "code_verifier" {
				bare[key] = values
			}
		}

		e, err = r.ask(ctx, r.token("code without the verifier", bare))
		seen.exchangeWithout, own.form = e, bare
	}

	if err != nil || !e.succeeded() {
		return Redeemed{Status: e.statusOr0(), Code: oauthCode(e)}
	}

	own.access, own.refresh = text(e.object()["access_token"]), text(e.object()["refresh_token"])

	return Redeemed{Granted: own.access != "", Status: e.status}
}

// token is a request to the token endpoint.
func (r *run) token(step string, form url.Values) request {
	return request{step: step, method: http.MethodPost, path: "/oauth/token", template: "/oauth/token", form: form}
}

func (r *run) refresh(ctx context.Context, step, token string) (*exchange, error) {
	return r.ask(ctx, r.token(step, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token},
		"client_id": {r.Client.ID}, "client_secret": {r.Client.Secret},
	}))
}

func (r *run) askRefresh(ctx context.Context, own *grant) (err error) {
	seen := &r.seen.tokens
	seen.oldToken = own.refresh

	if seen.refresh, err = r.refresh(ctx, "refresh", own.refresh); err != nil || !seen.refresh.succeeded() {
		return err
	}

	seen.oldAccess, err = r.ask(ctx, r.api("old access token", http.MethodGet, "/me").with("Bearer "+own.access))

	return err
}

// askReplay uses a replaced refresh token again, and then its replacement.
func (r *run) askReplay(ctx context.Context, own *grant) (err error) {
	seen := &r.seen.tokens

	if next := text(seen.refresh.object()["refresh_token"]); next != "" && next != own.refresh {
		if seen.replay, err = r.refresh(ctx, "used refresh token", own.refresh); err != nil {
			return err
		}

		if seen.replay.refused() {
			if seen.next, err = r.refresh(ctx, "refresh token after that", next); err != nil {
				return err
			}
		}
	}

	if !seen.replay.refused() {
		seen.garbled, err = r.refresh(ctx, "made-up refresh token", garble(own.refresh))
	}

	return err
}

// garble changes the end of a token, so that it is invalid.
func garble(token string) string {
	cut := max(0, len(token)-8)

	return token[:cut] + "sepayprb"
}

func (r *run) askCode(ctx context.Context, own *grant) (err error) {
	r.seen.tokens.codeReplay, err = r.ask(ctx, r.token("used code", own.form))

	return err
}

// askAuthorize requests the authorization page as a browser that is not signed in.
func (r *run) askAuthorize(ctx context.Context, _ *grant) (err error) {
	seen := &r.seen.tokens

	seen.wrongRedirect, err = r.authorizePage(ctx, "redirect URL that is not registered", defaultURL, "profile", "")
	if err != nil {
		return err
	}

	if other := otherPort(r.Client.RedirectURL); other != "" {
		seen.otherPortAsked = true

		seen.otherPort, err = r.authorizePage(ctx, "another port of the redirect URL", other, "profile", "")
		if err != nil {
			return err
		}
	}

	seen.state = rand.Text()
	seen.badScope, err = r.authorizePage(ctx, "scope that does not exist", r.Client.RedirectURL, "sepay-probe", seen.state)

	return err
}

func (r *run) authorizePage(ctx context.Context, step, redirectURL, scope, state string) (*exchange, error) {
	page := request{step: step, method: http.MethodGet, path: "/oauth/authorize", template: "/oauth/authorize"}
	page.query = url.Values{
		"response_type": {"code"}, "client_id": {r.Client.ID}, "redirect_uri": {redirectURL}, "scope": {scope},
		"state": {cmp.Or(state, rand.Text())},
	}

	return r.ask(ctx, page)
}

// otherPort returns a redirect URL on loopback with another port, and "" for any other URL.
func otherPort(redirectURL string) string {
	address, err := url.Parse(redirectURL)
	if err != nil || address.Scheme != "http" {
		return ""
	}

	if ip := net.ParseIP(address.Hostname()); ip == nil || !ip.IsLoopback() {
		return ""
	}

	port := "8766"
	if address.Port() == port {
		port = "8767"
	}

	address.Host = net.JoinHostPort(address.Hostname(), port)

	return address.String()
}

// oauthCode returns the error code of a response, if it is one of the standard's or of SePay's documentation.
func oauthCode(e *exchange) string {
	code := text(e.object()["error"])

	for known := range strings.FieldsSeq(`invalid_request invalid_client invalid_grant unauthorized_client access_denied
		unsupported_grant_type invalid_scope unsupported_response_type server_error temporarily_unavailable invalid_token`) {
		if code == known {
			return code
		}
	}

	return ""
}
