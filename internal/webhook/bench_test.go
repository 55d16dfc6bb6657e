package webhook

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// returnedWebhook is SePay's response for the webhook that shop declares.
func returnedWebhook() sepay.Webhook {
	return sepay.Webhook{
		ID: 59325, Name: sepay.Of("Shop"), WebhookURL: sepay.Of("https://shop.example.com/sepay"),
		EventType: sepay.Of(sepay.EventTypeInOnly), AuthenType: sepay.Of(sepay.AuthenTypeAPIKey),
		APIKey: sepay.Of("a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"), RequestContentType: sepay.Of(sepay.ContentTypeJSON),
		IsVerifyPayment: sepay.Of(true), SkipIfNoCode: sepay.Of(true), Active: sepay.Of(true), OnlyVA: sepay.Of(false),
		BankMode: sepay.Of(sepay.BankModeSingle), BankAccountID: sepay.Of[int64](19), VAMode: sepay.Of(sepay.VAModeAll),
		PrefixFilters: sepay.Of([]string{}), RetryConditions: sepay.Of([]string{sepay.RetryNon2xx}),
		AlertThreshold: sepay.Of[int64](3), AlertEventTypes: sepay.Of([]string{sepay.AlertFailure, sepay.AlertRecovery}),
		CreatedAt: sepay.Of(time.Date(2025, 2, 15, 14, 23, 56, 0, time.UTC)),
	}
}

// BenchmarkModelOfAResponse maps a response of SePay to a state, as each read does.
func BenchmarkModelOfAResponse(b *testing.B) {
	got := returnedWebhook()
	prior := refreshed(model{}, got)

	b.ReportAllocs()

	for b.Loop() {
		if next := refreshed(prior, got); next.ID.ValueInt64() != got.ID {
			b.Fatal("the id was lost")
		}
	}
}

// BenchmarkBodyOfAnUpdate maps a plan to the body of the request, as each update does.
func BenchmarkBodyOfAnUpdate(b *testing.B) {
	prior := refreshed(model{}, returnedWebhook())
	plan := prior
	plan.Name = types.StringValue("Renamed")

	b.ReportAllocs()

	for b.Loop() {
		if body := changes(plan, prior); body.Name == nil || body.WebhookURL != nil {
			b.Fatal("the body is not the change")
		}
	}
}

// BenchmarkDigestOfASecret is what a write-only secret costs each process that compares it.
func BenchmarkDigestOfASecret(b *testing.B) {
	for name, secret := range map[string]string{"generated": "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", "made up": "hunter2"} {
		b.Run(name, func(b *testing.B) {
			known := NewDigests().of(secret, true, digest{})

			for b.Loop() {
				if !NewDigests().matches(known, secret) {
					b.Fatal("the secret is not recognized")
				}
			}
		})
	}
}
