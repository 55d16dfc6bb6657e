package tokenstore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// Helper is a store that runs a command of the user. It uses the verbs of Terraform's credentials helpers (get, store,
// forget), so that an existing helper needs few changes, and adds capabilities, lock and unlock.
type Helper struct {
	Command Command
	Lock    LocalLock // among the processes of this machine, whether or not the helper has locks

	mu       sync.Mutex
	canLock  *bool // the result of `capabilities`; nil before the first call
	warnings diagnostic.Warnings
}

// OpenHelper returns a store that runs a command without a shell. argv is the program and its arguments; a verb and a key are
// appended. Secrets are passed on standard input and output only.
func OpenHelper(argv []string) Store {
	return &Helper{Command: Command{Args: argv}, Lock: helperLocks()}
}

// String implements Store.
func (h *Helper) String() string { return fmt.Sprintf("the token helper `%s`", h.Command) }

// Location implements Store.
func (h *Helper) Location(name string) string {
	return fmt.Sprintf("%s under the key %s", h.String(), name)
}

// Name implements Store. It returns the user's key unchanged. Without a key the first authorization of a client gets the
// default name, which does not depend on a refresh token, because a helper cannot list.
func (h *Helper) Name(tokenURL, clientID, key, _ string) string {
	if key != "" {
		return key
	}

	return KeyName(tokenURL, clientID, DefaultKey)
}

// Load implements Store.
func (h *Helper) Load(ctx context.Context, name string) ([]byte, error) {
	out, err := h.Command.Call(ctx, nil, "get", name)
	if err != nil {
		return nil, err
	}

	return parseRecord(out)
}

// parseRecord parses the output of get. It returns nil for {}. Anything but {} or a token is a failure that the helper did not
// report. Accepting it as "nothing stored" would send the seed again.
func parseRecord(out []byte) ([]byte, error) {
	got, err := helperResponse("get", out)
	if err != nil || len(got) == 0 {
		return nil, err
	}

	var token string
	if json.Unmarshal(got["token"], &token) != nil || token == "" {
		return nil, helperFailed("get printed a JSON object that is neither {} nor {\"token\":\"…\"}")
	}

	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(token), ""))
	if err != nil || len(data) == 0 {
		return nil, helperFailed("get printed a token that is not base64")
	}

	return data, nil
}

// helperResponse parses the JSON object that a verb must print.
func helperResponse(verb string, out []byte) (map[string]json.RawMessage, error) {
	var got map[string]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil || got == nil {
		return nil, helperFailed("%s printed no JSON object", verb)
	}

	return got, nil
}

// Save implements Store.
func (h *Helper) Save(ctx context.Context, name string, data, _ []byte) error {
	input, err := json.Marshal(map[string]string{"token": base64.StdEncoding.EncodeToString(data)})
	if err != nil {
		return err
	}

	_, err = h.Command.Call(ctx, input, "store", name)

	return err
}

// Remove implements Store.
func (h *Helper) Remove(ctx context.Context, name string) error {
	_, err := h.Command.Call(ctx, nil, "forget", name)

	return err
}

// Lists implements Store.
func (h *Helper) Lists() bool { return false }

// List implements Store.
func (h *Helper) List(context.Context) ([]string, error) { return nil, nil }

// TakeWarnings implements Store.
func (h *Helper) TakeWarnings() []diagnostic.Warning {
	return h.warnings.Take()
}
