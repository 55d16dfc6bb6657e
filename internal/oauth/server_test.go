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

// clockHeader tells clients how far their clocks are ahead of the real one.
const clockHeader = "X-Test-Clock"

// family is one authorization: the refresh token that works now, and every token that ever belonged to it.
type family struct {
	refresh string
	spent   []string
	access  []string // alive
	dead    bool
	expired bool
	foreign bool // of another client
}

// fault changes the response to one call.
type fault struct {
	before, after time.Duration // latency before and after the token is exchanged
	dropBefore    bool          // cut the connection with nothing exchanged
	dropAfter     bool          // exchange, then cut
	status        int           // answer this instead of exchanging
	header        http.Header
	body          string
	rewrite       func(w http.ResponseWriter, body []byte) // write the good answer in another form
	received      func()                                   // called before the exchange
	committed     func()                                   // called between the exchange and the response
}

// tokenServer is a scripted SePay: a token endpoint with rotation, and an API that only checks the bearer token.
type tokenServer struct {
	*httptest.Server

	// Dialects. The defaults are those of league/oauth2-server 9.x.
	deadAs401       bool // U9, league 8.x
	reuseRevokes    bool // U10: a replay kills the family
	revokesAccess   bool // U11: the former access token dies with a refresh
	reuseWorks      bool // U10: a spent token is as good as its successor
	keepsRefresh    bool // U12: no refresh_token in the response, the old one lives on
	withoutHint     bool // O1: errors do not say why
	client          string
	lifetime        time.Duration
	apiRefusesEvery bool
	consent         func(answer url.Values) // changes what the browser is sent back with

	mu       sync.Mutex
	open     map[net.Conn]bool
	families []*family
	faults   []fault
	always   fault
	issued   []string // every secret that must not show up anywhere
	calls    int
	replays  int
	apiCalls int
	expireAt int           // the request to the API at which most of an hour passes for those who make requests
	clock    time.Duration // how much has passed
	forms    []string
	codes    map[string]string // code → redirect URI
	scopes   string            // asked for last
}

func startTokenServer(t *testing.T) *tokenServer {
	t.Helper()

	return startTokenServerOn(t, nil)
}

// startTokenServerOn starts a server on a listener; nil: on loopback.
func startTokenServerOn(t *testing.T, listener net.Listener) *tokenServer {
	t.Helper()

	s := &tokenServer{client: testClient, lifetime: time.Hour, revokesAccess: true, issued: []string{testSecret}, open: map[net.Conn]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("/api", s.api)
	mux.HandleFunc("GET /oauth/authorize", s.authorizePage)
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ConnState = s.count

	if listener != nil {
		_ = s.Listener.Close()
		s.Listener = listener
	}

	s.Start()
	t.Cleanup(s.Close)

	return s
}

func (s *tokenServer) tokenURL() string { return s.URL + "/oauth/token" }

// authorize makes a new family and returns its first refresh token: what a user gets by signing in.
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

// script makes the next calls answer with these faults, one each.
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
	s.calls++
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

	status, answer := s.exchange(r)

	if f.committed != nil {
		f.committed()
	}

	time.Sleep(f.after)

	if f.dropAfter {
		panic(http.ErrAbortHandler)
	}

	body, err := json.Marshal(answer)
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
				f.dead, f.access = true, nil
			}
		}

		switch {
		case !spent && f.refresh != token:
			continue
		case f.foreign:
			hint = "Token is not linked to client"
		case f.expired:
			hint = "Token has expired"
		case f.dead, spent && !s.reuseWorks:
			hint = "Token has been revoked"
		default:
			return http.StatusOK, s.rotate(f)
		}
	}

	refusal := map[string]any{"error": "invalid_grant", "error_description": "The refresh token is invalid."}
	if !s.withoutHint {
		refusal["hint"] = hint
	}

	if s.deadAs401 {
		refusal["error"], refusal["message"] = "invalid_request", refusal["error_description"]

		return http.StatusUnauthorized, refusal
	}

	return http.StatusBadRequest, refusal
}

