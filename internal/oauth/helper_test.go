//go:build unix

package oauth

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// helper returns a store whose command stores files. modes select its faults.
func (f *fixture) helper(modes ...string) *tokenstore.Helper {
	f.t.Helper()

	dir := f.helperDirectory()
	if err := os.MkdirAll(dir, tokenstore.PrivateDirectory); err != nil {
		f.t.Fatal(err)
	}

	script, err := filepath.Abs("testdata/helper.sh")
	if err != nil {
		f.t.Fatal(err)
	}

	return &tokenstore.Helper{
		Command: tokenstore.Command{Args: []string{"sh", script, dir, strings.Join(append(modes, "none"), ",")}},
		Lock:    tokenstore.LocalLock{f.dir + "-locks"},
	}
}

func (f *fixture) helperDirectory() string { return f.dir + " of $(helper); 'x'" } // a path that a shell would misinterpret

// verbs returns the verbs that the helper was called with, and their keys.
func (f *fixture) verbs() []string {
	f.t.Helper()

	text, err := os.ReadFile(filepath.Join(f.helperDirectory(), "calls"))
	if err != nil {
		f.t.Fatal(err)
	}

	f.record(string(text)) // arguments and environment must contain no secret

	var verbs []string

	for line := range strings.Lines(string(text)) {
		if verb, key, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.Contains(line, "=") {
			if len(key) == len(tokenstore.RecordName("", "", "", "")) {
				key = "SEED"
			}

			verbs = append(verbs, verb+" "+key)
		} else if verb == "capabilities" {
			verbs = append(verbs, verb)
		}
	}

	return verbs
}

func TestHelperKeepsTheChainAcrossProcesses(t *testing.T) {
	t.Parallel()

	for name, key := range map[string]string{"with a key": "ci/production", "without a key": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			if err := os.MkdirAll(filepath.Join(f.helperDirectory(), "ci"), tokenstore.PrivateDirectory); err != nil {
				t.Fatal(err)
			}

			seed := f.server.authorize()
			f.token(f.source(seed, withStore(f.helper()), withKey(key)), "")
			f.token(f.source("", withStore(f.helper()), withKey(key)), "")
			f.advance(2 * time.Hour)
			f.token(f.source("", withStore(f.helper()), withKey(key)), "")
			f.token(f.source(seed, withStore(f.helper()), withKey(key)), "")
			f.server.expectRequests(t, 2, 0)

			if verbs := f.verbs(); key != "" && !slices.Contains(verbs, "store "+key) {
				t.Errorf("the user's key was not passed to the helper: %v", verbs)
			}
		})
	}
}

func TestNewRefreshTokenWithAHelperKeepsTheOldChain(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	store, key := withStore(f.helper()), withKey("ci")
	first, second := f.server.authorize(), f.server.authorize()

	for range 2 {
		f.token(f.source(first, store, key), "")
		f.token(f.source(second, store, key), "")
		f.advance(2 * time.Hour)
	}

	f.token(f.source("", store, key), "")
	f.server.expectRequests(t, 5, 0)
}

func TestHelperLockIsAcquiredAndReleased(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.token(f.source(f.server.authorize(), withStore(f.helper("lock")), withKey("ci")), "")

	// A run with another key finds this chain through the note under the seed's own name.
	want := []string{
		"get ci", "get SEED", "capabilities", "lock ci", "lock SEED", "get ci", "get SEED", "get SEED", "store SEED", "store ci",
		"get ci", "store ci", "unlock SEED", "unlock ci",
	}
	if verbs := f.verbs(); !slices.Equal(verbs, want) {
		t.Errorf("verbs %v, want %v", verbs, want)
	}

	// After that, only one record is used.
	f.advance(2 * time.Hour)
	f.token(f.source("", withStore(f.helper("lock")), withKey("ci")), "")

	want = append(want, "get ci", "capabilities", "lock ci", "get ci", "store ci", "get ci", "store ci", "unlock ci")
	if verbs := f.verbs(); !slices.Equal(verbs, want) {
		t.Errorf("verbs %v, want %v", verbs, want)
	}
}

