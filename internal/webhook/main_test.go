package webhook_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
)

// TestMain fails when a goroutine has outlived the request that it was started for.
func TestMain(m *testing.M) {
	remove := acctest.OwnCache()

	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		remove()
		os.Exit(code)
	}))
}
