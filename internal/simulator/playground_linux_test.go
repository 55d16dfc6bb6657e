package simulator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest/headless"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func text(browser *headless.Browser, selector string) string {
	return headless.Eval[string](browser, "document.querySelector('"+selector+"')?.innerText ?? ''")
}

// quiet checks that the page caused no error in the console and loaded nothing from other hosts.
func quiet(t *testing.T, browser *headless.Browser, server *simulator.Server) {
	t.Helper()

	for _, problem := range browser.Problems() {
		t.Errorf("the console shows %s", problem)
	}

	for _, request := range browser.Requests() {
		if !strings.HasPrefix(request, server.URL+"/_ui/") && request != "about:blank" && request != "data:," {
			t.Errorf("the page requested %s", request)
		}
	}
}

func TestEachButtonOfThePageWorks(t *testing.T) {
	t.Parallel()

	browser := headless.Start(t)
	c := start(t, "U6=strings", simulator.WithPage(), simulator.WithReceiver("shop.example.com", "127.0.0.1:9"),
		simulator.WithDeliveryTransport(&responses{bodies: []string{"200"}}))
	id := c.create(map[string]any{"retry_conditions": []string{}})

	webhook := func() simulator.Webhook {
		w, _ := c.server.Webhook(id)

		return w
	}
	shows := func(selector string, parts ...string) {
		t.Helper()

		for _, part := range parts {
			if got := text(browser, selector); !strings.Contains(got, part) {
				t.Errorf("%s lacks %q:\n%s", selector, part, got)
			}
		}
	}

	browser.Resize(1000, 900)
	browser.Open(c.server.URL + "/_ui/en/")
	shows("header", "U6=strings")
	shows("#webhook-59325", "Shop", "active", "https://shop.example.com/hook", "Api_Key", "••••d6e7", "VCB 0071000888888")
	shows("#requests", "POST /api/v1/webhooks", "webhook_url")
	shows("#next", "Money arrives", "terraform plan")
	shows("#deliveries", "Nothing was delivered yet")

	browser.Press("#webhook-59325 .switch")
	shows("#webhook-59325", "switched off", "Switch on")
	shows("#next", "Run terraform plan", "terraform apply")

	if webhook().Active {
		t.Error("the switch did not switch the webhook off")
	}

	browser.Press("#account-19 .pay")
	shows("#deliveries", "Nothing was delivered yet")

	browser.Press("#webhook-59325 .switch")

	if !webhook().Active {
		t.Error("the switch did not switch the webhook on")
	}

	browser.Fill("#account-19 [name=amount]", "1000000")
	browser.Fill("#account-19 [name=sub_account_id]", "25")
	browser.Press("#account-19 .pay")
	settle(t, c.server.Simulator)
	browser.Open(c.server.URL + "/_ui/en/")
	shows("#deliveries", "delivered", "https://shop.example.com/hook")
	shows("#account-19 .balance", "1.778.533.273")

	if made := c.server.Deliveries(); len(made) != 1 {
		t.Errorf("%d deliveries", len(made))
	}

	browser.Screenshot("playground-en")

	browser.Click("#webhook-59325 summary")
	browser.Fill("#webhook-59325 [name=name]", `<b>"Elsewhere"</b>`)
	browser.Fill("#webhook-59325 [name=webhook_url]", "https://elsewhere.example.net/collect")
	browser.Fill("#webhook-59325 [name=event_type]", sepay.EventTypeAll)
	browser.Click("#webhook-59325 [name=skip_if_no_code]")
	browser.Press("#webhook-59325 .save")
	shows("#webhook-59325", `<b>"Elsewhere"</b>`, "https://elsewhere.example.net/collect")

	if w := webhook(); w.Name != `<b>"Elsewhere"</b>` || w.WebhookURL != "https://elsewhere.example.net/collect" ||
		w.EventType != sepay.EventTypeAll || w.SkipIfNoCode {
		t.Errorf("the form saved %s %s %s %t", w, w.WebhookURL, w.EventType, w.SkipIfNoCode)
	}

	browser.Press("#account-20 .pay")
	browser.Press("#account-19 .pay")
	settle(t, c.server.Simulator)
	browser.Open(c.server.URL + "/_ui/en/")
	shows("#deliveries", "not sent")

	browser.Press("#language")
	shows("body", "Trình giả lập SePay", "Tiền vào", "đang bật", "không gửi")

	browser.Click("#webhook-59325 summary")
	browser.Press("#webhook-59325 .delete")
	shows("#webhooks", "Chưa có webhook nào")

	if len(c.server.Webhooks()) != 0 {
		t.Error("the webhook is not deleted")
	}

	quiet(t, browser, c.server)
}

func TestPageFitsAPhoneAndUpdatesItself(t *testing.T) {
	t.Parallel()

	browser := headless.Start(t)
	c := start(t, "", simulator.WithPage())
	id := c.create(nil)

	browser.Resize(360, 740)
	browser.Open(c.server.URL + "/_ui/vi/")

	if width := headless.Eval[int](browser, "document.documentElement.scrollWidth"); width > 360 {
		t.Errorf("the page is %d pixels wide", width)
	}

	if size := headless.Eval[float64](browser, "parseFloat(getComputedStyle(document.body).fontSize)"); size < 16 {
		t.Errorf("the text has %v pixels", size)
	}

	small := headless.Eval[int](browser, "[...document.querySelectorAll('button')].filter(b => b.checkVisibility() && b.offsetHeight < 44).length")
	if small != 0 {
		t.Errorf("%d buttons are too small for a finger", small)
	}

	browser.Screenshot("playground-vi-phone")
	browser.After(func() {
		if err := c.server.ChangeWebhook(id, map[string]any{"name": "Changed elsewhere"}); err != nil {
			t.Error(err)
		}
	})

	if !strings.Contains(text(browser, "#webhooks"), "Changed elsewhere") {
		t.Error("the page does not show the change")
	}

	quiet(t, browser, c.server)
}

func TestPageSpeaksTheLanguageOfTheBrowser(t *testing.T) {
	t.Parallel()

	browser := headless.Start(t)
	c := start(t, "", simulator.WithPage())

	browser.Open(c.server.PageURL())

	if got := headless.Eval[string](browser, "document.documentElement.lang"); !slices.Contains([]string{"en", "vi"}, got) {
		t.Errorf("the language is %q", got)
	}
}