func TestRunsWithAHelperMakeOneTokenRequest(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	f.server.reuseRevokes = true
	seed := f.server.authorize()

	var wg sync.WaitGroup

	for range 6 {
		s := f.source(seed, withStore(f.helper()), withKey("ci"))

		wg.Go(func() {
			if _, err := s.Token(t.Context(), ""); err != nil {
				t.Errorf("Token: %v", err)
			}
		})
	}

	wg.Wait()
	f.server.expectRequests(t, 1, 0)
}

func TestFailedHelperIsNotTreatedAsEmpty(t *testing.T) {
	t.Parallel()

	for _, tc := range []struct {
		mode, want string
		code       diagnostic.Code
	}{
		{mode: "fail-get", want: "exit status 3: vault is sealed", code: diagnostic.CodeStoreRead},
		{mode: "garbage", want: "no JSON object", code: diagnostic.CodeStoreRead},
		{mode: "silent", want: "no JSON object", code: diagnostic.CodeStoreRead},
		{mode: "not-base64", want: "not base64", code: diagnostic.CodeStoreRead},
		{mode: "hang-get", want: "took longer than", code: diagnostic.CodeStoreRead},
		{mode: "loud-get", want: "exit status 4: noise", code: diagnostic.CodeStoreRead},
		{mode: "fail-store", want: "exit status 3", code: diagnostic.CodeStoreWrite},
		{mode: "hang-store", want: "took longer than", code: diagnostic.CodeStoreWrite},
		{mode: "hang-capabilities,lock", want: "took longer than", code: diagnostic.CodeLock},
		{mode: "fail-capabilities,lock", want: "capabilities ended with exit status 3", code: diagnostic.CodeLock},
		{mode: "get-null", want: "get printed no JSON object", code: diagnostic.CodeStoreRead},
		{mode: "get-token-null", want: "neither {} nor", code: diagnostic.CodeStoreRead},
		{mode: "get-token-empty", want: "neither {} nor", code: diagnostic.CodeStoreRead},
		{mode: "get-errors", want: "neither {} nor", code: diagnostic.CodeStoreRead},
		{mode: "get-data", want: "neither {} nor", code: diagnostic.CodeStoreRead},
	} {
		t.Run(tc.mode, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			store := f.helper(tc.mode)
			store.Command.Timeout = func(verb string) time.Duration {
				if strings.HasPrefix(tc.mode, "hang-"+verb) {
					return 200 * time.Millisecond
				}

				return tokenstore.HelperTimeout
			}

			failure := f.failure(f.source(seed, withStore(store), withKey("ci")), "", tc.code)
			if !strings.Contains(failure.Detail, tc.want) || !strings.Contains(failure.Detail, "not lost") {
				t.Errorf("unexpected: %v", failure)
			}

			if len(failure.Detail) > tokenstore.MaxHelperStderr+1000 {
				t.Errorf("the error has %d characters", len(failure.Detail))
			}

			f.server.expectRequests(t, 0, 0)
		})
	}
}

func TestSecretsInHelperErrorsAreRedacted(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	store := f.helper("fail-second-store")
	s := f.source(f.server.authorize(), withStore(store), withKey("ci"))
	f.token(s, "")

	warnings := s.TakeWarnings()
	if len(warnings) != 1 || !strings.Contains(warnings[0].Detail, redact.Marker) {
		t.Fatalf("warnings: %v", warnings)
	}

	f.record(warnings[0].Detail)

	stored, err := os.ReadFile(filepath.Join(f.helperDirectory(), "ci"))
	if err != nil {
		t.Fatal(err)
	}

	// When get fails, the provider does not know the stored tokens.
	failure := f.failure(f.source("", withStore(f.helper("fail-get")), withKey("ci")), "", diagnostic.CodeStoreRead)
	if encoded := strings.Split(string(stored), `"`)[3]; strings.Contains(failure.Detail, encoded[:60]) {
		t.Errorf("the stored token is quoted: %v", failure)
	}
}

