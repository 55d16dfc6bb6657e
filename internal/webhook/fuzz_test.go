package webhook

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// FuzzImportID imports by what a user types. It is an id from 1 on, which the state then has, or an error that is not much
// longer than what was typed.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{"23", "0", "-1", "+7", "007", "1e3", "9223372036854775808", " 23", "23\n", "shop", "\u202e32", "\xff", "0x10", "1_0"} {
		f.Add(seed)
	}

	kind := resourceSchema().Type().TerraformType(f.Context())

	f.Fuzz(func(t *testing.T, typed string) {
		id, diags := imported(t, kind, resource.ImportStateRequest{ID: typed})
		if want, err := strconv.ParseInt(typed, 10, 64); err == nil && want > 0 {
			if diags.HasError() || id != want {
				t.Fatalf("%q is imported as %d: %v", typed, id, diags)
			}

			if again, diags := imported(t, kind, resource.ImportStateRequest{ID: strconv.FormatInt(id, 10)}); diags.HasError() || again != id {
				t.Errorf("%d is imported as %d: %v", id, again, diags)
			}

			return
		}

		isShortError(t, diags, 10*len(typed))
	})
}

// FuzzImportIdentity imports by the number in an identity, which may have any size.
func FuzzImportIdentity(f *testing.F) {
	for _, exponent := range []int32{0, 1, 62, 63, 64, -1, 400, -400, 1 << 30, -1 << 30} {
		f.Add(int64(1), exponent)
		f.Add(int64(-3), exponent)
	}

	kind := resourceSchema().Type().TerraformType(f.Context())
	identityType := resourceIdentitySchema().Type().TerraformType(f.Context())

	f.Fuzz(func(t *testing.T, mantissa int64, exponent int32) {
		number := new(big.Float).SetMantExp(new(big.Float).SetInt64(mantissa), int(exponent))
		identity := &tfsdk.ResourceIdentity{Schema: resourceIdentitySchema(), Raw: tftypes.NewValue(identityType, map[string]tftypes.Value{
			"id": tftypes.NewValue(tftypes.Number, number),
		})}

		id, diags := imported(t, kind, resource.ImportStateRequest{Identity: identity})
		if want, accuracy := number.Int64(); accuracy == big.Exact && want > 0 {
			if diags.HasError() || id != want {
				t.Errorf("%d * 2^%d is imported as %d: %v", mantissa, exponent, id, diags)
			}

			return
		}

		isShortError(t, diags, 400)
	})
}

func imported(t *testing.T, kind tftypes.Type, request resource.ImportStateRequest) (int64, diag.Diagnostics) {
	t.Helper()

	var id types.Int64

	response := resource.ImportStateResponse{State: tfsdk.State{Schema: resourceSchema(), Raw: tftypes.NewValue(kind, nil)}}
	if (&webhookResource{}).ImportState(t.Context(), request, &response); !response.Diagnostics.HasError() {
		response.Diagnostics.Append(response.State.GetAttribute(t.Context(), path.Root("id"), &id)...)
	}

	return id.ValueInt64(), response.Diagnostics
}

func isShortError(t *testing.T, diags diag.Diagnostics, size int) {
	t.Helper()

	if diags.ErrorsCount() != 1 || len(diags[0].Detail()) > size+400 || strings.ContainsAny(diags[0].Detail(), "\x1b\r\u202e") {
		t.Errorf("unexpected: %v", diags)
	}
}

