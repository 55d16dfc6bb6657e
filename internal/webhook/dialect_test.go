package webhook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// webhookDimensions are the questions that bear on a webhook's life. U9 to U12 and those with an O are about tokens, U14
// about accounts, and X5 about names, which has tests of its own.
func webhookDimensions() []dialects.Dimension {
	return slices.DeleteFunc(dialects.Dimensions(), func(dimension dialects.Dimension) bool {
		return strings.HasPrefix(dimension.ID, "O") || slices.Contains([]string{"U9", "U10", "U11", "U12", "U14", "X5"}, dimension.ID)
	})
}

// report collects a line for each case and prints the table when the test ends.
type report struct {
	mu    sync.Mutex
	lines []string
	steps int
	begin time.Time
}

func newReport(t *testing.T) *report {
	t.Helper()

	r := &report{begin: time.Now()}
	t.Cleanup(func() {
		proof.Cases(t, max(r.steps, len(r.lines)))
		slices.Sort(r.lines)

		var table strings.Builder

		writer := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
		for _, line := range r.lines {
			_, _ = fmt.Fprintln(writer, line)
		}

		_ = writer.Flush()
		text := fmt.Sprintf("%s: %d cases, %d steps that ended in an empty plan, %.1f s\n%s",
			t.Name(), len(r.lines), r.steps, time.Since(r.begin).Seconds(), &table)
		t.Log(text)

		if directory := os.Getenv("SEPAY_TEST_REPORTS"); directory != "" {
			if err := os.WriteFile(filepath.Join(directory, t.Name()), []byte("\n"+text), 0o600); err != nil {
				t.Error(err)
			}
		}
	})

	return r
}

func (r *report) add(t *testing.T, dialect dialects.Dialect, steps int) {
	t.Helper()

	outcome := "ok"
	if t.Failed() {
		outcome = "FAILED"
	}

	r.linef(steps, "%s\t%d steps\t%s", dialect, steps, outcome)
}

// linef adds a row of the table; steps are those of its case that ended in an empty plan.
func (r *report) linef(steps int, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.steps += steps
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

// rowf adds a line of its own; equal lines are counted as one.
func (r *report) rowf(t *testing.T, format string, args ...any) {
	t.Helper()

	outcome := "ok"
	if t.Failed() {
		outcome = "FAILED"
	}

	r.mu.Lock()
	defer r.mu.Unlock()

	line := fmt.Sprintf(format, args...) + "\t" + outcome
	if !slices.Contains(r.lines, line) {
		r.lines = append(r.lines, line)
	}
}

func TestAWebhookLivesUnderEachVariant(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	for index, dimension := range webhookDimensions() {
		// The first variant of each is the default, which needs to run only once.
		variants := dimension.Variants[1:]
		if index == 0 {
			variants = dimension.Variants
		}

		for _, variant := range variants {
			// The pairs have each variant but the default's life without any other.
			if !proof.Try(dimension.ID+"="+variant, 30) && (index > 0 || variant != variants[0]) {
				continue
			}

			t.Run(dimension.ID+"="+variant, func(t *testing.T) {
				t.Parallel()

				var dialect dialects.Dialect
				if err := dialect.Set(dimension.ID, variant); err != nil {
					t.Fatal(err)
				}

				steps := 0
				defer func() { table.add(t, dialect, steps) }()

				steps = live(t, dialect)
			})
		}
	}
}

// covering are so many of the pairs that each variant is in one of them.
func covering(pairs []dialects.Dialect) []dialects.Dialect {
	seen := map[string]bool{}

	return slices.DeleteFunc(pairs, func(dialect dialects.Dialect) bool {
		known := true

		for _, variant := range strings.FieldsFunc(dialect.String(), func(r rune) bool { return r == ',' || r == ' ' }) {
			known = known && seen[variant]
			seen[variant] = true
		}

		return known
	})
}

func TestAWebhookLivesUnderEachPairOfVariants(t *testing.T) {
	t.Parallel()

	table := newReport(t)

	pairs := dialects.Pairwise(webhookDimensions())
	if !proof.Full() {
		pairs = covering(pairs)
	}

	for _, dialect := range pairs {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			steps := 0
			defer func() { table.add(t, dialect, steps) }()

			steps = live(t, dialect)
		})
	}
}

// Reports of sepay-probe show the dialect of a real service. Each stored one is another dialect.
func TestAWebhookLivesUnderEachReport(t *testing.T) {
	t.Parallel()

	reports, err := filepath.Glob("../simulator/testdata/reports/*.json")
	if err != nil {
		t.Fatal(err)
	}

	if len(reports) == 0 {
		t.Skip("no report of a real service is kept in internal/simulator/testdata/reports")
	}

	table := newReport(t)

	for _, path := range reports {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()

			reported, err := dialects.Load(path)
			if err != nil {
				t.Fatal(err)
			}

			var dialect dialects.Dialect

			for _, dimension := range webhookDimensions() {
				if err := dialect.Set(dimension.ID, reported.Get(dimension.ID)); err != nil {
					t.Fatal(err)
				}
			}

			steps := 0
			defer func() { table.add(t, dialect, steps) }()

			steps = live(t, dialect)
		})
	}
}
