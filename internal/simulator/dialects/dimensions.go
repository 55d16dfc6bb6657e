package dialects

import (
	"reflect"
	"slices"
	"strings"
)

// Dimension is one question of a Dialect with its variants.
type Dimension struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Variants []string `json:"variants"` // the first is the default

	field int // its index in Dialect
}

// Knows reports whether variant is one of the dimension's.
func (d Dimension) Knows(variant string) bool { return slices.Contains(d.Variants, variant) }

// of returns the variant that a dialect chooses.
func (d Dimension) of(dialect Dialect) string {
	if variant := reflect.ValueOf(dialect).Field(d.field).String(); variant != "" {
		return variant
	}

	return d.Variants[0]
}

func (d Dimension) choose(dialect *Dialect, variant string) {
	reflect.ValueOf(dialect).Elem().Field(d.field).SetString(variant)
}

// Dimensions lists every question with all its variants, in the order of the fields of Dialect.
func Dimensions() []Dimension {
	fields := reflect.TypeFor[Dialect]()
	dimensions := make([]Dimension, 0, fields.NumField())

	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		dimensions = append(dimensions, Dimension{
			ID: tag.Get("id"), Question: tag.Get("question"), Variants: strings.Split(tag.Get("variants"), ","), field: i,
		})
	}

	return dimensions
}
