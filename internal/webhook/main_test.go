package webhook_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails when a goroutine has outlived the request that it was started for.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
