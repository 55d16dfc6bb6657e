package dialects

import (
	"fmt"
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

// Get returns the variant that answers the question with that id, or "" when there is no such question.
func (d Dialect) Get(id string) string {
	for _, dimension := range Dimensions() {
		if dimension.ID == id {
			return dimension.of(d)
		}
	}

	return ""
}

// String returns what differs from the default, as Parse takes it: "U1=root,U5=masked", or "default".
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
func Parse(text string) (Dialect, error) {
	var dialect Dialect

	if text = strings.TrimSpace(text); text == "" || text == "default" {
		return dialect, nil
	}

	for part := range strings.SplitSeq(text, ",") {
		id, variant, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return Dialect{}, fmt.Errorf("dialect %q: want ID=variant", part)
		}

		if err := dialect.Set(id, variant); err != nil {
			return Dialect{}, err
		}
	}

	return dialect, nil
}

// Complete returns d with the default in place of each zero value, so that the simulator compares constants only.
func (d Dialect) Complete() Dialect {
	for _, dimension := range Dimensions() {
		dimension.choose(&d, dimension.of(d))
	}

	return d
}
