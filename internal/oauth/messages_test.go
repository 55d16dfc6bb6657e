//go:build unix

package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic/diagnostictest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// TestMessages compares the message for each failure with a golden file. Each message must name a next step.
func TestMessages(t *testing.T) {
	t.Parallel()

	for name, scenario := range map[string]func(f *fixture) string{
		"interrupted": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.change(func(r *tokenstore.Record) {
				r.Pending = &tokenstore.Intent{Fingerprint: tokenstore.Fingerprint(r.RefreshToken), At: f.env.Now(), PID: 1 << 30, Host: "build-7"}
			})
			f.server.revoke()
			f.advance(2 * time.Hour)

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeInterrupted))
		},
		"interrupted, without a seed": func(f *fixture) string {
			f.login(f.loginOptions())
			f.change(func(r *tokenstore.Record) {
				r.Pending = &tokenstore.Intent{Fingerprint: tokenstore.Fingerprint(r.RefreshToken), At: f.env.Now(), PID: 1 << 30, Host: "build-7"}
			})
			f.server.revoke()
			f.advance(2 * time.Hour)

			return diagnostictest.Text(f.failure(f.source(""), "", diagnostic.CodeInterrupted))
		},
		"response lost": func(f *fixture) string {
			f.server.script(fault{dropAfter: true})

			return diagnostictest.Text(f.failure(f.source(f.server.authorize()), "", diagnostic.CodeResponseLost))
		},
		"response lost in an earlier run": func(f *fixture) string {
			f.server.script(fault{dropAfter: true}, status(503))
			seed := f.server.authorize()
			f.fails(f.source(seed), "", diagnostic.CodeNoResponse)

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeResponseLost))
		},
		"no response": func(f *fixture) string {
			f.server.script(status(503), status(503))

			return diagnostictest.Text(f.failure(f.source(f.server.authorize()), "", diagnostic.CodeNoResponse))
		},
		"no response in a parallel run": func(f *fixture) string {
			seed := f.server.authorize()
			received := make(chan struct{})
			f.server.script(fault{status: 504, received: func() { <-received }})

			parallel := f.source(seed)
			parallel.env.Sleep = func(ctx context.Context, d time.Duration) error {
				select {
				case <-received:
				default:
					close(received) // this run waits for the lock, so the server may respond
				}

				return system.Sleep(ctx, d)
			}

			var wg sync.WaitGroup

			wg.Go(func() { f.fails(f.source(seed), "", diagnostic.CodeNoResponse) })

			for f.t.Context().Err() == nil {
				if requests, _ := f.server.counts(); requests == 1 {
					break
				}

				time.Sleep(time.Millisecond)
			}

			text := diagnostictest.Text(f.failure(parallel, "", diagnostic.CodeNoResponse))
			wg.Wait()

			return text
		},
		"store cannot be read again": func(f *fixture) string {
			seed := f.startExpired()
			f.server.revoke()

			broken := false
			store := breakableStore{overwritingStore{tokenstore.NewFile(f.dir)}, &broken}
			f.server.script(fault{received: func() { broken = true }})

			return diagnostictest.Text(f.failure(f.source(seed, withStore(store)), "", diagnostic.CodeStoreRead))
		},
		"store locks not exclusive": func(f *fixture) string {
			return diagnostictest.Text(newMessages(f.config("")).LocksNotExclusive(filepath.Join(f.dir, "record.json")))
		},
		"store not writable": func(f *fixture) string {
			store := tokenstore.NewFile(f.dir)
			store.Rename = func(string, string) error { return errors.New("no space left on device") }

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), withStore(store)), "", diagnostic.CodeStoreWrite))
		},
		"store without locks": func(f *fixture) string {
			store := noLockStore{tokenstore.NewFile(f.dir)}

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), withStore(store)), "", diagnostic.CodeLock))
		},
		"store not writable after the exchange": func(f *fixture) string {
			return saveWarning(f, f.dir, func(store *tokenstore.File) tokenstore.Store { return store })
		},
		"store and temporary directory not writable": func(f *fixture) string {
			f.env.TempDir = func() string { return filepath.Join(f.dir, "missing") }

			return saveWarning(f, f.dir, func(store *tokenstore.File) tokenstore.Store { return store })
		},
		"lock timeout": func(f *fixture) string {
			f.env.Sleep = system.Sleep
			seed := f.startExpired()

			unlock, _, err := tokenstore.NewFile(f.dir).TryLock(f.t.Context(), f.source(seed).clientName())
			if err != nil || unlock == nil {
				f.t.Fatalf("no lock: %v", err)
			}
			defer unlock()

			timeout := func(c *Config) { c.LockTimeout = 50 * time.Millisecond }

			return diagnostictest.Text(f.failure(f.source(seed, timeout), "", diagnostic.CodeLockTimeout))
		},
		"seed spent, and one seed on two machines": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			elsewhere := withStore(tokenstore.NewFile(f.dir + "-of-another-machine"))

			return diagnostictest.Text(f.failure(f.source(seed, elsewhere), "", diagnostic.CodeSeedSpent))
		},
		"expired": func(f *fixture) string {
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.server.expire()
			f.advance(31 * 24 * time.Hour)

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeExpired))
		},
		"expired, without a hint": func(f *fixture) string {
			f.server.withoutHint = true
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.server.expire()
			f.advance(31 * 24 * time.Hour)

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeExpired))
		},
		"expired early": func(f *fixture) string {
			seed := f.startExpired()
			f.server.expire()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeExpired))
		},
		"seed expired": func(f *fixture) string {
			seed := f.server.authorize()
			f.server.expire()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeExpired))
		},
		"seed of another client": func(f *fixture) string {
			seed := f.server.authorize()
			f.server.assignToOtherClient()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeOtherClient))
		},
		"seed incomplete": func(f *fixture) string {
			return diagnostictest.Text(f.failure(f.source(f.server.authorize()[2:]), "", diagnostic.CodeUnknownToken))
		},
		"stored token of another server": func(f *fixture) string {
			seed := f.startExpired()
			f.server.forgetAll()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeUnknownToken))
		},
		"seed spent, without a hint": func(f *fixture) string {
			f.server.withoutHint = true
			seed := f.server.authorize()
			f.server.revoke()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeSeedSpent))
		},
		"rejected by league 8": func(f *fixture) string {
			f.server.invalidAs401 = true
			seed := f.startExpired()
			f.server.revoke()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeRejected))
		},
		"access token expired": func(f *fixture) string {
			s := f.source("", withAccess(f.server.newToken("at")), withStore(tokenstore.None()))
			f.advance(time.Hour + time.Second)

			return diagnostictest.Text(f.failure(s, "", diagnostic.CodeAccessToken))
		},
		"page instead of a response": func(f *fixture) string {
			f.server.script(fault{status: 200, header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, body: "<html>"})

			return diagnostictest.Text(f.failure(f.source(f.server.authorize()), "", diagnostic.CodeNoResponse))
		},
		"certificate of an unknown authority": func(f *fixture) string {
			server := httptest.NewUnstartedServer(nil)
			server.Config.ErrorLog = quietLog()
			server.StartTLS()
			f.t.Cleanup(server.Close)

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), func(c *Config) { c.TokenURL = server.URL }), "", diagnostic.CodeUnreachable))
		},
		"helper missing": func(f *fixture) string {
			store := withStore(&tokenstore.Helper{Command: tokenstore.Command{Args: []string{"/no/such/helper"}}, Lock: tokenstore.LocalLock{f.dir}})

			return diagnostictest.Text(f.failure(f.source("", store, withKey("ci")), "", diagnostic.CodeStoreRead))
		},
		"rejected": func(f *fixture) string {
			seed := f.startExpired()
			f.server.revoke()

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeRejected))
		},
		"wrong client secret": func(f *fixture) string {
			wrong := func(c *Config) { c.ClientSecret = "wrong" }

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), wrong), "", diagnostic.CodeClientRejected))
		},
		"busy": func(f *fixture) string {
			f.server.script(status(429, "Retry-After", "90"))

			return diagnostictest.Text(f.failure(f.source(f.server.authorize()), "", diagnostic.CodeBusy))
		},
		"unexpected response": func(f *fixture) string {
			f.server.script(status(404))

			return diagnostictest.Text(f.failure(f.source(f.server.authorize()), "", diagnostic.CodeUnexpected))
		},
		"not signed in": func(f *fixture) string {
			return diagnostictest.Text(f.failure(f.source(""), "", diagnostic.CodeNotSignedIn))
		},
		"several sign-ins": func(f *fixture) string {
			for _, key := range []string{"production", "staging"} {
				f.token(f.source(f.server.authorize(), withKey(key)), "")
			}

			return diagnostictest.Text(f.failure(f.source(""), "", diagnostic.CodeSeveralRecords))
		},
		"fresh token rejected": func(f *fixture) string {
			s := f.source(f.server.authorize())

			return diagnostictest.Text(f.failure(s, f.token(s, ""), diagnostic.CodeFreshTokenRejected))
		},
		"access token rejected": func(f *fixture) string {
			s := f.source("", withAccess("opaque"), withStore(tokenstore.None()))

			return diagnostictest.Text(f.failure(s, "opaque", diagnostic.CodeAccessToken))
		},
		"corrupt record": func(f *fixture) string {
			seed := f.startExpired()
			if err := os.WriteFile(f.files(tokenstore.RecordSuffix)[0], []byte("{"), tokenstore.PrivateFile); err != nil {
				f.t.Fatal(err)
			}

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeStoreRead))
		},
		"unsafe directory": func(f *fixture) string {
			seed := f.startExpired()
			if err := os.Chmod(f.dir, 0o777); err != nil {
				f.t.Fatal(err)
			}

			return diagnostictest.Text(f.failure(f.source(seed), "", diagnostic.CodeStoreRead))
		},
		"helper cannot get": func(f *fixture) string {
			return diagnostictest.Text(f.failure(f.source("", withStore(f.helper("fail-get")), withKey("ci")), "", diagnostic.CodeStoreRead))
		},
		"helper cannot store": func(f *fixture) string {
			store := withStore(f.helper("fail-store"))

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), store, withKey("ci")), "", diagnostic.CodeStoreWrite))
		},
		"helper cannot store after the exchange": func(f *fixture) string {
			s := f.source(f.server.authorize(), withStore(f.helper("fail-second-store")), withKey("ci"))
			f.token(s, "")

			return diagnostictest.WarningText(s.TakeWarnings()[0])
		},
		"helper without a lock file": func(f *fixture) string {
			store := f.helper()
			store.Lock = tokenstore.LocalLock{"/dev/null/locks"}

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), withStore(store), withKey("ci")), "", diagnostic.CodeLock))
		},
		"helper capabilities fail": func(f *fixture) string {
			store := f.helper("fail-capabilities")

			return diagnostictest.Text(f.failure(f.source(f.server.authorize(), withStore(store), withKey("ci")), "", diagnostic.CodeLock))
		},
		"helper lock held": func(f *fixture) string {
			timeout := func(c *Config) { c.LockTimeout = time.Millisecond }
			s := f.source(f.server.authorize(), withStore(f.helper("lock", "held")), withKey("ci"), timeout)

			return diagnostictest.Text(f.failure(s, "", diagnostic.CodeLockTimeout))
		},
		"no store": func(f *fixture) string {
			return diagnostictest.WarningText(f.source("seed", withStore(tokenstore.None())).TakeWarnings()[0])
		},
		"login denied": func(f *fixture) string {
			f.server.consent = func(response url.Values) {
				response.Del("code")
				response.Set("error", "access_denied")
			}

			return f.loginError()
		},
		"login with an invalid scope": func(f *fixture) string {
			f.server.consent = func(response url.Values) {
				response.Del("code")
				response.Set("error", "invalid_scope")
				response.Set("error_description", "The scope is not allowed")
			}

			return f.loginError()
		},
		"login with an expired code": func(f *fixture) string {
			f.server.consent = func(url.Values) { clear(f.server.codes) }

			return f.loginError()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.expectGolden(name, scenario(f))
		})
	}
}

