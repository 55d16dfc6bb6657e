package promise

import (
	"os"
	"path/filepath"
	"testing"
)

// The root of the module, from here.
const root = "../../.."

func TestEachPromiseNamesTestsThatExist(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile(filepath.Join(root, "PROMISES.md"))
	if err != nil {
		t.Fatal(err)
	}

	promises, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}

	declared, err := Declared(root)
	if err != nil {
		t.Fatal(err)
	}

	for _, promise := range promises {
		for _, name := range promise.Tests {
			if found := declared[name]; len(found) != 1 {
				t.Errorf("%q names %s, which is declared in %v, want one package", promise.Title, name, found)
			}
		}
	}
}
