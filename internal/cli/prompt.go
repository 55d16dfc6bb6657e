package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// errLeft is how a prompt ends that the user left with Ctrl-C or Ctrl-D.
var errLeft = errors.New("the prompt was left")

// terminal returns the terminal that the user types on, or nil.
func (c *command) terminal() *os.File {
	file, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}

	return file
}

// clientSecret takes the secret from the environment, or asks for it on the terminal without showing it.
func (c *command) clientSecret(ctx context.Context) (string, error) {
	if secret := c.env("SEPAY_CLIENT_SECRET"); secret != "" {
		return secret, nil
	}

	terminal := c.terminal()
	if terminal == nil {
		return "", usageError{errors.New("there is no client secret: set SEPAY_CLIENT_SECRET, or run this in a terminal to " +
			"be asked for it")}
	}

	secret, err := c.ask(ctx, terminal, func(screen *term.Terminal) (string, error) {
		return screen.ReadPassword("Client secret (not shown): ")
	})
	if err != nil {
		return "", err
	}

	if secret = strings.TrimSpace(secret); secret == "" {
		return "", usageError{errors.New("there is no client secret: nothing was typed")}
	}

	return secret, nil
}

// confirm asks a question that only yes answers.
func (c *command) confirm(ctx context.Context, question string) error {
	terminal := c.terminal()
	if terminal == nil {
		return usageError{errors.New("there is no terminal to ask on: add --yes")}
	}

	// Raw mode leaves the end of a line to the program.
	first, last, _ := strings.Cut(question, "\n")
	c.explainf("%s\n", first)

	reply, err := c.ask(ctx, terminal, func(screen *term.Terminal) (string, error) {
		screen.SetPrompt(last + " [y/N] ")

		return screen.ReadLine()
	})
	if err != nil {
		return err
	}

	switch strings.ToLower(strings.TrimSpace(reply)) {
	case "y", "yes":
		return nil
	}

	return errDeclined
}

// ask puts the terminal into raw mode while it reads a line, and gives it back as it was however that ends: with the
// line, with Ctrl-C or Ctrl-D, or with a signal, which ends the context.
func (c *command) ask(
	ctx context.Context, terminal *os.File, read func(*term.Terminal) (string, error),
) (line string, err error) {
	fd := int(terminal.Fd())

	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("prepare the terminal: %w", err)
	}

	type reply struct {
		line string
		err  error
	}

	replies := make(chan reply, 1)
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{keys{terminal}, c.stderr}, "")

	go func() {
		line, err := read(screen)
		replies <- reply{line, err}
	}()

	select {
	case got := <-replies:
		line, err = got.line, got.err
	case <-ctx.Done():
		err = ctx.Err()
	}

	if restoring := term.Restore(fd, before); restoring != nil && err == nil {
		err = fmt.Errorf("give the terminal back: %w", restoring)
	}

	if err != nil {
		c.explainf("\n")
	}

	if errors.Is(err, io.EOF) {
		err = errLeft
	}

	return line, err
}

// keys ends the input at Ctrl-C and Ctrl-D, wherever in the line they come. It reads a key at a time, so that what
// follows the line stays in the terminal.
type keys struct{ from io.Reader }

// Read implements io.Reader.
func (k keys) Read(p []byte) (int, error) {
	const controlC, controlD = 3, 4

	n, err := k.from.Read(p[:min(len(p), 1)])
	if bytes.ContainsAny(p[:n], string([]byte{controlC, controlD})) {
		return 0, io.EOF
	}

	return n, err
}
