package examples_test

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof/promise"
)

// TestEachSchemaHasItsPage notices when a whole directory of pages is missing, which the generator does not.
func TestEachSchemaHasItsPage(t *testing.T) {
	t.Parallel()

	offered := schemas(t)
	wanted := []string{}

	for directory, names := range map[string][]string{
		"resources":           slices.Collect(maps.Keys(offered.ResourceSchemas)),
		"data-sources":        slices.Collect(maps.Keys(offered.DataSourceSchemas)),
		"list-resources":      slices.Collect(maps.Keys(offered.ListResourceSchemas)),
		"ephemeral-resources": slices.Collect(maps.Keys(offered.EphemeralResourceSchemas)),
	} {
		if len(names) == 0 {
			t.Errorf("nothing is offered for docs/%s", directory)
		}

		for _, name := range names {
			wanted = append(wanted, filepath.Join(directory, strings.TrimPrefix(name, "sepay_")+".md"))
		}
	}

	for _, page := range wanted {
		text := readPage(t, "docs/"+filepath.ToSlash(page))
		for _, section := range []string{"\n## Example Usage\n", "\n## Schema\n"} {
			if !strings.Contains(text, section) {
				t.Errorf("docs/%s has no section %q", page, strings.TrimSpace(section))
			}
		}

		if !strings.Contains(text, "Needs the scope") && !strings.HasPrefix(page, "ephemeral-resources") {
			t.Errorf("docs/%s does not name its scope", page)
		}
	}

	for _, page := range pages(t) {
		below, found := strings.CutPrefix(page, "docs/")
		if found && below != "index.md" && !strings.HasPrefix(below, "guides/") && !slices.Contains(wanted, filepath.FromSlash(below)) {
			t.Errorf("%s documents nothing that is offered", page)
		}
	}
}

func TestTitlesAndDescriptionsReadWellInTheRegistry(t *testing.T) {
	t.Parallel()

	for _, page := range pages(t) {
		if !strings.HasPrefix(page, "docs/") {
			continue
		}

		_, matter, _ := strings.Cut(readPage(t, page), "---\n")
		matter, _, _ = strings.Cut(matter, "---\n")

		if strings.HasPrefix(page, "docs/guides/") && strings.Contains(matter, " - SePay") {
			t.Errorf("the title of %s ends with the provider's name, which the registry adds", page)
		}

		for _, mark := range []string{"~>", "->", "!>", "]("} {
			if _, description, _ := strings.Cut(matter, "description:"); strings.Contains(description, mark) {
				t.Errorf("the description of %s shows %q as it is", page, mark)
			}
		}
	}
}

func TestEachExceptionNamesTestsThatExist(t *testing.T) {
	t.Parallel()

	declared, err := promise.Declared(root)
	if err != nil {
		t.Fatal(err)
	}

	named := regexp.MustCompile(`Test[A-Z][A-Za-z0-9]+`).FindAllString(exceptionReasons(), -1)
	for _, name := range named {
		if len(declared[name]) == 0 {
			t.Errorf("%s does not exist", name)
		}
	}

	if len(named) < 5 {
		t.Errorf("only %d tests are named", len(named))
	}
}

func exceptionReasons() string {
	reasons := ""
	for _, exception := range exceptions {
		reasons += exception.reason + "\n"
	}

	return reasons
}
