package login

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"strings"
	"sync"
)

// states holds the state parameters (RFC 6749, section 10.12) of this sign-in. The printed address and the address that the
// browser is started with have different ones, because other users of the machine can see the arguments of the browser.
type states struct {
	printed string

	mu      sync.Mutex
	started string // "" once it cannot be trusted
	used    bool   // a browser was redirected with it
}

func newStates() *states { return &states{printed: rand.Text(), started: rand.Text()} }

// start returns the state for the redirect of the started browser, once. A second call means that one of the two requests was
// not from the user's browser. Then the state becomes invalid, and start returns "".
func (s *states) start() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.used {
		s.started = ""
	}

	s.used = true

	return s.started
}

func (s *states) match(state string) bool {
	s.mu.Lock()
	started := s.started
	s.mu.Unlock()

	return sameText(state, s.printed) || started != "" && sameText(state, started)
}

// sameText compares two texts in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// newVerifier returns a PKCE code verifier. It is longer than the minimum of 43 characters in RFC 7636.
func newVerifier() string { return rand.Text() + rand.Text() }

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))

	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorizeURL returns the authorization request, at SePay's page for the user's consent.
func (f *signIn) authorizeURL(state string) string {
	query := url.Values{
		"response_type": {"code"},
		"client_id":     {f.options.ClientID},
		"redirect_uri":  {f.options.RedirectURL},
		"state":         {state},
	}

	if len(f.options.Scopes) > 0 {
		query.Set("scope", strings.Join(f.options.Scopes, " "))
	}

	if f.verifier != "" {
		query.Set("code_challenge", challenge(f.verifier))
		query.Set("code_challenge_method", "S256")
	}

	separator := "?"
	if strings.Contains(f.options.AuthorizeURL, "?") {
		separator = "&"
	}

	// Some servers do not decode a plus sign in a query.
	return f.options.AuthorizeURL + separator + strings.ReplaceAll(query.Encode(), "+", "%20")
}