func TestMissingHelperIsNamed(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	store := &tokenstore.Helper{Command: tokenstore.Command{Args: []string{"/no/such/helper"}}, Lock: tokenstore.LocalLock{f.dir}}

	failure := f.failure(f.source("seed", withStore(store)), "", diagnostic.CodeStoreRead)
	if !strings.Contains(failure.Detail, "/no/such/helper") {
		t.Errorf("unexpected: %v", failure)
	}
}

func TestLoginWithAHelper(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	options := f.loginOptions()
	options.Store = f.helper("lock")
	f.login(options)
	f.token(f.source("", withStore(f.helper("lock"))), "")
	f.server.expectRequests(t, 1, 0)
}

func TestDecodedTokensInHelperErrorsAreRedacted(t *testing.T) {
	t.Parallel()

	for _, verb := range []string{"get", "store"} {
		f := newFixture(t)
		seed := f.server.authorize()
		f.token(f.source(seed, withStore(f.helper()), withKey("ci")), "")
		f.advance(2 * time.Hour)

		// The helper decodes the record and prints the tokens to standard error.
		failure := f.failure(f.source(seed, withStore(f.helper("echo-"+verb)), withKey("ci")), "",
			map[string]diagnostic.Code{"get": diagnostic.CodeStoreRead, "store": diagnostic.CodeStoreWrite}[verb])
		f.server.expectNoSecret(t, failure.Detail)

		if !strings.Contains(failure.Detail, "the service said") || !strings.Contains(failure.Detail, redact.Marker) {
			t.Errorf("%s: %s", verb, failure.Detail)
		}
	}
}

func TestHelperNeedsNoHomeDirectory(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	file := filepath.Join(t.TempDir(), "file")

	if err := os.WriteFile(file, nil, tokenstore.PrivateFile); err != nil {
		t.Fatal(err)
	}

	// The first directory cannot be used, as in a container with a read-only home.
	store := f.helper()
	store.Lock = tokenstore.LocalLock{filepath.Join(file, "locks"), f.dir + "-locks"}
	f.token(f.source(f.server.authorize(), withStore(store), withKey("ci")), "")
	f.server.expectRequests(t, 1, 0)

	unlock, _, err := store.Lock.Try(t.Context(), "name")
	if err != nil || unlock == nil {
		t.Fatalf("no lock: %v", err)
	}
	defer unlock()

	if second, _, err := (tokenstore.LocalLock{f.dir + "-locks"}).Try(t.Context(), "name"); err != nil || second != nil {
		t.Errorf("two processes hold the lock: %v", err)
	}
}

// TestHelperLockBelongsToItsOwner asserts that lock and unlock of an exchange have the same owner, which no other exchange has.
func TestHelperLockBelongsToItsOwner(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()

	for range 2 {
		f.token(f.source(seed, withStore(f.helper("lock")), withKey("ci")), "")
		f.advance(2 * time.Hour)
	}

	text, err := os.ReadFile(filepath.Join(f.helperDirectory(), "owners"))
	if err != nil {
		t.Fatal(err)
	}

	owners := map[string][]string{}

	for line := range strings.Lines(string(text)) {
		verb, owner, _ := strings.Cut(strings.TrimSpace(line), " ")
		owners[owner] = append(owners[owner], verb)
	}

	// The first exchange of a seed locks two names, later ones lock one.
	if len(owners) != 3 {
		t.Errorf("owners: %v", owners)
	}

	for owner, verbs := range owners {
		if !strings.Contains(owner, `"owner":"process `) || !slices.Equal(verbs, []string{"lock", "unlock"}) {
			t.Errorf("%s: %v", owner, verbs)
		}
	}
}
