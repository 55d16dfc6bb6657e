package sepay

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is a key that SePay did not store as it was asked to.
type Difference struct {
	// Key is the API's name of the field.
	Key string
	// Asked and Kept are for reading. They are empty where Secret is true.
	Asked, Kept string
	Secret      bool
}

// Differences compares what was sent with what SePay returned for it. It is no difference when SePay does not return
// the key, masks a secret, has trimmed spaces around name or webhook_url, or has a list in another order.
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

// Masked tells whether answer stands for the secret known instead of being one: it has a mask's characters, or only
// shows how known ends. A masked secret must never replace the known one.
func Masked(answer, known string) bool {
	return strings.ContainsAny(answer, "*•") || len(answer) < len(known) && strings.HasSuffix(known, answer)
}

type differences struct{ found []Difference }

func (d *differences) add(key, asked, kept string) {
	d.found = append(d.found, Difference{Key: key, Asked: asked, Kept: kept})
}

func compareValue[T comparable](d *differences, key string, asked *T, got Field[T], format func(T) string) {
	var zero T

	kept, some := got.Get()

	switch {
	case asked == nil || !got.Present() || some && kept == *asked:
	case !some && *asked == zero:
		// Null is how SePay may write nothing.
	case !some:
		d.add(key, format(*asked), "null")
	default:
		d.add(key, format(*asked), format(kept))
	}
}

func compareTrimmed(d *differences, key string, asked *string, got Field[string]) {
	if kept, ok := got.Get(); ok && asked != nil && strings.TrimSpace(kept) == strings.TrimSpace(*asked) {
		return
	}

	compareValue(d, key, asked, got, strconv.Quote)
}

func compareFlag(d *differences, key string, asked *Flag, got Field[bool]) {
	if asked != nil {
		compareValue(d, key, (*bool)(asked), got, strconv.FormatBool)
	}
}

func compareSecret(d *differences, key string, asked *string, got Field[string]) {
	kept, ok := got.Get()
	if asked == nil || !ok || kept == *asked || Masked(kept, *asked) {
		return
	}

	d.found = append(d.found, Difference{Key: key, Secret: true})
}

func compareSet[T cmp.Ordered](d *differences, key string, asked *[]T, got Field[[]T]) {
	if asked == nil || !got.Present() {
		return
	}

	want, have := sorted(*asked), sorted(got.Or(nil))
	if !slices.Equal(want, have) {
		d.add(key, formatSet(want), formatSet(have))
	}
}

func sorted[T cmp.Ordered](values []T) []T {
	values = slices.Clone(values)
	slices.Sort(values)

	return slices.Compact(values)
}

func formatInteger(value int64) string { return strconv.FormatInt(value, 10) }

func formatSet[T any](values []T) string {
	texts := make([]string, len(values))

	for i, value := range values {
		texts[i] = fmt.Sprintf("%#v", value)
	}

	return "[" + strings.Join(texts, ", ") + "]"
}
