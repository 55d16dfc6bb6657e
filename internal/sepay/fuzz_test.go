package sepay

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// FuzzWebhook and the other targets decode what an endpoint returns. A decoded object that is encoded in SePay's form and
// decoded again is the same, and no error repeats the text at a $.
func FuzzWebhook(f *testing.F) {
	f.Add(`{"id":23,"name":"Shop","webhook_url":"https://shop.example.com/sepay","event_type":"In_only","authen_type":"Api_Key",` +
		`"api_key":"$","active":1,"only_va":"0","bank_account_id":"19.00","created_at":"2025-02-15 14:23:56"}`)
	f.Add(`{"id":"24","skip_if_no_code":"","bank_mode":null,"bank_account_ids":{"0":19,"10":21,"2":"20"},"prefix_filters":["DH",5,null],` +
		`"retry_conditions":{"non_2xx_status_code":1,"$":0},"alert_event_types":"","alert_channel_ids":[]}`)
	f.Add(`{"id":25,"secret_key":{"$":"$"},"created_at":"$"}`)
	f.Add(`{"id":26,"bank_sub_account_ids":["$"],"created_at":"0000-00-00 00:00:00"}`)
	f.Add(`{"id":27,"retry_conditions":["$"],"created_at":"9999-12-31T23:59:59-23:59"}`)
	f.Add(`{"id":27,"created_at":"0000-01-01T00:00:00+23:59"}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeWebhook) })
}

func FuzzBankAccount(f *testing.F) {
	f.Add(`{"id":18,"label":"$","account_number":"0071000888888","accumulated":"1.5e3","active":true,"bank":{"short_name":"VCB","bin":970436}}`)
	f.Add(`{"id":"19","bank_account_number":"0071","bank_code":"$","bank":[],"accumulated":-0.5,"created_at":"2025-02-15T14:23:56.5Z"}`)
	f.Add(`{"id":20,"accumulated":"+5","bank":"$"}`)
	f.Add(`{"id":21,"accumulated":"$","bank":{"code":["$"]}}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeBankAccount) })
}

func FuzzSubAccount(f *testing.F) {
	f.Add(`{"id":25,"account_number":"VQRQ0001","label":"$"}`)
	f.Add(`{"id":26,"sub_account":10,"label":null}`)
	f.Add(`{"id":27,"bank_account_number":["$"]}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeSubAccount) })
}

func FuzzTransaction(f *testing.F) {
	f.Add(`{"id":"49682","transaction_date":"2023-05-05 19:59:48","account_number":"0071000888888","amount_in":"18067000.00",` +
		`"amount_out":0,"accumulated":"1e100","transaction_content":"$","bank_account_id":"19","code":null}`)
	f.Add(`{"id":1,"amount_in":"1e101"}`)
	f.Add(`{"id":2,"amount_in":"0x10","transaction_date":"$"}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeTransaction) })
}

func FuzzUser(f *testing.F) {
	f.Add(`{"id":1,"first_name":"$","email":"a@example.com","phone":84900000000}`)
	f.Add(`{"id":"1.0","avatar":{"$":1}}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeUser) })
}

func FuzzCompany(f *testing.F) {
	f.Add(`{"id":1,"full_name":"$","role":"Admin","configurations":{"paycode":"1","data_storage_time":90,` +
		`"payment_code_formats":[{"prefix":"DH","suffix_from":"3","suffix_to":10,"is_active":1},null,[]]}}`)
	f.Add(`{"id":2,"configurations":[],"begin_date":"2024-01-01"}`)
	f.Add(`{"id":3,"configurations":{"payment_code_formats":["$"]}}`)
	f.Fuzz(func(t *testing.T, text string) { decodesStably(t, text, decodeCompany) })
}

func decodesStably[T any](t *testing.T, text string, decode func(*wire.Object) T) {
	t.Helper()

	const canary = "whsec_canary0123456789"

	body, err := wire.Open([]byte(strings.ReplaceAll(text, "$", canary)))
	if err != nil {
		return
	}

	first, err := wire.Decode(map[string]any(body), "object", decode)
	if err != nil {
		if strings.Contains(err.Error(), "canary") || len(err.Error()) > 500 {
			t.Errorf("the error repeats the response: %v", err)
		}

		return
	}

	written, err := json.Marshal(inSePaysForm(reflect.ValueOf(first)))
	if err != nil {
		t.Fatal(err)
	}

	if len(written) > 6*len(text)*len(canary)+3_000 {
		t.Errorf("%d bytes became %d", len(text), len(written))
	}

	again, err := wire.Open(written)
	if err != nil {
		t.Fatalf("%s: %v", written, err)
	}

	second, err := wire.Decode(map[string]any(again), "object", decode)
	if err != nil || !reflect.DeepEqual(inSePaysForm(reflect.ValueOf(second)), inSePaysForm(reflect.ValueOf(first))) {
		t.Errorf("%s\nis decoded again as %#v, %v", written, inSePaysForm(reflect.ValueOf(second)), err)
	}
}

// inSePaysForm encodes a decoded object in SePay's form. A key that was absent stays absent.
func inSePaysForm(value reflect.Value) any {
	switch object := value.Interface().(type) {
	case time.Time:
		return object.Format(time.RFC3339Nano)
	case json.Number:
		return object.String()
	case int64, string, bool:
		return object
	}

	if value.Kind() == reflect.Slice {
		items := make([]any, value.Len())
		for i := range items {
			items[i] = inSePaysForm(value.Index(i))
		}

		return items
	}

	keys := map[string]any{}

	for i := range value.NumField() {
		name, field := keyOf(value.Type().Field(i).Name), value.Field(i)

		present := field.MethodByName("Present")
		switch {
		case !present.IsValid():
			keys[name] = inSePaysForm(field)
		case !present.Call(nil)[0].Bool():
		case field.MethodByName("IsNull").Call(nil)[0].Bool():
			keys[name] = nil
		default:
			keys[name] = inSePaysForm(field.MethodByName("Get").Call(nil)[0])
		}
	}

	return keys
}

// keyOf returns SePay's name of a field: oauth2_client_id of OAuth2ClientID.
func keyOf(field string) string {
	words := strings.NewReplacer("OAuth2", "Oauth2", "API", "Api", "IDs", "Ids", "ID", "Id", "URL", "Url", "VA", "Va", "BIN", "Bin").Replace(field)

	var key strings.Builder

	for i, char := range words {
		if i > 0 && unicode.IsUpper(char) {
			key.WriteByte('_')
		}

		key.WriteRune(unicode.ToLower(char))
	}

	return key.String()
}

// TestEachFieldIsWrittenUnderTheKeyThatItIsDecodedFrom checks the targets above: a key that is written under
// another name would be absent after it is read again.
func TestEachFieldIsWrittenUnderTheKeyThatItIsDecodedFrom(t *testing.T) {
	t.Parallel()

	sent := map[string]any{"id": 1}
	for i := range reflect.TypeFor[Webhook]().NumField() {
		sent[keyOf(reflect.TypeFor[Webhook]().Field(i).Name)] = nil
	}

	sent["id"] = json.Number("1")

	decoded, err := wire.Decode(any(sent), "webhook", decodeWebhook)
	if written, ok := inSePaysForm(reflect.ValueOf(decoded)).(map[string]any); !ok || err != nil || len(written) != len(sent) {
		t.Errorf("%v, %v", written, err)
	}
}
