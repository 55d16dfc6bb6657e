//go:build unix

package oauth

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
)

func TestFiftyProcessesWithAnExpiredTokenMakeOneTokenRequest(t *testing.T) {
	t.Parallel()

	for _, revokes := range []bool{false, true} {
		t.Run(fmt.Sprintf("reuse revokes the family: %t", revokes), func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.reuseRevokes, f.server.revokesAccess = revokes, revokes
			seed := f.startExpired()
			f.server.script(fault{after: 50 * time.Millisecond})

			f.expectTokens(f.runMany(50, role{Action: "token", Seed: seed}))
			f.server.expectRequests(t, 2, 0)
			f.expectValidChain()
		})
	}
}

func TestThirtyProcessesWithARevokedAccessTokenRefreshOnce(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	revoked := f.token(f.source(seed), "")
	f.change(func(r *tokenstore.Record) { r.ObtainedAt = r.ObtainedAt.Add(-10 * time.Minute) })
	f.server.revokeAccess()

	f.expectTokens(f.runMany(30, role{Action: "token", Seed: seed, Rejected: revoked}))
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

// TestSignalsBetweenExchangeAndResponse sends each signal after the server issued the new token and before the response arrives.
func TestSignalsBetweenExchangeAndResponse(t *testing.T) {
	t.Parallel()

	runs := proof.Times(30, 8)

	for _, tc := range []struct {
		name      string
		noHandler bool
		signals   []syscall.Signal
		killed    bool // the signal ends the process after the save
		warns     bool // the terminal shows that the sign-in can be lost
	}{
		{name: "SIGINT", signals: []syscall.Signal{syscall.SIGINT}},
		{name: "SIGINT twice", signals: []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, warns: true},
		{name: "SIGTERM", signals: []syscall.Signal{syscall.SIGTERM}, killed: true},
		{name: "SIGHUP", signals: []syscall.Signal{syscall.SIGHUP}, killed: true},
		{name: "SIGQUIT", signals: []syscall.Signal{syscall.SIGQUIT}, killed: true},
		{name: "SIGINT without a handler", noHandler: true, signals: []syscall.Signal{syscall.SIGINT}, killed: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.reuseRevokes = true

			for range runs {
				seed := f.server.authorize()
				dir := filepath.Join(t.TempDir(), "store")
				committed, signaled := make(chan struct{}), make(chan struct{})
				f.server.script(fault{after: 20 * time.Millisecond, committed: func() {
					close(committed)
					<-signaled
				}})

				hangUp := slices.Contains(tc.signals, syscall.SIGHUP)
				c := f.start(role{Action: "token", Seed: seed, Dir: dir, NoHandler: tc.noHandler, WaitForSignal: tc.killed, ExpectHangUp: hangUp})
				wantKilled := tc.killed && (!hangUp || !c.ignoresHangUp)

				c.release()
				<-committed

				for _, s := range tc.signals {
					c.signal(s)
				}

				// The message has to appear before the response arrives, so that the user can wait for it.
				if tc.warns {
					c.interruptUntil("you have to authorize again")
				}

				close(signaled)
				c.wait()

				// On SIGQUIT, Go prints its goroutines and exits with code 2.
				state := c.cmd.ProcessState
				if killed := state.ExitCode() == -1 || state.ExitCode() == 2; killed != wantKilled {
					t.Errorf("the process ended with %v", state)
				}

				if !tc.warns && strings.Contains(c.stderr.String(), "authorize again") {
					t.Errorf("the process printed %s", c.stderr)
				}

				f.token(f.source(seed, withStore(tokenstore.NewFile(dir))), "")
			}

			f.server.expectRequests(t, runs, 0)
		})
	}
}

func TestExchangeSurvivesAKilledParent(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	committed := make(chan struct{})
	f.server.script(fault{after: 200 * time.Millisecond, committed: func() { close(committed) }})

	c := f.start(role{Action: "parent", Seed: seed, NoHandler: true})
	<-committed
	c.signal(syscall.SIGKILL)
	_ = c.cmd.Wait()

	// The orphaned process has closed pipes. The saved record shows that it survived.
	for t.Context().Err() == nil {
		if files := f.files(tokenstore.RecordSuffix); len(files) == 1 && f.readRecord(files[0]).Generation == 1 {
			break
		}

		time.Sleep(20 * time.Millisecond)
	}

	f.token(f.source(seed), "")
	f.server.expectRequests(t, 1, 0)
	f.expectValidChain()
}