// noLockStore is a store on a file system that does not support locks.
type noLockStore struct{ *tokenstore.File }

func (s noLockStore) TryLock(ctx context.Context, client string, names ...string) (func(), string, error) {
	if _, _, err := s.File.TryLock(ctx, client, names...); err != nil {
		return nil, "", err
	}

	return nil, "", fmt.Errorf("%w: operation not supported", tokenstore.ErrNoLocks)
}

// saveWarning refreshes a token with a store that cannot save the new one, and returns the warning.
func saveWarning(f *fixture, dir string, wrap func(*tokenstore.File) tokenstore.Store) string {
	f.t.Helper()

	store := tokenstore.NewFile(dir)
	renames := 0
	store.Rename = func(from, to string) error {
		if renames++; renames > 1 {
			return errors.New("read-only file system")
		}

		return os.Rename(from, to)
	}
	s := f.source(f.server.authorize(), withStore(wrap(store)))
	f.token(s, "")

	return diagnostictest.WarningText(s.TakeWarnings()[0])
}

func (f *fixture) loginError() string {
	f.t.Helper()

	_, err := login.RunIn(f.t.Context(), f.loginOptions(), f.env)

	var failure *diagnostic.Error
	if !errors.As(err, &failure) {
		f.t.Fatalf("Login returned %v", err)
	}

	return diagnostictest.Text(failure)
}

