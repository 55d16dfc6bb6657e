//go:build unix

package oauth

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestMessages keeps what the user reads for each way in which a sign-in can fail. Each has to name a next step.
func TestMessages(t *testing.T) {
	t.Parallel()

	for name, scenario := range map[string]func(f *fixture) string{
		"interrupted": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.change(func(r *record) {
				r.Pending = &pending{Fingerprint: fingerprint(r.RefreshToken), At: f.env.now(), PID: 1 << 30, Host: "build-7"}
			})
			f.server.revoke()
			f.advance(2 * time.Hour)

			return said(f.failure(f.source(seed), "", CodeInterrupted))
		},
		"interrupted, without a seed": func(f *fixture) string {
			f.login(f.loginOptions())
			f.change(func(r *record) {
				r.Pending = &pending{Fingerprint: fingerprint(r.RefreshToken), At: f.env.now(), PID: 1 << 30, Host: "build-7"}
			})
			f.server.revoke()
			f.advance(2 * time.Hour)

			return said(f.failure(f.source(""), "", CodeInterrupted))
		},
		"answer lost": func(f *fixture) string {
			f.server.script(fault{dropAfter: true})

			return said(f.failure(f.source(f.server.authorize()), "", CodeAnswerLost))
		},
		"answer lost in an earlier run": func(f *fixture) string {
			f.server.script(fault{dropAfter: true}, status(503))
			seed := f.server.authorize()
			f.fails(f.source(seed), "", CodeNoAnswer)

			return said(f.failure(f.source(seed), "", CodeAnswerLost))
		},
		"no answer": func(f *fixture) string {
			f.server.script(status(503), status(503))

			return said(f.failure(f.source(f.server.authorize()), "", CodeNoAnswer))
		},
		"no answer in a parallel run": func(f *fixture) string {
			seed := f.server.authorize()
			received := make(chan struct{})
			f.server.script(fault{status: 504, received: func() { <-received }})

			parallel := f.source(seed)
			parallel.env.sleep = func(ctx context.Context, d time.Duration) error {
				select {
				case <-received:
				default:
					close(received) // it waits for the lock: now the response may come
				}

				return sleep(ctx, d)
			}

			var wg sync.WaitGroup

			wg.Go(func() { f.fails(f.source(seed), "", CodeNoAnswer) })

			for f.t.Context().Err() == nil {
				if calls, _ := f.server.counts(); calls == 1 {
					break
				}

				time.Sleep(time.Millisecond)
			}

			text := said(f.failure(parallel, "", CodeNoAnswer))
			wg.Wait()

			return text
		},
		"store cannot be read again": func(f *fixture) string {
			seed := f.expired()
			f.server.revoke()

			broken := false
			store := unreadable{blindStore{newFileStore(f.dir)}, &broken}
			f.server.script(fault{received: func() { broken = true }})

			return said(f.failure(f.source(seed, withStore(store)), "", CodeStoreRead))
		},
		"store changes under its lock": func(f *fixture) string {
			return said(newMessages(f.config("")).changing(filepath.Join(f.dir, "record.json")))
		},
		"store not writable": func(f *fixture) string {
			store := newFileStore(f.dir)
			store.rename = func(string, string) error { return errors.New("no space left on device") }

			return said(f.failure(f.source(f.server.authorize(), withStore(store)), "", CodeStoreWrite))
		},
		"store without locks": func(f *fixture) string {
			store := lockless{newFileStore(f.dir)}

			return said(f.failure(f.source(f.server.authorize(), withStore(store)), "", CodeLock))
		},
		"store unwritable after the exchange": func(f *fixture) string {
			return warned(f, f.dir, func(store *fileStore) Store { return store })
		},
		"store and temporary directory unwritable": func(f *fixture) string {
			f.env.tempDir = func() string { return filepath.Join(f.dir, "missing") }

			return warned(f, f.dir, func(store *fileStore) Store { return store })
		},
		"lock timeout": func(f *fixture) string {
			f.env.sleep = sleep
			seed := f.expired()

			unlock, _, err := newFileStore(f.dir).tryLock(f.t.Context(), f.source(seed).clientName())
			if err != nil || unlock == nil {
				f.t.Fatalf("no lock: %v", err)
			}
			defer unlock()

			impatient := func(c *Config) { c.LockTimeout = 50 * time.Millisecond }

			return said(f.failure(f.source(seed, impatient), "", CodeLockTimeout))
		},
		"seed spent, and one seed on two machines": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			elsewhere := withStore(newFileStore(f.dir + "-of-another-machine"))

			return said(f.failure(f.source(seed, elsewhere), "", CodeSeedSpent))
		},
		"idle for a month": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.server.expire()
			f.advance(31 * 24 * time.Hour)

			return said(f.failure(f.source(seed), "", CodeExpired))
		},
		"idle for a month, without a hint": func(f *fixture) string {
			f.server.withoutHint = true
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.server.expire()
			f.advance(31 * 24 * time.Hour)

			return said(f.failure(f.source(seed), "", CodeExpired))
		},
		"expired before its month": func(f *fixture) string {
			seed := f.expired()
			f.server.expire()

			return said(f.failure(f.source(seed), "", CodeExpired))
		},
		"seed that expired": func(f *fixture) string {
			seed := f.server.authorize()
			f.server.expire()

			return said(f.failure(f.source(seed), "", CodeExpired))
		},
		"seed of another client": func(f *fixture) string {
			seed := f.server.authorize()
			f.server.giveAway()

			return said(f.failure(f.source(seed), "", CodeOtherClient))
		},
		"seed that is garbled": func(f *fixture) string {
			return said(f.failure(f.source(f.server.authorize()[2:]), "", CodeUnknownToken))
		},
		"stored token of another server": func(f *fixture) string {
			seed := f.expired()
			f.server.loseAll()

			return said(f.failure(f.source(seed), "", CodeUnknownToken))
		},
		"seed spent, without a hint": func(f *fixture) string {
			f.server.withoutHint = true
			seed := f.server.authorize()
			f.server.revoke()

			return said(f.failure(f.source(seed), "", CodeSeedSpent))
		},
		"refused by league 8": func(f *fixture) string {
			f.server.deadAs401 = true
			seed := f.expired()
			f.server.revoke()

			return said(f.failure(f.source(seed), "", CodeRefused))
		},
		"access token expired": func(f *fixture) string {
			s := f.source("", withAccess(f.server.newToken("at")), withStore(NoStore()))
			f.advance(time.Hour + time.Second)

			return said(f.failure(s, "", CodeAccessToken))
		},
		"page in place of a response": func(f *fixture) string {
			f.server.script(fault{status: 200, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: "<html>"})

			return said(f.failure(f.source(f.server.authorize()), "", CodeNoAnswer))
		},
		"certificate of an unknown authority": func(f *fixture) string {
			server := httptest.NewUnstartedServer(nil)
			server.Config.ErrorLog = quietLog()
			server.StartTLS()
			f.t.Cleanup(server.Close)

			return said(f.failure(f.source(f.server.authorize(), func(c *Config) { c.TokenURL = server.URL }), "", CodeUnreachable))
		},
		"helper that is not there": func(f *fixture) string {
			store := withStore(&helperStore{run: helperCommand{argv: []string{"/no/such/helper"}}, lock: localLock{f.dir}})

			return said(f.failure(f.source("", store, withKey("ci")), "", CodeStoreRead))
		},
		"refused": func(f *fixture) string {
			seed := f.expired()
			f.server.revoke()

			return said(f.failure(f.source(seed), "", CodeRefused))
		},
		"wrong client secret": func(f *fixture) string {
			wrong := func(c *Config) { c.ClientSecret = "wrong" }

			return said(f.failure(f.source(f.server.authorize(), wrong), "", CodeClientRejected))
		},
		"busy": func(f *fixture) string {
			f.server.script(status(429, "Retry-After", "90"))

			return said(f.failure(f.source(f.server.authorize()), "", CodeBusy))
		},
		"unexpected answer": func(f *fixture) string {
			f.server.script(status(404))

			return said(f.failure(f.source(f.server.authorize()), "", CodeUnexpected))
		},
		"not signed in": func(f *fixture) string { return said(f.failure(f.source(""), "", CodeNotSignedIn)) },
		"several sign-ins": func(f *fixture) string {
			for _, key := range []string{"production", "staging"} {
				f.token(f.source(f.server.authorize(), withKey(key)), "")
			}

			return said(f.failure(f.source(""), "", CodeSeveralRecords))
		},
		"fresh token rejected": func(f *fixture) string {
			s := f.source(f.server.authorize())

			return said(f.failure(s, f.token(s, ""), CodeFreshTokenRejected))
		},
		"access token over": func(f *fixture) string {
			s := f.source("", withAccess("opaque"), withStore(NoStore()))

			return said(f.failure(s, "opaque", CodeAccessToken))
		},
		"corrupt record": func(f *fixture) string {
			seed := f.expired()
			if err := os.WriteFile(f.files(recordSuffix)[0], []byte("{"), privateFile); err != nil {
				f.t.Fatal(err)
			}

			return said(f.failure(f.source(seed), "", CodeStoreRead))
		},
		"unsafe directory": func(f *fixture) string {
			seed := f.expired()
			if err := os.Chmod(f.dir, 0o777); err != nil {
				f.t.Fatal(err)
			}

			return said(f.failure(f.source(seed), "", CodeStoreRead))
		},
		"helper cannot get": func(f *fixture) string {
			return said(f.failure(f.source("", withStore(f.helper("fail-get")), withKey("ci")), "", CodeStoreRead))
		},
		"helper cannot store": func(f *fixture) string {
			store := withStore(f.helper("fail-store"))

			return said(f.failure(f.source(f.server.authorize(), store, withKey("ci")), "", CodeStoreWrite))
		},
		"helper cannot store after the exchange": func(f *fixture) string {
			s := f.source(f.server.authorize(), withStore(f.helper("fail-second-store")), withKey("ci"))
			f.token(s, "")

			return warning(s.TakeWarnings()[0])
		},
		"helper without locks among runs": func(f *fixture) string {
			store := f.helper()
			store.lock = localLock{"/dev/null/locks"}

			return said(f.failure(f.source(f.server.authorize(), withStore(store), withKey("ci")), "", CodeLock))
		},
		"helper cannot tell whether it locks": func(f *fixture) string {
			store := f.helper("fail-capabilities")

			return said(f.failure(f.source(f.server.authorize(), withStore(store), withKey("ci")), "", CodeLock))
		},
		"helper lock held": func(f *fixture) string {
			impatient := func(c *Config) { c.LockTimeout = time.Millisecond }
			s := f.source(f.server.authorize(), withStore(f.helper("lock", "held")), withKey("ci"), impatient)

			return said(f.failure(s, "", CodeLockTimeout))
		},
		"no store": func(f *fixture) string {
			return warning(f.source("seed", withStore(NoStore())).TakeWarnings()[0])
		},
		"login denied": func(f *fixture) string {
			f.server.consent = func(answer url.Values) {
				answer.Del("code")
				answer.Set("error", "access_denied")
			}

			return f.loginWords()
		},
		"login with a bad scope": func(f *fixture) string {
			f.server.consent = func(answer url.Values) {
				answer.Del("code")
				answer.Set("error", "invalid_scope")
				answer.Set("error_description", "The scope is not allowed")
			}

			return f.loginWords()
		},
		"login with an expired code": func(f *fixture) string {
			f.server.consent = func(url.Values) { clear(f.server.codes) }

			return f.loginWords()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.expectGolden(name, scenario(f))
		})
	}
}

