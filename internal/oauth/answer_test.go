package oauth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// escapes are the forms in which a server may repeat what it was sent.
func escapes() map[string]func(string) string {
	inJSON := func(text string) string {
		encoded, err := json.Marshal(text)
		if err != nil {
			panic(err)
		}

		return strings.Trim(string(encoded), `"`)
	}

	return map[string]func(string) string{
		"plain": func(text string) string { return text },
		"URL":   url.QueryEscape,
		"path":  url.PathEscape,
		"JSON":  inJSON,
		"HTML":  html.EscapeString,
		"numeric HTML": func(text string) string {
			var escaped strings.Builder
			for _, r := range text {
				fmt.Fprintf(&escaped, "&#x%x;", r)
			}

			return escaped.String()
		},
		"HTML in JSON": func(text string) string { return inJSON(html.EscapeString(text)) },
	}
}

func TestTokenEndpointThatEchoesItsInputLeaksNothing(t *testing.T) {
	t.Parallel()

	const secret, token = `cl<ient "secret" & ü/+`, `rt+/<"&'>=very-secret-token`

	for form, escape := range escapes() {
		for _, key := range []string{"error", "error_description", "message", "hint"} {
			// So long that a cut would end within a secret.
			for _, filler := range []string{"", strings.Repeat("x", 280)} {
				body, err := json.Marshal(map[string]any{
					"error": "invalid_request", key: "got " + filler + " " + escape("refresh_token="+token+" with "+secret),
				})
				if err != nil {
					t.Fatal(err)
				}

				a := readAnswer(http.StatusBadRequest, http.Header{}, body, time.Now(), secret, token)

				for _, part := range []string{"very-secret", `ient "sec`, "ient %22sec", "ient+%22sec", "ient &quot;sec"} {
					if said := a.said(); strings.Contains(said, part) {
						t.Errorf("%s in %s: %s", form, key, said)
					}
				}
			}
		}
	}
}

func TestRefusalThatRepeatsTheTokenShowsTheRestOfIt(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.server.script(fault{status: 400, body: fmt.Sprintf(
		`{"error":"unsupported","error_description":"cannot read %s of %s","hint":"see %s"}`, seed, testSecret, url.QueryEscape(seed))})

	failure := f.failure(f.source(seed), "", CodeUnexpected)
	for _, want := range []string{"HTTP 400 Bad Request", "unsupported", "cannot read " + redact.Marker + " of " + redact.Marker} {
		if !strings.Contains(failure.Detail, want) {
			t.Errorf("%q is not in: %s", want, failure.Detail)
		}
	}
}

// A server that answers with something else than HTTP is quoted by net/http.
func TestEchoInPlaceOfAResponseLeaksNothing(t *testing.T) {
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

	failure := f.failure(f.source(seed, elsewhere), "", CodeNoAnswer)
	if !strings.Contains(failure.Error(), redact.Marker) {
		t.Errorf("the response is not quoted: %v", failure)
	}
}
