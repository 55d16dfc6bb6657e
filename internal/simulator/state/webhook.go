package state

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// Webhook is a webhook as the simulator stores it, in any dialect. The JSON form is that of the
// control API: every key, flags as booleans, secrets in clear. The API reads and writes the same keys; since names the form of the
// API that introduced a key.
type Webhook struct {
	ID                   int64   `json:"id"`
	Name                 string  `json:"name"`
	WebhookURL           string  `json:"webhook_url"`
	EventType            string  `json:"event_type"`
	AuthenType           string  `json:"authen_type"`
	APIKey               string  `json:"api_key"`
	SecretKey            string  `json:"secret_key" since:"2026"`
	OAuth2AccessTokenURL string  `json:"oauth2_access_token_url"`
	OAuth2ClientID       string  `json:"oauth2_client_id"`
	OAuth2ClientSecret   string  `json:"oauth2_client_secret"`
	RequestContentType   string  `json:"request_content_type"`
	IsVerifyPayment      bool    `json:"is_verify_payment"`
	SkipIfNoCode         bool    `json:"skip_if_no_code"`
	Active               bool    `json:"active"`
	OnlyVA               bool    `json:"only_va"`
	BankMode             string  `json:"bank_mode" since:"2026"`
	BankAccountID        int64   `json:"bank_account_id"` // 0 = every account of the company
	BankAccountIDs       []int64 `json:"bank_account_ids" since:"2026"`
	VAMode               string  `json:"va_mode" since:"2026"`
	BankSubAccountIDs    []int64 `json:"bank_sub_account_ids"`

	PrefixFilters []string `json:"prefix_filters" since:"2026"`
	// RetryConditions is nil if it was never sent, which dialects return differently, and empty if it was turned off.
	RetryConditions []string  `json:"retry_conditions"`
	AlertThreshold  int64     `json:"alert_threshold" since:"2026"`
	AlertEventTypes []string  `json:"alert_event_types" since:"2026"`
	AlertChannelIDs []int64   `json:"alert_channel_ids" since:"2026"`
	CreatedAt       time.Time `json:"created_at"`
}

// Field is a key of a webhook.
type Field struct {
	Key string
	// Since is the form of the API that introduced the key, empty for the first one.
	Since string
	// Value points to the value: a string, a bool, an int64, a list of strings or of int64, or a time.
	Value any
}

// Fields returns the keys of the JSON form of a webhook with pointers into w.
func Fields(w *Webhook) []Field {
	value := reflect.ValueOf(w).Elem()
	fields := make([]Field, 0, value.NumField())

	for field, at := range value.Fields() {
		fields = append(fields, Field{Key: field.Tag.Get("json"), Since: field.Tag.Get("since"), Value: at.Addr().Interface()})
	}

	return fields
}

// String names the webhook without its secrets.
func (w Webhook) String() string { return fmt.Sprintf("webhook %d %q", w.ID, w.Name) }

// GoString is String, so that %#v shows no secret either.
func (w Webhook) GoString() string { return w.String() }

// NewWebhook returns the defaults of a create. The three flags have the values of the published sample, which are not the
// obvious ones: tests detect a client that does not send them.
func NewWebhook() Webhook {
	return Webhook{
		RequestContentType: sepay.ContentTypeJSON,
		IsVerifyPayment:    true,
		SkipIfNoCode:       true,
		Active:             true,
		BankMode:           sepay.BankModeSingle,
		VAMode:             sepay.VAModeAll,
		AlertThreshold:     3,
		AlertEventTypes:    []string{sepay.AlertFailure, sepay.AlertRecovery},
	}
}

// Clone returns a copy that shares no list with w.
func (w Webhook) Clone() Webhook {
	w.BankAccountIDs = slices.Clone(w.BankAccountIDs)
	w.BankSubAccountIDs = slices.Clone(w.BankSubAccountIDs)
	w.PrefixFilters = slices.Clone(w.PrefixFilters)
	w.RetryConditions = slices.Clone(w.RetryConditions)
	w.AlertEventTypes = slices.Clone(w.AlertEventTypes)
	w.AlertChannelIDs = slices.Clone(w.AlertChannelIDs)

	return w
}

// secrets returns the values that must not appear in any log.
func (w Webhook) secrets() []string {
	return slices.DeleteFunc([]string{w.APIKey, w.SecretKey, w.OAuth2ClientSecret}, func(s string) bool { return s == "" })
}

// DropForeign clears the fields of other authen_types and other bank_modes than the webhook's.
func DropForeign(w *Webhook) {
	dropForeignSecrets(w)
	dropForeignAccounts(w)
}

// dropForeignSecrets clears the secrets of other authen_types than the webhook's.
func dropForeignSecrets(w *Webhook) {
	if w.AuthenType != sepay.AuthenTypeAPIKey {
		w.APIKey = ""
	}

	if w.AuthenType != sepay.AuthenTypeHMAC {
		w.SecretKey = ""
	}

	if w.AuthenType != sepay.AuthenTypeOAuth2 {
		w.OAuth2AccessTokenURL, w.OAuth2ClientID, w.OAuth2ClientSecret = "", "", ""
	}
}

// dropForeignAccounts clears the accounts of other bank_modes than the webhook's.
func dropForeignAccounts(w *Webhook) {
	if w.BankMode != sepay.BankModeSingle {
		w.BankAccountID = 0
	}

	if w.BankMode != sepay.BankModeMulti {
		w.BankAccountIDs = nil
	}
}

// merge returns w with the keys of changes, which are those of the JSON form; an unknown key is an error.
func (w Webhook) merge(changes map[string]any) (Webhook, error) {
	text, err := json.Marshal(changes)
	if err != nil {
		return Webhook{}, fmt.Errorf("webhook changes: %w", err)
	}

	merged := w.Clone()
	if err := Unmarshal(text, &merged); err != nil {
		return Webhook{}, fmt.Errorf("webhook changes: %w", err)
	}

	merged.ID = w.ID

	return merged, nil
}

// Covers reports whether the webhook covers a bank account; 0 is none.
func (w Webhook) Covers(account int64) bool {
	switch w.BankMode {
	case sepay.BankModeSingle:
		return account != 0 && account == w.BankAccountID
	case sepay.BankModeMulti:
		return slices.Contains(w.BankAccountIDs, account)
	default:
		return account != 0
	}
}
