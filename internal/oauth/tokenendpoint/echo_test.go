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

// escapes returns the encodings in which a server may echo a request.
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

func TestEchoedSecretsAreRedacted(t *testing.T) {
	t.Parallel()

	const secret, token = `cl<ient "secret" & ü/+`, `rt+/<"&'>=very-secret-token`

	for form, escape := range escapes() {
		for _, key := range []string{"error", "error_description", "message", "hint"} {
			// The filler is so long that truncation would cut a secret.
			for _, filler := range []string{"", strings.Repeat("x", 280)} {
				body, err := json.Marshal(map[string]any{
					"error": "invalid_request", key: "got " + filler + " " + escape("refresh_token="+token+" with "+secret),
				})
				if err != nil {
					t.Fatal(err)
				}

				r := parseResponse(http.StatusBadRequest, http.Header{}, body, time.Now(), secret, token)

				for _, part := range []string{"very-secret", `ient "sec`, "ient %22sec", "ient+%22sec", "ient &quot;sec"} {
					if quote := r.Quote(); strings.Contains(quote, part) {
						t.Errorf("%s in %s: %s", form, key, quote)
					}
				}
			}
		}
	}
}
