package conformance

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/storage"
	"golang.org/x/crypto/bcrypt"
)

// startFosite starts ory/fosite. Its user approves everything. Reuse of a refresh token revokes the token family.
func startFosite(t *testing.T, redirect string) *server {
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
		AccessTokenLifespan: time.Hour, GlobalSecret: []byte("thirty-two bytes for this server"), HashCost: bcrypt.MinCost,
	}
	f := fositeServer{compose.Compose(config, store,
		&compose.CommonStrategy{CoreStrategy: compose.NewOAuth2HMACStrategy(config)},
		compose.OAuth2AuthorizeExplicitFactory, compose.OAuth2RefreshTokenGrantFactory,
		compose.OAuth2TokenIntrospectionFactory, compose.OAuth2TokenRevocationFactory)}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", f.authorize)
	mux.HandleFunc("POST /token", f.token)
	mux.HandleFunc("POST /introspect", f.introspect)
	mux.HandleFunc("POST /revoke", f.revoke)

	provider := httptest.NewServer(serialized(mux))
	t.Cleanup(provider.Close)

	return front(t, kind{
		authorize: provider.URL + "/authorize", token: provider.URL + "/token", introspect: provider.URL + "/introspect",
		revoke: provider.URL + "/revoke", basic: true, scopes: []string{"offline", "webhook:read"}, reuseRevokes: true,
	})
}

type fositeServer struct{ provider fosite.OAuth2Provider }

func (f fositeServer) authorize(w http.ResponseWriter, r *http.Request) {
	request, err := f.provider.NewAuthorizeRequest(r.Context(), r)
	if err != nil {
		f.provider.WriteAuthorizeError(r.Context(), w, request, err)

		return
	}

	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}

	response, err := f.provider.NewAuthorizeResponse(r.Context(), request, &fosite.DefaultSession{Subject: "user"})
	if err != nil {
		f.provider.WriteAuthorizeError(r.Context(), w, request, err)

		return
	}

	f.provider.WriteAuthorizeResponse(r.Context(), w, request, response)
}

func (f fositeServer) token(w http.ResponseWriter, r *http.Request) {
	request, err := f.provider.NewAccessRequest(r.Context(), r, &fosite.DefaultSession{})
	if err == nil {
		var response fosite.AccessResponder
		if response, err = f.provider.NewAccessResponse(r.Context(), request); err == nil {
			f.provider.WriteAccessResponse(r.Context(), w, request, response)

			return
		}
	}

	f.provider.WriteAccessError(r.Context(), w, request, err)
}

func (f fositeServer) introspect(w http.ResponseWriter, r *http.Request) {
	response, err := f.provider.NewIntrospectionRequest(r.Context(), r, &fosite.DefaultSession{})
	if err != nil {
		f.provider.WriteIntrospectionError(r.Context(), w, err)

		return
	}

	f.provider.WriteIntrospectionResponse(r.Context(), w, response)
}

func (f fositeServer) revoke(w http.ResponseWriter, r *http.Request) {
	f.provider.WriteRevocationResponse(r.Context(), w, f.provider.NewRevocationRequest(r.Context(), r))
}
