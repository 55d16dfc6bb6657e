package examples_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
)

// TestTheReceiversProcessTheSimulatorsDeliveries lets a payment come in for each authentication and content type.
func TestTheReceiversProcessTheSimulatorsDeliveries(t *testing.T) {
	t.Parallel()

	for _, example := range []struct{ program, file string }{{"node", "receiver.mjs"}, {"python3", "receiver.py"}} {
		for mode, authentication := range map[string]string{
			"hmac": sepay.AuthenTypeHMAC, "api_key": sepay.AuthenTypeAPIKey, "oauth2": sepay.AuthenTypeOAuth2,
		} {
			t.Run(example.file+" "+mode, func(t *testing.T) {
				t.Parallel()

				r := startReceiver(t, example.program, example.file, mode)
				service := simulator.New(simulator.WithReceiver("shop.example.com", strings.TrimPrefix(r.url, "http://")))

				t.Cleanup(service.Close)

				for _, secret := range []string{signingSecret, "whsec_of_somebody_else_0123456789"} {
					for _, contentType := range sepay.Values(sepay.RequestContentTypes()) {
						checkDelivery(t, r, service, simulator.Webhook{
							Name: "Shop", WebhookURL: "https://shop.example.com/sepay", EventType: sepay.EventTypeInOnly,
							AuthenType: authentication, RequestContentType: contentType, BankAccountID: 19, Active: true,
							APIKey: secret, SecretKey: secret, OAuth2AccessTokenURL: "https://shop.example.com/oauth/token",
							OAuth2ClientID: "deliveries", OAuth2ClientSecret: secret,
						})
					}
				}
			})
		}
	}
}

// checkDelivery lets a payment come in for a webhook alone. The receiver knows the right secret and no other one.
func checkDelivery(t *testing.T, r *receiver, service *simulator.Simulator, webhook simulator.Webhook) {
	t.Helper()

	id := service.PutWebhook(webhook)

	service.ResetDeliveries()

	paid, err := service.Receive(simulator.Payment{BankAccountID: 19, Amount: 50000, Content: "DH123456 chuyển tiền"})
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()

	if err := service.Settle(ctx); err != nil {
		t.Fatal(err)
	}

	made := service.Deliveries()
	if len(made) != 1 || len(made[0].Attempts) != 1 {
		t.Fatalf("%s: %+v", webhook.RequestContentType, made)
	}

	authentic := webhook.SecretKey == signingSecret
	if (made[0].State == delivery.Delivered) != authentic {
		t.Errorf("%s, authentic %v: %+v", webhook.RequestContentType, authentic, made)
	}

	if authentic {
		if got, want := <-r.lines, fmt.Sprintf("payment %d: in 50000", paid.ID); got != want {
			t.Errorf("%s: the receiver processed %q, want %q", webhook.RequestContentType, got, want)
		}
	}

	if !service.DeleteWebhook(id) {
		t.Errorf("webhook %d cannot be deleted", id)
	}
}
