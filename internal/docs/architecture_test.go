package docs_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestTheImportsMatchTheArchitecture compares the list in ARCHITECTURE.md with the imports of the binary's packages.
func TestTheImportsMatchTheArchitecture(t *testing.T) {
	t.Parallel()

	document, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}

	_, block, _ := strings.Cut(string(document), "```imports\n")
	block, _, _ = strings.Cut(block, "```")

	const module = "github.com/terraform-provider-sepay/terraform-provider-sepay"

	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{.ImportPath}}:{{range .Imports}} {{.}}{{end}}`, ".")
	command.Dir = "../.."
	command.Stderr = os.Stderr

	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}

	var imports []string

	for line := range strings.Lines(string(output)) {
		importer, imported, _ := strings.Cut(strings.TrimSpace(line), ":")
		if !strings.HasPrefix(importer, module) {
			continue
		}

		own := slices.DeleteFunc(strings.Fields(imported), func(path string) bool { return !strings.HasPrefix(path, module) })
		if importer == module {
			importer = "main"
		}

		if line := importer + " → " + strings.Join(own, " "); len(own) > 0 {
			imports = append(imports, strings.ReplaceAll(line, module+"/internal/", ""))
		}
	}

	slices.Sort(imports)

	if want := strings.Join(imports, "\n") + "\n"; block != want {
		t.Errorf("ARCHITECTURE.md lists these imports:\n%s\nThe code has these:\n%s", block, want)
	}
}
