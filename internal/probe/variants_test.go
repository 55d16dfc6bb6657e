package probe

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// expected returns the expected variant for a dialect, or "" if it is undetermined.
func expected(dialect dialects.Dialect, id string) string {
	variant := dialect.Get(id)

	switch {
	case id == "O7",
		id == "U16" && variant != "2",
		id == "U10" && dialect.Get("U12") == "keeps",
		id == "X1" && dialect.Get("U7") == "2025" && dialect.Get("U17") == "ignored",
		id == "X4" && dialect.Get("U7") == "2025":
		return ""
	}

	return variant
}

// probeAll runs a complete probe against a service with a dialect, in simulated time.
func probeAll(t *testing.T, dialect dialects.Dialect) (report *Report) {
	t.Helper()

	simulated(t, dialect, func(s *service) {
		t := s.T
		s.SeedWebhooks(2)

		before := s.Webhooks()

		var err error
		if report, err = Run(t.Context(), s.options()); err != nil {
			t.Fatal(err)
		}

		if after := s.Webhooks(); fmt.Sprintf("%+v", after) != fmt.Sprintf("%+v", before) {
			t.Errorf("the webhooks are %v, before %v", after, before)
		}

		if counted := s.Counters().Requests - 2; counted != report.Requests || counted > MaxRequests { // 2 for the browser
			t.Errorf("%d requests, the report says %d", counted, report.Requests)
		}
	})

	return report
}

// TestProbeNamesEveryVariant uses each variant of each question, alone, and expects the probe to report it.
func TestProbeNamesEveryVariant(t *testing.T) {
	t.Parallel()

	var table strings.Builder

	for _, dimension := range dialects.Dimensions() {
		for _, variant := range dimension.Variants {
			var dialect dialects.Dialect
			if err := dialect.Set(dimension.ID, variant); err != nil {
				t.Fatal(err)
			}

			report := probeAll(t, dialect)
			answer := report.answer(dimension.ID)
			want := expected(dialect, dimension.ID)

			fmt.Fprintf(&table, "%-4s %-17s %-14s %-17s %s\n", dimension.ID, variant, answer.Result, answer.Variant, answer.Reason)
			expectAnswers(t, dialect, report)

			if want == "" && answer.Reason == "" {
				t.Errorf("%s=%s: no reason why it cannot be told", dimension.ID, variant)
			}
		}
	}

	expectGolden(t, "variants", table.String())
}

// expectAnswers compares every answer of a report with the dialect.
func expectAnswers(t *testing.T, dialect dialects.Dialect, report *Report) {
	t.Helper()

	for _, dimension := range dialects.Dimensions() {
		answer, want := report.answer(dimension.ID), expected(dialect, dimension.ID)

		switch {
		case want == "" && answer.Result == Undetermined && report.Dialect[dimension.ID] == "":
		case want == "" || answer.Result != Answered || answer.Variant != want || report.Dialect[dimension.ID] != want:
			t.Errorf("%v: %s is %s %q (%s), want %q", dialect, dimension.ID, answer.Result, answer.Variant, answer.Reason, want)
		}
	}
}

// TestProbeNamesEveryVariantInCombinations uses dialects that combine the variants of all questions.
func TestProbeNamesEveryVariantInCombinations(t *testing.T) {
	t.Parallel()

	// Two orders of the questions give two different sets of combinations.
	dimensions := dialects.Dimensions()
	combinations := dialects.Pairwise(dimensions)

	slices.Reverse(dimensions)

	combinations = append(combinations, dialects.Pairwise(dimensions)...)
	if len(combinations) < 50 {
		t.Errorf("%d combinations", len(combinations))
	}

	for _, dialect := range combinations {
		expectAnswers(t, dialect, probeAll(t, dialect))
	}
}

// TestQuestionsMatchThoseOfTheSimulator compares the names of the report with those of the simulator.
func TestQuestionsMatchThoseOfTheSimulator(t *testing.T) {
	t.Parallel()

	var ours, theirs []string

	for _, question := range questions() {
		ours = append(ours, question.id+" "+strings.Join(question.variants, " "))

		for _, variant := range question.variants {
			if meaning(question.id, variant) == "" {
				t.Errorf("%s=%s has no meaning in words", question.id, variant)
			}
		}
	}

	for _, dimension := range dialects.Dimensions() {
		theirs = append(theirs, dimension.ID+" "+strings.Join(dimension.Variants, " "))
	}

	if !slices.Equal(ours, theirs) {
		t.Errorf("the probe has\n%s\nthe simulator has\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
	}
}

func expectGolden(t *testing.T, name, got string) {
	t.Helper()

	path := filepath.Join("testdata", name)
	if filepath.Ext(name) == "" {
		path += ".golden"
	}

	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./internal/probe -update", err)
	}

	if strings.ReplaceAll(string(want), "\r\n", "\n") != got {
		t.Errorf("it is not %s:\n%s", path, got)
	}
}
