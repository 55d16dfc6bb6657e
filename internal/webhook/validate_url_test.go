package webhook_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAURLThatSePayCannotCallIsRefusedAtValidate(t *testing.T) {
	t.Parallel()

	refused := map[string]string{
		"https://localhost/":                         "public",
		"https://LocalHost.:8443/":                   "public",
		"https://shop.localhost/":                    "public",
		"https://localhost.localdomain/":             "public",
		"https://nas.local/":                         "public",
		"https://db.internal/":                       "public",
		"https://router.lan/":                        "public",
		"https://nas.home.arpa/":                     "public",
		"https://intranet/":                          "public",
		"https://shop..example.com/":                 "public",
		"https://.example.com/":                      "public",
		"https://127.0.0.1/":                         "public",
		"https://127.1/":                             "public",
		"https://2130706433/":                        "public",
		"https://0x7f.0.0.1/":                        "public",
		"https://0x7f000001/":                        "public",
		"https://0.0.0.0/":                           "public",
		"https://10.0.0.8:8443/":                     "public",
		"https://172.16.3.4/":                        "public",
		"http://192.168.1.10/":                       "public",
		"https://169.254.169.254/latest":             "public",
		"https://100.64.0.1/":                        "public",
		"https://192.0.2.7/":                         "public",
		"https://198.18.0.1/":                        "public",
		"https://224.0.0.1/":                         "public",
		"https://240.0.0.1/":                         "public",
		"https://255.255.255.255/":                   "public",
		"https://[::1]/":                             "public",
		"https://[::]/":                              "public",
		"https://[::ffff:127.0.0.1]/":                "public",
		"https://[fe80::1%25eth0]/":                  "public",
		"https://[fd00::1]/":                         "public",
		"https://[ff02::1]/":                         "public",
		"https://[2001:db8::1]/":                     "public",
		"https://[64:ff9b::a00:1]/":                  "public",
		"https://shop:hunter2@shop.example.com/":     "user info",
		"https://shop@shop.example.com/":             "user info",
		"https://shop.example.com/sepay#top":         "fragment",
		"https://shop.example.com/sepay#":            "fragment",
		"https://user:hunter2@127.0.0.1/#everything": "public",
		"https://shop.example.com:65536/":            "port",
		"https://shop.example.com:99999/sepay":       "port",
		"https://[2606:4700::1111]:100000000000/":    "port",
		"https://shop.example.com:0/":                "port",
	}
	taken := []string{
		"https://shop.example.com/sepay?token=a%23b", "https://shop.example.com:8443/", "https://shop.example.com:65535/",
		"https://shop.example.com:/", "https://8.8.8.8/", "https://172.32.0.1/",
		"https://[2606:4700::1111]/", "https://xn--ca-hng-7fb.vn/", "https://localhost.example.com/", "https://1.example.com./",
	}

	server := connect(t, simulator.Start(t))
	oauth := shopConfig().with(config{
		"authen_type": "OAuth2.0", "api_key": nil, "oauth2_access_token_url": "https://id.example.com/token",
		"oauth2_client_id": "shop", "oauth2_client_secret": "secret",
	})

	for _, attribute := range []string{"webhook_url", "oauth2_access_token_url"} {
		for url, reason := range refused {
			errors := server.ValidateResource(webhookType, oauth.with(config{attribute: url})).Errors()
			if !errors.At(attribute).Mentions(attribute, reason) || errors.Mentions("hunter2") {
				t.Errorf("%s = %q:\n%s", attribute, url, errors)
			}
		}

		for _, url := range taken {
			if errors := server.ValidateResource(webhookType, oauth.with(config{attribute: url})).Errors(); len(errors) != 0 {
				t.Errorf("%s = %q is refused:\n%s", attribute, url, errors)
			}
		}
	}
}

// What follows from a value that is none would be wrong advice.
func TestAWrongValueIsTheOnlyErrorThatIsReported(t *testing.T) {
	t.Parallel()

	server := connect(t, simulator.Start(t))

	for name, change := range map[string]config{
		"authen_type": {"authen_type": "HMAC", "api_key": nil, "secret_key": "whsec_1"},
		"bank_mode":   {"bank_mode": "one", "bank_account_id": nil, "bank_account_ids": []int64{19}},
		"va_mode":     {"va_mode": "lists", "bank_sub_account_ids": []int64{25}},
	} {
		diagnostics := server.ValidateResource(webhookType, shopConfig().with(change))

		if errors := diagnostics.Errors(); len(errors) != 1 || len(errors.At(name)) != 1 || diagnostics.Mentions("Remove") {
			t.Errorf("%s:\n%s", name, diagnostics)
		}
	}
}

func TestASetWithANullOrAnEmptyElementIsRefused(t *testing.T) {
	t.Parallel()

	server := connect(t, simulator.Start(t))

	for attribute, elements := range map[string][]any{
		"prefix_filters":       {"DH", ""},
		"retry_conditions":     {""},
		"alert_event_types":    {"failure", ""},
		"alert_channel_ids":    {501, 0},
		"bank_sub_account_ids": {25, -1},
		"bank_account_ids":     {19, 0},
	} {
		for _, element := range []any{nil, elements[len(elements)-1]} {
			change := config{attribute: append(elements[:len(elements)-1:len(elements)-1], element)}
			if attribute == "bank_account_ids" {
				change = change.with(config{"bank_mode": "multi"})
			}

			diagnostics := server.ValidateResource(webhookType, shopConfig().with(change))
			if len(diagnostics.Errors().At(attribute)) == 0 {
				t.Errorf("%s = %v:\n%s", attribute, fmt.Sprint(change[attribute]), diagnostics)
			}
		}
	}
}
