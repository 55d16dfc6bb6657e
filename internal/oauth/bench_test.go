package oauth

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// benchConfig returns a configuration whose store has an access token that is valid for an hour.
func benchConfig(b *testing.B) Config {
	b.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")

		_, _ = w.Write([]byte(`{"access_token":"access","token_type":"Bearer","expires_in":3600,"refresh_token":"next"}`))
	}))
	b.Cleanup(server.Close)

	store, err := tokenstore.OpenFile(filepath.Join(b.TempDir(), "tokens"))
	if err != nil {
		b.Fatal(err)
	}

	config := Config{
		TokenURL: server.URL + "/oauth/token", ClientID: "client", ClientSecret: "secret", RefreshToken: "seed", Store: store,
	}
	benchToken(b, benchSource(b, config))

	return config
}

func benchSource(b *testing.B, config Config) *Source {
	b.Helper()

	source, err := NewSource(config)
	if err != nil {
		b.Fatal(err)
	}

	return source
}

func benchToken(b *testing.B, source *Source) {
	b.Helper()

	if token, err := source.Token(b.Context(), ""); err != nil || token != "access" {
		b.Fatal(token, err)
	}
}

// BenchmarkCachedToken measures the cost of the source per request.
func BenchmarkCachedToken(b *testing.B) {
	source := benchSource(b, benchConfig(b))
	benchToken(b, source)

	b.ReportAllocs()

	for b.Loop() {
		benchToken(b, source)
	}
}

// BenchmarkTokenFromStore measures the cost of the source per process, which reads the record once.
func BenchmarkTokenFromStore(b *testing.B) {
	config := benchConfig(b)

	b.ReportAllocs()

	for b.Loop() {
		benchToken(b, benchSource(b, config))
	}
}
