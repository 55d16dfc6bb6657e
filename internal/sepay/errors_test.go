package sepay

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
)

func TestErrorsHaveTheStatusAndTheTextOfSePay(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		status int
		body   string
		want   string
		fields map[string]string
	}{
		"message":             {400, `{"status":"error","message":"name is too long"}`, "name is too long", nil},
		"messages.error":      {404, `{"status":404,"error":404,"messages":{"error":"No webhook"}}`, "No webhook", nil},
		"messages.error list": {400, `{"status":400,"messages":{"error":["one","two"]}}`, "one; two", nil},
		"messages.error object": {
			422, `{"status":422,"messages":{"error":{"name":"too long","event_type":"unknown"}}}`,
			"event_type: unknown; name: too long",
			map[string]string{"name": "too long", "event_type": "unknown"},
		},
		"messages by field": {
			422, `{"status":"error","messages":{"webhook_url":["is private"]}}`,
			"webhook_url: is private",
			map[string]string{"webhook_url": "is private"},
		},
		"error_description": {400, `{"error":"access_denied","error_description":"The token is expired"}`, "The token is expired", nil},
		"error":             {400, `{"error":"invalid_scope"}`, "invalid_scope", nil},
		"success in name":   {200, `{"status":"error","message":"quota"}`, "quota", nil},
		"html":              {502, `<html>Bad gateway</html>`, "with text/html instead of JSON", nil},
		"empty":             {500, ``, "without a message", nil},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				if strings.HasPrefix(test.body, "<") {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
				}

				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}, func(cfg *Config) { cfg.MaxRetries = 0 })

			_, err := client.Webhook(t.Context(), 5)

			var failure *APIError
			if !errors.As(err, &failure) || failure.Status != test.status || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error: %v", err)
			}

			if !strings.HasPrefix(err.Error(), fmt.Sprintf("GET /webhooks/5: SePay responded with %d", test.status)) {
				t.Errorf("error: %v", err)
			}

			if fmt.Sprint(failure.Fields) != fmt.Sprint(test.fields) {
				t.Errorf("fields: %v", failure.Fields)
			}
		})
	}
}

func TestForbiddenNamesTheScope(t *testing.T) {
	t.Parallel()

	_, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 403, `{"message":"Forbidden"}`) })
	calls := map[string]func() error{
		ScopeWebhookRead:     func() error { _, err := client.Webhook(t.Context(), 1); return err },
		ScopeWebhookWrite:    func() error { return client.UpdateWebhook(t.Context(), 1, WebhookBody{Name: new("x")}) },
		ScopeWebhookDelete:   func() error { return client.DeleteWebhook(t.Context(), 1, hook) },
		ScopeBankAccountRead: func() error { _, err := client.SubAccounts(t.Context(), 1); return err },
		ScopeProfile:         func() error { _, err := client.Me(t.Context()); return err },
		ScopeCompany:         func() error { _, err := client.Company(t.Context()); return err },
		ScopeTransactionRead: func() error {
			_, err := paging.Collect(client.Transactions(t.Context(), TransactionFilter{}))

			return err
		},
	}

	for scope, call := range calls {
		err := call()

		var failure *APIError
		if !errors.As(err, &failure) || failure.Scope != scope || !strings.Contains(err.Error(), fmt.Sprintf("the scope %q", scope)) {
			t.Errorf("%s: %v", scope, err)
		}
	}
}

func TestNoErrorShowsASecret(t *testing.T) {
	t.Parallel()

	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		respond(w, 400, `{"message":"bad key hunter2-key for `+r.Header.Get("Authorization")+`",
			"messages":{"api_key":"hunter2-key is weak","secret_key":"  padded  "}}`)
	})

	err := client.UpdateWebhook(t.Context(), 1, WebhookBody{
		APIKey: new("hunter2-key"), SecretKey: new(" padded "), OAuth2ClientSecret: new("hunter2"),
	})

	var failure *APIError
	if !errors.As(err, &failure) {
		t.Fatal(err)
	}

	shown := fmt.Sprintf("%v %+v %#v", err, failure, *failure)
	for _, secret := range []string{"hunter2", "padded", "token-1"} {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is shown in %s", secret, shown)
		}
	}

	if !strings.Contains(err.Error(), "bad key (redacted) for Bearer (redacted)") {
		t.Errorf("error: %v", err)
	}
}

func TestNetworkErrorsDoNotShowTheAddress(t *testing.T) {
	t.Parallel()

	_, client := serve(t, func(http.ResponseWriter, *http.Request, int) { cut() }, func(cfg *Config) { cfg.MaxRetries = 0 })

	_, err := paging.Collect(client.Webhooks(t.Context(), WebhookFilter{WebhookURL: "https://user:pass@shop.example"}))
	if err == nil || strings.Contains(err.Error(), "pass") || !strings.Contains(err.Error(), "GET /webhooks: no response from SePay") {
		t.Errorf("error: %v", err)
	}
}

func TestPrintingAWebhookShowsNoSecret(t *testing.T) {
	t.Parallel()

	var log strings.Builder

	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "webhook", storedAsSent(), "body", fullBody())

	shown := log.String() + fmt.Sprintf("%v %+v %#v %s", storedAsSent(), storedAsSent(), storedAsSent(), storedAsSent()) +
		fmt.Sprintf("%v %+v %#v %s", fullBody(), fullBody(), fullBody(), fullBody())

	for _, secret := range append(fullBody().secrets(), "https://shop.example/hook") {
		if strings.Contains(shown, secret) {
			t.Errorf("%q is shown in %s", secret, shown)
		}
	}
}
