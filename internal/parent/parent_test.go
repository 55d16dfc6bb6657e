package parent_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/parent"
)

// role makes the test binary run as the parent or the child of the test.
const role = "SEPAY_TEST_PARENT_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "parent":
		runParent()
	case "child":
		runChild()
	default:
		os.Exit(m.Run())
	}
}

// runParent starts the child on its own standard output and lives until it is killed or its input ends.
func runParent() {
	command := exec.CommandContext(context.Background(), os.Args[0])
	command.Env = append(os.Environ(), role+"=child")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	if err := command.Start(); err != nil {
		fmt.Println(err)

		return
	}

	_, _ = io.Copy(io.Discard, os.Stdin)
}

func runChild() {
	exited := parent.Exited()

	fmt.Println("watching")

	<-exited

	fmt.Println("exited")
}

func TestTheEndOfTheParentProcessIsDetected(t *testing.T) {
	t.Parallel()

	for name, end := range map[string]func(*exec.Cmd, io.Closer) error{
		"killed":         func(c *exec.Cmd, _ io.Closer) error { return c.Process.Kill() },
		"ended normally": func(_ *exec.Cmd, input io.Closer) error { return input.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			command := exec.CommandContext(t.Context(), os.Args[0])
			command.Env = append(os.Environ(), role+"=parent")

			input, err := command.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}

			// The child holds the other end as well: what it writes arrives after the parent has ended.
			output, write, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer output.Close()

			command.Stdout = write

			if err := command.Start(); err != nil {
				t.Fatal(err)
			}

			if err := write.Close(); err != nil {
				t.Fatal(err)
			}

			lines := bufio.NewScanner(output)
			if !lines.Scan() || lines.Text() != "watching" {
				t.Fatalf("the child says %q, %v", lines.Text(), lines.Err())
			}

			if err := end(command, input); err != nil {
				t.Fatal(err)
			}

			_ = command.Wait()

			if !lines.Scan() || lines.Text() != "exited" || lines.Scan() {
				t.Errorf("the child says %q, %v", lines.Text(), lines.Err())
			}
		})
	}
}
