package simulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
)

// settle waits until no delivery is in progress and returns all deliveries.
func settle(t *testing.T, sim *simulator.Simulator) []delivery.Delivery {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()

	if err := sim.Settle(ctx); err != nil {
		t.Fatal(err)
	}

	return sim.Deliveries()
}

// receiver starts the receiver in Node and returns its address and what it prints.
func receiver(t *testing.T) (address string, lines *bufio.Scanner) {
	t.Helper()

	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed: no receiver in another language checked the deliveries")
	}

	command := exec.CommandContext(t.Context(), node, "testdata/receiver.mjs")
	command.Env = append(os.Environ(), "API_KEY=key-1", "SECRET_KEY=whsec_1", "CLIENT_ID=shop", "CLIENT_SECRET=secret-1")
	command.Stderr = os.Stderr

	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})

	lines = bufio.NewScanner(output)

	var started struct{ Port int }
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &started) != nil || started.Port == 0 {
		t.Fatalf("the receiver did not start: %s", lines.Text())
	}

	return fmt.Sprintf("127.0.0.1:%d", started.Port), lines
}

func TestNodeReceiverAcceptsEachAuthenticationInEachContentType(t *testing.T) {
	t.Parallel()

	address, lines := receiver(t)
	sim := simulator.New(simulator.WithReceiver("shop.example.com", address))

	defer sim.Close()

	authentications, contents := sepay.Values(sepay.AuthenTypes()), sepay.Values(sepay.RequestContentTypes())

	for _, authentication := range authentications {
		for _, content := range contents {
			sim.PutWebhook(simulator.Webhook{
				Name: authentication + " " + content, WebhookURL: "https://shop.example.com/" + authentication + "/" + content,
				EventType: sepay.EventTypeAll, AuthenType: authentication, RequestContentType: content, BankAccountID: 19, Active: true,
				APIKey: "key-1", SecretKey: "whsec_1", OAuth2AccessTokenURL: "https://shop.example.com/token",
				OAuth2ClientID: "shop", OAuth2ClientSecret: "secret-1",
			})
		}
	}

	_, err := sim.Receive(simulator.Payment{BankAccountID: 19, Amount: 250000, Content: "Áo & quần <DH123456> 100%", SubAccountID: 25})
	if err != nil {
		t.Fatal(err)
	}

	deliveries := settle(t, sim)
	if len(deliveries) != len(authentications)*len(contents) || len(deliveries) != 12 {
		t.Fatalf("%d deliveries", len(deliveries))
	}

	for _, made := range deliveries {
		if made.State != delivery.Delivered || len(made.Attempts) != 1 {
			t.Errorf("%s: %s %+v", made.Webhook, made.State, made.Attempts)
		}
	}

	if t.Failed() {
		return // the receiver prints a line for each request that reaches it
	}

	for range deliveries {
		var seen struct {
			Authentication, ContentType, Host string
			Authentic                         bool
			Body                              map[string]any
		}
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &seen) != nil {
			t.Fatalf("the receiver printed %q", lines.Text())
		}

		amount := fmt.Sprint(seen.Body["transferAmount"])
		if !seen.Authentic || seen.Host != "shop.example.com" || seen.Body["content"] != "Áo & quần <DH123456> 100%" ||
			amount != "250000" || seen.Body["code"] != "DH123456" || seen.Body["subAccount"] != "VCB0011ABC004" ||
			seen.Body["transferType"] != "in" || seen.Body["gateway"] != "Vietcombank" || seen.Body["accountNumber"] != "0071000888888" {
			t.Errorf("%s, %s: %+v", seen.Authentication, seen.ContentType, seen)
		}
	}
}

