package oauth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

func status(code int, header ...string) fault {
	f := fault{status: code, header: http.Header{}, body: `<html>not here</html>`}
	for i := 0; i+1 < len(header); i += 2 {
		f.header.Set(header[i], header[i+1])
	}

	return f
}

// TestTokenEndpointResponses tests each class of responses, and the run after it.
func TestTokenEndpointResponses(t *testing.T) {
	t.Parallel()

	for _, tc := range []struct {
		name     string
		faults   []fault
		code     diagnostic.Code // of the first run; "" means success
		requests int             // of the first run
		replays  int
		wait     time.Duration   // that the first run must include
		next     diagnostic.Code // of the next run
	}{
		{name: "connection closed before the exchange", faults: []fault{{dropBefore: true}}, requests: 2, wait: tokenendpoint.AmbiguousRetryDelay},
		{
			name: "connection closed after the exchange", faults: []fault{{dropAfter: true}},
			code: diagnostic.CodeResponseLost, requests: 2, replays: 1, next: diagnostic.CodeResponseLost,
		},
		{
			name: "connection closed twice before the exchange", faults: []fault{{dropBefore: true}, {dropBefore: true}},
			code: diagnostic.CodeNoResponse, requests: 2,
		},
		{
			name: "connection closed after the exchange, then 503", faults: []fault{{dropAfter: true}, status(503)}, code: diagnostic.CodeNoResponse, requests: 2,
			next: diagnostic.CodeResponseLost,
		},
		{name: "503 once", faults: []fault{status(503)}, requests: 2, wait: tokenendpoint.AmbiguousRetryDelay},
		{name: "500 twice", faults: []fault{status(500), status(500)}, code: diagnostic.CodeNoResponse, requests: 2},
		{name: "429 with seconds", faults: []fault{status(429, "Retry-After", "7")}, requests: 2, wait: 7 * time.Second},
		{
			name: "429 with SePay's header", faults: []fault{status(429, "X-Sepay-Userapi-Retry-After", "3")},
			requests: 2, wait: 3 * time.Second,
		},
		{name: "429 for too long", faults: []fault{status(429, "Retry-After", "120")}, code: diagnostic.CodeBusy, requests: 1},
		{name: "429 at each attempt", faults: []fault{status(429), status(429), status(429)}, code: diagnostic.CodeBusy, requests: 3},
		{name: "403 from a firewall", faults: []fault{status(403)}, requests: 2, wait: time.Second},
		{name: "404", faults: []fault{status(404)}, code: diagnostic.CodeUnexpected, requests: 1},
		{name: "200 with an HTML page", faults: []fault{status(200)}, code: diagnostic.CodeNoResponse, requests: 1},
		{name: "504 from a proxy", faults: []fault{status(504)}, code: diagnostic.CodeNoResponse, requests: 1},
		{name: "502 once", faults: []fault{status(502)}, requests: 2, wait: tokenendpoint.AmbiguousRetryDelay},
		{name: "503, then 504", faults: []fault{status(503), status(504)}, code: diagnostic.CodeNoResponse, requests: 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			f.server.script(tc.faults...)

			if tc.code == "" {
				f.token(f.source(seed), "")
			} else {
				f.fails(f.source(seed), "", tc.code)
			}

			f.server.expectRequests(t, tc.requests, tc.replays)

			if waits := f.waits(); tc.wait > 0 && !slices.Contains(waits, tc.wait) {
				t.Errorf("waited %v, want %v among them", waits, tc.wait)
			}

			if tc.next != "" {
				f.fails(f.source(seed), "", tc.next)

				return
			}

			f.token(f.source(seed), "")
			f.expectValidChain()

			if _, replays := f.server.counts(); replays != tc.replays {
				t.Errorf("the next run replayed a token")
			}
		})
	}
}

func TestUnreachableServerSpendsNoToken(t *testing.T) {
	t.Parallel()

	handled := 0
	untrusted := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { handled++ }))
	untrusted.Config.ErrorLog = quietLog()

	t.Cleanup(func() {
		untrusted.Close()

		if handled != 0 {
			t.Errorf("%d requests reached an untrusted server", handled)
		}
	})

	for name, address := range map[string]string{
		"no such host": "https://sepay.invalid/oauth/token",
		// The system gives this port to nobody, as it may do with one that is free.
		"connection refused":    "http://127.0.0.1:1/oauth/token",
		"untrusted certificate": untrusted.URL + "/oauth/token",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			failure := f.failure(f.source(seed, func(c *Config) { c.TokenURL = address }), "", diagnostic.CodeUnreachable)

			if !strings.Contains(failure.Detail, "not lost") || len(f.waits()) != tokenendpoint.MaxAttempts-1 {
				t.Errorf("%d waits; %v", len(f.waits()), failure)
			}

			if r := f.stored(); r.Pending != nil || r.RefreshToken != seed {
				t.Errorf("the intent was not removed: %v", r.Pending)
			}
		})
	}
}

