//go:build unix

package oauth

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
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

func TestStatusTellsWhenTheSignInExpiresUnused(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

	for _, test := range []struct {
		at   time.Time
		want string
		soon bool
	}{
		{now.AddDate(0, 1, 0), "2026-12-24 (in 30 days)", false},
		{now.Add(8*24*time.Hour - time.Second), "2026-12-02 (in 7 days)", false},
		{now.Add(7 * 24 * time.Hour), "2026-12-01 (in 7 days)", true},
		{now.Add(36 * time.Hour), "2026-11-26 (in 1 day)", true},
		{now.Add(time.Hour), "2026-11-24 (in less than a day)", true},
		{now.Add(-time.Hour), "2026-11-24 (expired: it was not used in time)", true},
		{time.Time{}, "not known", false},
	} {
		if got := UnusedUntil(test.at, now); got != test.want || ExpiresSoon(test.at, now) != test.soon {
			t.Errorf("got %q, soon %v; want %q, %v", got, ExpiresSoon(test.at, now), test.want, test.soon)
		}
	}
}

func TestRunWarnsOfASignInThatExpiresSoon(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		after   time.Duration
		server  func(s *tokenServer)
		summary string
	}{
		"in the middle of the month":     {14 * 24 * time.Hour, func(*tokenServer) {}, ""},
		"on the eighth day before":       {-8 * 24 * time.Hour, func(*tokenServer) {}, ""},
		"renewed on the last days":       {-6 * 24 * time.Hour, func(*tokenServer) {}, "The SePay sign-in was close to its end"},
		"not renewed on the last days":   {-6 * 24 * time.Hour, func(s *tokenServer) { s.script(status(503), status(503)) }, "The SePay sign-in expires soon"},
		"renewed, and it expires anyway": {2 * time.Hour, func(s *tokenServer) { s.script(fault{rewrite: refreshExpiresIn("518400")}) }, "The SePay sign-in expires soon"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			test.server(f.server)

			if test.after < 0 {
				test.after += time.Until(f.stored().RefreshExpiresAt) - time.Hour
			}

			f.advance(test.after)

			s := f.source(seed)
			_, _ = s.Token(t.Context(), "")

			var summaries []string

			for _, warning := range s.TakeWarnings() {
				summaries = append(summaries, warning.Summary)

				if !nextStep.MatchString(warning.Detail) || !strings.Contains(warning.Detail, "202") {
					t.Errorf("no day or no next step: %s", warning.Detail)
				}
			}

			if want := slices.DeleteFunc([]string{test.summary}, func(s string) bool { return s == "" }); !slices.Equal(summaries, want) {
				t.Errorf("warned of %q, want %q", summaries, want)
			}
		})
	}
}

func refreshExpiresIn(seconds string) func(http.ResponseWriter, []byte) {
	return func(w http.ResponseWriter, body []byte) {
		_, _ = w.Write([]byte(strings.Replace(string(body), "{", `{"refresh_token_expires_in":`+seconds+",", 1)))
	}
}

func TestImpossibleLifetimeIsTheDocumentedHour(t *testing.T) {
	t.Parallel()

	for _, value := range []string{
		`"NaN"`, `"Inf"`, `"-Inf"`, `"Infinity"`, `-3600`, `0`, `1e300`, `"1e999"`, `9223372036854775807`, `null`, `true`, `{}`, `""`,
	} {
		now := time.Now()
		body := fmt.Sprintf(`{"access_token":"opaque","refresh_token":"r","expires_in":%s,"refresh_token_expires_in":%s}`, value, value)

		a := readAnswer(http.StatusOK, http.Header{}, []byte(body), now)
		if a.verdict != verdictGranted || a.grant.lifetime != time.Hour || !a.grant.refreshExpiry(now).Equal(monthAfter(now)) {
			t.Errorf("expires_in %s: %v, access for %s, refresh until %s", value, a.verdict, a.grant.lifetime, a.grant.refreshExpiry(now))
		}
	}
}

func TestAccessTokensThatLiveForSecondsWork(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.lifetime = 30 * time.Second
	seed := f.server.authorize()
	s := f.source(seed)
	first := f.token(s, "")

	f.advance(26 * time.Second)

	if f.token(s, "") != first || f.token(f.source(seed), "") != first {
		t.Error("a token was renewed that had a tenth of its life left")
	}

	f.server.expectCalls(t, 1, 0)
	f.advance(2 * time.Second)

	second := f.token(s, "")
	f.server.expectCalls(t, 2, 0)

	// It expires on the way to the API.
	f.advance(31 * time.Second)

	if f.token(s, second) == second {
		t.Error("the rejected token was returned again")
	}

	f.server.expectCalls(t, 3, 0)
	f.expectAlive()
}

func TestConfiguredAccessTokenOfSecondsIsUsedBeforeTheStore(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	now := f.env.now()
	claims := fmt.Sprintf(`{"exp":%d,"iat":%d}`, now.Add(30*time.Second).Unix(), now.Unix())
	given := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	s := f.source(f.server.authorize(), withAccess(given))

	if token, err := s.Token(t.Context(), ""); err != nil || token != given {
		t.Errorf("another token, %v", err)
	}

	f.server.expectCalls(t, 0, 0)
	f.advance(29 * time.Second)
	f.token(s, "")
	f.server.expectCalls(t, 1, 0)
}

func TestConfiguredAccessTokenIsUsedToItsEnd(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	claims := fmt.Sprintf(`{"exp":%d}`, f.env.now().Add(time.Hour).Unix())
	given := "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	s := f.source("", withAccess(given), withStore(NoStore()))

	f.advance(time.Hour - 5*time.Second)

	if token, err := s.Token(t.Context(), ""); err != nil || token != given {
		t.Errorf("5 seconds before its end: %v", err)
	}

	f.advance(6 * time.Second)

	failure := f.failure(s, "", CodeAccessToken)

	_, day, found := strings.Cut(failure.Detail, "expired on ")
	if !found {
		t.Fatalf("got %q", failure.Detail)
	}

	if at, err := time.Parse(userTime, day[:len("2026-01-02 15:04:05 UTC")]); err != nil || at.After(f.env.now()) {
		t.Errorf("it names a time in the future: %q, %v", failure.Detail, err)
	}

	f.server.expectCalls(t, 0, 0)
}
