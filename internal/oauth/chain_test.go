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

// behavior is what a server does with tokens that were used before.
type behavior struct {
	name  string
	apply func(*tokenServer)
}

func behaviors() []behavior {
	return []behavior{
		{"league 8.x", func(s *tokenServer) { s.deadAs401 = true }},
		{"league 9.x", func(*tokenServer) {}},
		{"family revocation", func(s *tokenServer) { s.reuseRevokes = true }},
		{"still alive", func(s *tokenServer) { s.reuseWorks, s.revokesAccess = true, false }},
	}
}

// fate is how a scenario ends.
type fate struct {
	calls, replays int
	lost           bool
}

// scenario is something that happens to a chain. run asserts what the user sees. Its fate is the same with each server,
// except where a spent token had to be sent: "refused" is the fate with a server that refuses it, "family" with one that
// revokes the family as well.
type scenario struct {
	name string
	fate
	refused, family *fate
	run             func(f *fixture)
}

func (s scenario) wants(server *tokenServer) fate {
	switch {
	case server.reuseRevokes && s.family != nil:
		return *s.family
	case !server.reuseWorks && s.refused != nil:
		return *s.refused
	}

	return s.fate
}

// TestTheChainSurvives prints what each server behavior makes of each scenario.
func TestTheChainSurvives(t *testing.T) {
	t.Parallel()

	table := newChainTable(t)

	for _, s := range slices.Concat(slowScenarios(), overwriteScenarios(), nameScenarios(), copyScenarios(), answerScenarios()) {
		for _, b := range behaviors() {
			t.Run(s.name+"/"+b.name, func(t *testing.T) {
				t.Parallel()

				simulated(t, func(f *fixture) {
					b.apply(f.server)
					s.run(f)

					calls, replays := f.server.counts()
					got := fate{calls: calls, replays: replays, lost: !f.chainsAlive()}
					table.add(s.name, b.name, got)

					if want := s.wants(f.server); got != want {
						f.t.Errorf("%+v, want %+v", got, want)
					}
				})
			})
		}
	}
}

// chainsAlive tells whether every authorization that was begun goes on from the store.
func (f *fixture) chainsAlive() bool {
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
		live := append([]string{family.refresh}, family.spent...)
		if !f.server.reuseWorks {
			live = live[:1]
		}

		if len(family.spent) > 0 && (family.dead || !slices.ContainsFunc(stored, func(token string) bool {
			return slices.Contains(live, token)
		})) {
			return false
		}
	}

	return true
}

// chainTable is the report of TestTheChainSurvives.
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
		_, _ = fmt.Fprintln(writer, "scenario\tserver\ttoken calls\treplays\tchain")

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

func (c *chainTable) add(scenario, server string, got fate) {
	c.mu.Lock()
	defer c.mu.Unlock()

	chain := "alive"
	if got.lost {
		chain = "lost"
	}

	c.lines = append(c.lines, fmt.Sprintf("%s\t%s\t%d\t%d\t%s", scenario, server, got.calls, got.replays, chain))
}

// fromHelper is the record in what the test's helper keeps, or the data itself.
func fromHelper(data []byte) []byte {
	var kept struct {
		Token []byte `json:"token"`
	}

	if json.Unmarshal(data, &kept) == nil && len(kept.Token) > 0 {
		return kept.Token
	}

	return data
}
