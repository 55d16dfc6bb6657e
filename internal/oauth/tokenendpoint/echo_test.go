package tokenendpoint

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
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

				a := readResponse(http.StatusBadRequest, http.Header{}, body, time.Now(), secret, token)

				for _, part := range []string{"very-secret", `ient "sec`, "ient %22sec", "ient+%22sec", "ient &quot;sec"} {
					if said := a.Quote(); strings.Contains(said, part) {
						t.Errorf("%s in %s: %s", form, key, said)
					}
				}
			}
		}
	}
}
