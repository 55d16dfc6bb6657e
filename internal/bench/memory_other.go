//go:build !linux

package bench

import "context"

// watchMemory knows nothing here.
func watchMemory(context.Context, int) (peak func() int64) { return func() int64 { return 0 } }