// FuzzURL validates a URL with a secret at each $. What is accepted is accepted again as it is written canonically, has a host
// that names a public place in any case and with a dot at its end, and no message repeats the URL.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://shop.example.com/sepay?key=$", "http://user:$@shop.example.com:8443/#$", "https://127.0.0.1./", "https://0X7F.1/", "https://a..example.com/",
		"https://.example.com/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1%25$]/", "https://LOCALHOST/", "https://8.8.8.8.:0/", "https://example.com.:99999/",
		"//example.com", "https:example.com", "https://%41.example/", "https://ex ample.com/", "https://例え.jp/%zz", "ftp://$", "https://./", "",
	} {
		f.Add(seed)
	}

	const secret = "canary0123456789"

	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "$", secret)
		diags := validated(t, text)

		for _, d := range diags {
			if strings.Contains(d.Detail()+d.Summary(), secret) || len(d.Detail()) > 500 {
				t.Errorf("a message repeats the URL: %s", d.Detail())
			}
		}

		if diags.HasError() {
			return
		}

		parsed, err := url.Parse(text)
		if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.User != nil || parsed.Fragment != "" {
			t.Fatalf("%q is accepted", text)
		}

		if port, err := strconv.Atoi(parsed.Port()); parsed.Port() != "" && (err != nil || port < 1 || port > 65535) {
			t.Errorf("%q is accepted", text)
		}

		host := strings.ToLower(strings.TrimSuffix(parsed.Hostname(), "."))
		if host == "" || host == "localhost" || slices.Contains(strings.Split(host, "."), "") {
			t.Errorf("%q is accepted", text)
		}

		if address, err := netip.ParseAddr(host); err == nil && (address.IsPrivate() || address.IsLoopback() || !address.IsGlobalUnicast()) {
			t.Errorf("%q is accepted", text)
		}

		if diags := validated(t, parsed.String()); diags.HasError() {
			t.Errorf("%q is accepted, and %q is not: %v", text, parsed, diags)
		}

		if upper := strings.ToUpper(parsed.Hostname()); strings.EqualFold(upper, parsed.Hostname()) && !publicHost(upper) {
			t.Errorf("%q is accepted, and its host in upper case is not", text)
		}
	})
}

func validated(t *testing.T, text string) diag.Diagnostics {
	t.Helper()

	var response validator.StringResponse

	urlValidator{called: true, warnPlain: true}.ValidateString(t.Context(), validator.StringRequest{
		Path: path.Root("webhook_url"), ConfigValue: types.StringValue(text),
	}, &response)

	return response.Diagnostics
}

// FuzzIPv4 writes an address in each notation that programs read: one that is not public is public in none of them.
func FuzzIPv4(f *testing.F) {
	for _, address := range []uint32{0, 0x7f000001, 0x0a000001, 0xac10ffff, 0xac200000, 0xc0a80101, 0xa9fea9fe, 0x08080808, 0xffffffff, 0xe0000001, 0x64400000} {
		f.Add(address)
	}

	f.Fuzz(func(t *testing.T, number uint32) {
		a, b, c, d := number>>24, number>>16&0xff, number>>8&0xff, number&0xff
		address := netip.AddrFrom4([4]byte{byte(a), byte(b), byte(c), byte(d)})
		public := publicHost(address.String())

		if local := address.IsPrivate() || address.IsLoopback() || address.IsMulticast() || address.IsLinkLocalUnicast() || a == 0 || a >= 240; local && public {
			t.Errorf("%s is public", address)
		}

		if mapped := fmt.Sprintf("::ffff:%s", address); publicHost(mapped) != public {
			t.Errorf("%s is not judged as %s", mapped, address)
		}

		for _, written := range []string{
			fmt.Sprint(number), fmt.Sprintf("%#x", number), fmt.Sprintf("0%o", number), fmt.Sprintf("%d.%d", a, number&0xffffff),
			fmt.Sprintf("%d.%d.%d", a, b, number&0xffff), fmt.Sprintf("%#x.%#x.%#x.%#x", a, b, c, d), fmt.Sprintf("0%o.0%o.0%o.0%o", a, b, c, d),
			fmt.Sprintf("0X%X.%d", a, number&0xffffff), fmt.Sprintf("%d.%d.%d.0X%X", a, b, c, d), address.String() + ".",
		} {
			if publicHost(written) && !public {
				t.Errorf("%s is public, %s is not", written, address)
			}
		}
	})
}

// choice takes values from an input, and the first of them when it has ended.
type choice struct{ data []byte }

func (c *choice) below(n int) int {
	if len(c.data) == 0 {
		return 0
	}

	first := c.data[0]
	c.data = c.data[1:]

	return int(first) % n
}

