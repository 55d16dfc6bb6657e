package webhook_test

import (
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
)

// unchanged calls do with a webhook of each kind of secret that is as the configuration declares it.
func unchanged(b *testing.B, do func(server *acctest.Server, instance *acctest.Instance, config config)) {
	b.Helper()

	for _, secrets := range []struct {
		name   string
		config config
	}{
		{"none", config{"authen_type": "No_Authen", "api_key": nil}},
		{"plain", config{"api_key": firstSecret}},
		{"write-only", config{"api_key": nil, "api_key_wo": firstSecret}},
	} {
		b.Run(secrets.name, func(b *testing.B) {
			_, server := acctest.NewSimulated(b)
			managed, config := server.Manage(webhookType), shopConfig().with(secrets.config)
			managed.MustApply(config)
			managed.Refresh()
			b.ReportAllocs()

			for b.Loop() {
				do(server, managed.Instance, config)
			}
		})
	}
}

// BenchmarkRead is a refresh of one webhook as Terraform asks for it: the framework's part, one request, and the mapping.
func BenchmarkRead(b *testing.B) {
	unchanged(b, func(server *acctest.Server, instance *acctest.Instance, _ config) {
		if got, diagnostics := server.Read(webhookType, instance); got == nil || len(diagnostics) > 0 {
			b.Fatal(diagnostics)
		}
	})
}

// BenchmarkPlan is a plan of one webhook that has nothing to do.
func BenchmarkPlan(b *testing.B) {
	unchanged(b, func(server *acctest.Server, instance *acctest.Instance, config config) {
		if plan, diagnostics := server.Plan(webhookType, instance, config); plan == nil || plan.Action != acctest.NoOp {
			b.Fatal(diagnostics)
		}
	})
}
