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

func TestFiftyProcessesWithAnExpiredTokenMakeOneCall(t *testing.T) {
	t.Parallel()

	for _, revokes := range []bool{false, true} {
		t.Run(fmt.Sprintf("a replay revokes the family: %t", revokes), func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			f.server.reuseRevokes, f.server.revokesAccess = revokes, revokes
			seed := f.expired()
			f.server.script(fault{after: 50 * time.Millisecond})

			f.expectTokens(f.runMany(50, role{Action: "token", Seed: seed}))
			f.server.expectCalls(t, 2, 0)
			f.expectAlive()
		})
	}
}

func TestThirtyProcessesWithARevokedAccessTokenForceOneRefresh(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	revoked := f.token(f.source(seed), "")
	f.change(func(r *tokenstore.Record) { r.ObtainedAt = r.ObtainedAt.Add(-10 * time.Minute) })
	f.server.revokeAccess()

	f.expectTokens(f.runMany(30, role{Action: "token", Seed: seed, Rejected: revoked}))
	f.server.expectCalls(t, 2, 0)
	f.expectAlive()
}

// TestSignalsBetweenCommitAndAnswer sends each signal at the one moment at which the only token that works is on its way.
func TestSignalsBetweenCommitAndAnswer(t *testing.T) {
	t.Parallel()

	runs := proof.Times(30, 8)

	for _, tc := range []struct {
		name    string
		plain   bool
		signals []syscall.Signal
		dies    bool // by the signal, once it is safe
		warns   bool // of what is at stake
	}{
		{name: "SIGINT", signals: []syscall.Signal{syscall.SIGINT}},
		{name: "SIGINT twice", signals: []syscall.Signal{syscall.SIGINT, syscall.SIGINT}, warns: true},
		{name: "SIGTERM", signals: []syscall.Signal{syscall.SIGTERM}, dies: true},
		{name: "SIGHUP", signals: []syscall.Signal{syscall.SIGHUP}, dies: true},
		{name: "SIGQUIT", signals: []syscall.Signal{syscall.SIGQUIT}, dies: true},
		{name: "SIGINT without a handler", plain: true, signals: []syscall.Signal{syscall.SIGINT}, dies: true},
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
				c := f.start(role{Action: "token", Seed: seed, Dir: dir, Plain: tc.plain, Doomed: tc.dies, HangUp: hangUp})
				dies := tc.dies && (!hangUp || !c.ignoresHangUp)

				c.release()
				<-committed

				for _, s := range tc.signals {
					c.signal(s)
				}

				// What a person is told is told before the response comes, so that they can wait for it.
				if tc.warns {
					c.expectError("you have to authorize again")
				}

				close(signaled)
				c.wait()

				// Of SIGQUIT Go dies with an exit code of its own, and prints its goroutines.
				state := c.cmd.ProcessState
				if died := state.ExitCode() == -1 || state.ExitCode() == 2; died != dies {
					t.Errorf("the process ended with %v", state)
				}

				if !tc.warns && strings.Contains(c.stderr.String(), "authorize again") {
					t.Errorf("the process printed %s", c.stderr)
				}

				f.token(f.source(seed, withStore(tokenstore.NewFile(dir))), "")
			}

			f.server.expectCalls(t, runs, 0)
		})
	}
}

func TestExchangeSurvivesItsKilledParent(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	committed := make(chan struct{})
	f.server.script(fault{after: 200 * time.Millisecond, committed: func() { close(committed) }})

	c := f.start(role{Action: "parent", Seed: seed, Plain: true})
	<-committed
	c.signal(syscall.SIGKILL)
	_ = c.cmd.Wait()

	// The orphan's pipes are broken by now. What it saved is the proof that it lived.
	for t.Context().Err() == nil {
		if files := f.files(tokenstore.RecordSuffix); len(files) == 1 && f.readRecord(files[0]).Generation == 1 {
			break
		}

		time.Sleep(20 * time.Millisecond)
	}

	f.token(f.source(seed), "")
	f.server.expectCalls(t, 1, 0)
	f.expectAlive()
}

