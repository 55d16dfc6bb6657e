package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof/promise"
)

func TestEachThreatNamesTestsThatExist(t *testing.T) {
	t.Parallel()

	model, err := os.ReadFile(filepath.Join(root, "THREAT-MODEL.md"))
	if err != nil {
		t.Fatal(err)
	}

	declared, err := promise.Declared(root)
	if err != nil {
		t.Fatal(err)
	}

	_, section, _ := strings.Cut(string(model), "\n## Who could want what\n")
	section, _, _ = strings.Cut(section, "\n## ")
	quoted := regexp.MustCompile("`([^`]+)`")
	threats := 0

	for line := range strings.Lines(section) {
		// The outer cells of "| who | what they try | what stops them | shown by |" are empty.
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || strings.HasPrefix(cells[1], "---") || strings.TrimSpace(cells[1]) == "who" {
			continue
		}

		threats++

		shown := quoted.FindAllStringSubmatch(cells[4], -1)
		if len(shown) == 0 {
			t.Errorf("nothing shows what stops %s", cells[1])
		}

		for _, name := range shown {
			if strings.HasPrefix(name[1], "scripts/") {
				if _, err := os.Stat(filepath.Join(root, name[1])); err != nil {
					t.Errorf("%s: %v", cells[1], err)
				}
			} else if found := declared[name[1]]; len(found) != 1 {
				t.Errorf("%s: %s is declared in %v, want one package", cells[1], name[1], found)
			}
		}
	}

	if threats < 10 {
		t.Errorf("only %d threats were found: the test does not see the table", threats)
	}
}
