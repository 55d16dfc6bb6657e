package sepay_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// BenchmarkRefresh is a refresh of all webhooks at Terraform's parallelism of 10, against the simulator in the same
// process, with shared reads and without.
func BenchmarkRefresh(b *testing.B) {
	for _, count := range []int{1, 100, 300, 1000} {
		for _, uncoalesced := range []bool{false, true} {
			name := fmt.Sprintf("%d/shared", count)
			if uncoalesced {
				name = fmt.Sprintf("%d/uncoalesced", count)
			}

			b.Run(name, func(b *testing.B) {
				server := simulator.Start(b)
				ids := server.SeedWebhooks(count)
				requests := 0

				b.ReportAllocs()

				for b.Loop() {
					server.ResetRequests()

					client := connect(b, server, func(cfg *sepay.Config) { cfg.DisableCoalescing = uncoalesced })
					readAll(b, client, ids)

					client.CloseIdleConnections()

					requests = len(server.Requests())
				}

				b.ReportMetric(float64(requests), "requests/op")
			})
		}
	}
}

func readAll(b *testing.B, client *sepay.Client, ids []int64) {
	b.Helper()

	next := make(chan int64)

	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for id := range next {
				if _, err := client.Webhook(b.Context(), id); err != nil {
					b.Error(err)
				}
			}
		})
	}

	for _, id := range ids {
		next <- id
	}

	close(next)
	group.Wait()
}
