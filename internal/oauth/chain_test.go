//go:build unix

package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// behavior is how a server responds to reused refresh tokens.
type behavior struct {
	name  string
	apply func(*tokenServer)
}

func behaviors() []behavior {
	return []behavior{
		{"league/oauth2-server 8.x", func(s *tokenServer) { s.invalidAs401 = true }},
		{"league/oauth2-server 9.x", func(*tokenServer) {}},
		{"reuse revokes the family", func(s *tokenServer) { s.reuseRevokes = true }},
		{"reuse is accepted", func(s *tokenServer) { s.reuseWorks, s.revokesAccess = true, false }},
	}
}

// result is how a scenario ends.
type result struct {
	requests, replays int
	lost              bool
}

// scenario is a sequence of events for a chain. run asserts what the user sees. The result is the same with each server, except
// if a spent token has to be sent: rejected is the result if the server rejects it, and revoked if it also revokes the family.
type scenario struct {
	name string
	result
	rejected, revoked *result
	run               func(f *fixture)
}

func (s scenario) want(server *tokenServer) result {
	switch {
	case server.reuseRevokes && s.revoked != nil:
		return *s.revoked
	case !server.reuseWorks && s.rejected != nil:
		return *s.rejected
	}

	return s.result
}

// TestChainSurvivesServerFaults prints the result of each scenario with each server behavior.
func TestChainSurvivesServerFaults(t *testing.T) {
	t.Parallel()

	table := newChainTable(t)

	for _, s := range slices.Concat(slowScenarios(), overwriteScenarios(), nameScenarios(), copyScenarios(), responseScenarios()) {
		for _, b := range behaviors() {
			t.Run(s.name+"/"+b.name, func(t *testing.T) {
				t.Parallel()

				simulated(t, func(f *fixture) {
					b.apply(f.server)
					s.run(f)

					requests, replays := f.server.counts()
					got := result{requests: requests, replays: replays, lost: !f.chainsValid()}
					table.add(s.name, b.name, got)

					if want := s.want(f.server); got != want {
						f.t.Errorf("%+v, want %+v", got, want)
					}
				})
			})
		}
	}
}

// chainsValid reports whether the stores have a valid refresh token of every authorization that was used.
func (f *fixture) chainsValid() bool {
	f.t.Helper()

	var stored []string

	for _, directory := range []string{f.dir, f.helperDirectory(), f.env.TempDir()} {
		err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}

			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}

			if r, err := tokenstore.Decode(fromHelper(data)); err == nil && !r.IsRejected() {
				stored = append(stored, r.RefreshToken)
			}

			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.t.Error(err)
		}
	}

	f.server.mu.Lock()
	defer f.server.mu.Unlock()

	for _, family := range f.server.families {
		valid := append([]string{family.refresh}, family.spent...)
		if !f.server.reuseWorks {
			valid = valid[:1]
		}

		if len(family.spent) > 0 && (family.revoked || !slices.ContainsFunc(stored, func(token string) bool {
			return slices.Contains(valid, token)
		})) {
			return false
		}
	}

	return true
}

// chainTable is the report of TestChainSurvivesServerFaults.
type chainTable struct {
	mu    sync.Mutex
	lines []string
}

func newChainTable(t *testing.T) *chainTable {
	t.Helper()

	table := &chainTable{}

	t.Cleanup(func() {
		slices.Sort(table.lines)

		var text bytes.Buffer

		writer := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(writer, "scenario\tserver\ttoken requests\treplays\tchain")

		for _, line := range table.lines {
			_, _ = fmt.Fprintln(writer, line)
		}

		_ = writer.Flush()
		t.Log("\n" + text.String())

		if directory := os.Getenv("SEPAY_TEST_REPORTS"); directory != "" {
			report := fmt.Sprintf("\n%s\n%s", t.Name(), &text)
			if err := os.WriteFile(filepath.Join(directory, t.Name()), []byte(report), 0o600); err != nil {
				t.Error(err)
			}
		}
	})

	return table
}

func (c *chainTable) add(scenario, server string, got result) {
	c.mu.Lock()
	defer c.mu.Unlock()

	chain := "valid"
	if got.lost {
		chain = "lost"
	}

	c.lines = append(c.lines, fmt.Sprintf("%s\t%s\t%d\t%d\t%s", scenario, server, got.requests, got.replays, chain))
}

// fromHelper returns the record in a file of the test's helper, or the data itself.
func fromHelper(data []byte) []byte {
	var stored struct {
		Token []byte `json:"token"`
	}

	if json.Unmarshal(data, &stored) == nil && len(stored.Token) > 0 {
		return stored.Token
	}

	return data
}
