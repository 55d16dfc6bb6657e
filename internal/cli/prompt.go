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

// errPromptCanceled is the error of a prompt that the user left with Ctrl-C or Ctrl-D.
var errPromptCanceled = errors.New("the prompt was canceled")

// terminal returns the terminal that the user types on, or nil.
func (c *command) terminal() *os.File {
	file, ok := c.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return nil
	}

	return file
}

// clientSecret reads the secret from the environment, or asks for it on the terminal without showing it.
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

// confirm asks a yes/no question and fails unless the reply is yes.
func (c *command) confirm(ctx context.Context, question string) error {
	terminal := c.terminal()
	if terminal == nil {
		return usageError{errors.New("there is no terminal for the prompt: add --yes")}
	}

	// In raw mode, the program writes the line breaks.
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

// ask puts the terminal into raw mode while it reads a line, and restores it in every case: after the
// line, after Ctrl-C or Ctrl-D, and after a signal, which ends the context.
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
		err = fmt.Errorf("restore the terminal: %w", restoring)
	}

	if err != nil {
		c.explainf("\n")
	}

	if errors.Is(err, io.EOF) {
		err = errPromptCanceled
	}

	return line, err
}

// keys ends the input at Ctrl-C and Ctrl-D, anywhere in the line. It reads one key at a time, so that input after the
// line stays in the terminal.
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
