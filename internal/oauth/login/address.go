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

// states are what ties a response to this sign-in. The address that is printed and the one that the browser is started
// with have one each, because the second passes through an address that other users of the machine can see.
type states struct {
	printed string

	mu      sync.Mutex
	started string // "" once it cannot be trusted any more
	used    bool   // the browser has been sent on with it
}

func newStates() *states { return &states{printed: rand.Text(), started: rand.Text()} }

// start returns the state to send the browser on with: once. When somebody asks again, one of the two was not the
// user's browser, and nobody can tell which: that state is void from then on, and start returns "".
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

// sameText compares in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// newVerifier makes the secret of PKCE: more than the 43 characters that RFC 7636 asks for.
func newVerifier() string { return rand.Text() + rand.Text() }

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))

	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// authorizeURL is SePay's page on which the user approves the access.
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

	// Some servers take a plus sign in a query for what it is.
	return f.options.AuthorizeURL + separator + strings.ReplaceAll(query.Encode(), "+", "%20")
}