// rotate ends the tokens of a family and issues new ones.
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
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": int(s.lifetime.Seconds())}

	if !s.keepsRefresh {
		f.refresh = s.newToken("rt")
		answer["refresh_token"] = f.refresh
	}

	return answer
}

// authorizePage approves at once.
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
	answer := url.Values{"code": {code}, "state": {query.Get("state")}}

	if s.consent != nil {
		s.consent(answer)
	}

	http.Redirect(w, r, query.Get("redirect_uri")+"?"+answer.Encode(), http.StatusFound)
}

// redeem exchanges a code, once.
func (s *tokenServer) redeem(form url.Values) (int, map[string]any) {
	redirect, known := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))

	if !known || redirect != form.Get("redirect_uri") {
		return http.StatusBadRequest, map[string]any{"error": "invalid_grant", "error_description": "The code has expired"}
	}

	f := &family{refresh: s.newToken("rt"), access: []string{s.newToken("at")}}
	s.families = append(s.families, f)
	answer := map[string]any{"access_token": f.access[0], "expires_in": 3600, "refresh_token": f.refresh}

	if s.keepsRefresh {
		delete(answer, "refresh_token")
	}

	return http.StatusOK, answer
}

func (s *tokenServer) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()

	if s.apiCalls++; s.apiCalls == s.expireAt {
		s.clock = 59*time.Minute + 30*time.Second
	}

	w.Header().Set(clockHeader, s.clock.String())

	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if s.apiRefusesEvery || !s.accessAliveLocked(token) {
		w.WriteHeader(http.StatusUnauthorized)

		return
	}

	w.WriteHeader(http.StatusNoContent)
}

func (s *tokenServer) accessAliveLocked(token string) bool {
	return slices.ContainsFunc(s.families, func(f *family) bool { return !f.dead && slices.Contains(f.access, token) })
}

func (s *tokenServer) accessAlive(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.accessAliveLocked(token)
}

func (s *tokenServer) refreshAlive(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	return slices.ContainsFunc(s.families, func(f *family) bool {
		return !f.dead && (f.refresh == token || s.reuseWorks && slices.Contains(f.spent, token))
	})
}

// revokeAccess ends all access tokens, as an administrator would; the refresh tokens live on.
func (s *tokenServer) revokeAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.access = nil
	}
}

// revoke ends all authorizations.
func (s *tokenServer) revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.dead, f.access = true, nil
	}
}

// count keeps the connections that may still bring a request, or have one in work.
func (s *tokenServer) count(connection net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()

	switch state {
	case http.StateNew, http.StateActive:
		s.open[connection] = true
	case http.StateIdle, http.StateHijacked, http.StateClosed:
		delete(s.open, connection)
	}
}

// settle waits until a killed client's last request has had its effect. Connections are accepted in their order: once one
// of our own is served, the client's has been accepted, and it is open until its request has been dealt with.
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

func (s *tokenServer) counts() (calls, replays int) {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.calls, s.replays
}

func (s *tokenServer) expectCalls(t *testing.T, calls, replays int) {
	t.Helper()

	gotCalls, gotReplays := s.counts()
	if gotCalls != calls || gotReplays != replays {
		t.Errorf("token endpoint: %d calls, %d replays; want %d and %d", gotCalls, gotReplays, calls, replays)
	}
}

// expectNoSecret fails when a text contains any secret that was ever issued or configured.
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

// expire lets the month of every refresh token pass.
func (s *tokenServer) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.expired, f.access = true, nil
	}
}

// loseAll makes the server one that never issued a token.
func (s *tokenServer) loseAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.families = nil
}

// giveAway makes every refresh token one of another client.
func (s *tokenServer) giveAway() {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		f.foreign = true
	}
}

// kill ends the authorization that started with this refresh token.
func (s *tokenServer) kill(seed string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		if f.refresh == seed || slices.Contains(f.spent, seed) {
			f.dead, f.access = true, nil
		}
	}
}

// quietLog swallows what a server says about clients that go away.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
