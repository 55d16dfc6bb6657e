package probe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// TestAReportIsADialect loads a report into the simulator, and expects the same report of it.
func TestAReportIsADialect(t *testing.T) {
	t.Parallel()

	mixed := dialects.Pairwise(dialects.Dimensions())[7]
	report := probeAll(t, mixed)

	asJSON, err := report.JSON()
	if err != nil {
		t.Fatal(err)
	}

	path := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(path, asJSON, 0o600); err != nil {
		t.Fatal(err)
	}

	loaded, err := dialects.Load(path)
	if err != nil {
		t.Fatal(err)
	}

	for _, dimension := range dialects.Dimensions() {
		if want := expected(mixed, dimension.ID); want != "" && loaded.Get(dimension.ID) != want {
			t.Errorf("%s is loaded as %q, want %q", dimension.ID, loaded.Get(dimension.ID), want)
		}
	}

	again := probeAll(t, loaded)
	expectAnswers(t, loaded, again)

	for id, variant := range report.Dialect {
		if again.Dialect[id] != variant {
			t.Errorf("%s is %q, and %q of the simulator that speaks the report", id, variant, again.Dialect[id])
		}
	}
}

// TestMarkdownReport compares a whole report. In simulated time, every response takes no time.
func TestMarkdownReport(t *testing.T) {
	t.Parallel()

	var dialect dialects.Dialect
	for id, variant := range map[string]string{"U5": "masked", "U13": "422", "X5": "refused", "O8": "lost"} {
		if err := dialect.Set(id, variant); err != nil {
			t.Fatal(err)
		}
	}

	page := probeAll(t, dialect).Markdown()
	expectGolden(t, "report.md", page)

	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "| U") && strings.Count(line, "|") != 6 {
			t.Errorf("a line of the table has other columns: %s", line)
		}
	}
}
