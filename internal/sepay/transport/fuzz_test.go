package transport

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// FuzzRetryAfter reads the wait that a service requests. It is never negative and never too long to be added to a time;
// seconds are unchanged; and a date at the end of the wait gives the same wait.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"7", " 0.5 ", "0", "-1", "NaN", "Inf", "-Inf", "1e400", "1e-400", "0x1p-2", "99999999999999999999", "soon", "",
		"Tue, 01 Sep 2026 12:00:30 GMT", "Tuesday, 01-Sep-26 12:00:30 GMT", "Tue Sep  1 12:00:30 2026", "Fri, 31 Dec 9999 23:59:59 GMT",
		"Mon, 01 Jan 0001 00:00:00 GMT",
	} {
		f.Add(seed, "2", int64(1788264000))
		f.Add("", seed, int64(0))
	}

	f.Fuzz(func(t *testing.T, standard, own string, unix int64) {
		now := time.Unix(unix%(1<<37), 0).UTC()
		header := http.Header{"Retry-After": {standard}, "X-Sepay-Userapi-Retry-After": {own}}

		wait := retryAfter(header, now)
		if wait < 0 || wait > maxWait || now.Add(wait).Before(now) {
			t.Fatalf("%q, %q: the wait is %d", standard, own, wait)
		}

		if n, err := strconv.ParseFloat(strings.TrimSpace(standard), 64); err == nil && n > 0 {
			if want := min(n, maxWait.Seconds()); math.Abs(wait.Seconds()-want) > 1e-6*max(1, want) {
				t.Errorf("%q: the wait is %s, want %g s", standard, wait, want)
			}
		}

		until := now.Add(wait).Truncate(time.Second)
		if year := until.Year(); year < 1 || year > 9999 || !until.After(now) {
			return
		}

		again := retryAfter(http.Header{"Retry-After": {until.Format(http.TimeFormat)}}, now)
		if again != until.Sub(now) {
			t.Errorf("%q asks to wait %s, its end %s asks for %s", standard, wait, until, again)
		}

		if shown := formatWait(wait); shown == "" || len(shown) > 30 {
			t.Errorf("%s is shown as %q", wait, shown)
		}
	})
}

// FuzzResponse checks a response that has a secret of the request at each $. An error never shows the secret and is one
// short line without control characters; a failure that the status reports is an error.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		`{"status":"error","message":"the key $ is taken"}`, `{"status":"success","data":[]}`, `<html>$</html>`, ``, `[]`,
		`{"error":"access_denied","message":"The resource owner denied the request.","hint":"Access token $ has been revoked"}`,
		`{"messages":{"error":{"$":"$","name":["a$","$\u0000\u202e"]}}}`, `{"message":"&#36;$%24"}`, `{"status":999,"error":"$"}`,
		`{"success":false,"message":{"a":{"b":"$."}}}`, `{"message":"Bad Request.."}`, strings.Repeat(`[`, 40), `{"message":"` + strings.Repeat("$", 200) + `"}`,
		"{\"message\":\"\\u001b[31m$\\u001b[0m\\r\\n\xff\"}",
	} {
		for _, status := range []uint16{200, 302, 400, 401, 403, 429, 500} {
			f.Add(status, "text/html; charset=$", seed, uint64(status))
		}
	}

	f.Fuzz(func(t *testing.T, status uint16, contentType, text string, seed uint64) {
		secret := fmt.Sprintf("whsec_%016x", seed)
		client := New(Config{})
		client.redact.Add(secret)

		response := &http.Response{StatusCode: 200 + int(status)%400, Header: http.Header{
			"Content-Type": {strings.ReplaceAll(contentType, "$", secret)}, "Retry-After": {strings.ReplaceAll(contentType, "$", secret)},
		}}
		body, parseErr := wire.Open([]byte(strings.ReplaceAll(text, "$", secret)))
		request := Request{Method: http.MethodPost, Path: "/webhooks", Scope: "webhook:write"}

		err := client.checkResponse(request, response, body, parseErr)
		if err == nil {
			if response.StatusCode >= http.StatusMultipleChoices || parseErr != nil {
				t.Errorf("a response with %d and %v is a success", response.StatusCode, parseErr)
			}

			return
		}

		texts := []string{err.Error()}

		if failure, ok := errors.AsType[*APIError](err); ok {
			texts = append(texts, failure.Summary(), failure.Message, failure.NextStep(), failure.hint)

			if len(failure.Fields) > 50 {
				t.Errorf("%d fields", len(failure.Fields))
			}

			for field, said := range failure.Fields {
				texts = append(texts, field, said)
			}
		}

		for _, shown := range texts {
			assertDisplayable(t, shown, secret)
		}
	})
}

// assertDisplayable asserts that a text can be shown.
func assertDisplayable(t *testing.T, text, secret string) {
	t.Helper()

	const longest = maxMessage + maxFieldText + 1000

	if length := utf8.RuneCountInString(text); length > longest || !utf8.ValidString(text) {
		t.Errorf("%d characters, valid: %t", length, utf8.ValidString(text))
	}

	if strings.Contains(strings.ToLower(strings.ReplaceAll(text, redact.Marker, " ")), secret[len("whsec_"):]) {
		t.Errorf("the secret is shown: %q", text)
	}

	for _, char := range text {
		if unicode.IsControl(char) || unicode.Is(unicode.Cf, char) {
			t.Errorf("%q has a control character", text)

			return
		}
	}
}
