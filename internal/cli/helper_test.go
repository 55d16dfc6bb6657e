//go:build unix

package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// withHelper returns a testEnv with a token helper, which fails as the modes say.
func withHelper(t *testing.T, options ...simulator.Option) (d *testEnv, mode func(modes string)) {
	t.Helper()

	d = newTestEnv(t, options...)

	script, err := filepath.Abs(filepath.Join("..", "oauth", "testdata", "helper.sh"))
	if err != nil {
		t.Fatal(err)
	}

	d.directory = filepath.Join(t.TempDir(), "stored by the helper")
	if err := os.Mkdir(d.directory, 0o700); err != nil {
		t.Fatal(err)
	}

	mode = func(modes string) {
		d.variables["SEPAY_TOKEN_HELPER"] = "sh '" + script + "' '" + d.directory + "' " + modes
	}
	d.variables["SEPAY_TOKEN_STORE"] = "helper"
	d.variables["SEPAY_TOKEN_STORE_KEY"] = "ci"
	delete(d.variables, "SEPAY_TOKEN_STORE_PATH")
	mode("none")

	return d, mode
}

// verbs are the verbs and keys that the helper received since the last call, without those for locks.
func (d *testEnv) verbs() []string {
	d.t.Helper()

	path := filepath.Join(d.directory, "calls")

	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.t.Fatal(err)
	}

	if err := os.RemoveAll(path); err != nil {
		d.t.Fatal(err)
	}

	var verbs []string

	for line := range strings.Lines(string(text)) {
		if verb, key, ok := strings.Cut(strings.TrimSpace(line), " "); ok && slices.Contains([]string{"get", "store", "forget"}, verb) {
			verbs = append(verbs, verb+" "+key)
		}
	}

	return verbs
}

func (d *testEnv) expectVerbs(want ...string) {
	d.t.Helper()

	if got := d.verbs(); !slices.Equal(got, want) {
		d.t.Errorf("the helper was called for %v, want %v", got, want)
	}
}

// clearOutput clears what was printed.
func (d *testEnv) clearOutput() {
	d.expectNoSecrets()
	d.stdout, d.stderr = &output{}, &output{}
}

func TestASessionWithATokenHelper(t *testing.T) {
	t.Parallel()

	d, _ := withHelper(t)

	d.expect(d.run(t.Context(), "status"), exitFailure, `No sign-in is stored in the token helper`, `under the key "ci"`)
	d.expectVerbs("get ci")
	d.clearOutput()

	d.expect(d.login(), exitOK, "Signed in to SePay", "under the key ci")
	d.expectTokenRequests(1)
	d.verbs()
	d.clearOutput()

	d.expect(d.run(t.Context(), "status"), exitOK, "key ci", "generation 1", "scopes bank-account:read", "under the key ci")
	d.expectVerbs("get ci")
	d.clearOutput()

	d.expect(d.run(t.Context(), "token"), exitOK)
	d.expectVerbs("get ci")
	d.expectTokenRequests(1)

	token := strings.TrimSuffix(d.stdout.String(), "\n")
	if !d.server.AccessTokenAlive(token) {
		t.Error("standard output is not only a valid token")
	}

	d.stdout = &output{}
	d.clearOutput()

	d.expect(d.run(t.Context(), "logout", "--yes"), exitOK, "The sign-in was deleted")
	d.expectVerbs("get ci", "forget ci")
	d.clearOutput()

	d.expect(d.run(t.Context(), "status"), exitFailure, "No sign-in is stored")
	d.clearOutput()
	d.expect(d.run(t.Context(), "token"), exitFailure, "Not signed in to SePay", "--store-key ci")
	d.clearOutput()
	d.expect(d.run(t.Context(), "logout", "--yes"), exitFailure, "no such sign-in is stored in the token helper")

	// Only login has requested a token from SePay.
	d.expectTokenRequests(1)
}

// TestAFailingHelperIsNotTreatedAsAnEmptyStore: if the helper cannot read, each command stops with the cause and a next step,
// and no token is used or deleted.
func TestAFailingHelperIsNotTreatedAsAnEmptyStore(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"token"}, {"logout", "--yes"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()

			d, mode := withHelper(t)
			d.expect(d.login(), exitOK)
			d.verbs()
			d.clearOutput()
			mode("fail-get")

			want := exitFailure
			if args[0] == "logout" {
				want = exitOK // an unreadable record can be deleted
			}

			words := []string{"get ended with exit status 3: vault is sealed", "with the verb get and the key"}
			if args[0] == "logout" {
				words = []string{"The sign-in was deleted"}
			}

			d.expect(d.run(t.Context(), args...), want, words...)
			d.expectTokenRequests(1)

			if _, err := os.Stat(filepath.Join(d.directory, "ci")); (err != nil) != (args[0] == "logout") {
				t.Errorf("the record: %v", err)
			}
		})
	}
}

func TestAMissingHelperIsNamedInTheError(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{"login"}, {"status"}, {"token"}, {"logout", "--yes"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()

			d, _ := withHelper(t)
			d.variables["SEPAY_TOKEN_HELPER"] = "/no/such/helper"

			d.expect(d.run(t.Context(), args...), exitFailure, "/no/such/helper", "cannot be started", "Check token_helper (SEPAY_TOKEN_HELPER)")
			d.expectTokenRequests(0)
		})
	}
}
