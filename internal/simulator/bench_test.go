package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// BenchmarkListOf3000Webhooks reads a whole list of 3,000 webhooks at 100 a page, without a network.
func BenchmarkListOf3000Webhooks(b *testing.B) {
	service := simulator.New()
	service.SeedWebhooks(3000)

	token := service.NewAccessToken()

	for b.Loop() {
		for page := range 30 {
			target := fmt.Sprintf("/api/v1/webhooks?limit=100&page=%d", page+1)
			request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, target, nil)
			request.Header.Set("Authorization", "Bearer "+token)

			recorder := httptest.NewRecorder()
			service.ServeHTTP(recorder, request)

			if recorder.Code != http.StatusOK {
				b.Fatal(recorder.Body)
			}
		}
	}
}