// lockless is a store on a file system without locks.
type lockless struct{ *fileStore }

func (l lockless) tryLock(ctx context.Context, client string, names ...string) (func(), string, error) {
	if _, _, err := l.fileStore.tryLock(ctx, client, names...); err != nil {
		return nil, "", err
	}

	return nil, "", fmt.Errorf("%w: operation not supported", errNoLocks)
}

// warned spends a token whose successor cannot be saved, and returns the warning.
func warned(f *fixture, dir string, wrap func(*fileStore) Store) string {
	f.t.Helper()

	store := newFileStore(dir)
	renames := 0
	store.rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("read-only file system")
		}

		return os.Rename(from, to)
	}
	s := f.source(f.server.authorize(), withStore(wrap(store)))
	f.token(s, "")

	return warning(s.TakeWarnings()[0])
}

func (f *fixture) loginWords() string {
	f.t.Helper()

	_, err := login(f.t.Context(), f.loginOptions(), f.env)

	var failure *Error
	if !errors.As(err, &failure) {
		f.t.Fatalf("Login returned %v", err)
	}

	return said(failure)
}

func said(e *Error) string { return e.Summary + "\n\n" + e.Detail + "\n" }

func warning(w Warning) string { return "Warning: " + w.Summary + "\n\n" + w.Detail + "\n" }

