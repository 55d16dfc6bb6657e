//go:build unix

package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
)

func slowScenarios() []scenario {
	return []scenario{
		{name: "response after 25 s", result: result{requests: 1}, run: func(f *fixture) {
			f.server.script(fault{after: 25 * time.Second})
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.token(f.source(seed), "")
		}},
		{name: "response after 59 s", result: result{requests: 1}, run: func(f *fixture) {
			f.server.script(fault{before: 59 * time.Second})
			f.token(f.source(f.server.authorize()), "")
		}},
		{name: "no response within a minute, token not processed", result: result{requests: 2}, run: func(f *fixture) {
			f.server.script(fault{before: 70 * time.Second, dropBefore: true})
			seed := f.server.authorize()
			process := system.NewProcess()
			f.fails(f.sourceIn(process, seed), "", diagnostic.CodeNoResponse)
			f.fails(f.sourceIn(process, seed), "", diagnostic.CodeNoResponse) // this process does not send it again
			f.server.expectRequests(f.t, 1, 0)
			f.token(f.source(seed), "") // the next run does
		}},
		{name: "no response within a minute, token processed", result: result{2, 1, false}, rejected: &result{2, 1, true}, run: func(f *fixture) {
			f.server.script(fault{after: 70 * time.Second})
			seed := f.server.authorize()
			f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
			f.server.expectRequests(f.t, 1, 0)
			f.expectNextRun(seed, diagnostic.CodeResponseLost)
		}},
		{name: "504 from a proxy", result: result{requests: 2}, run: func(f *fixture) {
			f.server.script(status(504))
			seed := f.server.authorize()
			f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
			f.server.expectRequests(f.t, 1, 0)
			f.token(f.source(seed), "")
		}},
		{name: "504 from a proxy, 5 parallel runs", result: result{requests: 2}, run: func(f *fixture) {
			f.server.script(fault{before: 20 * time.Second, status: 504})
			seed := f.server.authorize()

			var wg sync.WaitGroup

			for range 5 {
				wg.Go(func() { f.fails(f.source(seed), "", diagnostic.CodeNoResponse) })
			}

			wg.Wait()
			f.server.expectRequests(f.t, 1, 0)
			f.token(f.source(seed), "")
		}},
		{name: "503 once", result: result{requests: 2}, run: func(f *fixture) {
			f.server.script(status(503))
			f.token(f.source(f.server.authorize()), "")
		}},
		{name: "connection closed after the exchange", result: result{2, 1, false}, rejected: &result{2, 1, true}, run: func(f *fixture) {
			f.server.script(fault{dropAfter: true})
			f.expectNextRun(f.server.authorize(), diagnostic.CodeResponseLost)
		}},
		{name: "run canceled while the response takes 15 s", result: result{requests: 1}, run: func(f *fixture) {
			ctx, cancel := context.WithCancel(f.t.Context())
			f.server.script(fault{committed: cancel, after: 15 * time.Second})
			seed := f.server.authorize()
			s := f.source(seed)

			if _, err := s.Token(ctx, ""); !errors.Is(err, context.Canceled) {
				f.t.Errorf("Token returned %v", err)
			}

			began := time.Now()
			s.env.Process.Exchanges.Wait()

			if waited := time.Since(began); waited < 15*time.Second {
				f.t.Errorf("the process waited only %v for its exchange", waited)
			}

			f.token(f.source(seed), "")
		}},
		{name: "20 parallel runs with an expired access token", result: result{requests: 2}, run: func(f *fixture) {
			seed := f.startExpired()
			f.server.script(fault{after: 3 * time.Second})

			var wg sync.WaitGroup

			for range 20 {
				wg.Go(func() { f.token(f.source(seed), "") })
			}

			wg.Wait()
		}},
	}
}

// expectNextRun expects a token if the server accepts spent tokens, else an error with the code.
func (f *fixture) expectNextRun(seed string, code diagnostic.Code) {
	f.t.Helper()

	if f.server.reuseWorks {
		f.token(f.source(seed), "")
	} else {
		f.fails(f.source(seed), "", code)
	}
}

func responseScenarios() []scenario {
	envelope := func(format string) func(http.ResponseWriter, []byte) {
		return func(w http.ResponseWriter, body []byte) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, format, body)
		}
	}

	twice := func(rewrite func(http.ResponseWriter, []byte)) func(f *fixture) {
		return func(f *fixture) {
			f.server.always = fault{rewrite: rewrite}
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.advance(2 * time.Hour)
			f.token(f.source(seed), "")
		}
	}

	return []scenario{
		{name: "response in an envelope", result: result{requests: 2}, run: twice(envelope(`{"status":"success","data":%s}`))},
		{
			name: "response in an envelope with a message", result: result{requests: 2},
			run: twice(envelope(`{"status":"success","message":"OK","error":null,"data":{"token":%s}}`)),
		},
		{
			name: "HTML page instead of the response, token processed", result: result{2, 1, false}, rejected: &result{2, 1, true}, run: func(f *fixture) {
				f.server.script(fault{rewrite: func(w http.ResponseWriter, _ []byte) { _, _ = w.Write([]byte("<html>Hello</html>")) }})
				seed := f.server.authorize()
				f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
				f.server.expectRequests(f.t, 1, 0)
				f.expectNextRun(seed, diagnostic.CodeResponseLost)
			},
		},
		{
			name: "HTML page instead of the response, token not processed", result: result{requests: 2}, run: func(f *fixture) {
				f.server.script(status(200))
				seed := f.server.authorize()
				f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
				f.server.expectRequests(f.t, 1, 0)
				f.token(f.source(seed), "")
			},
		},
	}
}
