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
		{name: "a response after 25 s", fate: fate{calls: 1}, run: func(f *fixture) {
			f.server.script(fault{after: 25 * time.Second})
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.token(f.source(seed), "")
		}},
		{name: "a response after 59 s", fate: fate{calls: 1}, run: func(f *fixture) {
			f.server.script(fault{before: 59 * time.Second})
			f.token(f.source(f.server.authorize()), "")
		}},
		{name: "no response within a minute, not processed", fate: fate{calls: 2}, run: func(f *fixture) {
			f.server.script(fault{before: 70 * time.Second, dropBefore: true})
			seed := f.server.authorize()
			process := system.NewProcess()
			f.fails(f.sourceIn(process, seed), "", diagnostic.CodeNoResponse)
			f.fails(f.sourceIn(process, seed), "", diagnostic.CodeNoResponse) // nobody in this process sends it again
			f.server.expectCalls(f.t, 1, 0)
			f.token(f.source(seed), "") // the next run does
		}},
		{name: "no response within a minute, processed", fate: fate{2, 1, false}, refused: &fate{2, 1, true}, run: func(f *fixture) {
			f.server.script(fault{after: 70 * time.Second})
			seed := f.server.authorize()
			f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
			f.server.expectCalls(f.t, 1, 0)
			f.nextRun(seed, diagnostic.CodeResponseLost)
		}},
		{name: "504 of a proxy", fate: fate{calls: 2}, run: func(f *fixture) {
			f.server.script(status(504))
			seed := f.server.authorize()
			f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
			f.server.expectCalls(f.t, 1, 0)
			f.token(f.source(seed), "")
		}},
		{name: "504 of a proxy, 5 runs in parallel", fate: fate{calls: 2}, run: func(f *fixture) {
			f.server.script(fault{before: 20 * time.Second, status: 504})
			seed := f.server.authorize()

			var wg sync.WaitGroup

			for range 5 {
				wg.Go(func() { f.fails(f.source(seed), "", diagnostic.CodeNoResponse) })
			}

			wg.Wait()
			f.server.expectCalls(f.t, 1, 0)
			f.token(f.source(seed), "")
		}},
		{name: "503 once", fate: fate{calls: 2}, run: func(f *fixture) {
			f.server.script(status(503))
			f.token(f.source(f.server.authorize()), "")
		}},
		{name: "cut after commit", fate: fate{2, 1, false}, refused: &fate{2, 1, true}, run: func(f *fixture) {
			f.server.script(fault{dropAfter: true})
			f.nextRun(f.server.authorize(), diagnostic.CodeResponseLost)
		}},
		{name: "a run that is canceled while the response takes 15 s", fate: fate{calls: 1}, run: func(f *fixture) {
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
				f.t.Errorf("the process waited %v for its exchange", waited)
			}

			f.token(f.source(seed), "")
		}},
		{name: "20 runs with an expired token", fate: fate{calls: 2}, run: func(f *fixture) {
			seed := f.expired()
			f.server.script(fault{after: 3 * time.Second})

			var wg sync.WaitGroup

			for range 20 {
				wg.Go(func() { f.token(f.source(seed), "") })
			}

			wg.Wait()
		}},
	}
}

// nextRun expects the code where a spent token is refused, and a token where it is not.
func (f *fixture) nextRun(seed string, code diagnostic.Code) {
	f.t.Helper()

	if f.server.reuseWorks {
		f.token(f.source(seed), "")
	} else {
		f.fails(f.source(seed), "", code)
	}
}

func answerScenarios() []scenario {
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
		{name: "an envelope", fate: fate{calls: 2}, run: twice(envelope(`{"status":"success","data":%s}`))},
		{
			name: "an envelope with a message", fate: fate{calls: 2},
			run: twice(envelope(`{"status":"success","message":"OK","error":null,"data":{"token":%s}}`)),
		},
		{
			name: "a page of HTML instead of the response", fate: fate{2, 1, false}, refused: &fate{2, 1, true}, run: func(f *fixture) {
				f.server.script(fault{rewrite: func(w http.ResponseWriter, _ []byte) { _, _ = w.Write([]byte("<html>Hello</html>")) }})
				seed := f.server.authorize()
				f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
				f.server.expectCalls(f.t, 1, 0)
				f.nextRun(seed, diagnostic.CodeResponseLost)
			},
		},
		{
			name: "a page of HTML instead of the exchange", fate: fate{calls: 2}, run: func(f *fixture) {
				f.server.script(status(200))
				seed := f.server.authorize()
				f.fails(f.source(seed), "", diagnostic.CodeNoResponse)
				f.server.expectCalls(f.t, 1, 0)
				f.token(f.source(seed), "")
			},
		},
	}
}
