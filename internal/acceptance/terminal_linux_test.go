package acceptance_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// session is a person at a terminal in which the provider's program runs.
type session struct {
	t       *testing.T
	person  *os.File // what the person types and sees
	line    *os.File // what the program has
	command *exec.Cmd
	before  unix.Termios
	typed   []string

	mu    sync.Mutex
	shown strings.Builder
	news  chan struct{}
}

// openSession starts the program in a pseudo terminal of its own.
func openSession(t *testing.T, cli *acctest.CLI, args ...string) *session {
	t.Helper()

	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}

	t.Cleanup(func() { _ = person.Close() })

	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}

	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}

	line, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = line.Close() })

	s := &session{t: t, person: person, line: line, command: cli.Provider(t.Context(), args...), news: make(chan struct{}, 1)}
	s.before = s.modes()
	s.command.Stdin, s.command.Stdout, s.command.Stderr = line, line, line
	s.command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}

	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}

	go s.read()

	t.Cleanup(func() {
		_ = s.command.Process.Kill()

		// The terminal itself shows what the person pastes; a code of SePay's works once.
		shown := s.text()
		for _, keys := range s.typed {
			shown = strings.ReplaceAll(shown, strings.TrimSpace(keys), "")
		}

		cli.Printed([]byte(shown))
	})

	return s
}

func (s *session) modes() unix.Termios {
	s.t.Helper()

	modes, err := unix.IoctlGetTermios(int(s.line.Fd()), unix.TCGETS)
	if err != nil {
		s.t.Fatal(err)
	}

	return *modes
}

func (s *session) read() {
	buffer := make([]byte, 4<<10)

	for {
		n, err := s.person.Read(buffer)

		s.mu.Lock()
		s.shown.Write(buffer[:n])
		s.mu.Unlock()

		select {
		case s.news <- struct{}{}:
		default:
		}

		if err != nil {
			return
		}
	}
}

func (s *session) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.shown.String()
}

// sees waits until the terminal shows the words.
func (s *session) sees(words string) {
	s.t.Helper()

	timer := time.NewTimer(time.Minute)
	defer timer.Stop()

	for !strings.Contains(s.text(), words) {
		select {
		case <-s.news:
		case <-timer.C:
			s.t.Fatalf("the terminal does not show %q:\n%s", words, s.text())
		}
	}
}

