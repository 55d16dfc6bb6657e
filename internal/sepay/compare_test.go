package sepay

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func fullBody() WebhookBody {
	return WebhookBody{
		BankAccountID: ptr[int64](19), Name: ptr("Shop"), EventType: ptr(EventTypeAll), AuthenType: ptr(AuthenTypeAPIKey),
		RequestContentType: ptr(ContentTypeJSON), WebhookURL: ptr("https://shop.example/hook"), APIKey: ptr("0123456789abcdef"),
		SecretKey: ptr("whsec_1234"), OAuth2AccessTokenURL: ptr("https://shop.example/token"), OAuth2ClientID: ptr("shop"),
		OAuth2ClientSecret: ptr("s3cret"), IsVerifyPayment: ptr(Flag(true)), SkipIfNoCode: ptr(Flag(false)),
		OnlyVA: ptr(Flag(false)), Active: ptr(Flag(true)), BankMode: ptr(BankModeMulti), BankAccountIDs: ptr([]int64{2, 1}),
		VAMode: ptr(VAModeList), BankSubAccountIDs: ptr([]int64{}), PrefixFilters: ptr([]string{"DH", "HD"}),
		RetryConditions: ptr([]string{RetryNon2xx}), AlertThreshold: ptr[int64](3),
		AlertEventTypes: ptr([]string{AlertFailure}), AlertChannelIDs: ptr([]int64{7}),
	}
}

func storedAsAsked() Webhook {
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

func TestHarmlessFormsAreNoDifference(t *testing.T) {
	t.Parallel()

	trimmed := fullBody()
	trimmed.Name, trimmed.WebhookURL = ptr("  Shop "), ptr("https://shop.example/hook ")

	masked := storedAsAsked()
	masked.APIKey, masked.SecretKey, masked.OAuth2ClientSecret = Of("************cdef"), Of("1234"), Null[string]()

	tests := map[string]struct {
		body WebhookBody
		got  Webhook
	}{
		"as asked": {fullBody(), storedAsAsked()},
		"trimmed":  {trimmed, storedAsAsked()},
		"masked":   {fullBody(), masked},
		"absent":   {fullBody(), Webhook{ID: 1}},
		"unasked":  {WebhookBody{}, storedAsAsked()},
		"null for nothing": {
			WebhookBody{BankAccountID: ptr[int64](0), PrefixFilters: ptr([]string{})},
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
		BankAccountID: ptr[int64](20), Name: ptr("x"), EventType: ptr("x"), AuthenType: ptr("x"), RequestContentType: ptr("x"),
		WebhookURL: ptr("x"), APIKey: ptr("hunter2"), SecretKey: ptr("hunter2"), OAuth2AccessTokenURL: ptr("x"),
		OAuth2ClientID: ptr("x"), OAuth2ClientSecret: ptr("hunter2"), IsVerifyPayment: ptr(Flag(false)),
		SkipIfNoCode: ptr(Flag(true)), OnlyVA: ptr(Flag(true)), Active: ptr(Flag(false)), BankMode: ptr("x"),
		BankAccountIDs: ptr([]int64{1}), VAMode: ptr("x"), BankSubAccountIDs: ptr([]int64{1}), PrefixFilters: ptr([]string{}),
		RetryConditions: ptr([]string{}), AlertThreshold: ptr[int64](4), AlertEventTypes: ptr([]string{}), AlertChannelIDs: ptr([]int64{}),
	}

	fields := reflect.TypeFor[WebhookBody]()

	found := map[string]Difference{}
	for _, difference := range other.Differences(storedAsAsked()) {
		found[difference.Key] = difference
	}

	for i := range fields.NumField() {
		key, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if _, ok := found[key]; !ok {
			t.Errorf("%s is not compared", key)
		}
	}

	if shown := fmt.Sprintf("%#v", found); strings.Contains(shown, "hunter2") || strings.Contains(shown, "0123456789abcdef") {
		t.Errorf("a secret is shown: %s", shown)
	}

	if got := found["bank_account_ids"]; got.Asked != "[1]" || got.Kept != "[1, 2]" {
		t.Errorf("bank_account_ids: %+v", got)
	}
}

func TestMasked(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		answer, known string
		want          bool
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
		if got := Masked(test.answer, test.known); got != test.want {
			t.Errorf("Masked(%q, %q) = %t", test.answer, test.known, got)
		}
	}
}
