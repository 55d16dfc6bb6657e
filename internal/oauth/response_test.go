package oauth

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

func TestTokenInAnErrorResponseIsRedacted(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.server.script(fault{status: 400, body: fmt.Sprintf(
		`{"error":"unsupported","error_description":"cannot read %s of %s","hint":"see %s"}`, seed, testSecret, url.QueryEscape(seed))})

	failure := f.failure(f.source(seed), "", diagnostic.CodeUnexpected)
	for _, want := range []string{"HTTP 400 Bad Request", "unsupported", "cannot read " + redact.Marker + " of " + redact.Marker} {
		if !strings.Contains(failure.Detail, want) {
			t.Errorf("%q is not in: %s", want, failure.Detail)
		}
	}
}

// net/http quotes a response that is not HTTP in its error.
func TestTokenInANonHTTPResponseIsRedacted(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()

	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}

			if request, err := http.ReadRequest(bufio.NewReader(conn)); err == nil && request.ParseForm() == nil {
				fmt.Fprintf(conn, "%s\r\n", request.PostForm.Get("refresh_token"))
			}

			_ = conn.Close()
		}
	}()

	elsewhere := func(c *Config) { c.TokenURL = "http://" + listener.Addr().String() + "/oauth/token" }

	failure := f.failure(f.source(seed, elsewhere), "", diagnostic.CodeNoResponse)
	if !strings.Contains(failure.Error(), redact.Marker) {
		t.Errorf("the response is not quoted: %v", failure)
	}
}
