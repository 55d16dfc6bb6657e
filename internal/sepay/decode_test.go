package sepay

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

const webhook2026 = `{"id":23,"bank_account_id":19,"name":"Online shop","event_type":"In_only","authen_type":"HMAC_SHA256",
"webhook_url":"https://example.com/webhook/payment","is_verify_payment":true,"skip_if_no_code":true,"prefix_filters":["DH"],
"retry_conditions":{"non_2xx_status_code":1},"only_va":true,"va_mode":"list","bank_mode":"single","alert_threshold":3,
"alert_event_types":["failure","recovery"],"active":false,"created_at":"2025-02-15 14:23:56",
"secret_key":"whsec_a7c3","request_content_type":"Json","bank_sub_account_ids":[25,26]}`

// parsed returns the client's object for a JSON object.
func parsed(t *testing.T, text string) any {
	t.Helper()

	object, err := wire.Open([]byte(text))
	if err != nil {
		t.Fatal(err)
	}

	return map[string]any(object)
}

func TestEveryFormOfAWebhookReadsTheSame(t *testing.T) {
	t.Parallel()

	want := Webhook{
		ID: 23, BankAccountID: Of[int64](19), Name: Of("Online shop"), EventType: Of(EventTypeInOnly),
		AuthenType: Of(AuthenTypeHMAC), WebhookURL: Of("https://example.com/webhook/payment"),
		IsVerifyPayment: Of(true), SkipIfNoCode: Of(true), PrefixFilters: Of([]string{"DH"}),
		RetryConditions: Of([]string{RetryNon2xx}), OnlyVA: Of(true), VAMode: Of(VAModeList), BankMode: Of(BankModeSingle),
		AlertThreshold: Of[int64](3), AlertEventTypes: Of([]string{AlertFailure, AlertRecovery}), Active: Of(false),
		CreatedAt: Of(time.Date(2025, 2, 15, 14, 23, 56, 0, vietnamTime())),
		SecretKey: Of("whsec_a7c3"), RequestContentType: Of(ContentTypeJSON), BankSubAccountIDs: Of([]int64{25, 26}),
	}

	forms := map[string]string{
		"as documented": webhook2026,
		"flags as 0 and 1": strings.NewReplacer(`:true`, `:1`, `:false`, `:0`,
			`{"non_2xx_status_code":1}`, `["non_2xx_status_code"]`).Replace(webhook2026),
		"every scalar a string": strings.NewReplacer(`:true`, `:"1"`, `:false`, `:"0"`, `"id":23`, `"id":"23"`, `:19`, `:"19"`,
			`code":1`, `code":"1"`, `:3,`, `:"3",`, `[25,26]`, `["25","26"]`).Replace(webhook2026),
		"lists as PHP objects": strings.NewReplacer(`[25,26]`, `{"0":25,"2":26}`, `["DH"]`, `{"4":"DH"}`,
			`"2025-02-15 14:23:56"`, `"2025-02-15T07:23:56Z"`).Replace(webhook2026),
	}

	for name, form := range forms {
		got, err := wire.Decode(parsed(t, form), "webhook", decodeWebhook)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}

		// Locations are pointers, so that times are compared as instants.
		if at, _ := got.CreatedAt.Get(); !at.Equal(want.CreatedAt.Or(time.Time{})) || at.Format(time.RFC3339) != "2025-02-15T14:23:56+07:00" {
			t.Errorf("%s: created_at %s", name, at)
		}

		got.CreatedAt = want.CreatedAt

		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
}

func TestAbsentIsNotNullAndNullIsNotEmpty(t *testing.T) {
	t.Parallel()

	got, err := wire.Decode(parsed(t,
		`{"id":"5","api_key":null,"retry_conditions":null,"prefix_filters":[],"bank_account_id":0,"created_at":"0000-00-00 00:00:00"}`), "webhook", decodeWebhook)
	if err != nil {
		t.Fatal(err)
	}

	if got.SecretKey.Present() || !got.APIKey.IsNull() || !got.RetryConditions.IsNull() || !got.CreatedAt.IsNull() {
		t.Errorf("absent and null are confused: %+v", got)
	}

	if list, ok := got.PrefixFilters.Get(); !ok || list == nil || len(list) != 0 {
		t.Errorf("prefix_filters: %#v, %t", list, ok)
	}

	if id, ok := got.BankAccountID.Get(); !ok || id != 0 {
		t.Errorf("bank_account_id: %d, %t", id, ok)
	}
}

