package acceptance_test

import (
	"os"
	"strings"
	"testing"
)

// fakeStarter is the program that the system starts browsers with. It hands the address and its environment to the test.
func fakeStarter(t *testing.T) (path string, started func() (address, environment string)) {
	t.Helper()

	directory := t.TempDir()
	pipe := directory + "/started"
	script := "#!/bin/sh\n{ echo \"$1\"; env; } >'" + pipe + ".new'\nmv '" + pipe + ".new' '" + pipe + "'\n"

	if err := os.WriteFile(directory+"/xdg-open", []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}

	return directory + ":" + os.Getenv("PATH"), func() (string, string) {
		t.Helper()

		var text []byte

		if !await(func() bool {
			var err error

			text, err = os.ReadFile(pipe)

			return err == nil
		}) {
			t.Fatal("the browser was not started")
		}

		address, environment, _ := strings.Cut(string(text), "\n")

		return address, environment
	}
}
