package conformance

import (
	"context"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	clientID     = "terraform"
	clientSecret = "the client secret"
)

// kind is an authorization server: its endpoints, and its behavior.
type kind struct {
	authorize, token, introspect, revoke string

	basic        bool              // introspection and revocation require HTTP Basic authentication
	scopes       []string          // to request
	login        map[string]string // the fields of the server's login form, if it has one
	reuseRevokes bool              // reuse of a refresh token revokes the token family
}

// server simulates SePay with an authorization server behind it: its token endpoint counts requests, and its API introspects each
// access token.
type server struct {
	kind
	*httptest.Server // the simulated SePay

	requests, rejected, reads atomic.Int32
}

// front starts the simulated SePay in front of an authorization server.
func front(t *testing.T, k kind) *server {
	t.Helper()

	f := &server{kind: k}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/token", f.exchange)
	mux.HandleFunc("GET /api/v1/me", f.me)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)

	return f
}

// serialized serializes requests, for a server whose in-memory storage is not safe for concurrent use.
func serialized(handler http.Handler) http.Handler {
	var mu sync.Mutex

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()

		handler.ServeHTTP(w, r)
	})
}

// exchange forwards a token request unchanged.
func (s *server) exchange(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)

	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, s.token, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)

		return
	}

	request.Header = r.Header.Clone()
	request.ContentLength = r.ContentLength

	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)

		return
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusOK {
		s.rejected.Add(1)
	}

	w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// me is the API: it accepts access tokens that are active at the authorization server.
func (s *server) me(w http.ResponseWriter, r *http.Request) {
	s.reads.Add(1)

	w.Header().Set("Content-Type", "application/json")

	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")

	active, err := s.isActive(r.Context(), token)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)

		return
	}

	if !active {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"access_denied","hint":"Access token has been revoked"}`)

		return
	}

	_, _ = io.WriteString(w, `{"status":"success","data":{"id":1234,"first_name":"A","last_name":"B","email":"a@example.com"}}`)
}

func (s *server) isActive(ctx context.Context, token string) (bool, error) {
	response, err := s.post(ctx, s.introspect, token)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()

	var introspection struct {
		Active bool `json:"active"`
	}

	err = json.NewDecoder(response.Body).Decode(&introspection)

	return introspection.Active, err
}

// revokeToken revokes the authorization of a refresh token at the server, as the user can.
func (s *server) revokeToken(t *testing.T, refreshToken string) {
	t.Helper()

	response, err := s.post(t.Context(), s.revoke, refreshToken)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusOK {
		t.Fatalf("the revocation failed: %s", response.Status)
	}
}

// post sends a token to an endpoint of the authorization server.
func (s *server) post(ctx context.Context, address, token string) (*http.Response, error) {
	form := url.Values{"token": {token}}
	if !s.basic {
		form.Set("client_id", clientID)
		form.Set("client_secret", clientSecret)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	if s.basic {
		request.SetBasicAuth(url.QueryEscape(clientID), url.QueryEscape(clientSecret))
	}

	return http.DefaultClient.Do(request)
}

// browse acts as a user in a browser, who fills in the server's login form, if it has one.
func (s *server) browse(ctx context.Context, address string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}

	browser := &http.Client{Jar: jar}

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}

	go func() {
		response, err := browser.Do(request)
		if err != nil {
			return
		}
		defer response.Body.Close()

		page, err := io.ReadAll(response.Body)
		if err != nil || s.login == nil {
			return
		}

		_, rest, _ := strings.Cut(string(page), `name="id" value="`)
		id, _, _ := strings.Cut(rest, `"`)
		form := url.Values{"id": {html.UnescapeString(id)}}

		for name, value := range s.login {
			form.Set(name, value)
		}

		if response, err := browser.PostForm(response.Request.URL.String(), form); err == nil { //nolint:noctx // it ends with the server
			_ = response.Body.Close()
		}
	}()

	return nil
}
