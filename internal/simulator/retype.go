package simulator

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// retype rewrites the scalars of an answer in the types of the dialect, in place where it can.
func retype(value any, types Types) any {
	if types == TypesNative {
		return value
	}

	switch value := value.(type) {
	case map[string]any:
		for key, item := range value {
			value[key] = retype(item, types)
		}
	case []any:
		for i, item := range value {
			value[i] = retype(item, types)
		}
	case bool:
		if types == TypesStrings {
			return strconv.FormatInt(bit(value), 10)
		}

		return bit(value)
	case json.Number:
		if types == TypesStrings {
			return value.String()
		}
	case int, int64:
		if types == TypesStrings {
			return fmt.Sprint(value)
		}
	}

	return value
}
