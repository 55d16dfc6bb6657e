package conformance

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"
	"golang.org/x/crypto/bcrypt"
)

const (
	clientID     = "terraform"
	clientSecret = "a secret of the client"
)

// authorizationServer is fosite with the grants that SePay has. The user approves everything.
type authorizationServer struct {
	*httptest.Server

	provider fosite.OAuth2Provider
	calls    atomic.Int32
	refused  atomic.Int32
}

func startServer(t *testing.T, redirect string, accessLife time.Duration) *authorizationServer {
	t.Helper()

	hash, err := bcrypt.GenerateFromPassword([]byte(clientSecret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}

	store := storage.NewMemoryStore()
	store.Clients[clientID] = &fosite.DefaultClient{
		ID: clientID, Secret: hash, RedirectURIs: []string{redirect},
		GrantTypes: []string{"authorization_code", "refresh_token"}, ResponseTypes: []string{"code"},
		Scopes: []string{"offline", "webhook:read"},
	}
	config := &fosite.Config{
		AccessTokenLifespan: accessLife, GlobalSecret: []byte("thirty-two bytes for this server"), HashCost: bcrypt.MinCost,
	}
	s := &authorizationServer{provider: compose.Compose(config, store,
		&compose.CommonStrategy{CoreStrategy: compose.NewOAuth2HMACStrategy(config)},
		compose.OAuth2AuthorizeExplicitFactory, compose.OAuth2RefreshTokenGrantFactory, compose.OAuth2TokenIntrospectionFactory)}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth/authorize", s.authorize)
	mux.HandleFunc("POST /oauth/token", s.token)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)

	return s
}

func (s *authorizationServer) authorize(w http.ResponseWriter, r *http.Request) {
	request, err := s.provider.NewAuthorizeRequest(r.Context(), r)
	if err != nil {
		s.provider.WriteAuthorizeError(r.Context(), w, request, err)

		return
	}

	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}

	response, err := s.provider.NewAuthorizeResponse(r.Context(), request, &fosite.DefaultSession{Subject: "user"})
	if err != nil {
		s.provider.WriteAuthorizeError(r.Context(), w, request, err)

		return
	}

	s.provider.WriteAuthorizeResponse(r.Context(), w, request, response)
}

func (s *authorizationServer) token(w http.ResponseWriter, r *http.Request) {
	s.calls.Add(1)

	request, err := s.provider.NewAccessRequest(r.Context(), r, &fosite.DefaultSession{})
	if err == nil {
		var response fosite.AccessResponder
		if response, err = s.provider.NewAccessResponse(r.Context(), request); err == nil {
			s.provider.WriteAccessResponse(r.Context(), w, request, response)

			return
		}
	}

	s.refused.Add(1)
	s.provider.WriteAccessError(r.Context(), w, request, err)
}

// alive asks the server whether an access token works.
func (s *authorizationServer) alive(t *testing.T, token string) bool {
	t.Helper()

	use, _, err := s.provider.IntrospectToken(t.Context(), token, fosite.AccessToken, &fosite.DefaultSession{}, "webhook:read")

	return err == nil && use == fosite.AccessToken
}