// expectGolden compares a message with its file, with everything that changes from run to run taken out.
func (f *fixture) expectGolden(name, text string) {
	f.t.Helper()

	f.server.expectNoSecret(f.t, text)

	for _, change := range []struct{ pattern, with string }{
		{`terraform-provider-sepay-[0-9a-f]{16}-\d+\.json`, "COPY"},
		{regexp.QuoteMeta(f.dir), "STORE"},
		{regexp.QuoteMeta(f.env.tempDir()), "TEMP"},
		{`[0-9a-f]{64}`, "RECORD"},
		{"(T|t)he token helper `sh [^`]*`", "${1}he token helper `HELPER`"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`, "TIME"},
		{`(on|until) \d{4}-\d\d-\d\d`, "$1 DATE"},
		{fmt.Sprintf(`process %d on %s`, os.Getpid(), regexp.QuoteMeta(hostName())), "process PID on HOST"},
		{`[A-Z2-7]{26}\.tmp`, "RANDOM.tmp"},
		{`issued \S+ ago`, "issued N s ago"},
	} {
		text = regexp.MustCompile(change.pattern).ReplaceAllString(text, change.with)
	}

	path := filepath.Join("testdata", "messages", strings.ReplaceAll(strings.ReplaceAll(name, ",", ""), " ", "_")+".golden")

	if *update {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			f.t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		f.t.Fatalf("%v; write it with: go test ./internal/oauth -run TestMessages -update", err)
	}

	if text != string(want) {
		f.t.Errorf("the message is now:\n%s\nand was:\n%s", text, want)
	}

	if !nextStep.MatchString(text) {
		f.t.Errorf("the message names no next step:\n%s", text)
	}
}

// nextStep is an imperative at the start of a sentence or clause.
var nextStep = regexp.MustCompile(`(?im)(^|[.:;,] |or |and )(run|set|check|wait|make|use|authorize|restore|move|give|sign in|open|end|ask|press|paste) `)