// TestKilledAtAnyInstant kills processes that do nothing but exchange tokens. The file must always be readable, and a
// chain may only be lost with the intent that names the run.
func TestKilledAtAnyInstant(t *testing.T) {
	t.Parallel()

	kills := proof.Times(500, 60)

	f := newFixture(t)
	f.server.always = fault{before: time.Millisecond, after: 2 * time.Millisecond}
	seed := f.server.authorize()

	lost := 0

	for i := range kills {
		before, _ := f.server.counts()
		c := f.start(role{Action: "loop", Seed: seed, Ahead: time.Until(f.env.Now())})
		c.release()

		// Every second one dies at some instant after its first request, the others at some instant after their start.
		for calls := before; i%2 == 1 && calls == before && t.Context().Err() == nil; calls, _ = f.server.counts() {
			time.Sleep(100 * time.Microsecond)
		}

		time.Sleep(rand.N(20 * time.Millisecond))
		c.signal(syscall.SIGKILL)
		c.wait()
		f.server.settle(t)

		// Later than anything that the process has seen, so that every token has expired.
		f.advance(20 * 24 * time.Hour)

		for _, path := range f.files(tokenstore.RecordSuffix) {
			f.readRecord(path)
		}

		_, err := f.source(seed).Token(t.Context(), "")
		if err == nil {
			continue
		}

		f.hear(err.Error())

		run := fmt.Sprint("process ", c.cmd.Process.Pid)
		if !strings.Contains(err.Error(), "interrupted") || !strings.Contains(err.Error(), run) {
			t.Fatalf("a chain was lost without naming the run: %v", err)
		}

		lost++
		seed = f.server.authorize()

		if err := os.RemoveAll(f.dir); err != nil {
			t.Fatal(err)
		}
	}

	calls, replays := f.server.counts()
	t.Logf("%d kills, %d exchanges, %d chains lost, each named by its intent", kills, calls, lost)

	if replays != lost {
		t.Errorf("%d replays for %d lost chains", replays, lost)
	}

	if leftovers := f.files(tokenstore.TempSuffix); len(leftovers) > 1 {
		t.Errorf("%d temporary files were left behind", len(leftovers))
	}
}

func TestHolderOfTheLockIsNamed(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.expired()
	holder := f.start(role{Action: "hold", Seed: seed})

	s := f.source(seed, func(c *Config) { c.LockTimeout = 200 * time.Millisecond })

	failure := f.failure(s, "", diagnostic.CodeLockTimeout)
	if !strings.Contains(failure.Detail, fmt.Sprintf("process %d on ", holder.cmd.Process.Pid)) {
		t.Errorf("the holder is not named: %v", failure)
	}

	f.server.expectCalls(t, 1, 0)

	// A lock dies with its holder.
	holder.signal(syscall.SIGKILL)
	holder.wait()
	f.token(s, "")
	f.server.expectCalls(t, 2, 0)
	f.expectAlive()
}

func TestLockFileDeletedByHandDoesNotLetTwoIn(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.expired()
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
	f.server.expectCalls(t, 2, 0)
	f.expectAlive()
}

// TestDeathAtEachStep walks the table of what a death means, step by step.
func TestDeathAtEachStep(t *testing.T) {
	t.Parallel()

	for _, tc := range []struct {
		name   string
		at     system.Step
		number int
		fault  fault
		kill   bool // by the server, when the token arrives, before it is exchanged
		lost   bool
		calls  int // in all, with those of the next run
	}{
		{name: "before the intent", at: system.StepLocked, calls: 1},
		{name: "while the intent is saved", at: system.StepTempWritten, number: 1, calls: 1},
		{name: "after the intent", at: system.StepIntent, calls: 1},
		{name: "sent, not processed", kill: true, calls: 2},
		{name: "answered, not saved", at: system.StepAnswered, lost: true, calls: 2},
		{name: "saved under another name", at: system.StepTempWritten, number: 2, lost: true, calls: 2},
		{name: "saved", at: system.StepSaved, calls: 1},
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
				t.Fatalf("the child did not die: %v", c.cmd.ProcessState)
			}

			f.server.settle(t)

			if tc.lost {
				failure := f.failure(f.source(seed), "", diagnostic.CodeInterrupted)
				if !strings.Contains(failure.Detail, fmt.Sprintf("process %d on ", c.cmd.Process.Pid)) ||
					!strings.Contains(failure.Detail, f.dir) {
					t.Errorf("the run or the store is not named: %v", failure)
				}

				f.server.expectCalls(t, tc.calls, 1)

				return
			}

			f.token(f.source(seed), "")
			f.server.expectCalls(t, tc.calls, 0)
			f.expectAlive()
		})
	}
}

func TestNothingIsSpentWhenTheStoreCannotBeWritten(t *testing.T) {
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
			seed := f.expired()

			// The user of this test may not be root, for whom nothing is read-only.
			public := publicDirectory(t)
			r.Action, r.Seed, r.Dir = "token", seed, filepath.Join(public, "store")

			if err := os.CopyFS(r.Dir, os.DirFS(f.dir)); err != nil {
				t.Fatal(err)
			}

			handOver(t, r)

			out := f.run(r)
			if out.Code != diagnostic.CodeStoreWrite || !strings.Contains(out.Error, "not lost") || !strings.Contains(out.Error, r.Dir) {
				t.Errorf("the child reported %s: %s", out.Code, out.Error)
			}

			f.server.expectCalls(t, 1, 0)

			store := tokenstore.NewFile(r.Dir)
			if r.UID != 0 {
				takeBack(t, r.Dir)
			}

			if err := os.Chmod(r.Dir, tokenstore.PrivateDirectory); err != nil {
				t.Fatal(err)
			}

			f.token(f.source(seed, withStore(store)), "")
			f.server.expectCalls(t, 2, 0)
		})
	}
}

// publicDirectory is one that other users can walk through.
func publicDirectory(t *testing.T) string {
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

// handOver gives the store to the child's user, and takes the right to write from it.
func handOver(t *testing.T, r role) {
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

func takeBack(t *testing.T, dir string) {
	t.Helper()
	chown(t, dir, os.Getuid())
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
