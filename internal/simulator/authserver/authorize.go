package authserver

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

func newPages() *template.Template {
	return template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>SePay simulator: authorize {{.Client}}</title></head>
<body>
<h1>{{.Client}} asks for access to your SePay account</h1>
<ul>{{range .Scopes}}<li><code>{{.Value}}</code>: {{.Meaning}}</li>{{end}}</ul>
<form method="post" action="/oauth/authorize">
<input type="hidden" name="request" value="{{.Request}}">
<button type="submit" name="decision" value="approve">Approve</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>
</body>
</html>
{{define "error"}}<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>SePay simulator: error</title></head>
<body><h1>This request cannot be authorized</h1><p>{{.}}</p></body>
</html>
{{end}}`))
}

// showConsent is GET /oauth/authorize. Errors of the client or the redirect URI are shown to the user; all others are sent to
// the redirect URI.
func (s *Server) showConsent(c *route.Call) response.Response {
	query := c.Request.URL.Query()
	redirectURI := query.Get("redirect_uri")

	switch {
	case query.Get("client_id") != s.settings.Credentials.ClientID:
		return clientRefused(c.Dialect)
	case s.registered(redirectURI, c.Dialect):
	case c.Dialect.WrongRedirect == dialects.WrongRedirectPage:
		return s.errorPage("invalid_request: the redirect_uri is not registered for this client.")
	default:
		return clientRefused(c.Dialect)
	}

	asked := consent{redirectURI: redirectURI, state: query.Get("state"), scopes: strings.Fields(query.Get("scope"))}
	if query.Get("response_type") != "code" {
		return s.refuseConsent(asked, "unsupported_response_type", "Only code is supported.", "", c.Dialect)
	}

	asked.challenge, asked.method = query.Get("code_challenge"), cmp.Or(query.Get("code_challenge_method"), "plain")

	if asked.challenge != "" && asked.method != "S256" && asked.method != "plain" {
		return s.refuseConsent(asked, "invalid_request", requestInvalid, "Code challenge method must be one of `S256`, `plain`", c.Dialect)
	}

	if c.Dialect.Challenge == dialects.ChallengeLost {
		asked.challenge = ""
	}

	if hint := s.scopeHint(asked.scopes); hint != "" {
		if c.Dialect.ScopeState == dialects.ScopeStateMissing {
			asked.state = ""
		}

		return s.refuseConsent(asked, "invalid_scope", scopeInvalid, hint, c.Dialect)
	}

	var scopes []sepay.Choice

	for _, choice := range sepay.Scopes() {
		if slices.Contains(asked.scopes, choice.Value) {
			scopes = append(scopes, choice)
		}
	}

	return s.page(http.StatusOK, "consent", map[string]any{
		"Client": query.Get("client_id"), "Scopes": scopes, "Request": s.grants.addConsent(asked),
	})
}

// submitConsent is POST /oauth/authorize, the form of the consent page.
func (s *Server) submitConsent(c *route.Call) response.Response {
	decision := c.Form.Get("decision")
	if decision != "approve" && decision != "deny" {
		return s.errorPage("The decision must be approve or deny.")
	}

	asked, code, found := s.grants.decide(c.Form.Get("request"), decision == "approve")

	switch {
	case !found:
		return s.errorPage("This consent page was already submitted.")
	case decision == "deny":
		return s.refuseConsent(asked, "access_denied", response.ResourceDenied, "The user denied the request", c.Dialect)
	}

	return s.redirect(asked, url.Values{"code": {code}})
}

// registered reports whether the browser may be sent to that address.
func (s *Server) registered(redirectURI string, d dialects.Dialect) bool {
	if slices.Contains(s.settings.RedirectURIs, redirectURI) {
		return true
	}

	asked, ok := withoutLoopbackPort(redirectURI)

	return ok && d.LoopbackPort == dialects.LoopbackPortIgnored && slices.ContainsFunc(s.settings.RedirectURIs, func(uri string) bool {
		known, ok := withoutLoopbackPort(uri)

		return ok && known == asked
	})
}

// withoutLoopbackPort cuts the port of an address whose host is a loopback IP address; ok is false for any other address,
// that of localhost included.
func withoutLoopbackPort(address string) (without string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" {
		return "", false
	}

	u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())

	return u.String(), true
}

// scopeHint returns the error of the requested scopes, "" if they are valid.
func (s *Server) scopeHint(scopes []string) string {
	if len(scopes) == 0 {
		return "Specify a scope in the request or set a default scope"
	}

	for _, scope := range scopes {
		if !slices.Contains(s.settings.Scopes, scope) {
			return "Check the `" + scope + "` scope"
		}
	}

	return ""
}

// refuseConsent redirects the browser to the client with an error.
func (s *Server) refuseConsent(asked consent, code, description, hint string, d dialects.Dialect) response.Response {
	parameters := url.Values{}
	for key, text := range oauthTexts(code, description, hint, d) {
		parameters.Set(key, text)
	}

	return s.redirect(asked, parameters)
}

// redirect redirects the browser to the client with the state of its request.
func (s *Server) redirect(c consent, parameters url.Values) response.Response {
	target, err := url.Parse(c.redirectURI)
	if err != nil {
		return s.errorPage("The registered redirect_uri is not a URL.")
	}

	query := target.Query()
	maps.Copy(query, parameters)

	if c.state != "" {
		query.Set("state", c.state)
	}

	target.RawQuery = query.Encode()

	return response.Response{Status: http.StatusFound}.WithHeader("Location", target.String())
}

func (s *Server) errorPage(text string) response.Response {
	return s.page(http.StatusBadRequest, "error", text)
}

func (s *Server) page(status int, name string, data any) response.Response {
	var text bytes.Buffer
	if err := s.pages.ExecuteTemplate(&text, name, data); err != nil {
		panic(fmt.Errorf("simulator: page: %w", err))
	}

	return response.HTML(status, text.Bytes())
}
