package oauth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	testClient = "client-1"
	testSecret = "client-secret-very-secret"
)

// clockHeader is the response header with the offset of the server's clock.
const clockHeader = "X-Test-Clock"

// family is one authorization: its current refresh token, the spent ones, and the valid access tokens.
type family struct {
	refresh     string
	spent       []string
	access      []string
	revoked     bool
	expired     bool
	otherClient bool
}

// fault changes the response to one request.
type fault struct {
	before, after time.Duration // delay before and after the exchange
	dropBefore    bool          // close the connection before the exchange
	dropAfter     bool          // close the connection after the exchange
	status        int           // respond with this status instead of the exchange
	header        http.Header
	body          string
	rewrite       func(w http.ResponseWriter, body []byte) // write the successful response in another form
	received      func()                                   // called before the exchange
	committed     func()                                   // called between the exchange and the response
}

// tokenServer is a scripted SePay: a token endpoint with rotation, and an API that only checks the bearer token.
type tokenServer struct {
	*httptest.Server

	// Dialects. The defaults are those of league/oauth2-server 9.x.
	invalidAs401  bool // U9: an invalid refresh token gets 401 and invalid_request, as in league/oauth2-server 8.x
	reuseRevokes  bool // U10: reuse of a refresh token revokes the family
	revokesAccess bool // U11: a refresh revokes the former access token
	reuseWorks    bool // U10: spent refresh tokens stay valid
	keepsRefresh  bool // U12: no refresh_token in the response, the old one stays valid
	withoutHint   bool // O1: errors have no hint
	client        string
	lifetime      time.Duration
	apiRejectsAll bool
	consent       func(response url.Values) // changes the authorization response

	mu          sync.Mutex
	open        map[net.Conn]bool
	families    []*family
	faults      []fault
	always      fault
	issued      []string // all secrets, which must not appear in any output
	requests    int
	replays     int
	apiRequests int
	expireAt    int           // the number of the API request at which the clock advances by most of an hour
	clock       time.Duration // offset of the clock
	forms       []string
	codes       map[string]string // code → redirect URI
	scopes      string            // of the last authorization request
}

func startTokenServer(t *testing.T) *tokenServer {
	t.Helper()

	return startTokenServerOn(t, nil)
}

// startTokenServerOn starts a server on a listener; nil means a loopback port.
func startTokenServerOn(t *testing.T, listener net.Listener) *tokenServer {
	t.Helper()

	s := &tokenServer{client: testClient, lifetime: time.Hour, revokesAccess: true, issued: []string{testSecret}, open: map[net.Conn]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("/api", s.api)
	mux.HandleFunc("GET /oauth/authorize", s.authorizePage)
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ConnState = s.trackConnection

	if listener != nil {
		_ = s.Listener.Close()
		s.Listener = listener
	}

	s.Start()
	t.Cleanup(s.Close)

	return s
}

func (s *tokenServer) tokenURL() string { return s.URL + "/oauth/token" }

// authorize creates a family and returns its first refresh token, as a sign-in does.
func (s *tokenServer) authorize() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	f := &family{refresh: s.newToken("rt")}
	s.families = append(s.families, f)

	return f.refresh
}

func (s *tokenServer) newToken(kind string) string {
	token := kind + "_" + rand.Text()
	if kind == "at" {
		claims := fmt.Sprintf(`{"exp":%d,"jti":"%s"}`, time.Now().Add(s.lifetime).Unix(), token)
		token = "eyJhbGciOiJSUzI1NiJ9." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}

	s.issued = append(s.issued, token)

	return token
}

// script applies these faults to the next requests, one each.
func (s *tokenServer) script(faults ...fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

func (s *tokenServer) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)

		return
	}

	s.mu.Lock()
	s.requests++
	s.forms = append(s.forms, r.PostForm.Encode())

	f := s.always
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
	}
	s.mu.Unlock()

	if f.received != nil {
		f.received()
	}

	time.Sleep(f.before)

	if f.dropBefore {
		panic(http.ErrAbortHandler)
	}

	if f.status != 0 {
		maps.Copy(w.Header(), f.header)

		w.WriteHeader(f.status)
		fmt.Fprint(w, f.body)

		return
	}

	status, response := s.exchange(r)

	if f.committed != nil {
		f.committed()
	}

	time.Sleep(f.after)

	if f.dropAfter {
		panic(http.ErrAbortHandler)
	}

	body, err := json.Marshal(response)
	if err != nil {
		panic(err)
	}

	if f.rewrite != nil {
		f.rewrite(w, body)

		return
	}

	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (s *tokenServer) exchange(r *http.Request) (int, map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if r.PostForm.Get("client_id") != s.client || r.PostForm.Get("client_secret") != testSecret {
		return http.StatusUnauthorized, map[string]any{
			"error": "invalid_client", "error_description": "Client authentication failed",
		}
	}

	if r.PostForm.Get("grant_type") == "authorization_code" {
		return s.redeem(r.PostForm)
	}

	token := r.PostForm.Get("refresh_token")
	hint := "Cannot decrypt the refresh token"

	for _, f := range s.families {
		spent := slices.Contains(f.spent, token)
		if spent {
			s.replays++

			if s.reuseRevokes {
				f.revoked, f.access = true, nil
			}
		}

		switch {
		case !spent && f.refresh != token:
			continue
		case f.otherClient:
			hint = "Token is not linked to client"
		case f.expired:
			hint = "Token has expired"
		case f.revoked, spent && !s.reuseWorks:
			hint = "Token has been revoked"
		default:
			return http.StatusOK, s.rotate(f)
		}
	}

	rejection := map[string]any{"error": "invalid_grant", "error_description": "The refresh token is invalid."}
	if !s.withoutHint {
		rejection["hint"] = hint
	}

	if s.invalidAs401 {
		rejection["error"], rejection["message"] = "invalid_request", rejection["error_description"]

		return http.StatusUnauthorized, rejection
	}

	return http.StatusBadRequest, rejection
}

