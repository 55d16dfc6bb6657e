package webhook_test

import (
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
)

// BenchmarkRead is a refresh of one webhook as Terraform asks for it: the framework's part, one request, and the mapping.
func BenchmarkRead(b *testing.B) {
	sim, server := acctest.NewSimulated(b)
	ids := sim.SeedWebhooks(1)
	instance := managed(ids)[0]

	b.ReportAllocs()

	for b.Loop() {
		if got, diagnostics := server.Read(webhookType, instance); got == nil || len(diagnostics) > 0 {
			b.Fatal(diagnostics)
		}
	}
}