func TestNodeReceiverRefusesAWrongSecret(t *testing.T) {
	t.Parallel()

	address, _ := receiver(t)
	sim := simulator.New(simulator.WithReceiver("shop.example.com", address))

	defer sim.Close()

	for _, authentication := range []string{"Api_Key", "HMAC_SHA256", "OAuth2.0"} {
		sim.PutWebhook(simulator.Webhook{
			Name: authentication, WebhookURL: "https://shop.example.com/" + authentication + "/Json", EventType: sepay.EventTypeAll,
			AuthenType: authentication, BankAccountID: 19, Active: true, APIKey: "other", SecretKey: "other",
			OAuth2AccessTokenURL: "https://shop.example.com/token", OAuth2ClientID: "shop", OAuth2ClientSecret: "other",
		})
	}

	sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})

	var got []string
	for _, made := range settle(t, sim) {
		got = append(got, fmt.Sprint(made.Webhook, " ", made.State, " ", made.Problem))
	}

	slices.Sort(got)

	want := []string{
		"Api_Key failed HTTP 401", "HMAC_SHA256 failed HTTP 401",
		"OAuth2.0 failed no access token: HTTP 401 without data.accessToken, data.refreshToken and data.expiredIn",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// responses is a receiver without a network: the n-th request gets the n-th response, the last one from then on.
type responses struct {
	requests atomic.Int64
	bodies   []string // "500", "200", "200 {}", or "refused"
}

func (r *responses) RoundTrip(request *http.Request) (*http.Response, error) {
	next := min(int(r.requests.Add(1)), len(r.bodies)) - 1
	status, body, _ := strings.Cut(r.bodies[next], " ")

	if status == "refused" {
		return nil, errors.New("connection refused")
	}

	recorder := httptest.NewRecorder()
	recorder.WriteHeader(map[string]int{"200": 200, "201": 201, "204": 204, "302": 302, "500": 500}[status])

	if body == "" {
		body = `{"success": true}`
	}

	_, _ = io.WriteString(recorder, body)

	response := recorder.Result()
	response.Request = request

	return response, nil
}

// shop is a simulator with one webhook that delivers to receiver.
func shop(receiver http.RoundTripper, webhook simulator.Webhook) *simulator.Simulator {
	sim := simulator.New(simulator.WithReceiver("shop.example.com", "127.0.0.1:9"), simulator.WithDeliveryTransport(receiver))
	webhook.Name, webhook.WebhookURL, webhook.EventType = "Shop", "https://shop.example.com/hook", sepay.EventTypeAll
	webhook.AuthenType, webhook.BankAccountID, webhook.Active = sepay.AuthenTypeNone, 19, true
	sim.PutWebhook(webhook)

	return sim
}

func TestFailedDeliveriesAreRetriedOnSePaysSchedule(t *testing.T) {
	t.Parallel()

	retry := simulator.Webhook{RetryConditions: []string{sepay.RetryNon2xx}}

	for name, test := range map[string]struct {
		webhook  simulator.Webhook
		receiver []string
		want     string // state and the minutes of the attempts
	}{
		"success":                  {retry, []string{"200"}, "delivered [0]"},
		"created":                  {retry, []string{"201"}, "delivered [0]"},
		"no content":               {retry, []string{`204 {"success":true}`}, "failed [0]"},
		"success false":            {retry, []string{`200 {"success":false}`}, "failed [0]"},
		"no JSON":                  {retry, []string{"200 ok"}, "failed [0]"},
		"status, no retry":         {simulator.Webhook{}, []string{"500", "200"}, "failed [0]"},
		"retry turned off":         {simulator.Webhook{RetryConditions: []string{}}, []string{"500", "200"}, "failed [0]"},
		"status, then success":     {retry, []string{"500", "500", "200"}, "delivered [0 1 2]"},
		"redirect is not followed": {retry, []string{"302", "200"}, "delivered [0 1]"},
		"refused, then success":    {retry, []string{"refused", "200"}, "delivered [0 1]"},
		"status each time":         {retry, []string{"500"}, "failed [0 1 2 4 7 12 20 33]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				sim := shop(&responses{bodies: test.receiver}, test.webhook)
				defer sim.Close()

				began := time.Now()

				sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})

				made := settle(t, sim)[0]

				minutes := []int{}
				for _, attempt := range made.Attempts {
					minutes = append(minutes, int(attempt.At.Sub(began).Minutes()))
				}

				if got := fmt.Sprint(made.State, " ", minutes); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
			})
		})
	}
}

func TestAdvancingTheClockMakesRetriesDue(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		sim := shop(&responses{bodies: []string{"500", "200"}}, simulator.Webhook{RetryConditions: []string{sepay.RetryNon2xx}})
		defer sim.Close()

		began := time.Now()

		sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})
		synctest.Wait()

		if made := sim.Deliveries()[0]; made.State != delivery.Waiting || made.NextAttempt == nil {
			t.Errorf("%+v", made)
		}

		sim.AdvanceClock(time.Minute)

		if made := settle(t, sim)[0]; made.State != delivery.Delivered || time.Since(began) > time.Second {
			t.Errorf("%+v after %s", made, time.Since(began))
		}
	})
}

func TestRetriesEndWhenTheWebhookIsSwitchedOff(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		receiver := &responses{bodies: []string{"500"}}
		sim := shop(receiver, simulator.Webhook{RetryConditions: []string{sepay.RetryNon2xx}})

		defer sim.Close()

		sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})
		synctest.Wait()

		if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, map[string]any{"active": false}); err != nil {
			t.Fatal(err)
		}

		if made := settle(t, sim)[0]; made.State != delivery.Canceled || receiver.requests.Load() != 1 {
			t.Errorf("%+v after %d requests", made, receiver.requests.Load())
		}
	})
}

