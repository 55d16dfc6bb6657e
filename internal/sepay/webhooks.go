package sepay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func webhooks() endpoint[Webhook] {
	return endpoint[Webhook]{
		path: "/webhooks", scope: ScopeWebhookRead, name: "webhook", decode: decodeWebhook,
		id: func(w Webhook) int64 { return w.ID }, secrets: Webhook.secrets,
	}
}

// Webhook is a webhook as SePay returned it. The present keys depend on the version of the service.
// Source: GET /api/v1/webhooks/{id}.
type Webhook struct {
	ID int64

	Name               Field[string]
	WebhookURL         Field[string]
	EventType          Field[string]
	AuthenType         Field[string]
	RequestContentType Field[string]

	// The secrets are as SePay returned them: in clear, or masked (see Masked).
	APIKey               Field[string]
	SecretKey            Field[string]
	OAuth2AccessTokenURL Field[string]
	OAuth2ClientID       Field[string]
	OAuth2ClientSecret   Field[string]

	IsVerifyPayment Field[bool]
	SkipIfNoCode    Field[bool]
	Active          Field[bool]
	OnlyVA          Field[bool]

	BankMode Field[string]
	// BankAccountID is 0 where the webhook covers the whole company.
	BankAccountID     Field[int64]
	BankAccountIDs    Field[[]int64]
	VAMode            Field[string]
	BankSubAccountIDs Field[[]int64]
	PrefixFilters     Field[[]string]

	// RetryConditions holds the conditions that are switched on, whether SePay sent an object of flags or a list.
	RetryConditions Field[[]string]
	AlertThreshold  Field[int64]
	AlertEventTypes Field[[]string]
	AlertChannelIDs Field[[]int64]

	CreatedAt Field[time.Time]
}

// secrets returns the secrets that SePay shows whole: a mask, or the last characters of a secret, would hide other text.
func (w Webhook) secrets() []string {
	const shortest = 8

	var secrets []string

	for _, field := range []Field[string]{w.APIKey, w.SecretKey, w.OAuth2ClientSecret} {
		if value := field.Or(""); len(value) >= shortest && !Masked(value, "") {
			secrets = append(secrets, value)
		}
	}

	return secrets
}

// WebhookBody is the body of a create or of an update: a key is sent where the pointer is not nil. A pointer to an
// empty slice sends [], which is how a list is cleared. Flags are sent as 0 or 1: SePay accepts nothing else.
type WebhookBody struct {
	BankAccountID        *int64    `json:"bank_account_id,omitempty"`
	Name                 *string   `json:"name,omitempty"`
	EventType            *string   `json:"event_type,omitempty"`
	AuthenType           *string   `json:"authen_type,omitempty"`
	RequestContentType   *string   `json:"request_content_type,omitempty"`
	WebhookURL           *string   `json:"webhook_url,omitempty"`
	APIKey               *string   `json:"api_key,omitempty"`
	SecretKey            *string   `json:"secret_key,omitempty"`
	OAuth2AccessTokenURL *string   `json:"oauth2_access_token_url,omitempty"`
	OAuth2ClientID       *string   `json:"oauth2_client_id,omitempty"`
	OAuth2ClientSecret   *string   `json:"oauth2_client_secret,omitempty"`
	IsVerifyPayment      *Flag     `json:"is_verify_payment,omitempty"`
	SkipIfNoCode         *Flag     `json:"skip_if_no_code,omitempty"`
	OnlyVA               *Flag     `json:"only_va,omitempty"`
	Active               *Flag     `json:"active,omitempty"`
	BankMode             *string   `json:"bank_mode,omitempty"`
	BankAccountIDs       *[]int64  `json:"bank_account_ids,omitempty"`
	VAMode               *string   `json:"va_mode,omitempty"`
	BankSubAccountIDs    *[]int64  `json:"bank_sub_account_ids,omitempty"`
	PrefixFilters        *[]string `json:"prefix_filters,omitempty"`
	RetryConditions      *[]string `json:"retry_conditions,omitempty"`
	AlertThreshold       *int64    `json:"alert_threshold,omitempty"`
	AlertEventTypes      *[]string `json:"alert_event_types,omitempty"`
	AlertChannelIDs      *[]int64  `json:"alert_channel_ids,omitempty"`
}

// Flag is a boolean that SePay accepts as 0 or 1.
type Flag bool

// MarshalJSON implements json.Marshaler.
func (f Flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}

	return []byte("0"), nil
}

// WebhookFilter narrows a list of webhooks. The zero filter lists all.
type WebhookFilter struct {
	// WebhookURL matches any part of the URL.
	WebhookURL string
	// Active keeps the active or the inactive ones; nil keeps both.
	Active *bool
}

