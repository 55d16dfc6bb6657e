package webhook

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateState is what the framework gives to keep things in that no plan shows.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// loadPrivate returns the zero value where there is none, or one that this version cannot read: then nothing is known,
// which is how a state of another tool looks as well.
func loadPrivate[T any](ctx context.Context, private privateState, key string) (T, diag.Diagnostics) {
	var value, none T

	data, diags := private.GetKey(ctx, key)
	if len(data) == 0 || json.Unmarshal(data, &value) != nil {
		return none, diags
	}

	return value, diags
}

func storePrivate(ctx context.Context, private privateState, key string, value any) diag.Diagnostics {
	data, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot store "+key+" in the private state", err.Error())}
	}

	return private.SetKey(ctx, key, data)
}
