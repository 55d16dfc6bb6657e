package dialects

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Set chooses a variant of the question with that id ("U1" … "U18", "X1" …).
func (d *Dialect) Set(id, variant string) error {
	for _, dimension := range Dimensions() {
		if dimension.ID != id {
			continue
		}

		if !dimension.Knows(variant) {
			return fmt.Errorf("%s has no variant %q; it has %s", id, variant, strings.Join(dimension.Variants, ", "))
		}

		dimension.choose(d, variant)

		return nil
	}

	return fmt.Errorf("there is no dialect question %q", id)
}

// Get returns the variant of the question with that id, or "" if there is no such question.
func (d Dialect) Get(id string) string {
	for _, dimension := range Dimensions() {
		if dimension.ID == id {
			return dimension.of(d)
		}
	}

	return ""
}

// String returns the variants that differ from the default, in the form of Parse: "U1=root,U5=masked", or "default".
func (d Dialect) String() string {
	var parts []string

	for _, dimension := range Dimensions() {
		if variant := dimension.of(d); variant != dimension.Variants[0] {
			parts = append(parts, dimension.ID+"="+variant)
		}
	}

	if len(parts) == 0 {
		return "default"
	}

	return strings.Join(parts, ",")
}

// Parse reads "U1=root,U5=masked"; "" and "default" are the default.
func Parse(text string) (Dialect, error) { return Dialect{}.With(text) }

// With returns d with the variants of a text in the form that Parse reads.
func (d Dialect) With(text string) (Dialect, error) {
	if text = strings.TrimSpace(text); text == "" || text == "default" {
		return d, nil
	}

	for part := range strings.SplitSeq(text, ",") {
		id, variant, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return Dialect{}, fmt.Errorf("dialect %q: want ID=variant", part)
		}

		if err := d.Set(id, variant); err != nil {
			return Dialect{}, err
		}
	}

	return d, nil
}

// Load reads a report of sepay-probe: a JSON object whose key "dialect" has the variants by the ids of their questions, such as
// {"dialect":{"U1":"root"}}. Questions that a report does not answer keep their defaults; other keys are ignored.
func Load(path string) (Dialect, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Dialect{}, fmt.Errorf("dialect file: %w", err)
	}

	var report struct {
		Dialect map[string]string `json:"dialect"`
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return Dialect{}, fmt.Errorf("dialect file %s: %w", path, err)
	}

	if report.Dialect == nil {
		return Dialect{}, fmt.Errorf("dialect file %s: it has no key \"dialect\"", path)
	}

	var dialect Dialect

	for _, id := range slices.Sorted(maps.Keys(report.Dialect)) {
		if err := dialect.Set(id, report.Dialect[id]); err != nil {
			return Dialect{}, fmt.Errorf("dialect file %s: %w", path, err)
		}
	}

	return dialect, nil
}

// Complete returns d with the default for each zero value, so that the simulator compares only constants.
func (d Dialect) Complete() Dialect {
	for _, dimension := range Dimensions() {
		dimension.choose(&d, dimension.of(d))
	}

	return d
}
