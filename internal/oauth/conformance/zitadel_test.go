package conformance

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// startZitadel starts zitadel/oidc with its example storage. A refresh revokes the previous access token. It rejects a reused
// refresh token and revokes nothing.
func startZitadel(t *testing.T, redirect string) *server {
	t.Helper()

	var handler http.Handler

	// The server needs its own address for its metadata, which is known only when it listens.
	provider := httptest.NewServer(serialized(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) })))
	t.Cleanup(provider.Close)

	clients := map[string]*storage.Client{clientID: storage.WebClient(clientID, clientSecret, redirect)}
	handler = exampleop.SetupServer(provider.URL,
		storage.NewStorageWithClients(storage.NewUserStore(provider.URL), clients), nil, false)

	return front(t, kind{
		authorize: provider.URL + "/auth", token: provider.URL + "/oauth/token", introspect: provider.URL + "/oauth/introspect",
		revoke: provider.URL + "/revoke", basic: true, scopes: []string{"openid", "offline_access"},
		login: map[string]string{"username": "test-user@127.0.0.1", "password": "verysecure"},
	})
}
