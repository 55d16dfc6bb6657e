package sepay

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"
)

// echoes are the encodings in which a service may repeat what it was sent.
func echoes() map[string]func(string) string {
	return map[string]func(string) string{
		"plain": func(secret string) string { return secret },
		"upper": strings.ToUpper,
		"HTML":  html.EscapeString,
		"URL":   url.QueryEscape,
		"JSON":  func(secret string) string { return fmt.Sprintf("%q", secret) },
		"start": func(secret string) string { return secret[:10] + "…" },
		"end":   func(secret string) string { return "…" + secret[len(secret)-10:] },
		"far":   func(secret string) string { return strings.Repeat("x", 1000-12) + secret },
		"none":  func(string) string { return "\x1b[2J\x1b]0;x\x07\u202eevil\u2066\u200b\r\nend" },
	}
}

func TestNoMessageRepeatsASecretOrControlsTheTerminal(t *testing.T) {
	t.Parallel()

	const (
		secret = `Whsec/"<Geheim>&'+0123456789`
		token  = "eyJhbGciOi.JSUzI1NiJ9-eyJzdWIi_OiIxIn0"
	)

	quote := func(text string) string {
		encoded, err := json.Marshal(text)
		if err != nil {
			panic(err)
		}

		return string(encoded)
	}

	responses := map[string]func(w http.ResponseWriter, text string){
		"message": func(w http.ResponseWriter, text string) { respond(w, 400, `{"message":`+quote(text)+`}`) },
		"field":   func(w http.ResponseWriter, text string) { respond(w, 422, `{"messages":{"name":`+quote(text)+`}}`) },
		"name of a field": func(w http.ResponseWriter, text string) {
			respond(w, 422, `{"messages":{"error":{`+quote(text)+`:"is bad"}}}`)
		},
		"list":                  func(w http.ResponseWriter, text string) { respond(w, 400, `{"errors":[[`+quote(text)+`]]}`) },
		"failure in a success":  func(w http.ResponseWriter, text string) { respond(w, 200, `{"error":`+quote(text)+`}`) },
		"content type":          func(w http.ResponseWriter, text string) { kind(w, 502, text) },
		"content type, success": func(w http.ResponseWriter, text string) { kind(w, 200, text) },
		"no HTTP": func(w http.ResponseWriter, text string) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}

			_, _ = conn.Write([]byte("HTTP/1.1 " + text + "\r\n\r\n"))
			_ = conn.Close()
		},
	}

	for place, write := range responses {
		for form, echo := range echoes() {
			t.Run(place+", "+form, func(t *testing.T) {
				t.Parallel()

				var recorded logRecorder

				_, client := serve(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
					// Responses to later requests repeat the secrets, too.
					write(w, echo([]string{secret, token, secret, secret, token}[nth%5]))
				}, recorded.option, func(cfg *Config) { cfg.MaxRetries, cfg.Tokens = 0, fixedToken(token) })

				for range 2 {
					write := client.UpdateWebhook(t.Context(), 5, WebhookBody{SecretKey: new(secret)})
					_, read := client.Webhook(t.Context(), 5)

					for _, err := range []error{write, read} {
						checkShown(t, err, secret, token)
					}
				}

				for _, line := range recorded.lines {
					checkShown(t, errors.New(line), secret, token)
				}
			})
		}
	}
}

func kind(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", text)
	w.WriteHeader(status)
	_, _ = w.Write([]byte("hello"))
}

func checkShown(t *testing.T, err error, secrets ...string) {
	t.Helper()

	if err == nil {
		t.Fatal("no error")
	}

	shown := err.Error()

	if failure, ok := errors.AsType[*APIError](err); ok {
		shown += fmt.Sprint(failure.Message, failure.Fields)
	}

	for _, char := range shown {
		if unicode.IsControl(char) || unicode.Is(unicode.Cf, char) {
			t.Errorf("%q controls the terminal", shown)
		}
	}

	for _, form := range []string{shown, html.UnescapeString(shown), unescapeQuery(shown)} {
		for _, secret := range secrets {
			for at := range len(secret) - 8 {
				if part := secret[at : at+9]; strings.Contains(strings.ToLower(form), strings.ToLower(part)) {
					t.Fatalf("%q shows %q", shown, part)
				}
			}
		}
	}
}

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}

	return text
}

// fixedToken is a source of one token.
func fixedToken(token string) TokenSource { return tokenFunc(func() string { return token }) }
