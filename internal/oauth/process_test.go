//go:build unix

package oauth

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// The test binary also serves as the child process of these tests: if this variable is set, it runs the role in it.
const roleVariable = "SEPAY_OAUTH_TEST_ROLE"

// role configures a child process.
type role struct {
	Action      string // token, loop, lock, parent, read
	Reads       int
	ClockBehind time.Duration // how far the clock is behind the server's
	TokenURL    string
	Dir         string
	Seed        string
	Key         string
	Rejected    string

	CrashAt       system.Step   // kill the process at this step
	CrashNumber   int           // at its n-th occurrence, from 1
	LockTimeout   time.Duration // 0 means the default
	ClockAhead    time.Duration // how far the clock is ahead of the real one
	UID           int           // the user to switch to, if not 0
	FullDisk      bool          // no file can grow
	ExpectHangUp  bool          // the expected signal is SIGHUP
	WaitForSignal bool          // wait to be killed by the signal at the end, unless the process ignores it
	NoHandler     bool          // do not install a signal handler: the library's must be sufficient
}

// outcome is the output of a child process. Token is a fingerprint.
type outcome struct {
	Token    string
	Code     diagnostic.Code
	Error    string
	Warnings []diagnostic.Warning
	Repeated int // reads that were repeated with another token
}

func TestMain(m *testing.M) {
	if text := os.Getenv(roleVariable); text != "" {
		os.Exit(runRole(text))
	}

	// A process that a shell starts in the background ignores SIGINT and SIGQUIT, and its children inherit that. With a handler
	// here, the children start with the default action, so that the signals can end them.
	for _, background := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if signal.Ignored(background) {
			signal.Notify(make(chan os.Signal, 1), background)
		}
	}

	os.Exit(m.Run())
}

func runRole(text string) int {
	var r role
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 2
	}

	if err := r.restrict(); err != nil {
		fmt.Fprintln(os.Stderr, "restrict:", err)

		return 2
	}

	switch r.Action {
	case "parent":
		return r.parent()
	case "lock":
		unlock, _, err := tokenstore.NewFile(r.Dir).TryLock(context.Background(), r.client())
		if err != nil || unlock == nil {
			fmt.Fprintln(os.Stderr, "no lock:", err)

			return 2
		}
	}

	// With nohup, the children ignore SIGHUP, too, and correctly survive it. Only the child can check that, at its start: in the
	// parent, another test may have a handler for the signal.
	ready, ignoresHangUp := "ready", signal.Ignored(syscall.SIGHUP)
	if ignoresHangUp {
		ready = "ready, ignores SIGHUP"
	}

	fmt.Println(ready)

	// The end of standard input is the signal to start, so that many processes start at the same time.
	_, _ = io.Copy(io.Discard, os.Stdin)

	if r.Action == "lock" {
		return 0
	}

	if r.Action == "read" {
		return r.read()
	}

	return r.requestTokens(ignoresHangUp)
}

func (r role) restrict() error {
	if r.FullDisk {
		signal.Ignore(syscall.SIGXFSZ)

		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{}); err != nil {
			return err
		}
	}

	if r.UID != 0 {
		return syscall.Setuid(r.UID)
	}

	return nil
}

func (r role) client() string {
	return tokenstore.ClientName(tokenendpoint.CanonicalURL(r.TokenURL), testClient)
}

func (r role) source() (*Source, error) {
	store := tokenstore.NewFile(r.Dir)
	env := system.NewEnvironment()
	occurrences := 0
	env.Step = func(step system.Step) {
		if step != r.CrashAt {
			return
		}

		if occurrences++; occurrences == max(1, r.CrashNumber) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)

			select {}
		}
	}
	store.TempWritten = func() { env.Step(system.StepTempWritten) }
	env.Now = func() time.Time { return time.Now().UTC().Round(0).Add(r.ClockAhead) }
	env.Sleep = func(ctx context.Context, d time.Duration) error {
		return system.Sleep(ctx, min(d, 100*time.Millisecond))
	}

	return newSource(Config{
		TokenURL: r.TokenURL, ClientID: testClient, ClientSecret: testSecret, RefreshToken: r.Seed, Key: r.Key, Store: store,
		LockTimeout: r.LockTimeout,
		Log:         func(_ context.Context, msg string, fields map[string]any) { fmt.Fprintln(os.Stderr, msg, fields) },
	}, env)
}

// requestTokens works like the provider's main: a signal cancels the run, and the process exits when no exchange is in flight.
func (r role) requestTokens(ignoresHangUp bool) int {
	ctx := context.Background()

	if !r.NoHandler {
		// Terraform's plugin server does not stop its handler either.
		ctx, _ = signal.NotifyContext(ctx, os.Interrupt)
	}

	s, err := r.source()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 2
	}

	var out outcome

	for {
		token, err := s.Token(ctx, r.Rejected)
		if err != nil {
			out.Error = err.Error()

			if failure, ok := errors.AsType[*diagnostic.Error](err); ok {
				out.Code = failure.Code
			}
		} else {
			out.Token = tokenstore.Fingerprint(token)
		}

		if r.Action != "loop" || err != nil {
			break
		}

		// Advance the clock, so that every iteration refreshes.
		now := s.env.Now
		s.env.Now = func() time.Time { return now().Add(2 * time.Hour) }
	}

	system.WaitForExchanges()

	if r.WaitForSignal && (!r.ExpectHangUp || !ignoresHangUp) {
		select {}
	}

	out.Warnings = s.TakeWarnings()
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		return 2
	}

	return 0
}