// rotate replaces the tokens of a family.
func (s *tokenServer) rotate(f *family) map[string]any {
	if s.revokesAccess {
		f.access = nil
	}

	if !s.keepsRefresh {
		f.spent = append(f.spent, f.refresh)
		f.refresh = ""
	}

	access := s.newToken("at")
	f.access = append(f.access, access)
	response := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(s.lifetime.Seconds())}

	if !s.keepsRefresh {
		f.refresh = s.newToken("rt")
		response["refresh_token"] = f.refresh
	}

	return response
}

// authorizePage approves every authorization request.
func (s *tokenServer) authorizePage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()

	query := r.URL.Query()
	code := "code_" + rand.Text()
	s.issued = append(s.issued, code)
	s.scopes = query.Get("scope")

	if s.codes == nil {
		s.codes = map[string]string{}
	}

	s.codes[code] = query.Get("redirect_uri")
	response := url.Values{"code": {code}, "state": {query.Get("state")}}

	if s.consent != nil {
		s.consent(response)
	}

	http.Redirect(w, r, query.Get("redirect_uri")+"?"+response.Encode(), http.StatusFound)
}

// redeem exchanges a code, which is valid once.
func (s *tokenServer) redeem(form url.Values) (int, map[string]any) {
	redirect, known := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))

	if !known || redirect != form.Get("redirect_uri") {
		return http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "The code has expired"}
	}

	f := &family{refresh: s.newToken("rt"), access: []string{s.newToken("at")}}
	s.families = append(s.families, f)
	response := map[string]any{"access_token": f.access[0], "expires_in": 3600, "refresh_token": f.refresh}

	if s.keepsRefresh {
		delete(response, "refresh_token")
	}

	return http.StatusOK, response
}

func (s *tokenServer) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.apiRequests++; s.apiRequests == s.expireAt {
		s.clock = 59*time.Minute + 30*time.Second
	}

	w.Header().Set(clockHeader, s.clock.String())

	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.apiRejectsAll || !s.accessValidLocked(token) {
		w.WriteHeader(http.StatusUnauthorized)

		return
	}

	w.WriteHeader(http.StatusNoContent)
}

func (s *tokenServer) accessValidLocked(token string) bool {
	return slices.ContainsFunc(s.families, func(f *family) bool { return !f.revoked && slices.Contains(f.access, token) })
}

func (s *tokenServer) accessValid(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.accessValidLocked(token)
}

func (s *tokenServer) refreshValid(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.ContainsFunc(s.families, func(f *family) bool {
		return !f.revoked && (f.refresh == token || s.reuseWorks && slices.Contains(f.spent, token))
	})
}

// revokeAccess revokes all access tokens, but not the refresh tokens.
func (s *tokenServer) revokeAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.access = nil
	}
}

// revoke revokes all authorizations.
func (s *tokenServer) revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.revoked, f.access = true, nil
	}
}

// trackConnection records the connections with a request, or on which one may follow.
func (s *tokenServer) trackConnection(connection net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()

	switch state {
	case http.StateNew, http.StateActive:
		s.open[connection] = true
	case http.StateIdle, http.StateHijacked, http.StateClosed:
		delete(s.open, connection)
	}
}

// settle waits until the last request of a killed client is processed. The server accepts connections in order: after it served
// a request of settle, it has accepted the client's connection, which stays open until its request is processed.
func (s *tokenServer) settle(t *testing.T) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api", nil)
	if err != nil {
		t.Fatal(err)
	}

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	_ = response.Body.Close()

	for t.Context().Err() == nil {
		s.mu.Lock()
		open := len(s.open)
		s.mu.Unlock()

		if open == 0 {
			return
		}

		time.Sleep(time.Millisecond)
	}
}

func (s *tokenServer) counts() (requests, replays int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.requests, s.replays
}

func (s *tokenServer) expectRequests(t *testing.T, requests, replays int) {
	t.Helper()

	gotRequests, gotReplays := s.counts()
	if gotRequests != requests || gotReplays != replays {
		t.Errorf("token endpoint: %d requests, %d replays; want %d and %d", gotRequests, gotReplays, requests, replays)
	}
}

// expectNoSecret fails if a text contains an issued or configured secret.
func (s *tokenServer) expectNoSecret(t *testing.T, texts ...string) {
	t.Helper()

	s.mu.Lock()
	defer s.mu.Unlock()

	for _, text := range texts {
		for _, secret := range s.issued {
			if strings.Contains(text, secret) {
				t.Errorf("a secret (%s…) appears in:\n%s", secret[:5], text)
			}
		}
	}
}

// expire expires all refresh tokens.
func (s *tokenServer) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.expired, f.access = true, nil
	}
}

// forgetAll makes the server forget all tokens, as a server that did not issue them.
func (s *tokenServer) forgetAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.families = nil
}

// assignToOtherClient makes all refresh tokens belong to another client.
func (s *tokenServer) assignToOtherClient() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.otherClient = true
	}
}

// revokeFamily revokes the authorization with this refresh token.
func (s *tokenServer) revokeFamily(seed string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		if f.refresh == seed || slices.Contains(f.spent, seed) {
			f.revoked, f.access = true, nil
		}
	}
}

// quietLog returns a logger that discards the server's errors about closed connections.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
