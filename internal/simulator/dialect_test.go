package simulator_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestDialectsAreReadAndWritten(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"":                       "default",
		"default":                "default",
		"U1=data":                "default",
		"U5=masked, U1=root":     "U1=root,U5=masked",
		"X4=coupled,U18=trimmed": "U18=trimmed,X4=coupled",
	} {
		dialect, err := simulator.ParseDialect(text)
		if err != nil || dialect.String() != want {
			t.Errorf("%q: %s, %v", text, dialect, err)
		}
	}

	for _, text := range []string{"U1", "U1=strange", "U19=data", "U1=root;U2=201"} {
		if _, err := simulator.ParseDialect(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestEveryVariantCanBeChosen(t *testing.T) {
	t.Parallel()

	for _, dimension := range simulator.Dimensions() {
		for i, variant := range dimension.Variants {
			var dialect simulator.Dialect
			if err := dialect.Set(dimension.ID, variant); err != nil {
				t.Error(err)
			}

			want := dimension.ID + "=" + variant
			if i == 0 {
				want = "default"
			}

			if dialect.String() != want || dialect.Get(dimension.ID) != variant {
				t.Errorf("%s=%s became %s", dimension.ID, variant, dialect)
			}
		}
	}

	if got := simulator.New().Dialect().Get("U6"); got != "native" {
		t.Errorf("U6 is %q by default", got)
	}
}

func TestPairwiseLetsEveryVariantMeetEveryOther(t *testing.T) {
	t.Parallel()

	dimensions := simulator.Dimensions()
	dialects := simulator.Pairwise(dimensions)
	met := map[string]bool{}

	for _, dialect := range dialects {
		for i, left := range dimensions {
			for _, right := range dimensions[:i] {
				met[fmt.Sprint(left.ID, dialect.Get(left.ID), right.ID, dialect.Get(right.ID))] = true
			}
		}
	}

	pairs := 0

	for i, left := range dimensions {
		for _, right := range dimensions[:i] {
			for _, l := range left.Variants {
				for _, r := range right.Variants {
					pairs++

					if !met[fmt.Sprint(left.ID, l, right.ID, r)] {
						t.Errorf("%s=%s never meets %s=%s", left.ID, l, right.ID, r)
					}
				}
			}
		}
	}

	// The two largest questions have 7 and 4 variants, so that 28 is the least.
	if len(dialects) > 40 || dialects[0].String() != "default" {
		t.Errorf("%d dialects, the first is %s", len(dialects), dialects[0])
	}

	t.Logf("%d pairs in %d dialects", pairs, len(dialects))
}
