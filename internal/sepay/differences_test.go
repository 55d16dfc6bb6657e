package sepay

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func fullBody() WebhookBody {
	return WebhookBody{
		BankAccountID: new(int64(19)), Name: new("Shop"), EventType: new(EventTypeAll), AuthenType: new(AuthenTypeAPIKey),
		RequestContentType: new(ContentTypeJSON), WebhookURL: new("https://shop.example/hook"), APIKey: new("0123456789abcdef"),
		SecretKey: new("whsec_1234"), OAuth2AccessTokenURL: new("https://shop.example/token"), OAuth2ClientID: new("shop"),
		OAuth2ClientSecret: new("s3cret"), IsVerifyPayment: new(Flag(true)), SkipIfNoCode: new(Flag(false)),
		OnlyVA: new(Flag(false)), Active: new(Flag(true)), BankMode: new(BankModeMulti), BankAccountIDs: new([]int64{2, 1}),
		VAMode: new(VAModeList), BankSubAccountIDs: new([]int64{}), PrefixFilters: new([]string{"DH", "HD"}),
		RetryConditions: new([]string{RetryNon2xx}), AlertThreshold: new(int64(3)),
		AlertEventTypes: new([]string{AlertFailure}), AlertChannelIDs: new([]int64{7}),
	}
}

func storedAsSent() Webhook {
	return Webhook{
		ID: 1, BankAccountID: Of[int64](19), Name: Of("Shop"), EventType: Of(EventTypeAll), AuthenType: Of(AuthenTypeAPIKey),
		RequestContentType: Of(ContentTypeJSON), WebhookURL: Of("https://shop.example/hook"), APIKey: Of("0123456789abcdef"),
		SecretKey: Of("whsec_1234"), OAuth2AccessTokenURL: Of("https://shop.example/token"), OAuth2ClientID: Of("shop"),
		OAuth2ClientSecret: Of("s3cret"), IsVerifyPayment: Of(true), SkipIfNoCode: Of(false), OnlyVA: Of(false), Active: Of(true),
		BankMode: Of(BankModeMulti), BankAccountIDs: Of([]int64{1, 2}), VAMode: Of(VAModeList), BankSubAccountIDs: Of([]int64{}),
		PrefixFilters: Of([]string{"HD", "DH"}), RetryConditions: Of([]string{RetryNon2xx}), AlertThreshold: Of[int64](3),
		AlertEventTypes: Of([]string{AlertFailure}), AlertChannelIDs: Of([]int64{7}),
	}
}

func TestOtherFormsOfTheSameValueAreNoDifference(t *testing.T) {
	t.Parallel()

	trimmed := fullBody()
	trimmed.Name, trimmed.WebhookURL = new("  Shop "), new("https://shop.example/hook ")

	masked := storedAsSent()
	masked.APIKey, masked.SecretKey, masked.OAuth2ClientSecret = Of("************cdef"), Of("1234"), Null[string]()

	tests := map[string]struct {
		body WebhookBody
		got  Webhook
	}{
		"as sent":  {fullBody(), storedAsSent()},
		"trimmed":  {trimmed, storedAsSent()},
		"masked":   {fullBody(), masked},
		"absent":   {fullBody(), Webhook{ID: 1}},
		"not sent": {WebhookBody{}, storedAsSent()},
		"null for nothing": {
			WebhookBody{BankAccountID: new(int64(0)), PrefixFilters: new([]string{})},
			Webhook{BankAccountID: Null[int64](), PrefixFilters: Null[[]string]()},
		},
	}

	for name, test := range tests {
		if got := test.body.Differences(test.got); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEveryKeyIsCompared(t *testing.T) {
	t.Parallel()

	other := WebhookBody{
		BankAccountID: new(int64(20)), Name: new("x"), EventType: new("x"), AuthenType: new("x"), RequestContentType: new("x"),
		WebhookURL: new("x"), APIKey: new("hunter2"), SecretKey: new("hunter2"), OAuth2AccessTokenURL: new("x"),
		OAuth2ClientID: new("x"), OAuth2ClientSecret: new("hunter2"), IsVerifyPayment: new(Flag(false)),
		SkipIfNoCode: new(Flag(true)), OnlyVA: new(Flag(true)), Active: new(Flag(false)), BankMode: new("x"),
		BankAccountIDs: new([]int64{1}), VAMode: new("x"), BankSubAccountIDs: new([]int64{1}), PrefixFilters: new([]string{}),
		RetryConditions: new([]string{}), AlertThreshold: new(int64(4)), AlertEventTypes: new([]string{}), AlertChannelIDs: new([]int64{}),
	}

	fields := reflect.TypeFor[WebhookBody]()

	found := map[string]Difference{}
	for _, difference := range other.Differences(storedAsSent()) {
		found[difference.Key] = difference
	}

	for field := range fields.Fields() {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if _, ok := found[key]; !ok {
			t.Errorf("%s is not compared", key)
		}
	}

	if shown := fmt.Sprintf("%#v", found); strings.Contains(shown, "hunter2") || strings.Contains(shown, "0123456789abcdef") {
		t.Errorf("a secret appears: %s", shown)
	}

	if got := found["bank_account_ids"]; got.Sent != "[1]" || got.Stored != "[1, 2]" {
		t.Errorf("bank_account_ids: %+v", got)
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		returned, known string
		want            bool
	}{
		{"********cdef", "0123456789abcdef", true},
		{"••••cdef", "another", true},
		{"cdef", "0123456789abcdef", true},
		{"", "0123456789abcdef", true},
		{"0123456789abcdef", "0123456789abcdef", false},
		{"0123", "0123456789abcdef", false},
		{"rotated-in-dashboard", "0123456789abcdef", false},
		{"plain", "", false},
	} {
		if got := Masked(test.returned, test.known); got != test.want {
			t.Errorf("Masked(%q, %q) = %t", test.returned, test.known, got)
		}
	}
}