// TestProcessKilledAtAnyTime kills processes that continuously exchange tokens. The record must always be readable, and if a chain is
// lost, the error must name the killed run.
func TestProcessKilledAtAnyTime(t *testing.T) {
	t.Parallel()

	kills := proof.Times(500, 40)

	f := newFixture(t)
	f.server.always = fault{before: time.Millisecond, after: 2 * time.Millisecond}
	seed := f.server.authorize()

	lost := 0

	for i := range kills {
		before, _ := f.server.counts()
		c := f.start(role{Action: "loop", Seed: seed, ClockAhead: time.Until(f.env.Now())})
		c.release()

		// Every second process is killed at a random time after its first request, the others after their start.
		for requests := before; i%2 == 1 && requests == before && t.Context().Err() == nil; requests, _ = f.server.counts() {
			time.Sleep(100 * time.Microsecond)
		}

		time.Sleep(rand.N(20 * time.Millisecond))
		c.signal(syscall.SIGKILL)
		c.wait()
		f.server.settle(t)

		// Advance beyond the clock of the process, so that every access token has expired.
		f.advance(20 * 24 * time.Hour)

		for _, path := range f.files(tokenstore.RecordSuffix) {
			f.readRecord(path)
		}

		_, err := f.source(seed).Token(t.Context(), "")
		if err == nil {
			continue
		}

		f.record(err.Error())

		run := fmt.Sprint("process ", c.cmd.Process.Pid)
		if !strings.Contains(err.Error(), "interrupted") || !strings.Contains(err.Error(), run) {
			t.Fatalf("a chain was lost, and the error does not name the run: %v", err)
		}

		lost++
		seed = f.server.authorize()

		if err := os.RemoveAll(f.dir); err != nil {
			t.Fatal(err)
		}
	}

	requests, replays := f.server.counts()
	t.Logf("%d kills, %d exchanges, %d chains lost, each with an error that names the run", kills, requests, lost)

	if replays != lost {
		t.Errorf("%d replays for %d lost chains", replays, lost)
	}

	if leftovers := f.files(tokenstore.TempSuffix); len(leftovers) > 1 {
		t.Errorf("%d temporary files remain", len(leftovers))
	}
}

func TestLockHolderIsNamed(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.startExpired()
	holder := f.start(role{Action: "lock", Seed: seed})

	s := f.source(seed, func(c *Config) { c.LockTimeout = 200 * time.Millisecond })

	failure := f.failure(s, "", diagnostic.CodeLockTimeout)
	if !strings.Contains(failure.Detail, fmt.Sprintf("process %d on ", holder.cmd.Process.Pid)) {
		t.Errorf("the holder is not named: %v", failure)
	}

	f.server.expectRequests(t, 1, 0)

	// The system releases the lock of a killed process.
	holder.signal(syscall.SIGKILL)
	holder.wait()
	f.token(s, "")
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

func TestDeletedLockFileDoesNotAllowASecondExchange(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.startExpired()
	committed := make(chan struct{})
	f.server.script(fault{after: 400 * time.Millisecond, committed: func() { close(committed) }})

	first, second := f.start(role{Action: "token", Seed: seed}), f.start(role{Action: "token", Seed: seed})

	first.release()
	<-committed

	for _, path := range f.files(tokenstore.LockSuffix) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}

	second.release()
	f.expectTokens([]outcome{first.wait(), second.wait()})
	f.server.expectRequests(t, 2, 0)
	f.expectValidChain()
}

