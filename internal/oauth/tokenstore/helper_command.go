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
	// HelperTimeout is the timeout of one call of a helper.
	HelperTimeout = 30 * time.Second
	// MaxHelperStderr is how many bytes of a helper's standard error are kept.
	MaxHelperStderr = 2 << 10
	maxHelperStdout = 4 << 20
	helperWaitDelay = time.Second
)

// helperError is a failure of the user's command. Its text contains no secret.
type helperError struct {
	text       string
	exited     bool // the command ran and exited with a failure, as opposed to one that did not start or timed out
	notStarted bool // the command could not be started
}

func (e *helperError) Error() string { return e.text }

func helperFailed(format string, args ...any) *helperError {
	return &helperError{text: fmt.Sprintf(format, args...)}
}

func isHelperError(err error) bool {
	var failure *helperError

	return errors.As(err, &failure)
}

// Command is a helper's program with its fixed arguments.
type Command struct {
	Args    []string
	Timeout func(verb string) time.Duration // nil means HelperTimeout
}

// String returns the command for messages, with arguments redacted that look like secrets.
func (c Command) String() string { return redact.Untrusted(strings.Join(c.Args, " ")) }

// Call runs the command once and returns its standard output. Its errors contain the standard error, shortened and redacted.
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
	stdout, stderr := &limitedBuffer{limit: maxHelperStdout}, &limitedBuffer{limit: MaxHelperStderr}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), stdout, stderr
	cmd.Env = redact.WithoutSecretVariables(os.Environ())
	cmd.WaitDelay = helperWaitDelay

	setProcessGroup(cmd)

	err := cmd.Run()
	if err == nil && !stdout.truncated {
		return stdout.kept.Bytes(), nil
	}

	verb := args[0]
	output := ""

	if text := redactStderr(stderr.kept.String(), input, stdout.kept.Bytes()); text != "" {
		output = ": " + text
	}

	var exit *exec.ExitError

	cause := startFailure(err)

	switch {
	case cause != nil:
		return nil, &helperError{text: fmt.Sprintf("it cannot be started (%v)", cause), notStarted: true}
	case stdout.truncated:
		return nil, helperFailed("%s printed more than %d MB", verb, maxHelperStdout>>20)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, helperFailed("%s took longer than %s%s", verb, limit, output)
	case errors.As(err, &exit):
		return nil, &helperError{text: fmt.Sprintf("%s ended with %s%s", verb, exit, output), exited: true}
	}

	return nil, helperFailed("%s: %v%s", verb, err, output)
}

// startFailure returns the cause if the command could not be started, else nil.
func startFailure(err error) error {
	if execErr, ok := errors.AsType[*exec.Error](err); ok {
		return execErr.Err
	}

	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}

	return nil
}

// limitedBuffer keeps the first bytes of what is written. It does not embed bytes.Buffer, whose ReadFrom would bypass the limit.
type limitedBuffer struct {
	kept      bytes.Buffer
	limit     int
	truncated bool
}

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if room := b.limit - b.kept.Len(); len(p) > room {
		b.truncated = true
		b.kept.Write(p[:room])

		return len(p), nil
	}

	return b.kept.Write(p)
}

// redactStderr returns a helper's standard error for a message. stdin and stdout may contain tokens, which it redacts.
func redactStderr(stderr string, stdin, stdout []byte) string {
	secrets := slices.Concat(secretsIn(stdin), secretsIn(stdout), redact.SecretVariables(os.Environ()))

	return redact.Untrusted(stderr, secrets...)
}

// secretsIn returns the secrets in a helper's input or output: the encoded record, and the tokens in it.
func secretsIn(data []byte) []string {
	var secrets []string

	for part := range bytes.SplitSeq(data, []byte{'"'}) {
		if len(part) <= len("token") {
			continue
		}

		// A helper may write needless escapes in JSON, and line breaks in base64.
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

// helperStep returns the next step after a failed verb of a helper. expected is what the verb should do.
func helperStep(err error, verb, expected string) string {
	if failure, ok := errors.AsType[*helperError](err); ok && failure.notStarted {
		return "Check token_helper (SEPAY_TOKEN_HELPER): its first element must be a program on this machine that this user may run."
	}

	argument := " and the key"
	if verb == "capabilities" {
		argument = ""
	}

	return "Run the helper by hand with the verb " + verb + argument + ", and make sure that it " + expected + "."
}