func TestAnErrorNamesTheKeyAndNotTheValue(t *testing.T) {
	t.Parallel()

	for key, value := range map[string]string{
		"active": `"hunter2"`, "alert_threshold": `"hunter2"`, "created_at": `"hunter2"`, "bank_sub_account_ids": `["hunter2"]`,
		"api_key": `{"key":"hunter2"}`, "retry_conditions": `{"a":"hunter2"}`, "id": `null`,
	} {
		_, err := wire.Decode(parsed(t, `{"id":1,"`+key+`":`+value+`}`), "webhook", decodeWebhook)
		if err == nil || !strings.Contains(err.Error(), "webhook: \"") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestABalanceKeepsItsDigits(t *testing.T) {
	t.Parallel()

	for _, form := range []string{`123456789012345.67`, `"123456789012345.67"`} {
		account, err := wire.Decode(parsed(t, `{"id":1,"accumulated":`+form+`}`), "bank account", decodeBankAccount)
		if err != nil || account.Accumulated.Or("") != "123456789012345.67" {
			t.Errorf("%s: %s, %v", form, account.Accumulated.Or(""), err)
		}
	}
}

func TestEveryEnvelopeOfBankAccountsIsRead(t *testing.T) {
	t.Parallel()

	bodies := map[string]string{
		"documented": `{"status":"success","data":[{"id":19,"label":null,"account_number":"0071000888888","accumulated":1777283273.00,
			"active":true,"bank":{"short_name":"Vietcombank","full_name":"Ngân hàng Ngoại Thương"}}],
			"meta":{"pagination":{"total":1,"per_page":20,"current_page":1,"last_page":1}}}`,
		"quick start": `{"status":200,"messages":[],"bankaccounts":[{"id":19,"bank_account_number":"0071000888888",
			"bank_short_name":"Vietcombank","bank_full_name":"Ngân hàng Ngoại Thương","accumulated_balance":1777283273.00}]}`,
		"token API": `{"status":200,"error":null,"messages":{"success":true},"bankaccounts":[{"id":"19","account_number":"0071000888888",
			"active":"1","accumulated":"1777283273.00","bank_short_name":"Vietcombank","bank_full_name":"Ngân hàng Ngoại Thương"}]}`,
	}

	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, client := serve(t, status(200, "\ufeff"+body))

			accounts, err := client.BankAccounts(t.Context())
			if err != nil || len(accounts) != 1 {
				t.Fatalf("%d accounts, %v", len(accounts), err)
			}

			got := accounts[0]
			shown := fmt.Sprintln(got.ID, got.AccountNumber, got.Bank.ShortName.Or(""), got.Bank.FullName.Or(""), got.Accumulated.Or(""))

			if want := "19 0071000888888 Vietcombank Ngân hàng Ngoại Thương 1777283273.00\n"; shown != want {
				t.Errorf("got %s", shown)
			}

			one, err := client.BankAccount(t.Context(), 19)
			if name != "documented" && (err != nil || one.AccountNumber != "0071000888888") {
				t.Errorf("a single account: %+v, %v", one, err)
			}
		})
	}
}

func TestEveryFormOfCompanyAndUserIsRead(t *testing.T) {
	t.Parallel()

	_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		if strings.HasSuffix(r.URL.Path, "/me") {
			respond(w, 200, `{"status":"success","data":{"id":"1234","first_name":"Đỗ","email":"a@example.com","avatar":null}}`)

			return
		}

		respond(w, 200, `{"status":"success","data":{"id":123,"full_name":"Công ty ABC","role":null,"begin_date":"2023-01-01",
			"configurations":{"bank_sub_account":"1","paycode":true,"data_storage_time":90,
			"payment_code_formats":[{"prefix":"DH","suffix_from":"6","suffix_to":8,"character_type":"NumberOnly","is_active":1}]}}}`)
	})

	user, err := client.Me(t.Context())
	if err != nil || user.ID != 1234 || user.FirstName.Or("") != "Đỗ" || user.Phone.Present() || !user.Avatar.IsNull() {
		t.Errorf("user: %+v, %v", user, err)
	}

	company, err := client.Company(t.Context())
	if err != nil || !company.Role.IsNull() || company.BeginDate.Or("") != "2023-01-01" {
		t.Errorf("company: %+v, %v", company, err)
	}

	settings := company.Configurations.Or(CompanyConfigurations{})
	want := []PaymentCodeFormat{{
		Prefix: Of("DH"), SuffixFrom: Of[int64](6), SuffixTo: Of[int64](8), CharacterType: Of("NumberOnly"), IsActive: Of(true),
	}}

	if settings.DataStorageTime.Or("") != "90" || !settings.BankSubAccount.Or(false) ||
		!reflect.DeepEqual(settings.PaymentCodeFormats.Or(nil), want) {
		t.Errorf("configurations: %+v", settings)
	}
}

func BenchmarkDecodePage(b *testing.B) {
	rows := strings.TrimSuffix(strings.Repeat(webhook2026+",", 100), ",")
	body := []byte(`{"status":"success","data":[` + rows + `],"meta":{"pagination":{"total":100,"per_page":100,"current_page":1,"last_page":1}}}`)

	b.SetBytes(int64(len(body)))
	b.ReportAllocs()

	for b.Loop() {
		envelope, err := wire.Open(body)
		if err != nil {
			b.Fatal(err)
		}

		items, err := envelope.Many()
		if err != nil || len(items) != 100 {
			b.Fatal(err)
		}

		for _, item := range items {
			if _, err := wire.Decode(item, "webhook", decodeWebhook); err != nil {
				b.Fatal(err)
			}
		}
	}
}