func TestRejectedTokenIsDistinguishedFromARejectedClient(t *testing.T) {
	t.Parallel()

	for _, as401 := range []bool{false, true} {
		f := newFixture(t)
		f.server.invalidAs401 = as401
		seed := f.startExpired()
		f.server.revoke()
		f.fails(f.source(seed), "", diagnostic.CodeRejected)
		f.server.expectRequests(t, 2, 0)
	}

	f := newFixture(t)
	seed := f.startExpired()
	wrong := f.source(seed, func(c *Config) { c.ClientSecret = "wrong" })

	if failure := f.failure(wrong, "", diagnostic.CodeClientRejected); !strings.Contains(failure.Detail, "not spent") {
		t.Errorf("unexpected: %v", failure)
	}

	f.token(f.source(seed), "")
	f.server.expectRequests(t, 3, 0)
	f.expectValidChain()
}

func TestRejectedTokenIsNotRetriedAndANewRefreshTokenWorksImmediately(t *testing.T) {
	t.Parallel()

	for _, key := range []string{"", "production"} {
		f := newFixture(t)
		seed := f.startExpired()

		if key != "" {
			f = newFixture(t)
			seed = f.server.authorize()
			f.token(f.source(seed, withKey(key)), "")
			f.advance(2 * time.Hour)
		}

		f.server.revoke()

		for range 5 {
			f.fails(f.source(seed, withKey(key)), "", diagnostic.CodeRejected)
		}

		f.server.expectRequests(t, 2, 0)

		f.advance(rejectionTTL + time.Second)
		f.fails(f.source(seed, withKey(key)), "", diagnostic.CodeRejected)
		f.server.expectRequests(t, 3, 0)

		f.token(f.source(f.server.authorize(), withKey(key)), "")
		f.server.expectRequests(t, 4, 0)
	}
}

func TestResponseWithoutARefreshTokenKeepsTheOldOne(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.keepsRefresh = true
	seed := f.server.authorize()

	for range 3 {
		f.token(f.source(seed), "")
		f.advance(time.Hour)
	}

	f.server.expectRequests(t, 3, 0)
	f.expectValidChain()
}

func TestMalformedSuccessResponseIsAccepted(t *testing.T) {
	t.Parallel()

	write := func(contentType, before, after string) func(http.ResponseWriter, []byte) {
		return func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(before + string(body) + after))
		}
	}

	for name, rewrite := range map[string]func(http.ResponseWriter, []byte){
		"text/html":       write("text/html", "", ""),
		"byte order mark": write("application/json", "\ufeff", ""),
		"PHP warning": write("text/html", "<br />\n<b>Warning</b>: Array {0} in {\"x\": 1} on line 3<br "+
			"/>\n", "\n<!-- end -->"),
		"expires_in as a string": func(w http.ResponseWriter, body []byte) {
			_, _ = w.Write([]byte(strings.Replace(string(body), `"expires_in":3600`, `"expires_in":"3600"`, 1)))
		},
		"no expires_in": func(w http.ResponseWriter, body []byte) {
			_, _ = w.Write([]byte(strings.Replace(string(body), `"expires_in":3600,`, "", 1)))
		},
		"connection closed after the JSON": func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(body)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.script(fault{rewrite: rewrite})
			f.token(f.source(f.server.authorize()), "")
			f.server.expectRequests(t, 1, 0)
			f.expectValidChain()

			if left := f.stored().ExpiresAt.Sub(f.env.Now()); left < 59*time.Minute || left > 61*time.Minute {
				t.Errorf("the access token is used for %v", left)
			}
		})
	}
}

func TestOversizedResponseIsTruncated(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.always = fault{rewrite: func(w http.ResponseWriter, _ []byte) {
		for range 40 {
			_, _ = w.Write([]byte(strings.Repeat(" ", 64<<10)))
		}
	}}
	f.fails(f.source(f.server.authorize()), "", diagnostic.CodeNoResponse)
	f.server.expectRequests(t, 1, 0)
}

func TestCancellationEndsTheWaitBeforeARetry(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.env.Sleep = system.Sleep
	ctx, cancel := context.WithCancel(t.Context())
	f.server.script(fault{status: 429, header: http.Header{"Retry-After": {"25"}}, received: cancel})
	seed := f.server.authorize()

	s := f.source(seed)
	if _, err := s.Token(ctx, ""); err == nil {
		t.Error("the canceled run got a token")
	}

	s.env.Process.Exchanges.Wait()
	f.token(f.source(seed), "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestClockThatIsHoursOffCostsOneRefresh(t *testing.T) {
	t.Parallel()

	for _, skew := range []time.Duration{2 * time.Hour, -2 * time.Hour} {
		f := newFixture(t)
		seed := f.server.authorize()
		f.token(f.source(seed), "")
		f.advance(skew)

		for range 3 {
			f.token(f.source(seed), "")
		}

		f.server.expectRequests(t, 2, 0)
		f.expectValidChain()
	}
}

func TestEachSecretIsReportedOnceForMasking(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()

	var reported []string

	s := f.source(seed, func(c *Config) { c.OnSecret = func(secret string) { reported = append(reported, secret) } })
	f.token(s, "")
	f.token(s, "")

	for _, secret := range f.server.issued {
		if n := strings.Count(strings.Join(reported, "\n")+"\n", secret+"\n"); n != 1 {
			t.Errorf("a secret was reported %d times", n)
		}
	}
}
