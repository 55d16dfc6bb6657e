package tokenendpoint

import (
	"bytes"
	"encoding/json"
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
)

// FuzzTokenResponse parses a response of the token endpoint, with a secret of the request at each $. A grant has a token and a
// plausible lifetime, and is the same after it is encoded in the documented form and parsed again. Other outcomes have no grant.
// No text of a response contains a secret of the request or its own tokens.
func FuzzTokenResponse(f *testing.F) {
	for _, seed := range []string{
		`{"token_type":"Bearer","access_token":"access-0123456789","refresh_token":"def50200","expires_in":3600,"refresh_token_expires_in":"2592000"}`,
		`{"data":{"access_token":"nested-0123456789"}}`, `<b>Warning</b>: {$x} {"access_token":"late-0123456789","expires_in":1e300}`,
		`{"access_token":12345678901234567890,"refresh_token":98765432109876543210}`, `{"access_token":"$"}`,
		`{"access_token":"eyJhbGciOiJub25lIn0.eyJleHAiOjE3ODgyNjc2MDB9.c2ln","refresh_token":null}`, "\ufeff" + `{"error":"$"}`,
		`{"error":"invalid_grant","error_description":"refresh token $","hint":"Token has been revoked"}`, `{"error":"invalid_client","message":"$"}`,
		`{"error":"invalid_request","hint":"Cannot decrypt the authorization code $"}`, strings.Repeat("{", 100), `{}`, ``, `{"access_token":{}}`,
		`{"access_token":" \u0000 ","error":"x","message":"access_token was $ \u202e"}`,
	} {
		for _, status := range []uint16{200, 400, 401, 403, 429, 500, 504} {
			f.Add(status, "text/$", seed, uint64(status))
		}
	}

	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

	f.Fuzz(func(t *testing.T, status uint16, header, text string, seed uint64) {
		secret := fmt.Sprintf("def50200%016x", seed)
		body := []byte(strings.ReplaceAll(text, "$", secret))
		headers := http.Header{"Content-Type": {strings.ReplaceAll(header, "$", secret)}, "Retry-After": {header}}

		r := parseResponse(200+int(status)%400, headers, body, now, secret)

		for _, shown := range []string{r.Quote(), r.Code, r.Description, r.RetryAfterText()} {
			expectPrintable(t, shown, secret, r.Grant.AccessToken, r.Grant.RefreshToken)
		}

		if r.Outcome != Granted {
			if r.Grant != (Grant{}) {
				t.Errorf("outcome %d has a grant", r.Outcome)
			}

			return
		}

		g := r.Grant
		if g.AccessToken == "" || g.Lifetime <= 0 || g.Lifetime > maxAccessLifetime || !g.RefreshExpiry(now).After(now) ||
			g.RefreshExpiry(now).Sub(now) > maxRefreshLifetime {
			t.Errorf("access for %s, refresh until %s", g.Lifetime, g.RefreshExpiry(now))
		}

		if utf8.Valid(body) && !bytes.ContainsRune(body, '\\') && !bytes.Contains(body, []byte(g.AccessToken)) {
			t.Errorf("%s\nis not in\n%s", g.AccessToken, body)
		}

		if again := reparse(t, g, now); again.AccessToken != g.AccessToken || again.RefreshToken != g.RefreshToken ||
			(again.Lifetime-g.Lifetime).Abs() > time.Microsecond || (again.refreshLifetime-g.refreshLifetime).Abs() > time.Microsecond {
			t.Errorf("the grant differs after it is encoded and parsed again: lifetimes %s and %s", g.Lifetime, again.Lifetime)
		}
	})
}

// reparse encodes a grant in the documented form and parses it.
func reparse(t *testing.T, g Grant, now time.Time) Grant {
	t.Helper()

	form := map[string]any{"access_token": g.AccessToken, "refresh_token": g.RefreshToken, "expires_in": g.Lifetime.Seconds()}
	if g.refreshLifetime > 0 {
		form["refresh_token_expires_in"] = g.refreshLifetime.Seconds()
	}

	body, err := json.Marshal(form)
	if err != nil {
		t.Fatal(err)
	}

	return parseResponse(http.StatusOK, http.Header{}, body, now).Grant
}

// expectPrintable asserts that a text is safe in a message.
func expectPrintable(t *testing.T, text string, secrets ...string) {
	t.Helper()

	const maxLength = 2*maxTextLength + 300

	if length := utf8.RuneCountInString(text); length > maxLength || !utf8.ValidString(text) {
		t.Errorf("%d characters, valid: %t", length, utf8.ValidString(text))
	}

	for _, char := range text {
		if unicode.IsControl(char) || unicode.Is(unicode.Cf, char) {
			t.Errorf("%q has a control character", text)

			break
		}
	}

	for _, secret := range secrets {
		// A short secret may be part of the message itself.
		if len(secret) >= 16 && strings.Contains(strings.ReplaceAll(text, redact.Marker, "\x00"), secret) {
			t.Errorf("a secret is shown: %q", text)
		}
	}
}

// FuzzTokenRetryAfter parses the delay that SePay requests. It is never negative, and a delay that is too long for an exchange stays
// too long.
func FuzzTokenRetryAfter(f *testing.F) {
	for _, seed := range []string{
		"7", "0.5", "86401", "1e9", "1e999", "Inf", "-Inf", "NaN", "-1", "99999999999999999999", "Tue, 01 Sep 2026 12:00:30 GMT",
		"Fri, 31 Dec 9999 23:59:59 GMT", "soon", "",
	} {
		f.Add(seed, "2")
		f.Add("", seed)
	}

	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

	f.Fuzz(func(t *testing.T, standard, own string) {
		wait := parseRetryAfter(http.Header{"Retry-After": {standard}, "X-Sepay-Userapi-Retry-After": {own}}, now)
		if wait < 0 || wait > maxParsedRetryAfter {
			t.Fatalf("%q, %q: the delay is %d", standard, own, wait)
		}

		if n, err := strconv.ParseFloat(strings.TrimSpace(standard), 64); err == nil && n > 0 {
			if want := math.Min(n, maxParsedRetryAfter.Seconds()); math.Abs(wait.Seconds()-want) > 1e-6*max(1, want) {
				t.Errorf("%q: the delay is %s, want %g s", standard, wait, want)
			}
		}
	})
}