func TestAlertsAreSentAtTheThresholdAndAtTheRecovery(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		sim := shop(&responses{bodies: []string{"500", "500", "500", "500", "200", "200", "500", "200"}}, simulator.Webhook{
			AlertThreshold: 3, AlertEventTypes: []string{sepay.AlertFailure, sepay.AlertRecovery}, AlertChannelIDs: []int64{501},
		})
		defer sim.Close()

		var after []string

		for range 8 {
			sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})
			settle(t, sim)

			events := ""
			for _, alert := range sim.Alerts() {
				events += fmt.Sprintf("%s %d %v ", alert.Event, alert.Failures, alert.ChannelIDs)
			}

			after = append(after, strings.TrimSpace(events))
		}

		failure, recovery := "failure 3 [501]", "failure 3 [501] recovery 4 [501]"
		if want := []string{"", "", failure, failure, recovery, recovery, recovery, recovery}; !slices.Equal(after, want) {
			t.Errorf("got %q", after)
		}
	})
}

func TestTransactionsReachTheWebhooksThatCoverThem(t *testing.T) {
	t.Parallel()

	in := simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"}
	out := simulator.Transaction{BankAccountID: 19, AmountOut: "1000.00"}
	other := simulator.Transaction{BankAccountID: 20, AmountIn: "1000.00"}
	coded := simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00", Code: new("DH123456")}
	branch := simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00", SubAccount: new("VCB0011ABC004")}
	desk := simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00", SubAccount: new("VCB0011ABC005")}

	for name, test := range map[string]struct {
		changes map[string]any
		want    string
	}{
		"all":              {nil, "in out coded branch desk"},
		"switched off":     {map[string]any{"active": false}, ""},
		"money in":         {map[string]any{"event_type": "In_only"}, "in coded branch desk"},
		"money out":        {map[string]any{"event_type": "Out_only"}, "out"},
		"every account":    {map[string]any{"bank_mode": "all", "bank_account_id": 0}, "in out other coded branch desk"},
		"several accounts": {map[string]any{"bank_mode": "multi", "bank_account_ids": []int64{20, 21}}, "other"},
		"virtual accounts": {map[string]any{"only_va": true}, "branch desk"},
		"one of them":      {map[string]any{"only_va": true, "bank_sub_account_ids": []int64{25}}, "branch"},
		"a list":           {map[string]any{"va_mode": "list", "bank_sub_account_ids": []int64{26}}, "desk"},
		"no virtual one":   {map[string]any{"va_mode": "none"}, "in out coded"},
		"a code":           {map[string]any{"skip_if_no_code": true}, "coded"},
		"a prefix":         {map[string]any{"prefix_filters": []string{"XX", "DH"}}, "coded"},
		"another prefix":   {map[string]any{"prefix_filters": []string{"XX"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sim := shop(&responses{bodies: []string{"200"}}, simulator.Webhook{})
			defer sim.Close()

			if err := sim.ChangeWebhook(sim.Webhooks()[0].ID, test.changes); err != nil {
				t.Fatal(err)
			}

			var reached []string

			for _, arriving := range []struct {
				name        string
				transaction simulator.Transaction
			}{{"in", in}, {"out", out}, {"other", other}, {"coded", coded}, {"branch", branch}, {"desk", desk}} {
				sim.ResetDeliveries()
				sim.AddTransaction(arriving.transaction)

				if len(settle(t, sim)) > 0 {
					reached = append(reached, arriving.name)
				}
			}

			if got := strings.Join(reached, " "); got != test.want {
				t.Errorf("delivered %q, want %q", got, test.want)
			}
		})
	}
}

func TestCodeFiltersApplyOnlyIfTheCompanyRecognizesCodes(t *testing.T) {
	t.Parallel()

	sim := shop(&responses{bodies: []string{"200"}}, simulator.Webhook{SkipIfNoCode: true, PrefixFilters: []string{"XX"}})
	defer sim.Close()

	sim.ChangeCompany(map[string]any{"configurations": map[string]any{"paycode": false}})
	sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})

	if made := settle(t, sim); len(made) != 1 || made[0].State != delivery.Delivered {
		t.Errorf("%+v", made)
	}
}

