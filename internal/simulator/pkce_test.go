package simulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"testing"
)

func TestPKCEVerifierHasToMatchTheChallenge(t *testing.T) {
	t.Parallel()

	const verifier = "a-verifier-of-more-than-forty-three-characters-0123"

	sum := sha256.Sum256([]byte(verifier))
	hashed := base64.RawURLEncoding.EncodeToString(sum[:])

	for name, test := range map[string]struct {
		dialect           string
		challenge, method string
		verifier          string
		status            int
		problem, hint     string
	}{
		"S256":                   {challenge: hashed, method: "S256", verifier: verifier, status: 200},
		"plain":                  {challenge: verifier, method: "plain", verifier: verifier, status: 200},
		"none":                   {status: 200},
		"another verifier":       {"", hashed, "S256", verifier + "x", 400, "invalid_grant", "Failed to verify `code_verifier`."},
		"no verifier":            {"", hashed, "S256", "", 400, "invalid_request", "Check the `code_verifier` parameter"},
		"an unexpected verifier": {"", "", "", verifier, 400, "invalid_request", "code_verifier received when no code_challenge is present"},
		"a page that drops the challenge": {
			"O8=lost", hashed, "S256", verifier, 400, "invalid_request", "code_verifier received when no code_challenge is present",
		},
	} {
		c := start(t, test.dialect)
		asked := url.Values{}

		if test.challenge != "" {
			asked = url.Values{"code_challenge": {test.challenge}, "code_challenge_method": {test.method}}
		}

		form := url.Values{
			"grant_type": {"authorization_code"}, "code": c.decide(asked, true)["code"], "redirect_uri": {callback},
		}
		if test.verifier != "" {
			form.Set("code_verifier", test.verifier)
		}

		got := c.exchange(form)
		if got.status != test.status || test.problem != "" && (got.json["error"] != test.problem || got.json["hint"] != test.hint) {
			t.Errorf("%s: %d %v", name, got.status, got.json)
		}
	}

	c := start(t, "")
	if got := c.decide(url.Values{"code_challenge": {"x"}, "code_challenge_method": {"MD5"}}, true); got.Get("error") != "invalid_request" {
		t.Errorf("an unknown method: %v", got)
	}
}