func (s *session) types(keys string) {
	s.t.Helper()

	s.typed = append(s.typed, keys)

	if _, err := s.person.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program, and expects the terminal as it was before.
func (s *session) ends(code int, words ...string) {
	s.t.Helper()

	_ = s.command.Wait()

	if got := s.command.ProcessState.ExitCode(); got != code {
		s.t.Errorf("exit code %d, want %d:\n%s", got, code, s.text())
	}

	for _, w := range words {
		s.sees(w)
	}

	if s.modes() != s.before {
		s.t.Errorf("the terminal is not as it was: %+v, was %+v", s.modes(), s.before)
	}
}

// signIn is a machine with a client and no sign-in yet.
func signIn(t *testing.T) (cli *acctest.CLI, sepay *simulator.Server, redirect string) {
	t.Helper()

	redirect = freeAddress(t)
	sepay = simulator.Start(t, simulator.WithRedirectURIs(redirect, "https://app.example.com/back"))
	cli = acctest.NewCLI(t, sepay)
	cli.Unsetenv("SEPAY_REFRESH_TOKEN", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER")

	return cli, sepay, redirect
}

func TestAccThePromptForTheSecretCanBeCanceled(t *testing.T) {
	t.Parallel()

	for name, leave := range map[string]func(*session){
		"Ctrl-C":                   func(s *session) { s.types("\x03") },
		"Ctrl-C in the middle":     func(s *session) { s.types("half a sec\x03") },
		"Ctrl-D":                   func(s *session) { s.types("\x04") },
		"Ctrl-D in the middle":     func(s *session) { s.types("half a sec\x04") },
		"SIGTERM":                  func(s *session) { _ = s.command.Process.Signal(syscall.SIGTERM) },
		"SIGINT of another sender": func(s *session) { _ = s.command.Process.Signal(syscall.SIGINT) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			cli, sepay, redirect := signIn(t)
			cli.Unsetenv("SEPAY_CLIENT_SECRET")

			s := openSession(t, cli, "login", "--redirect-url", redirect)
			s.sees("Client secret (not shown): ")
			leave(s)
			s.ends(130, "Interrupted. Nothing was changed.")

			if text := s.text(); strings.Contains(text, "half") || strings.Contains(text, "/oauth/authorize") {
				t.Errorf("the terminal shows:\n%s", text)
			}

			if requests := sepay.Requests(); len(requests) != 0 {
				t.Errorf("SePay was asked: %v", requests)
			}
		})
	}
}

func TestAccTheSecretIsAskedForAndNotShown(t *testing.T) {
	t.Parallel()

	cli, sepay, redirect := signIn(t)
	cli.Unsetenv("SEPAY_CLIENT_SECRET")

	s := openSession(t, cli, "login", "--redirect-url", redirect)
	s.sees("Client secret (not shown): ")
	s.types(sepay.Credentials().ClientSecret + "\r")
	s.sees("(The browser could not be opened: this session has no graphical display)")
	approve(t, s.address())
	s.ends(0, "Signed in to SePay as ")

	if strings.Contains(s.text(), sepay.Credentials().ClientSecret) {
		t.Error("the terminal shows the secret")
	}

	signedIn(t, sepay, 1)
}

func TestAccAnAddressCanBePasted(t *testing.T) {
	t.Parallel()

	for name, elsewhere := range map[string]bool{"a redirect URL elsewhere": true, "a loopback redirect URL": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			cli, sepay, redirect := signIn(t)
			if elsewhere {
				redirect = "https://app.example.com/back"
			}

			s := openSession(t, cli, "login", "--redirect-url", redirect)
			s.sees("paste its whole address")
			s.types("hello\r")
			s.sees("The input contains no code.")

			address, err := simulator.Decide(t.Context(), s.address(), true)
			if err != nil {
				t.Fatal(err)
			}

			s.types(strings.Replace(address, "state=", "state=not-", 1) + "\r")
			s.sees("A response that does not belong to this sign-in was ignored")
			s.types(address + "\r")
			s.ends(0, "Signed in to SePay as ")
			signedIn(t, sepay, 1)
		})
	}
}

func TestAccTheWaitForTheBrowserCanBeCanceled(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		elsewhere bool
		keys      string
		code      int
		words     string
	}{
		"Ctrl-C":                          {false, "\x03", 130, "Interrupted. Nothing was changed."},
		"Ctrl-D without another way back": {true, "\x04", 1, "The input ended before an address was pasted"},
		"Ctrl-C while an address could be pasted": {true, "\x03", 130, "Interrupted. Nothing was changed."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			cli, sepay, redirect := signIn(t)
			if test.elsewhere {
				redirect = "https://app.example.com/back"
			}

			s := openSession(t, cli, "login", "--redirect-url", redirect)
			s.sees("this program gets no response")
			s.types(test.keys)
			s.ends(test.code, test.words)

			if calls := sepay.TokenCounters().Calls; calls != 0 {
				t.Errorf("%d token calls", calls)
			}
		})
	}
}

func TestAccLogoutAsksFirst(t *testing.T) {
	t.Parallel()

	cli, _, redirect := signIn(t)
	login(t, cli, redirect)

	for _, answer := range []string{"\r", "n\r", "maybe\r"} {
		s := openSession(t, cli, "logout")
		s.sees("Delete it? [y/N] ")
		s.types(answer)
		s.ends(1, "nothing was deleted")
	}

	s := openSession(t, cli, "logout")
	s.sees("Delete it? [y/N] ")
	s.types("\x03")
	s.ends(130, "Interrupted")

	s = openSession(t, cli, "logout")
	s.sees("Delete it? [y/N] ")
	s.types("y\r")
	s.ends(0, "The sign-in was deleted")

	s = openSession(t, cli, "status")
	s.ends(1, "No sign-in is stored")
}

// address is SePay's page as the terminal shows it.
func (s *session) address() string {
	s.t.Helper()

	s.sees("this program gets no response")

	for line := range strings.Lines(s.text()) {
		if strings.Contains(line, "/oauth/authorize?") {
			return strings.TrimSpace(line)
		}
	}

	s.t.Fatalf("no address was printed:\n%s", s.text())

	return ""
}
