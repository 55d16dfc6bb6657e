package wire

import (
	"reflect"
	"slices"
)

// Keys returns a function that returns which fields of a struct are present: one bit for each Field, in the order of their
// declaration, those of nested structs included. A struct has at most 64.
func Keys[T any]() func(T) uint64 {
	paths := presencePaths(reflect.TypeFor[T](), nil)

	return func(object T) uint64 {
		var keys uint64

		value := reflect.ValueOf(&object).Elem()
		for i, path := range paths {
			if value.FieldByIndex(path).Bool() {
				keys |= 1 << i
			}
		}

		return keys
	}
}

// presencePaths returns the path to the present flag of each Field of a struct.
func presencePaths(object reflect.Type, prefix []int) [][]int {
	var paths [][]int

	for i := range object.NumField() {
		field := object.Field(i)
		path := slices.Concat(prefix, []int{i})

		if field.Type.Kind() != reflect.Struct {
			continue
		}

		if present, ok := field.Type.FieldByName("present"); ok && field.Type.PkgPath() == reflect.TypeFor[Object]().PkgPath() {
			paths = append(paths, slices.Concat(path, present.Index))
		} else {
			paths = append(paths, presencePaths(field.Type, path)...)
		}
	}

	return paths
}
