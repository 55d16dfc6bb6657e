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

		if !strings.Contains(text, "\nNeeds the scope `") && !strings.Contains(text, "\nNeeds no scope: ") {
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

// TestEachConfigurationHasAHeadingOfItsOwn looks at all configurations of pages about one thing, and at the whole ones of
// guides, whose steps may show parts.
func TestEachConfigurationHasAHeadingOfItsOwn(t *testing.T) {
	t.Parallel()

	found := 0

	for _, page := range pages(t) {
		under := map[string]int{}

		for _, b := range blocks(t, page) {
			reference := strings.HasPrefix(page, "docs/") && !strings.HasPrefix(page, "docs/guides/")
			if !b.isHCL() || (!reference && !strings.Contains(b.text, "required_providers")) {
				continue
			}

			found++
			under[b.heading]++

			if b.heading == "" || under[b.heading] > 1 {
				t.Errorf("%s: %d configurations are under the heading %q", page, under[b.heading], b.heading)
			}
		}
	}

	if found < 20 {
		t.Errorf("only %d configurations were found", found)
	}
}

// TestEachPageNamesTheVersionThatItsConfigurationsNeed reads the pages, each of which a reader may open first.
func TestEachPageNamesTheVersionThatItsConfigurationsNeed(t *testing.T) {
	t.Parallel()

	found := map[string]int{}

	for _, page := range pages(t) {
		text := readPage(t, page)

		for _, b := range blocks(t, page) {
			for feature, needed := range map[string]struct {
				form     *regexp.Regexp
				versions []string
			}{
				"a write-only argument": {regexp.MustCompile(`(?m)^ +\w+_wo +=`), []string{"Terraform 1.11", "OpenTofu 1.11"}},
				"an ephemeral variable": {regexp.MustCompile(`(?m)^ +ephemeral += true`), []string{"Terraform 1.11", "OpenTofu 1.11"}},
				"an ephemeral resource": {regexp.MustCompile(`(?m)^ephemeral "sepay`), []string{"Terraform 1.10", "OpenTofu 1.11"}},
				"an import by identity": {regexp.MustCompile(`(?m)^ +identity = `), []string{"Terraform 1.12", "OpenTofu 1.12"}},
				"a list resource":       {regexp.MustCompile(`(?m)^list "`), []string{"Terraform 1.14"}},
			} {
				if !b.isHCL() || !needed.form.MatchString(b.text) {
					continue
				}

				found[feature]++

				for _, version := range needed.versions {
					if !strings.Contains(text, version) {
						t.Errorf("%s has %s, and does not name %s", b, feature, version)
					}
				}
			}
		}
	}

	if len(found) != 5 {
		t.Errorf("not every feature was found: %v", found)
	}
}

func TestThePageOfTheWebhookHasItsCaveats(t *testing.T) {
	t.Parallel()

	// The words alone, without where they link to.
	page := regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`).ReplaceAllString(readPage(t, "docs/resources/webhook.md"), "$1")

	for _, caveat := range []string{
		"`Out_only` works with Sacombank, TPBank and VietinBank only",
		"only while the company's payment code recognition is on",
		"SePay's API has no virtual accounts per account",
	} {
		if !strings.Contains(page, caveat) {
			t.Errorf("the page does not say %q", caveat)
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

	if len(named) == 0 {
		t.Error("no test is named")
	}
}

func exceptionReasons() string {
	reasons := ""
	for _, exception := range exceptions {
		reasons += exception.reason + "\n"
	}

	return reasons
}
