package oauth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// helperStore keeps records with a command that the user provides. It speaks the verbs of Terraform's credentials
// helpers (get, store, forget), so that an existing one needs few changes, and two of our own for locks.
type helperStore struct {
	run  helperCommand
	lock localLock // among the processes of this machine, whatever the helper can do

	mu       sync.Mutex
	canLock  *bool // what `capabilities` said, once it was asked
	warnings warnings
}

// OpenHelperStore keeps records with a command, given as a list of arguments; a verb and a key are appended. No shell
// is involved. Secrets travel on its standard input and output only.
func OpenHelperStore(argv []string) Store {
	return &helperStore{run: helperCommand{argv: argv}, lock: helperLock()}
}

func (h *helperStore) String() string { return fmt.Sprintf("the token helper `%s`", h.run) }

func (h *helperStore) location(name string) string {
	return fmt.Sprintf("%s under the key %s", h.String(), name)
}

// name passes the user's key on unchanged. Without one the first authorization of a client has a name that needs no
// refresh token to be found, because a helper cannot list; others have names of their own.
func (h *helperStore) name(tokenURL, clientID, key, _ string) string {
	if key != "" {
		return key
	}

	return keyName(tokenURL, clientID, DefaultKey)
}

func (h *helperStore) load(ctx context.Context, name string) ([]byte, error) {
	out, err := h.run.call(ctx, nil, "get", name)
	if err != nil {
		return nil, err
	}

	// Anything but {} and a token is a helper that failed without reporting it, and must not pass for "nothing stored": the
	// seed would be sent again.
	got, err := helperAnswer("get", out)
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

// helperAnswer is the one JSON object that a verb must print.
func helperAnswer(verb string, out []byte) (map[string]json.RawMessage, error) {
	var got map[string]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil || got == nil {
		return nil, helperFailed("%s printed no JSON object", verb)
	}

	return got, nil
}

func (h *helperStore) save(ctx context.Context, name string, data, _ []byte) error {
	input, err := json.Marshal(map[string]string{"token": base64.StdEncoding.EncodeToString(data)})
	if err != nil {
		return err
	}

	_, err = h.run.call(ctx, input, "store", name)

	return err
}

func (h *helperStore) remove(ctx context.Context, name string) error {
	_, err := h.run.call(ctx, nil, "forget", name)

	return err
}

func (h *helperStore) lists() bool { return false }

func (h *helperStore) list(context.Context) ([]string, error) { return nil, nil }

func (h *helperStore) takeWarnings() []Warning {
	return h.warnings.take()
}
