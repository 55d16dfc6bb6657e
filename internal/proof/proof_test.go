package proof

import (
	"fmt"
	"testing"
)

func TestAFullRunTriesEachCase(t *testing.T) {
	t.Setenv("SEPAY_TEST_FULL", "1")

	for i := range 100 {
		if !Try(fmt.Sprint("case ", i), 50) {
			t.Fatalf("case %d is left out", i)
		}
	}

	if got := Times(2000, 100); got != 2000 {
		t.Errorf("it tries %d times", got)
	}
}

func TestAShortRunTriesTheSamePartEachTime(t *testing.T) {
	t.Setenv("SEPAY_TEST_FULL", "")

	tried := 0

	for i := range 1000 {
		if Try(fmt.Sprint("from/to/", i), 5) {
			tried++
		}
	}

	// The names decide, so that this holds on each machine.
	if !Try("from/to/2", 5) || Try("from/to/3", 5) {
		t.Error("other cases are tried than before")
	}

	if tried < 150 || tried > 250 {
		t.Errorf("%d of 1000 cases are tried, want about 200", tried)
	}

	if got := Times(2000, 100); got != 100 {
		t.Errorf("it tries %d times", got)
	}
}
