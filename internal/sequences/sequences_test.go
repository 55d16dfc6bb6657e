package sequences_test

import (
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func TestMain(m *testing.M) {
	flag.Parse()

	// Failures are printed with what to replay them with.
	settings := map[string]string{"rapid.checks": strconv.Itoa(proof.Times(2000, 100)), "rapid.nofailfile": "true"}
	if !proof.Full() {
		settings["rapid.seed"] = "14"
	}

	for name, value := range settings {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}

	remove := acctest.OwnCache()
	code := m.Run()

	remove()
	os.Exit(code)
}

// Whatever happens to two webhooks, two applies after it lead to exactly what is declared, and an empty plan.
//
//nolint:paralleltest // Each sequence has goroutines of its own that are waited for.
func TestAnySequenceEndsInWhatIsDeclared(t *testing.T) {
	if text := os.Getenv("SEPAY_TEST_SEQUENCE"); text != "" {
		var again sequence
		if err := json.Unmarshal([]byte(text), &again); err != nil {
			t.Fatal(err)
		}

		for _, wrong := range again.play(t) {
			t.Error(wrong)
		}

		return
	}

	tried := 0

	rapid.Check(t, func(rt *rapid.T) {
		tried++

		s := sequences().Draw(rt, "sequence")
		if wrong := s.play(t); len(wrong) > 0 {
			rt.Fatalf("%s\n%s", s, strings.Join(wrong, "\n"))
		}
	})

	proof.Cases(t, tried)
}

// play returns what went wrong.
func (s sequence) play(t *testing.T) (wrong []string) {
	t.Helper()

	dialect, err := dialects.Parse(s.Dialect)
	if err != nil {
		t.Fatal(err)
	}

	synctest.Test(t, func(*testing.T) {
		w, end := newWorld(dialect, acctest.NextAddress())
		defer end()

		guarded(func() {
			for _, step := range s.Steps {
				w.take(step)
			}

			w.settle()
			w.secrets()
			w.judge()
		})

		wrong = w.wrong
	})

	return wrong
}