func pick[T any](c *choice, values ...T) T { return values[c.below(len(values))] }

// planned returns a plan that passes the rules across attributes: what SePay fills in may be null or unknown in it.
func (c *choice) planned() (model, bool) {
	text := func(values ...string) types.String { return types.StringValue(pick(c, values...)) }
	flag := func() types.Bool { return pick(c, types.BoolValue(true), types.BoolValue(false)) }
	ids := func() types.Set { return tfvalue.Int64Set(pick(c, nil, []int64{25}, []int64{26, 25})) }
	left := types.StringUnknown()

	m := model{readable: readable{
		Name: text("Shop", " Shop ", "ệ\u00a0", "\u200b"), WebhookURL: text("https://shop.example.com/sepay", "https://shop.example.com/?a=b%20"),
		EventType: text(sepay.Values(sepay.EventTypes())...), AuthenType: text(sepay.Values(sepay.AuthenTypes())...),
		RequestContentType: text(sepay.Values(sepay.RequestContentTypes())...),
		IsVerifyPayment:    flag(), SkipIfNoCode: flag(), Active: flag(),
		PrefixFilters:     pick(c, tfvalue.StringSet(nil), tfvalue.StringSet([]string{"DH", "AB"})),
		RetryConditions:   pick(c, types.SetUnknown(types.StringType), tfvalue.StringSet(nil), tfvalue.StringSet([]string{sepay.RetryNon2xx})),
		BankMode:          pick(c, left, types.StringNull(), text(sepay.Values(sepay.BankModes())...)),
		BankAccountID:     pick(c, types.Int64Value(19), types.Int64Null()),
		BankAccountIDs:    ids(),
		VAMode:            pick(c, left, text(sepay.Values(sepay.VAModes())...)),
		OnlyVA:            pick(c, types.BoolUnknown(), flag()),
		BankSubAccountIDs: ids(),
		AlertThreshold:    pick(c, types.Int64Unknown(), types.Int64Value(5)),
		AlertEventTypes:   pick(c, types.SetUnknown(types.StringType), tfvalue.StringSet([]string{sepay.AlertFailure})),
		AlertChannelIDs:   ids(),
	}}

	if m.AuthenType.ValueString() == sepay.AuthenTypeOAuth2 {
		m.OAuth2AccessTokenURL, m.OAuth2ClientID = text("https://id.example.com/token", " https://id.example.com/ "), text("shop", " ")
	}

	for _, secret := range secrets() {
		if secret.authenType == m.AuthenType.ValueString() {
			*secret.of(&m).plain = types.StringValue("whsec_canary0123456789")
		}
	}

	var diags diag.Diagnostics

	config := m
	if config.BankMode.IsUnknown() {
		config.BankMode = types.StringNull()
	}

	validateAuthentication(&config, &diags)
	validateBanks(config, &diags)
	validateVirtualAccounts(config, &diags)

	return m, !diags.HasError()
}

// FuzzMapping sends a plan to a SePay that stores it as it was sent, or with spaces around texts, in another order, or
// without keys. What is read back is no difference; leads to no further request; is the same when it is read again, also after
// the state was written as JSON; and is the state that was planned.
func FuzzMapping(f *testing.F) {
	for i := range 24 {
		data := make([]byte, 40)
		for at := range data {
			data[at] = byte((at + 1) * i)
		}

		f.Add(data)
	}

	f.Fuzz(func(t *testing.T, data []byte) {
		c := &choice{data}

		plan, valid := c.planned()
		if !valid {
			return
		}

		sent := changes(plan, model{})
		got := stored(c, sent)

		if differences := sent.Differences(got); len(differences) > 0 {
			t.Fatalf("%v\nwas stored as it was sent, and differs in %+v", shown(t, sent), differences)
		}

		read := refreshed(plan, got)
		state := concluded(plan, read)

		if again := changes(state, refreshed(state, got)); again != (sepay.WebhookBody{}) {
			t.Errorf("%s\nis followed by\n%s", shown(t, sent), shown(t, again))
		}

		if again := refreshed(read, got); !reflect.DeepEqual(again, read) {
			t.Errorf("a second read turns\n%v\ninto\n%v", read, again)
		}

		if !read.Name.Equal(plan.Name) || !read.WebhookURL.Equal(plan.WebhookURL) || !read.AuthenType.Equal(plan.AuthenType) ||
			!read.PrefixFilters.Equal(plan.PrefixFilters) || !read.BankSubAccountIDs.Equal(plan.BankSubAccountIDs) ||
			!read.BankAccountID.Equal(plan.BankAccountID) || !read.BankAccountIDs.Equal(plan.BankAccountIDs) ||
			!read.OAuth2AccessTokenURL.Equal(plan.OAuth2AccessTokenURL) || !read.OAuth2ClientID.Equal(plan.OAuth2ClientID) {
			t.Errorf("planned\n%+v\nread\n%+v", plan.readable, read.readable)
		}

		if text := fmt.Sprintf("%+v", read); strings.Contains(text, "canary") {
			t.Error("a read brings a secret into the state")
		}

		if source := newReadable(got); source.Name.ValueString() != got.Name.Or("") || !source.Active.Equal(read.Active) && got.Active.Present() {
			t.Errorf("the data source has %+v of %+v", source, got)
		}
	})
}

