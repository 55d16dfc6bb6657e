package authserver

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

// exchangeToken is POST /oauth/token.
func (s *Server) exchangeToken(c *route.Call) response.Response {
	s.grants.mu.Lock()
	s.grants.counters.Calls++
	s.grants.mu.Unlock()

	kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return requestError("grant_type", "The body must be application/x-www-form-urlencoded", c.Dialect)
	}

	// The client authenticates only in the body.
	if c.Request.Header.Get("Authorization") != "" || !s.knowsClient(c.Form.Get("client_id"), c.Form.Get("client_secret")) {
		return clientRefused(c.Dialect)
	}

	for key, values := range c.Form {
		if len(values) > 1 {
			return requestError(key, "", c.Dialect)
		}
	}

	switch c.Form.Get("grant_type") {
	case "authorization_code":
		return s.codeGrant(c)
	case "refresh_token":
		return s.refreshGrant(c)
	case "":
		return requestError("grant_type", "", c.Dialect)
	default:
		return oauthError(http.StatusBadRequest, "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.",
			"Check that all required parameters have been provided", c.Dialect)
	}
}

func (s *Server) codeGrant(c *route.Call) response.Response {
	for _, key := range []string{"code", "redirect_uri"} {
		if c.Form.Get(key) == "" {
			return requestError(key, "", c.Dialect)
		}
	}

	issued, found := s.grants.exchangeCode(c.Form.Get("code"), c.Form.Get("redirect_uri"), c.Form.Get("code_verifier"), c.Dialect)
	if found != accepted {
		return grantRefused(found, c.Dialect)
	}

	return s.tokenResponse(issued)
}

func (s *Server) refreshGrant(c *route.Call) response.Response {
	value := c.Form.Get("refresh_token")
	if value == "" {
		return requestError("refresh_token", "", c.Dialect)
	}

	issued, found := s.grants.exchangeRefresh(value, strings.Fields(c.Form.Get("scope")), c.Dialect)
	if found != accepted {
		return grantRefused(found, c.Dialect)
	}

	return s.tokenResponse(issued)
}

func (s *Server) tokenResponse(issued tokens) response.Response {
	body := map[string]any{
		"token_type":   "Bearer",
		"expires_in":   int64(s.settings.AccessLife.Seconds()),
		"access_token": issued.access,
	}
	if issued.refresh != "" {
		body["refresh_token"] = issued.refresh
	}

	return response.JSON(http.StatusOK, body).WithHeader("Cache-Control", "no-store").Commit()
}

func (s *Server) knowsClient(id, secret string) bool {
	client := s.settings.Credentials

	return subtle.ConstantTimeCompare([]byte(id), []byte(client.ClientID)) == 1 &&
		subtle.ConstantTimeCompare([]byte(secret), []byte(client.ClientSecret)) == 1
}
