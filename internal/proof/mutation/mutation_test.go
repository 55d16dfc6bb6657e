package mutation_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof/mutation"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof/promise"
)

const root = "../../.."

func TestEveryMutationAppliesToTheCode(t *testing.T) {
	t.Parallel()

	rooms := map[string]int{}

	for _, m := range mutation.All() {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.File)))
		if err != nil {
			t.Error(err)
		} else if n := strings.Count(string(source), m.Old); n != 1 {
			t.Errorf("%s has %d places with %q: adapt the mutation to the code", m.File, n, m.Old)
		}

		if m.Old == m.New {
			t.Errorf("%v changes nothing", m)
		}

		rooms[filepath.Dir(m.File)]++
	}

	if n := len(mutation.All()); n < 40 {
		t.Errorf("there are %d mutations, want 40 at least", n)
	}

	for _, room := range []string{"internal/sepay", "internal/webhook", "internal/oauth", "internal/redact", "internal/coalesce"} {
		if rooms[room] < 5 {
			t.Errorf("%s has %d mutations, want 5 at least", room, rooms[room])
		}
	}
}

func TestTheSampleHasMutationsOfEachRoom(t *testing.T) {
	t.Parallel()

	declared, err := promise.Declared(root)
	if err != nil {
		t.Fatal(err)
	}

	rooms := map[string]bool{}

	for _, m := range mutation.Sample() {
		rooms[filepath.Dir(m.File)] = true

		// go test passes when it finds no test of that name, and the mutation would seem to survive.
		_, pattern, _ := strings.Cut(m.Tests, " -run ^")
		if name := strings.TrimSuffix(pattern, "$"); declared[name] == nil {
			t.Errorf("the test that notices %v does not exist: %q", m, name)
		}
	}

	if len(rooms) < 5 {
		t.Errorf("the sample has mutations of %v", rooms)
	}
}

// TestEveryMutationIsNoticed takes the sample in a full run, and all with SEPAY_TEST_MUTATIONS=all, or those whose text contains
// what the variable says.
func TestEveryMutationIsNoticed(t *testing.T) {
	t.Parallel()

	wanted := os.Getenv("SEPAY_TEST_MUTATIONS")
	if wanted == "" && !proof.Full() {
		t.Skip("mutations are tried by make proof and make mutations")
	}

	tried, survivors := 0, []string{}

	chosen := mutation.All()
	if wanted == "" {
		chosen = mutation.Sample()
	}

	for _, m := range chosen {
		if wanted != "" && wanted != "all" && !strings.Contains(m.String(), wanted) {
			continue
		}

		tried++

		noticed, output, err := m.Noticed(t.Context(), root, t.TempDir())

		switch {
		case err != nil:
			t.Error(err)
		case !noticed:
			survivors = append(survivors, m.String())
			t.Errorf("no test of %s notices %v", m.Tests, m)
		default:
			t.Logf("noticed: %v by %s", m, firstFailure(output))
		}
	}

	proof.Cases(t, tried)
	t.Logf("%d mutations, %d of them not noticed", tried, len(survivors))
}

func firstFailure(output string) string {
	for line := range strings.Lines(output) {
		if _, name, ok := strings.Cut(line, "--- FAIL: "); ok {
			return strings.Fields(name)[0]
		}
	}

	return fmt.Sprintf("%.80q", output)
}