func TestPaymentsChangeTheBalanceAndHaveTheirCode(t *testing.T) {
	t.Parallel()

	sim := simulator.New()

	paid, err := sim.Receive(simulator.Payment{BankAccountID: 22, Amount: 1, Content: "thanh toan DH7654321 cam on"})
	if err != nil || paid.Accumulated != "1000000000000000.99" || paid.Code == nil || *paid.Code != "DH7654321" {
		t.Errorf("%+v, %v", paid, err)
	}

	if account := sim.BankAccounts()[3]; account.ID != 22 || account.Accumulated != "1000000000000000.99" {
		t.Errorf("%+v", account)
	}

	for name, payment := range map[string]simulator.Payment{
		"no account":            {BankAccountID: 7, Amount: 1},
		"no amount":             {BankAccountID: 19},
		"another's sub-account": {BankAccountID: 19, Amount: 1, SubAccountID: 27},
	} {
		if _, err := sim.Receive(payment); err == nil {
			t.Errorf("%s is booked", name)
		}
	}
}

func TestNothingIsSentToTheNetwork(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		url     string
		options []simulator.Option
		want    delivery.State
	}{
		"a public host":                {"https://shop.example.com/hook", []simulator.Option{simulator.WithLoopbackReceivers()}, delivery.NotSent},
		"loopback, which is no option": {"http://127.0.0.1:9/hook", nil, delivery.NotSent},
		"loopback":                     {"http://127.0.0.1:9/hook", []simulator.Option{simulator.WithLoopbackReceivers()}, delivery.Delivered},
		"localhost":                    {"https://localhost:9/hook", []simulator.Option{simulator.WithLoopbackReceivers()}, delivery.Delivered},
	} {
		receiver := &responses{bodies: []string{"200"}}
		sim := simulator.New(append(test.options, simulator.WithDeliveryTransport(receiver))...)
		sim.PutWebhook(simulator.Webhook{
			Name: "n", WebhookURL: test.url, EventType: sepay.EventTypeAll, AuthenType: sepay.AuthenTypeNone, BankAccountID: 19, Active: true,
		})
		sim.AddTransaction(simulator.Transaction{BankAccountID: 19, AmountIn: "1000.00"})

		if made := settle(t, sim); len(made) != 1 || made[0].State != test.want || (receiver.requests.Load() == 1) != (test.want == delivery.Delivered) {
			t.Errorf("%s: %+v after %d requests", name, made, receiver.requests.Load())
		}

		sim.Close()
	}
}

func TestLoopbackReceiversAreOptional(t *testing.T) {
	t.Parallel()

	changes := map[string]any{"webhook_url": "http://127.0.0.1:9000/hook"}

	if refused := start(t, "").do("POST", "webhooks", with(changes)); refused.status != http.StatusBadRequest {
		t.Errorf("without the option: %d", refused.status)
	}

	c := start(t, "", simulator.WithLoopbackReceivers())
	if made := c.do("POST", "webhooks", with(changes)); made.status != http.StatusOK {
		t.Errorf("with the option: %d %s", made.status, made.body)
	}

	if refused := c.do("POST", "webhooks", with(map[string]any{"webhook_url": "http://192.168.1.10/hook"})); refused.status != http.StatusBadRequest {
		t.Errorf("a private address with the option: %d", refused.status)
	}
}

func TestTheControlAPIManagesDeliveries(t *testing.T) {
	t.Parallel()

	receiver := &responses{bodies: []string{"500"}}
	c := start(t, "", simulator.WithReceiver("shop.example.com", "127.0.0.1:9"), simulator.WithDeliveryTransport(receiver))
	c.create(map[string]any{"skip_if_no_code": 0, "retry_conditions": []string{}, "api_key": "a-secret-key"})

	for _, step := range []struct{ command, body, want string }{
		{"GET deliveries", "", "[]"},
		{"POST payments", `{"bank_account_id":19,"amount":5000,"content":"Thanks"}`, `"transaction_content":"Thanks"`},
		{"POST transactions", `{"bank_account_id":19,"amount_in":7000.00}`, `"id"`},
	} {
		if status, text := c.control(step.command, step.body); status != http.StatusOK || !strings.Contains(text, step.want) {
			t.Errorf("%s: %d %s", step.command, status, text)
		}
	}

	settle(t, c.server.Simulator)

	_, text := c.control("GET deliveries", "")
	if strings.Count(text, `"problem":"HTTP 500"`) != 4 || strings.Contains(text, "a-secret-key") {
		t.Error(text)
	}

	if status, _ := c.control("DELETE deliveries", ""); status != http.StatusNoContent {
		t.Errorf("DELETE deliveries: %d", status)
	}

	if _, text := c.control("GET alerts", ""); text != "[]" {
		t.Error(text)
	}
}
