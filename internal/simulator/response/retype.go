package response

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// Retype returns data of a response with its scalars in the types of the dialect. It does not change value, so that state may be
// passed to it.
func Retype(value any, types dialects.Types) any {
	if types == dialects.TypesNative {
		return value
	}

	switch value := value.(type) {
	case map[string]any:
		retyped := make(map[string]any, len(value))
		for key, item := range value {
			retyped[key] = Retype(item, types)
		}

		return retyped
	case []any:
		retyped := make([]any, len(value))
		for i, item := range value {
			retyped[i] = Retype(item, types)
		}

		return retyped
	case bool:
		if types == dialects.TypesStrings {
			return strconv.FormatInt(Bit(value), 10)
		}

		return Bit(value)
	case json.Number, int, int64:
		if types == dialects.TypesStrings {
			return fmt.Sprint(value)
		}
	}

	return value
}

// Bit is a flag of retry_conditions, which is a number in every dialect.
func Bit(on bool) int64 {
	if on {
		return 1
	}

	return 0
}
