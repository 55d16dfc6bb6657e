package proof

import (
	"fmt"
	"testing"
)

func TestAFullRunTriesEachCase(t *testing.T) {
	t.Setenv("SEPAY_TEST_FULL", "1")

	for i := range 100 {
		if !Try(fmt.Sprint("case ", i), 50) || !Turn(i, 50) {
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

	for row := range 5 {
		var tried []int

		for column := range 3 {
			if Turn(row+column, 3) {
				tried = append(tried, column)
			}
		}

		if len(tried) != 1 || tried[0] != (3-row%3)%3 {
			t.Errorf("of row %d the columns %v are tried, want one, and the next row another", row, tried)
		}
	}

	if got := Times(2000, 100); got != 100 {
		t.Errorf("it tries %d times", got)
	}
}