// parent acts as Terraform: it starts a provider whose output goes to its pipes, and waits to be killed.
func (r role) parent() int {
	r.Action = "token"

	text, err := json.Marshal(r)
	if err != nil {
		return 2
	}

	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+string(text))
	cmd.Stdout, cmd.Stderr = &bytes.Buffer{}, &bytes.Buffer{}

	if err := cmd.Start(); err != nil {
		return 2
	}

	fmt.Println("ready")
	_ = cmd.Wait()

	return 0
}

// child is a child process.
type child struct {
	t      *testing.T
	f      *fixture
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr *outputBuffer

	ignoresHangUp bool
}

// start starts a process and waits until it is ready for release.
func (f *fixture) start(r role) *child {
	f.t.Helper()

	c := f.spawn(r)
	c.ready()

	return c
}

func (c *child) ready() {
	c.t.Helper()

	line, err := c.stdout.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready") {
		c.t.Fatalf("the child printed %q, %v: %s", line, err, c.stderr)
	}

	c.ignoresHangUp = strings.Contains(line, "ignores SIGHUP")
}

func (f *fixture) spawn(r role) *child {
	f.t.Helper()

	r.TokenURL = f.server.tokenURL()
	if r.Dir == "" {
		r.Dir = f.dir
	}

	text, err := json.Marshal(r)
	if err != nil {
		f.t.Fatal(err)
	}

	c := &child{t: f.t, f: f, cmd: exec.CommandContext(f.t.Context(), os.Args[0]), stderr: &outputBuffer{}}
	// By default, the race detector delays the exit of each process by a second.
	c.cmd.Env = append(os.Environ(), roleVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	c.cmd.Stderr = c.stderr
	// In its own session, only this process gets the test's signals, and its messages for the terminal go to standard error.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}

	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		f.t.Fatal(err)
	}

	out, err := c.cmd.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}

	if err := c.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}

	f.t.Cleanup(func() {
		if c.cmd.ProcessState == nil {
			_ = c.cmd.Process.Kill()
			_ = c.cmd.Wait()
		}
	})

	c.stdout = bufio.NewReader(out)

	return c
}

func (c *child) release() { _ = c.stdin.Close() }

func (c *child) signal(s syscall.Signal) {
	c.t.Helper()

	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Errorf("signal %v: %v", s, err)
	}
}

// wait waits for the exit and returns the child's outcome, or the zero value if it was killed.
func (c *child) wait() outcome {
	c.t.Helper()

	text, err := io.ReadAll(c.stdout)
	if err != nil {
		c.t.Errorf("read the child's output: %v", err)
	}

	_ = c.cmd.Wait()

	c.f.record(string(text))
	c.f.record(c.stderr.String())

	if strings.Contains(c.stderr.String(), "DATA RACE") {
		c.t.Errorf("a data race in the child:\n%s", c.stderr)
	}

	var out outcome
	if len(text) > 0 {
		if err := json.Unmarshal(text, &out); err != nil {
			c.t.Errorf("the child printed %q", text)
		}
	}

	return out
}

// interruptUntil sends SIGINT until the child prints a text to standard error.
func (c *child) interruptUntil(text string) {
	c.t.Helper()

	for !strings.Contains(c.stderr.String(), text) {
		if c.t.Context().Err() != nil {
			return
		}

		// The kernel merges pending signals, so send another one, as a user does.
		c.signal(syscall.SIGINT)
		time.Sleep(20 * time.Millisecond)
	}
}

// run runs a child process to its end.
func (f *fixture) run(r role) outcome {
	f.t.Helper()

	c := f.start(r)
	c.release()

	return c.wait()
}

// runMany starts n processes, releases them at the same time, and waits for all of them.
func (f *fixture) runMany(n int, r role) []outcome {
	f.t.Helper()

	children := make([]*child, n)
	for i := range children {
		children[i] = f.spawn(r)
	}

	for _, c := range children {
		c.ready()
	}

	for _, c := range children {
		c.release()
	}

	outcomes := make([]outcome, n)
	for i, c := range children {
		outcomes[i] = c.wait()
	}

	return outcomes
}

// expectTokens asserts that every outcome has an access token that is valid at the server.
func (f *fixture) expectTokens(outcomes []outcome) {
	f.t.Helper()

	for i, out := range outcomes {
		if out.Error != "" || !f.server.accessValidByFingerprint(out.Token) {
			f.t.Errorf("process %d: no valid token; %s", i, out.Error)
		}
	}
}

func (s *tokenServer) accessValidByFingerprint(fp string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()

	for _, f := range s.families {
		for _, token := range f.access {
			if tokenstore.Fingerprint(token) == fp {
				return true
			}
		}
	}

	return false
}
