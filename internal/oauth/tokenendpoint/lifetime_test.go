package tokenendpoint

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestSignInExpiresAfterAMonthOfTheCalendar(t *testing.T) {
	t.Parallel()

	for from, want := range map[string]string{
		"2026-02-01": "2026-03-01", "2026-03-15": "2026-04-15", "2026-12-24": "2027-01-24", "2026-12-31": "2027-01-31",
		// The shorter month ends before its 31st day.
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

func TestImpossibleLifetimeIsTheDocumentedHour(t *testing.T) {
	t.Parallel()

	for _, value := range []string{
		`"NaN"`, `"Inf"`, `"-Inf"`, `"Infinity"`, `-3600`, `0`, `1e300`, `"1e999"`, `9223372036854775807`, `null`, `true`, `{}`, `""`,
	} {
		now := time.Now()
		body := fmt.Sprintf(`{"access_token":"opaque","refresh_token":"r","expires_in":%s,"refresh_token_expires_in":%s}`, value, value)

		a := readResponse(http.StatusOK, http.Header{}, []byte(body), now)
		if a.Outcome != Granted || a.Grant.Lifetime != time.Hour || !a.Grant.RefreshExpiry(now).Equal(monthAfter(now)) {
			t.Errorf("expires_in %s: %v, access for %s, refresh until %s", value, a.Outcome, a.Grant.Lifetime, a.Grant.RefreshExpiry(now))
		}
	}
}

func TestDeadCodesOfOlderServersAreRecognized(t *testing.T) {
	t.Parallel()

	for hint, want := range map[string]Outcome{
		"Authorization code has expired":        TokenRejected,
		"Authorization code has been revoked":   TokenRejected,
		"Cannot decrypt the authorization code": TokenRejected,
		"Check the `redirect_uri` parameter":    Rejected,
	} {
		body := fmt.Sprintf(`{"error":"invalid_request","error_description":"The request is malformed.","hint":%q}`, hint)
		if a := readResponse(http.StatusBadRequest, http.Header{}, []byte(body), time.Now()); a.Outcome != want {
			t.Errorf("%s: verdict %d, want %d", hint, a.Outcome, want)
		}
	}
}