// TestProcessKilledAtEachStep kills the process at each step of the algorithm.
func TestProcessKilledAtEachStep(t *testing.T) {
	t.Parallel()

	for _, tc := range []struct {
		name     string
		at       system.Step
		number   int
		fault    fault
		kill     bool // kill the process when the request arrives at the server, before the exchange
		lost     bool
		requests int // including those of the next run
	}{
		{name: "before the intent is saved", at: system.StepLocked, requests: 1},
		{name: "while the intent is saved", at: system.StepTempWritten, number: 1, requests: 1},
		{name: "after the intent is saved", at: system.StepIntent, requests: 1},
		{name: "request sent, token not processed", kill: true, requests: 2},
		{name: "response received, not saved", at: system.StepResponded, lost: true, requests: 2},
		{name: "saved to the temporary file", at: system.StepTempWritten, number: 2, lost: true, requests: 2},
		{name: "saved", at: system.StepSaved, requests: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			c := f.start(role{Action: "token", Seed: seed, CrashAt: tc.at, CrashNumber: tc.number})

			if tc.kill {
				var once atomic.Bool

				f.server.script(fault{dropBefore: true, received: func() {
					if !once.Swap(true) {
						c.signal(syscall.SIGKILL)
						time.Sleep(50 * time.Millisecond)
					}
				}})
			}

			c.release()
			c.wait()

			if c.cmd.ProcessState.ExitCode() != -1 {
				t.Fatalf("the child was not killed: %v", c.cmd.ProcessState)
			}

			f.server.settle(t)

			if tc.lost {
				failure := f.failure(f.source(seed), "", diagnostic.CodeInterrupted)
				if !strings.Contains(failure.Detail, fmt.Sprintf("process %d on ", c.cmd.Process.Pid)) ||
					!strings.Contains(failure.Detail, f.dir) {
					t.Errorf("the run or the store is not named: %v", failure)
				}

				f.server.expectRequests(t, tc.requests, 1)

				return
			}

			f.token(f.source(seed), "")
			f.server.expectRequests(t, tc.requests, 0)
			f.expectValidChain()
		})
	}
}

func TestNoTokenIsSpentIfTheStoreIsNotWritable(t *testing.T) {
	t.Parallel()

	for name, r := range map[string]role{
		"read-only directory": {UID: 65534},
		"full disk":           {FullDisk: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if r.UID != 0 && os.Getuid() != 0 {
				r.UID = 0
			}

			f := newFixture(t)
			seed := f.startExpired()

			// As root, the child runs as another user, because root can write to any directory.
			r.Action, r.Seed, r.Dir = "token", seed, filepath.Join(sharedDirectory(t), "store")

			if err := os.CopyFS(r.Dir, os.DirFS(f.dir)); err != nil {
				t.Fatal(err)
			}

			restrictStore(t, r)

			out := f.run(r)
			if out.Code != diagnostic.CodeStoreWrite || !strings.Contains(out.Error, "not lost") || !strings.Contains(out.Error, r.Dir) {
				t.Errorf("the child reported %s: %s", out.Code, out.Error)
			}

			f.server.expectRequests(t, 1, 0)

			store := tokenstore.NewFile(r.Dir)
			if r.UID != 0 {
				chown(t, r.Dir, os.Getuid())
			}

			if err := os.Chmod(r.Dir, tokenstore.PrivateDirectory); err != nil {
				t.Fatal(err)
			}

			f.token(f.source(seed, withStore(store)), "")
			f.server.expectRequests(t, 2, 0)
		})
	}
}

// sharedDirectory returns a directory that other users can search.
func sharedDirectory(t *testing.T) string {
	t.Helper()

	dir, err := os.MkdirTemp("", "sepay-oauth-*") //nolint:usetesting // t.TempDir is private to this user
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = os.RemoveAll(dir) })

	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}

	return dir
}

// restrictStore gives the store to the child's user, read-only unless the test is about a full disk.
func restrictStore(t *testing.T, r role) {
	t.Helper()

	mode := os.FileMode(tokenstore.PrivateDirectory)
	if !r.FullDisk {
		mode = 0o500
	}

	chown(t, r.Dir, r.UID)

	if err := os.Chmod(r.Dir, mode); err != nil {
		t.Fatal(err)
	}
}

func chown(t *testing.T, dir string, uid int) {
	t.Helper()

	if os.Getuid() != 0 {
		return
	}

	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}

		if err := os.Chmod(path, tokenstore.PrivateDirectory); err != nil {
			return err
		}

		return os.Chown(path, uid, -1)
	})
	if err != nil {
		t.Fatal(err)
	}
}