func shown(t *testing.T, body sepay.WebhookBody) string {
	t.Helper()

	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}

// stored returns what a SePay that stores everything returns of what it was sent: each key, or for a key that a form of the
// API does not know none.
func stored(c *choice, sent sepay.WebhookBody) sepay.Webhook {
	whole := c.below(2) == 0
	known := func() bool { return whole || c.below(2) == 0 }
	spaces := pick(c, "", " ", "\n")

	got := sepay.Webhook{ID: 23, CreatedAt: sepay.Of(time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC))}

	text := func(to *sepay.Field[string], from *string, around string) {
		if from != nil && known() {
			*to = sepay.Of(around + strings.TrimSpace(*from) + around)
			if around == "" {
				*to = sepay.Of(*from)
			}
		}
	}
	flag := func(to *sepay.Field[bool], from *sepay.Flag) {
		if from != nil && known() {
			*to = sepay.Of(bool(*from))
		}
	}

	text(&got.Name, sent.Name, spaces)
	text(&got.WebhookURL, sent.WebhookURL, spaces)
	text(&got.EventType, sent.EventType, "")
	text(&got.AuthenType, sent.AuthenType, "")
	text(&got.RequestContentType, sent.RequestContentType, "")
	text(&got.OAuth2AccessTokenURL, sent.OAuth2AccessTokenURL, "")
	text(&got.OAuth2ClientID, sent.OAuth2ClientID, "")
	text(&got.BankMode, sent.BankMode, "")
	text(&got.VAMode, sent.VAMode, "")
	flag(&got.IsVerifyPayment, sent.IsVerifyPayment)
	flag(&got.SkipIfNoCode, sent.SkipIfNoCode)
	flag(&got.Active, sent.Active)
	flag(&got.OnlyVA, sent.OnlyVA)

	inReverse(known(), &got.BankAccountIDs, sent.BankAccountIDs)
	inReverse(known(), &got.BankSubAccountIDs, sent.BankSubAccountIDs)
	inReverse(known(), &got.AlertChannelIDs, sent.AlertChannelIDs)
	inReverse(known(), &got.PrefixFilters, sent.PrefixFilters)
	inReverse(known(), &got.RetryConditions, sent.RetryConditions)
	inReverse(known(), &got.AlertEventTypes, sent.AlertEventTypes)

	if sent.BankAccountID != nil && known() {
		got.BankAccountID = sepay.Of(*sent.BankAccountID)
	}

	if sent.AlertThreshold != nil && known() {
		got.AlertThreshold = sepay.Of(*sent.AlertThreshold)
	}

	got.APIKey = sepay.Of("whsec_canary0123456789")

	return got
}

func inReverse[T any](known bool, to *sepay.Field[[]T], from *[]T) {
	if from != nil && known {
		reversed := slices.Clone(*from)
		slices.Reverse(reversed)
		*to = sepay.Of(reversed)
	}
}
