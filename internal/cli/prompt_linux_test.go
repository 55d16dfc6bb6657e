package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal opens a pseudo terminal: what the person types and sees, and what the program has as its standard input.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()

	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
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

	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = program.Close() })

	return person, program
}

func TestSecretIsAskedForWithoutEcho(t *testing.T) {
	t.Parallel()

	d := newDesk(t)
	person, program := terminal(t)
	secret := d.variables["SEPAY_CLIENT_SECRET"]
	delete(d.variables, "SEPAY_CLIENT_SECRET")
	d.stdin = program

	go func() {
		for !strings.Contains(d.stderr.String(), "Client secret (not shown): ") {
			if t.Context().Err() != nil {
				return
			}

			time.Sleep(time.Millisecond)
		}

		_, _ = person.WriteString(secret + "\n")
	}()

	d.expect(d.login(), exitOK, "Client secret (not shown)", "Signed in")
	d.expectTokenCalls(1)

	// What follows on the terminal is what it showed; an echo of the secret would have come first.
	_, _ = program.WriteString("end\n")

	shown := make([]byte, 1<<10)

	n, err := person.Read(shown)
	if err != nil || strings.Contains(string(shown[:n]), secret) || !strings.Contains(string(shown[:n]), "end") {
		t.Errorf("the terminal showed %q, %v", shown[:n], err)
	}
}