func (f WebhookFilter) query() url.Values {
	query := url.Values{}

	if f.WebhookURL != "" {
		query.Set("webhook_url", f.WebhookURL)
	}

	if f.Active != nil {
		query.Set("active", zeroOrOne(*f.Active))
	}

	return query
}

// Webhook returns one webhook. IsNotFound reports whether SePay, or a proxy in front of it, responded with 404.
//
// Reads of one refresh share requests. A read returns a state that SePay had between the start of the
// refresh and the response. A refresh starts with the first read, and again
//   - after each response to a write of this client, so that every read observes the writes before it;
//   - when a webhook is read a second time, so that the second read is a new one;
//   - after 5 s without a read, and in any case after 2 min.
//
// Errors are only shared by concurrent reads of the same webhook.
func (c *Client) Webhook(ctx context.Context, id int64) (Webhook, error) {
	return c.webhooks.Get(ctx, id)
}

// KnownWebhook returns a webhook that existed, with lastURL as its webhook_url. IsDeleted reports whether the error says
// that it was deleted, which requires more than a 404: see confirmDeleted.
func (c *Client) KnownWebhook(ctx context.Context, id int64, lastURL string) (Webhook, error) {
	found, err := c.webhooks.Get(ctx, id)
	if IsNotFound(err) {
		return c.confirmDeleted(ctx, id, lastURL, err)
	}

	return found, err
}

// Webhooks yields the webhooks that pass the filter, each once, in SePay's order. Pages are requested as the
// loop needs them; the sequence ends after the first error.
func (c *Client) Webhooks(ctx context.Context, filter WebhookFilter) iter.Seq2[Webhook, error] {
	return webhooks().all(ctx, c, filter.query())
}

// UpdateWebhook changes only the keys that body has. Read the webhook afterwards: only that
// shows what SePay stored. Without any key there is no request.
func (c *Client) UpdateWebhook(ctx context.Context, id int64, body WebhookBody) error {
	request, err := body.request(http.MethodPatch, objectPath(webhooks().path, id))
	if err != nil || string(request.Body) == "{}" {
		return err
	}

	done := c.webhooks.Writing()

	_, err = c.api.Do(ctx, request)
	if err != nil {
		done(0, 0)

		return err
	}

	done(id, 0)

	return nil
}

// DeleteWebhook deletes a webhook, with lastURL as its webhook_url. One that no longer exists counts as deleted, see
// confirmDeleted; so does one that no longer exists after a response that is not SePay's.
func (c *Client) DeleteWebhook(ctx context.Context, id int64, lastURL string) error {
	request := transport.Request{Method: http.MethodDelete, Path: objectPath(webhooks().path, id), Scope: ScopeWebhookDelete}
	_, err := c.api.Do(ctx, request)
	c.webhooks.Deleted(id)

	if _, unclear := errors.AsType[*transport.ResponseError](err); unclear || IsNotFound(err) {
		cause := withoutFullStop(err)

		if _, err = c.confirmDeleted(ctx, id, lastURL, err); err == nil {
			return fmt.Errorf("%s. SePay still has the webhook: it was not deleted. Delete it in SePay's dashboard, or check base_url "+
				"and the proxy, then run the command again", cause)
		}
	}

	if err == nil || IsDeleted(err) {
		c.similar.set(id, written)

		return nil
	}

	return err
}

// request returns the write that sends the body.
func (b WebhookBody) request(method, path string) (transport.Request, error) {
	body, err := json.Marshal(b)
	if err != nil {
		return transport.Request{}, err
	}

	return transport.Request{Method: method, Path: path, Body: body, Scope: ScopeWebhookWrite, Secrets: b.secrets()}, nil
}

// secrets returns the values of the body that no text may contain.
func (b WebhookBody) secrets() []string {
	var secrets []string

	for _, secret := range []*string{b.APIKey, b.SecretKey, b.OAuth2ClientSecret} {
		if secret != nil {
			secrets = append(secrets, *secret)
		}
	}

	return secrets
}

