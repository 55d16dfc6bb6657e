//go:build unix

package oauth

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// sample is a helper in examples/token-helpers, with the arguments from its comment.
type sample struct {
	file  string
	args  []string
	locks bool
}

func samples() map[string]sample {
	return map[string]sample{
		"Vault":      {file: "vault-kv2.sh", args: []string{"secret", "terraform/sepay"}, locks: true},
		"AWS":        {file: "aws-secrets-manager.sh", args: []string{"terraform/sepay"}},
		"Kubernetes": {file: "kubernetes.sh", args: []string{"ci"}, locks: true},
	}
}

// sampleStore returns a store with a sample helper that uses a fake of its service's command. The fake stores files in dir.
func sampleStore(t *testing.T, s sample, dir string, variables ...string) *tokenstore.Helper {
	t.Helper()

	commands, err := filepath.Abs("testdata/fakes")
	if err != nil {
		t.Fatal(err)
	}

	script, err := filepath.Abs(filepath.Join("../../examples/token-helpers", s.file))
	if err != nil {
		t.Fatal(err)
	}

	argv := append([]string{"env", "PATH=" + commands + ":" + os.Getenv("PATH"), "FAKE_DIR=" + dir}, variables...)

	return &tokenstore.Helper{
		Command: tokenstore.Command{Args: append(append(argv, "sh", script), s.args...)},
		Lock:    tokenstore.LocalLock{filepath.Join(t.TempDir(), "locks")},
	}
}

func TestSampleHelpersImplementTheProtocol(t *testing.T) {
	t.Parallel()

	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()
			store := sampleStore(t, s, dir)
			ctx := t.Context()

			if data, err := store.Load(ctx, "production"); err != nil || data != nil {
				t.Fatalf("get before store: %q, %v", data, err)
			}

			for _, want := range []string{"first record\n", "second record"} {
				if err := store.Save(ctx, "production", []byte(want), nil); err != nil {
					t.Fatalf("store: %v", err)
				}

				if data, err := store.Load(ctx, "production"); err != nil || string(data) != want {
					t.Fatalf("get after store: %q, %v", data, err)
				}
			}

			if data, err := store.Load(ctx, "staging"); err != nil || data != nil {
				t.Errorf("get of another key: %q, %v", data, err)
			}

			for range 2 {
				if _, err := store.Command.Call(ctx, nil, "forget", "production"); err != nil {
					t.Errorf("forget: %v", err)
				}
			}

			if data, err := store.Load(ctx, "production"); err != nil || data != nil {
				t.Errorf("get after forget: %q, %v", data, err)
			}

			down := sampleStore(t, s, dir, "FAKE_DOWN=1")
			if data, err := down.Load(ctx, "production"); err == nil {
				t.Errorf("an unavailable service is treated as empty: %q", data)
			}

			if err := down.Save(ctx, "production", []byte("x"), nil); err == nil {
				t.Error("an unavailable service reports success")
			}
		})
	}
}

func TestSampleHelpersLock(t *testing.T) {
	t.Parallel()

	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			// Stores with separate local locks act as two machines.
			dir := t.TempDir()
			here, there := sampleStore(t, s, dir), sampleStore(t, s, dir)

			unlock, _, err := here.TryLock(t.Context(), "client", "production")
			if err != nil || unlock == nil {
				t.Fatalf("no lock: %v", err)
			}

			second, holder, err := there.TryLock(t.Context(), "client", "production")
			if err != nil || (second == nil) != s.locks {
				t.Errorf("the other machine: locked %t, %q, %v", second != nil, holder, err)
			}

			unlock()

			if !s.locks {
				return
			}

			third, _, err := there.TryLock(t.Context(), "client", "production")
			if err != nil || third == nil {
				t.Fatalf("the lock was not released: %v", err)
			}

			// The lock of a killed job is stale after five minutes.
			old := time.Now().Add(-6 * time.Minute).Unix()
			rewriteLock(t, dir, old)

			if fourth, _, err := here.TryLock(t.Context(), "client", "production"); err != nil || fourth == nil {
				t.Errorf("a stale lock is not taken over: %v", err)
			}
		})
	}
}

// rewriteLock changes the time of the lock in the fake's files.
func rewriteLock(t *testing.T, dir string, at int64) {
	t.Helper()

	found, err := filepath.Glob(filepath.Join(dir, "*lock"))
	if err != nil || len(found) != 1 {
		t.Fatalf("lock files %v, %v", found, err)
	}

	if err := os.WriteFile(found[0], fmt.Appendf(nil, `{"at":"%d"}`, at), tokenstore.PrivateFile); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyOneJobTakesOverAStaleLock(t *testing.T) {
	t.Parallel()

	for name, s := range samples() {
		if !s.locks {
			continue
		}

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			dir := t.TempDir()

			killed, _, err := sampleStore(t, s, dir).TryLock(t.Context(), "client", "production")
			if err != nil || killed == nil {
				t.Fatalf("no lock: %v", err)
			}

			rewriteLock(t, dir, time.Now().Add(-6*time.Minute).Unix())

			const jobs = 6

			unlocks := make(chan func(), jobs)

			var all sync.WaitGroup

			for range jobs {
				job := sampleStore(t, s, dir)

				all.Go(func() {
					unlock, _, err := job.TryLock(t.Context(), "client", "production")
					if err != nil {
						t.Errorf("a job: %v", err)
					}

					if unlock != nil {
						unlocks <- unlock
					}
				})
			}

			all.Wait()
			close(unlocks)

			if len(unlocks) != 1 {
				t.Fatalf("%d jobs took over the same lock", len(unlocks))
			}

			// The first job continues, and must not release the lock of another job.
			killed()

			if unlock, _, err := sampleStore(t, s, dir).TryLock(t.Context(), "client", "production"); err != nil || unlock != nil {
				t.Errorf("a job released the lock of another one: locked %t, %v", unlock != nil, err)
			}

			(<-unlocks)()

			if unlock, _, err := sampleStore(t, s, dir).TryLock(t.Context(), "client", "production"); err != nil || unlock == nil {
				t.Errorf("the holder did not release the lock: %v", err)
			}
		})
	}
}

func TestSampleHelpersKeepTheChain(t *testing.T) {
	t.Parallel()

	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.reuseRevokes = true
			dir := t.TempDir()
			seed := f.server.authorize()

			for range 3 {
				f.token(f.source(seed, withStore(sampleStore(t, s, dir)), withKey("production")), "")
				f.advance(2 * time.Hour)
			}

			f.server.expectRequests(t, 3, 0)

			// The arguments of the command must not contain the token in any form.
			calls, err := os.ReadFile(filepath.Join(dir, "calls"))
			if err != nil {
				t.Fatal(err)
			}

			f.record(string(calls))

			if strings.Contains(string(calls), base64.StdEncoding.EncodeToString([]byte("{\n  \"version\""))[:12]) {
				t.Errorf("a record was passed as an argument:\n%s", calls)
			}
		})
	}
}

func TestShellScriptsPassShellCheck(t *testing.T) {
	t.Parallel()

	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}

	scripts, err := filepath.Glob("../../examples/token-helpers/*.sh")
	if err != nil || len(scripts) != len(samples()) {
		t.Fatalf("scripts %v, %v", scripts, err)
	}

	fakes, err := filepath.Glob("testdata/fakes/*")
	if err != nil {
		t.Fatal(err)
	}

	scripts = append(scripts, append(fakes, "testdata/helper.sh")...)

	if out, err := exec.CommandContext(t.Context(), shellcheck, scripts...).CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}
