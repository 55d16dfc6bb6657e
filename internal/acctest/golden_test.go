package acctest

import (
	"slices"
	"testing"
)

func TestCombinationsOfDialects(t *testing.T) {
	t.Parallel()

	var names []string
	for _, dialect := range Dialects(t, "U4", "U6") {
		names = append(names, dialect.String())
	}

	slices.Sort(names)

	want := []string{"U4=204", "U4=204,U6=strings", "U4=204,U6=zero_one", "U6=strings", "U6=zero_one", "default"}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
