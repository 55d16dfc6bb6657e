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

// The test binary is also the provider process of these tests: with this variable it plays a role and ends.
const roleVariable = "SEPAY_OAUTH_TEST_ROLE"

// role is what a child process is told to do.
type role struct {
	Action   string // token, loop, hold, parent, reads
	Reads    int
	Behind   time.Duration // of the server's clock, once that has moved
	TokenURL string
	Dir      string
	Seed     string
	Key      string
	Rejected string

	CrashAt     system.Step   // die by SIGKILL at this step,
	CrashNumber int           // at its n-th time, from 1
	LockTimeout time.Duration // 0: the default
	Ahead       time.Duration // of the real clock
	UID         int           // give up root for this user first
	FullDisk    bool          // no file may grow
	HangUp      bool          // the signal is SIGHUP
	Doomed      bool          // after its work it waits for the signal that was sent to it, unless it ignores it
	Plain       bool          // no signal handler of its own: what the library does must be enough
}

// outcome is what a child reports on its standard output. Tokens are given as fingerprints.
type outcome struct {
	Token    string
	Code     diagnostic.Code
	Error    string
	Warnings []diagnostic.Warning
	Repeated int // reads that were made again with another token
}

func TestMain(m *testing.M) {
	if text := os.Getenv(roleVariable); text != "" {
		os.Exit(playRole(text))
	}

	// What a shell starts in the background ignores SIGINT and SIGQUIT, and so would the children, which are to die of them.
	// With a handler here they start with the default action.
	for _, background := range []os.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if signal.Ignored(background) {
			signal.Notify(make(chan os.Signal, 1), background)
		}
	}

	os.Exit(m.Run())
}

func playRole(text string) int {
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
	case "hold":
		unlock, _, err := tokenstore.NewFile(r.Dir).TryLock(context.Background(), r.client())
		if err != nil || unlock == nil {
			fmt.Fprintln(os.Stderr, "no lock:", err)

			return 2
		}
	}

	// Whoever was started by nohup ignores SIGHUP, and so do its children: they outlive the signal, as they should. Only the
	// child itself knows, at its start, because another test may have the signal caught in the parent.
	ready, ignoresHangUp := "ready", signal.Ignored(syscall.SIGHUP)
	if ignoresHangUp {
		ready = "ready, without SIGHUP"
	}

	fmt.Println(ready)

	// The start is given by the end of standard input, so that many begin at the same moment.
	_, _ = io.Copy(io.Discard, os.Stdin)

	if r.Action == "hold" {
		return 0
	}

	if r.Action == "reads" {
		return r.read()
	}

	return r.askForTokens(ignoresHangUp)
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
	seen := 0
	env.Step = func(at system.Step) {
		if at != r.CrashAt {
			return
		}

		if seen++; seen == max(1, r.CrashNumber) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)

			select {}
		}
	}
	store.TempWritten = func() { env.Step(system.StepTempWritten) }
	env.Now = func() time.Time { return time.Now().UTC().Round(0).Add(r.Ahead) }
	env.Sleep = func(ctx context.Context, d time.Duration) error {
		return system.Sleep(ctx, min(d, 100*time.Millisecond))
	}

	return newSource(Config{
		TokenURL: r.TokenURL, ClientID: testClient, ClientSecret: testSecret, RefreshToken: r.Seed, Key: r.Key, Store: store,
		LockTimeout: r.LockTimeout,
		Log:         func(_ context.Context, msg string, fields map[string]any) { fmt.Fprintln(os.Stderr, msg, fields) },
	}, env)
}

// askForTokens does what the provider's main does: the run is canceled by a signal, and the process ends when no
// exchange is in flight.
func (r role) askForTokens(ignoresHangUp bool) int {
	ctx := context.Background()

	if !r.Plain {
		// The plugin server never gives the signal back either.
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

		// In a loop every call is an exchange: two hours pass between them.
		now := s.env.Now
		s.env.Now = func() time.Time { return now().Add(2 * time.Hour) }
	}

	system.WaitForExchanges()

	if r.Doomed && (!r.HangUp || !ignoresHangUp) {
		select {}
	}

	out.Warnings = s.TakeWarnings()
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		return 2
	}

	return 0
}

// parent is a Terraform: it starts a provider whose output goes to its own pipes, and waits to be killed.
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

// child is a process that plays a role.
type child struct {
	t      *testing.T
	f      *fixture
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr *screen

	ignoresHangUp bool
}

// start starts a process that is ready, and waits to be released.
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
		c.t.Fatalf("the child said %q, %v: %s", line, err, c.stderr)
	}

	c.ignoresHangUp = strings.Contains(line, "without SIGHUP")
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

	c := &child{t: f.t, f: f, cmd: exec.CommandContext(f.t.Context(), os.Args[0]), stderr: &screen{}}
	// The race detector sleeps a second at the end of each process, unless told not to.
	c.cmd.Env = append(os.Environ(), roleVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	c.cmd.Stderr = c.stderr
	// Signals of the test reach this process only, and what it prints for a person reaches the test.
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

// wait waits for the end and returns what the child reported; the zero outcome when it was killed.
func (c *child) wait() outcome {
	c.t.Helper()

	text, err := io.ReadAll(c.stdout)
	if err != nil {
		c.t.Errorf("read the child's output: %v", err)
	}

	_ = c.cmd.Wait()

	c.f.hear(string(text))
	c.f.hear(c.stderr.String())

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

// expectError waits until the child has printed a text on its standard error.
func (c *child) expectError(text string) {
	c.t.Helper()

	for !strings.Contains(c.stderr.String(), text) {
		if c.t.Context().Err() != nil {
			return
		}

		// Signals that arrive together are one signal. A person presses the key again, too.
		c.signal(syscall.SIGINT)
		time.Sleep(20 * time.Millisecond)
	}
}

// run starts, releases and waits.
func (f *fixture) run(r role) outcome {
	f.t.Helper()

	c := f.start(r)
	c.release()

	return c.wait()
}

// runMany starts n processes, releases them at the same moment, and waits for all.
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

// expectTokens asserts that every outcome has an access token that is alive at the server.
func (f *fixture) expectTokens(outcomes []outcome) {
	f.t.Helper()

	for i, out := range outcomes {
		if out.Error != "" || !f.server.accessAliveByFingerprint(out.Token) {
			f.t.Errorf("process %d: no living token; %s", i, out.Error)
		}
	}
}

func (s *tokenServer) accessAliveByFingerprint(fp string) bool {
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
