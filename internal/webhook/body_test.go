package webhook

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// memory is a private state of the test's own.
type memory map[string][]byte

func (m memory) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) { return m[key], nil }

func (m memory) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	m[key] = value

	return nil
}

func shop() model {
	return model{APIKey: types.StringValue("a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"), readable: readable{
		Name:               types.StringValue("Shop"),
		WebhookURL:         types.StringValue("https://shop.example.com/sepay"),
		EventType:          types.StringValue(sepay.EventTypeInOnly),
		AuthenType:         types.StringValue(sepay.AuthenTypeAPIKey),
		RequestContentType: types.StringValue(sepay.ContentTypeJSON),
		IsVerifyPayment:    types.BoolValue(true),
		SkipIfNoCode:       types.BoolValue(true),
		Active:             types.BoolValue(true),
		OnlyVA:             types.BoolValue(false),
		BankAccountID:      types.Int64Value(19),
		BankMode:           types.StringUnknown(),
		VAMode:             types.StringUnknown(),
		AlertThreshold:     types.Int64Unknown(),
		AlertEventTypes:    types.SetUnknown(types.StringType),
		RetryConditions:    tfvalue.StringSet([]string{sepay.RetryNon2xx}),
	}}
}

// body is what a create or an update would send, secrets included.
func body(t *testing.T, plan, prior model) string {
	t.Helper()

	sent := changes(plan, prior)
	if diags := (&webhookResource{digests: NewDigests()}).addSecret(t.Context(), &sent, plan, &plan, prior, memory{}); diags.HasError() {
		t.Fatal(diags)
	}

	data, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}

	return string(data)
}

func TestCreateSendsTheBodyThatIsKnownToWork(t *testing.T) {
	t.Parallel()

	const known = `{"bank_account_id":19,"name":"Shop","event_type":"In_only","authen_type":"Api_Key",` +
		`"request_content_type":"Json","webhook_url":"https://shop.example.com/sepay",` +
		`"api_key":"a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7","is_verify_payment":1,"skip_if_no_code":1,"only_va":0,"active":1,` +
		`"retry_conditions":["non_2xx_status_code"]}`

	if got := body(t, shop(), model{}); got != known {
		t.Errorf("create sends\n%s\nwant\n%s", got, known)
	}
}

func TestUpdateSendsOnlyWhatChanged(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		change func(plan, prior *model)
		want   string
	}{
		"nothing":          {func(*model, *model) {}, `{}`},
		"the bank account": {func(plan, _ *model) { plan.BankAccountID = types.Int64Value(20) }, `{"bank_account_id":20}`},
		"a flag":           {func(plan, _ *model) { plan.Active = types.BoolValue(false) }, `{"active":0}`},
		"the key":          {func(plan, _ *model) { plan.APIKey = types.StringValue("new") }, `{"api_key":"new"}`},
		"a filter added": {
			func(plan, _ *model) { plan.PrefixFilters = tfvalue.StringSet([]string{"DH", "AB"}) },
			`{"prefix_filters":["AB","DH"]}`,
		},
		"filters removed": {
			func(_, prior *model) { prior.PrefixFilters = tfvalue.StringSet([]string{"DH"}) }, `{"prefix_filters":[]}`,
		},
		"unset filters written as empty": {func(plan, _ *model) { plan.PrefixFilters = tfvalue.StringSet(nil) }, `{}`},
		"retry turned off":               {func(plan, _ *model) { plan.RetryConditions = tfvalue.StringSet(nil) }, `{"retry_conditions":[]}`},
		"every bank account": {
			func(plan, _ *model) {
				plan.BankMode, plan.BankAccountID = types.StringValue(sepay.BankModeAll), types.Int64Null()
			},
			`{"bank_mode":"all"}`,
		},
		"several bank accounts": {
			func(plan, _ *model) {
				plan.BankMode, plan.BankAccountID = types.StringValue(sepay.BankModeMulti), types.Int64Null()
				plan.BankAccountIDs = tfvalue.Int64Set([]int64{21, 19})
			},
			`{"bank_mode":"multi","bank_account_ids":[19,21]}`,
		},
		"one bank account again": {
			func(plan, prior *model) {
				prior.BankMode, prior.BankAccountID = types.StringValue(sepay.BankModeMulti), types.Int64Null()
				prior.BankAccountIDs = tfvalue.Int64Set([]int64{21, 19})
				plan.BankMode = types.StringValue(sepay.BankModeSingle)
			},
			`{"bank_account_id":19,"bank_mode":"single"}`,
		},
		"the mode that needs the virtual accounts": {
			func(plan, prior *model) {
				prior.VAMode, plan.VAMode = types.StringValue(sepay.VAModeAll), types.StringValue(sepay.VAModeList)
				prior.BankSubAccountIDs, plan.BankSubAccountIDs = tfvalue.Int64Set([]int64{25}), tfvalue.Int64Set([]int64{25})
			},
			`{"only_va":0,"va_mode":"list","bank_sub_account_ids":[25]}`,
		},
		"another way of authentication": {
			func(plan, _ *model) {
				plan.AuthenType, plan.APIKey = types.StringValue(sepay.AuthenTypeHMAC), types.StringNull()
				plan.SecretKey = types.StringValue("whsec_1")
			},
			`{"authen_type":"HMAC_SHA256","secret_key":"whsec_1"}`,
		},
		"back to OAuth2 after the dashboard switched it off": {
			func(plan, prior *model) {
				prior.AuthenType, prior.APIKey = types.StringValue(sepay.AuthenTypeNone), types.StringNull()
				plan.AuthenType, plan.APIKey = types.StringValue(sepay.AuthenTypeOAuth2), types.StringNull()
				plan.OAuth2AccessTokenURL, plan.OAuth2ClientID = types.StringValue("https://id.example.com/token"), types.StringValue("c")
				plan.OAuth2ClientSecret = types.StringValue("s")
			},
			`{"authen_type":"OAuth2.0","oauth2_access_token_url":"https://id.example.com/token","oauth2_client_id":"c",` +
				`"oauth2_client_secret":"s"}`,
		},
	}

	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			prior := shop()
			prior.BankMode, prior.VAMode = types.StringNull(), types.StringNull()
			prior.AlertThreshold, prior.AlertEventTypes = types.Int64Null(), types.SetNull(types.StringType)
			plan := prior
			test.change(&plan, &prior)

			if got := body(t, plan, prior); got != test.want {
				t.Errorf("sends %s, want %s", got, test.want)
			}
		})
	}
}