// expectGolden compares a message with its golden file, after replacing the parts that differ between runs.
func (f *fixture) expectGolden(name, text string) {
	f.t.Helper()

	f.server.expectNoSecret(f.t, text)

	for _, change := range []struct{ pattern, with string }{
		{`terraform-provider-sepay-[0-9a-f]{16}-\d+\.json`, "COPY"},
		{regexp.QuoteMeta(f.dir), "STORE"},
		{regexp.QuoteMeta(f.server.URL), "SEPAY"},
		{regexp.QuoteMeta(f.env.TempDir()), "TEMP"},
		{`[0-9a-f]{64}`, "RECORD"},
		{"(T|t)he token helper `sh [^`]*`", "${1}he token helper `HELPER`"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`, "TIME"},
		{`(on|until) \d{4}-\d\d-\d\d`, "$1 DATE"},
		{fmt.Sprintf(`process %d on %s`, os.Getpid(), regexp.QuoteMeta(tokenstore.HostName())), "process PID on HOST"},
		{`[A-Z2-7]{26}\.tmp`, "RANDOM.tmp"},
		{`issued \S+ ago`, "issued N s ago"},
	} {
		text = regexp.MustCompile(change.pattern).ReplaceAllString(text, change.with)
	}

	diagnostictest.ExpectGolden(f.t, name, text)
}

// TestOtherMessages compares messages that need no failure of the server with golden files.
func TestOtherMessages(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	m := newMessages(Config{ClientID: "client-1", Store: tokenstore.NewFile(f.dir)})

	for name, text := range map[string]string{
		"logout cannot delete":         diagnostictest.Text(m.CannotRemove(f.dir+"/x.json", errors.New("permission denied"))),
		"token lifetime too short":     diagnostictest.Text(m.lifetimeTooShort(2*time.Hour, time.Hour)),
		"store is readable by others":  diagnostictest.WarningText(tokenstore.ReadableByOthers(f.dir, false)),
		"store was readable by others": diagnostictest.WarningText(tokenstore.ReadableByOthers(f.dir, true)),
		"every sign-in rejected":       diagnostictest.Text(m.severalRecords(rejectedRecords())),
	} {
		f.expectGolden(name, text)
	}
}

func rejectedRecords() []candidate {
	var all []candidate

	for _, key := range []string{"staging", "production"} {
		r := &tokenstore.Record{Key: key, RefreshToken: "rt", ObtainedAt: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}
		r.Rejected = &tokenstore.Rejection{Fingerprint: tokenstore.Fingerprint("rt")}
		all = append(all, candidate{Name: key, record: r})
	}

	return all
}
