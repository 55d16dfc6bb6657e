package simulator

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"strings"
)

// exchangeToken is POST /oauth/token.
func exchangeToken(s *Simulator, c *call) answer {
	s.grants.mu.Lock()
	s.grants.counters.Calls++
	s.grants.mu.Unlock()

	kind, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return requestError("grant_type", "The body must be application/x-www-form-urlencoded", c.dialect)
	}

	// The client authenticates in the body and nowhere else.
	if c.request.Header.Get("Authorization") != "" || !s.knowsClient(c.form.Get("client_id"), c.form.Get("client_secret")) {
		return clientRefused(c.dialect)
	}

	for key, values := range c.form {
		if len(values) > 1 {
			return requestError(key, "", c.dialect)
		}
	}

	switch c.form.Get("grant_type") {
	case "authorization_code":
		return s.codeGrant(c)
	case "refresh_token":
		return s.refreshGrant(c)
	case "":
		return requestError("grant_type", "", c.dialect)
	default:
		return oauthError(http.StatusBadRequest, "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.",
			"Check that all required parameters have been provided", c.dialect)
	}
}

func (s *Simulator) codeGrant(c *call) answer {
	for _, key := range []string{"code", "redirect_uri"} {
		if c.form.Get(key) == "" {
			return requestError(key, "", c.dialect)
		}
	}

	issued, problem := s.grants.exchangeCode(c.form.Get("code"), c.form.Get("redirect_uri"), c.form.Get("code_verifier"), c.dialect)
	if problem != oauthOK {
		return grantRefused(problem, c.dialect)
	}

	return s.tokenAnswer(issued)
}

func (s *Simulator) refreshGrant(c *call) answer {
	value := c.form.Get("refresh_token")
	if value == "" {
		return requestError("refresh_token", "", c.dialect)
	}

	issued, problem := s.grants.exchangeRefresh(value, strings.Fields(c.form.Get("scope")), c.dialect)
	if problem != oauthOK {
		return grantRefused(problem, c.dialect)
	}

	return s.tokenAnswer(issued)
}

func (s *Simulator) tokenAnswer(issued tokens) answer {
	body := map[string]any{
		"token_type":   "Bearer",
		"expires_in":   int64(s.settings.accessLife.Seconds()),
		"access_token": issued.access,
	}
	if issued.refresh != "" {
		body["refresh_token"] = issued.refresh
	}

	return jsonAnswer(http.StatusOK, body).withHeader("Cache-Control", "no-store").commit()
}

func (s *Simulator) knowsClient(id, secret string) bool {
	client := s.settings.credentials

	return subtle.ConstantTimeCompare([]byte(id), []byte(client.ClientID)) == 1 &&
		subtle.ConstantTimeCompare([]byte(secret), []byte(client.ClientSecret)) == 1
}