func decodeWebhook(o *wire.Object) Webhook {
	return Webhook{
		ID: o.ID(),

		Name:               o.Text("name"),
		WebhookURL:         o.Text("webhook_url"),
		EventType:          o.Text("event_type"),
		AuthenType:         o.Text("authen_type"),
		RequestContentType: o.Text("request_content_type"),

		APIKey:               o.Text("api_key"),
		SecretKey:            o.Text("secret_key"),
		OAuth2AccessTokenURL: o.Text("oauth2_access_token_url"),
		OAuth2ClientID:       o.Text("oauth2_client_id"),
		OAuth2ClientSecret:   o.Text("oauth2_client_secret"),

		IsVerifyPayment: o.Flag("is_verify_payment"),
		SkipIfNoCode:    o.Flag("skip_if_no_code"),
		Active:          o.Flag("active"),
		OnlyVA:          o.Flag("only_va"),

		BankMode:          o.Text("bank_mode"),
		BankAccountID:     o.Integer("bank_account_id"),
		BankAccountIDs:    o.Integers("bank_account_ids"),
		VAMode:            o.Text("va_mode"),
		BankSubAccountIDs: o.Integers("bank_sub_account_ids"),
		PrefixFilters:     o.Texts("prefix_filters"),

		RetryConditions: o.Conditions("retry_conditions"),
		AlertThreshold:  o.Integer("alert_threshold"),
		AlertEventTypes: o.Texts("alert_event_types"),
		AlertChannelIDs: o.Integers("alert_channel_ids"),

		CreatedAt: o.Date("created_at"),
	}
}

// Differences compares what was sent with what SePay returned for it. These are not differences: SePay does not
// return the key, masks a secret, trims spaces around name or webhook_url, or returns a list in another order.
func (b WebhookBody) Differences(got Webhook) []Difference {
	d := &differences{}

	compareValue(d, "bank_account_id", b.BankAccountID, got.BankAccountID, formatInteger)
	compareTrimmed(d, "name", b.Name, got.Name)
	compareValue(d, "event_type", b.EventType, got.EventType, strconv.Quote)
	compareValue(d, "authen_type", b.AuthenType, got.AuthenType, strconv.Quote)
	compareValue(d, "request_content_type", b.RequestContentType, got.RequestContentType, strconv.Quote)
	compareTrimmed(d, "webhook_url", b.WebhookURL, got.WebhookURL)
	compareSecret(d, "api_key", b.APIKey, got.APIKey)
	compareSecret(d, "secret_key", b.SecretKey, got.SecretKey)
	compareValue(d, "oauth2_access_token_url", b.OAuth2AccessTokenURL, got.OAuth2AccessTokenURL, strconv.Quote)
	compareValue(d, "oauth2_client_id", b.OAuth2ClientID, got.OAuth2ClientID, strconv.Quote)
	compareSecret(d, "oauth2_client_secret", b.OAuth2ClientSecret, got.OAuth2ClientSecret)
	compareFlag(d, "is_verify_payment", b.IsVerifyPayment, got.IsVerifyPayment)
	compareFlag(d, "skip_if_no_code", b.SkipIfNoCode, got.SkipIfNoCode)
	compareFlag(d, "only_va", b.OnlyVA, got.OnlyVA)
	compareFlag(d, "active", b.Active, got.Active)
	compareValue(d, "bank_mode", b.BankMode, got.BankMode, strconv.Quote)
	compareSet(d, "bank_account_ids", b.BankAccountIDs, got.BankAccountIDs)
	compareValue(d, "va_mode", b.VAMode, got.VAMode, strconv.Quote)
	compareSet(d, "bank_sub_account_ids", b.BankSubAccountIDs, got.BankSubAccountIDs)
	compareSet(d, "prefix_filters", b.PrefixFilters, got.PrefixFilters)
	compareSet(d, "retry_conditions", b.RetryConditions, got.RetryConditions)
	compareValue(d, "alert_threshold", b.AlertThreshold, got.AlertThreshold, formatInteger)
	compareSet(d, "alert_event_types", b.AlertEventTypes, got.AlertEventTypes)
	compareSet(d, "alert_channel_ids", b.AlertChannelIDs, got.AlertChannelIDs)

	return d.found
}

func zeroOrOne(flag bool) string {
	if flag {
		return "1"
	}

	return "0"
}

// Webhook and WebhookBody have secrets: printing them shows only what identifies them.

// String implements fmt.Stringer.
func (w Webhook) String() string { return fmt.Sprintf("webhook %d", w.ID) }

// GoString implements fmt.GoStringer.
func (w Webhook) GoString() string { return w.String() }

// LogValue implements slog.LogValuer.
func (w Webhook) LogValue() slog.Value { return slog.StringValue(w.String()) }

// String implements fmt.Stringer.
func (b WebhookBody) String() string { return "webhook body" }

// GoString implements fmt.GoStringer.
func (b WebhookBody) GoString() string { return b.String() }

// LogValue implements slog.LogValuer.
func (b WebhookBody) LogValue() slog.Value { return slog.StringValue(b.String()) }
