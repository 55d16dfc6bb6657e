package promise

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Declared finds the tests and fuzz targets of a module: the directory of each, relative to root and with slashes, by its
// name. Modules below it are not part of it.
func Declared(root string) (map[string][]string, error) {
	declaration := regexp.MustCompile(`^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9_]*)\(\w+ \*testing\.[TF]\)`)
	found := map[string][]string{}
	files := os.DirFS(root)

	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		if entry.IsDir() {
			_, err := fs.Stat(files, path.Join(name, "go.mod"))
			if name != "." && (err == nil || strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
				return fs.SkipDir
			}

			return nil
		}

		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}

		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
			match := declaration.FindStringSubmatch(lines.Text())
			if match != nil && !slices.Contains(found[match[1]], path.Dir(name)) {
				found[match[1]] = append(found[match[1]], path.Dir(name))
			}
		}

		return nil
	})

	return found, err
}
