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

// Helper keeps records with a command that the user provides. It speaks the verbs of Terraform's credentials
// helpers (get, store, forget), so that an existing one needs few changes, and two of our own for locks.
type Helper struct {
	Command Command
	Lock    LocalLock // among the processes of this machine, whatever the helper can do

	mu       sync.Mutex
	canLock  *bool // what `capabilities` said, once it was asked
	warnings diagnostic.Warnings
}

// OpenHelper keeps records with a command, given as a list of arguments; a verb and a key are appended. No shell
// is involved. Secrets travel on its standard input and output only.
func OpenHelper(argv []string) Store {
	return &Helper{Command: Command{Args: argv}, Lock: helperLocks()}
}

// String implements Store.
func (h *Helper) String() string { return fmt.Sprintf("the token helper `%s`", h.Command) }

// Location implements Store.
func (h *Helper) Location(name string) string {
	return fmt.Sprintf("%s under the key %s", h.String(), name)
}

// Name passes the user's key on unchanged. Without one the first authorization of a client has a name that needs no
// refresh token to be found, because a helper cannot list; others have names of their own.
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

	return recordIn(out)
}

// recordIn reads what get printed, nil for {}. Anything but {} and a token is a helper that failed without reporting it, and
// must not pass for "nothing stored": the seed would be sent again.
func recordIn(out []byte) ([]byte, error) {
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

// helperResponse is the one JSON object that a verb must print.
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
