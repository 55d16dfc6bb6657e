package simulator

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// retype returns an answer with its scalars in the types of the dialect. It changes nothing in value, so that state may be
// handed to it.
func retype(value any, types Types) any {
	if types == TypesNative {
		return value
	}

	switch value := value.(type) {
	case map[string]any:
		retyped := make(map[string]any, len(value))
		for key, item := range value {
			retyped[key] = retype(item, types)
		}

		return retyped
	case []any:
		retyped := make([]any, len(value))
		for i, item := range value {
			retyped[i] = retype(item, types)
		}

		return retyped
	case bool:
		if types == TypesStrings {
			return strconv.FormatInt(bit(value), 10)
		}

		return bit(value)
	case json.Number, int, int64:
		if types == TypesStrings {
			return fmt.Sprint(value)
		}
	}

	return value
}
