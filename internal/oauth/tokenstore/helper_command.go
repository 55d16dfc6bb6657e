package tokenstore

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

const (
	// HelperTimeout is how long one call of a helper may take.
	HelperTimeout = 30 * time.Second
	// HelperStderr is how many bytes of its standard error are kept.
	HelperStderr     = 2 << 10
	helperStdout     = 4 << 20
	helperPipesClose = time.Second
)

// helperError is a failure of the user's command, in words that contain no secret.
type helperError struct {
	text   string
	exited bool // the command ran and said no, as opposed to a command that could not run or hung
	absent bool // there is no such command
}

func (e *helperError) Error() string { return e.text }

func helperFailed(format string, args ...any) *helperError {
	return &helperError{text: fmt.Sprintf(format, args...)}
}

func isHelperError(err error) bool {
	var failure *helperError

	return errors.As(err, &failure)
}

// Command is the user's command with its fixed arguments.
type Command struct {
	Args    []string
	Timeout func(verb string) time.Duration // nil: helperTimeout
}

// String shows the command for messages. Nobody should pass a secret as an argument; if it looks like one, it is hidden.
func (c Command) String() string { return redact.Untrusted(strings.Join(c.Args, " ")) }

// Call runs the command once and returns what it printed. Its errors say what it wrote to standard error, shortened and
// without anything that looks like a secret.
func (c Command) Call(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	limit := HelperTimeout
	if c.Timeout != nil {
		limit = c.Timeout(args[0])
	}

	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()

	argv := append(append([]string{}, c.Args...), args...)

	//nolint:gosec // running the user's own command is what a helper is for
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	stdout, stderr := &capped{limit: helperStdout}, &capped{limit: HelperStderr}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), stdout, stderr
	cmd.Env = redact.WithoutSecretVariables(os.Environ())
	cmd.WaitDelay = helperPipesClose

	separate(cmd)

	err := cmd.Run()
	if err == nil && !stdout.cut {
		return stdout.kept.Bytes(), nil
	}

	verb := args[0]
	said := ""

	if text := heard(stderr.kept.String(), input, stdout.kept.Bytes()); text != "" {
		said = ": " + text
	}

	var exit *exec.ExitError

	cause := unstarted(err)

	switch {
	case cause != nil:
		return nil, &helperError{text: fmt.Sprintf("it cannot be started (%v)", cause), absent: true}
	case stdout.cut:
		return nil, helperFailed("%s printed more than %d MB", verb, helperStdout>>20)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, helperFailed("%s took longer than %s%s", verb, limit, said)
	case errors.As(err, &exit):
		return nil, &helperError{text: fmt.Sprintf("%s ended with %s%s", verb, exit, said), exited: true}
	}

	return nil, helperFailed("%s: %v%s", verb, err, said)
}

// unstarted returns why a command did not run at all, or nil.
func unstarted(err error) error {
	if missing, ok := errors.AsType[*exec.Error](err); ok {
		return missing.Err
	}

	if refused, ok := errors.AsType[*fs.PathError](err); ok {
		return refused.Err
	}

	return nil
}

// capped keeps the beginning of what is written and remembers that there was more. It is no bytes.Buffer itself, whose
// ReadFrom would pass by the limit.
type capped struct {
	kept  bytes.Buffer
	limit int
	cut   bool
}

func (c *capped) Write(p []byte) (int, error) {
	if room := c.limit - c.kept.Len(); len(p) > room {
		c.cut = true
		c.kept.Write(p[:room])

		return len(p), nil
	}

	return c.kept.Write(p)
}

// heard is what a helper wrote to standard error, fit to be shown. read and printed are its standard input and output.
func heard(stderr string, read, printed []byte) string {
	secrets := slices.Concat(secretsIn(read), secretsIn(printed), redact.SecretVariables(os.Environ()))

	return redact.Untrusted(stderr, secrets...)
}

// secretsIn are the tokens in what a helper reads or prints: the record as a whole, and the tokens in it.
func secretsIn(data []byte) []string {
	var secrets []string

	for part := range bytes.SplitSeq(data, []byte{'"'}) {
		if len(part) <= len("token") {
			continue
		}

		// JSON may be written with escapes that it does not need, and base64 in lines.
		var text string
		if json.Unmarshal(slices.Concat([]byte{'"'}, part, []byte{'"'}), &text) != nil {
			text = string(part)
		}

		secrets = append(secrets, text)

		var r Record

		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err == nil && json.Unmarshal(decoded, &r) == nil {
			secrets = append(secrets, r.AccessToken, r.RefreshToken)
		}
	}

	return secrets
}

// helperStep is the next step after a failure of a helper, for a verb of which something is expected.
func helperStep(err error, verb, expected string) string {
	if failure, ok := errors.AsType[*helperError](err); ok && failure.absent {
		return "Check token_helper (SEPAY_TOKEN_HELPER): its first part has to be a program on this machine that this user may run."
	}

	argument := " and the key"
	if verb == "capabilities" {
		argument = ""
	}

	return "Run the helper by hand with the verb " + verb + argument + ", and make sure that it " + expected + "."
}
