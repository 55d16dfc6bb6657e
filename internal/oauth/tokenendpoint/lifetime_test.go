package tokenendpoint

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestSignInExpiresAfterACalendarMonth(t *testing.T) {
	t.Parallel()

	for from, want := range map[string]string{
		"2026-02-01": "2026-03-01", "2026-03-15": "2026-04-15", "2026-12-24": "2027-01-24", "2026-12-31": "2027-01-31",
		// The next month has no such day.
		"2026-01-31": "2026-02-28", "2028-01-30": "2028-02-29", "2026-05-31": "2026-06-30",
	} {
		at, err := time.Parse(time.DateOnly, from)
		if err != nil {
			t.Fatal(err)
		}

		if got := monthAfter(at).Format(time.DateOnly); got != want {
			t.Errorf("a month after %s is %s, want %s", from, got, want)
		}
	}
}

func TestImplausibleLifetimeFallsBackToTheDocumentedOne(t *testing.T) {
	t.Parallel()

	for _, value := range []string{
		`"NaN"`, `"Inf"`, `"-Inf"`, `"Infinity"`, `-3600`, `0`, `1e300`, `"1e999"`, `9223372036854775807`, `null`, `true`, `{}`, `""`,
	} {
		now := time.Now()
		body := fmt.Sprintf(`{"access_token":"opaque","refresh_token":"r","expires_in":%s,"refresh_token_expires_in":%s}`, value, value)

		r := parseResponse(http.StatusOK, http.Header{}, []byte(body), now)
		if r.Outcome != Granted || r.Grant.Lifetime != time.Hour || !r.Grant.RefreshExpiry(now).Equal(monthAfter(now)) {
			t.Errorf("expires_in %s: %v, access for %s, refresh until %s", value, r.Outcome, r.Grant.Lifetime, r.Grant.RefreshExpiry(now))
		}
	}
}

func TestInvalidCodesOfOlderServersAreRecognized(t *testing.T) {
	t.Parallel()

	for hint, want := range map[string]Outcome{
		"Authorization code has expired":        TokenRejected,
		"Authorization code has been revoked":   TokenRejected,
		"Cannot decrypt the authorization code": TokenRejected,
		"Check the `redirect_uri` parameter":    Rejected,
	} {
		body := fmt.Sprintf(`{"error":"invalid_request","error_description":"The request is malformed.","hint":%q}`, hint)
		if r := parseResponse(http.StatusBadRequest, http.Header{}, []byte(body), time.Now()); r.Outcome != want {
			t.Errorf("%s: outcome %d, want %d", hint, r.Outcome, want)
		}
	}
}
