package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
)

// fullRun is the number of requests of a run with --write to a service with the default dialect and two webhooks.
const fullRun = 25

// simulated runs a test against a simulated SePay, in simulated time.
func simulated(t *testing.T, dialect dialects.Dialect, test func(s *service)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newService(t, dialect)) })
}

// writes are the requests that change something.
func (s *service) writes() []string {
	var writes []string

	for _, request := range s.Requests() {
		if strings.HasPrefix(request.Path, simulator.APIPath) && request.Method != http.MethodGet {
			writes = append(writes, request.Method+" "+strings.Join(request.Keys(), " "))
		}
	}

	return writes
}

func TestRunWithoutOptionsOnlyReads(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		s.SeedWebhooks(2)

		options := s.options()
		options.Write, options.SignIn = false, nil

		report, err := Run(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}

		if writes := s.writes(); len(writes) > 0 || s.TokenCounters().Calls > 0 {
			t.Errorf("writes: %v, token counters: %+v", writes, s.TokenCounters())
		}

		for id, want := range map[string]string{
			"U6": "native", "U7": "2026", "U13": "400", "U14": "v1", "U15": "100", "X2": "whole", "X3": "ascending", "X8": "json", "O2": "cause",
		} {
			if got := report.answer(id); got.Variant != want {
				t.Errorf("%s is %+v, want %s", id, got, want)
			}
		}

		for id, want := range map[string]string{"U1": "needs --write", "U17": "needs --write", "U10": "needs --tokens", "O3": "needs --tokens"} {
			if got := report.answer(id); got.Result != NotAsked || got.Reason != want {
				t.Errorf("%s is %+v, want %q", id, got, want)
			}
		}
	})
}

// TestReadsShowHowSecretsAreMasked is for users who do not want the probe to write.
func TestReadsShowHowSecretsAreMasked(t *testing.T) {
	t.Parallel()

	for _, variant := range []string{"clear", "masked", "dotted", "suffix", "edges", "absent", "null"} {
		simulated(t, dialects.Dialect{Secrets: dialects.Secrets(variant)}, func(s *service) {
			t := s.T

			s.PutWebhook(simulator.Webhook{
				Name: "Shop", WebhookURL: "https://shop.example.com", EventType: "All", AuthenType: "Api_Key",
				APIKey: "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", BankAccountID: 19,
			})

			options := s.options()
			options.Write, options.SignIn = false, nil

			report, err := Run(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}

			if got := report.answer("U5"); got.Variant != variant {
				t.Errorf("%s: %+v", variant, got)
			}
		})
	}
}

// TestThePlanIsShownBeforeAnythingIsWritten declines at the question.
func TestThePlanIsShownBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		options := s.options()
		options.URL = "https://shop.example.com/sepay?a=1"

		var shown string

		options.Confirm = func(_ context.Context, plan string) error {
			shown = plan

			if writes := s.writes(); len(writes) > 0 {
				t.Errorf("written before the question: %v", writes)
			}

			return errors.New("no")
		}

		report, err := Run(t.Context(), options)

		var declined *DeclinedError
		if report != nil || !errors.As(err, &declined) {
			t.Errorf("report %v, error %v", report, err)
		}

		for _, words := range []string{
			"create one webhook that is switched off", "https://shop.example.com/sepay?a=1&sepay-probe=probe-", "bank account 19", "delete it",
			"at most 40 requests",
		} {
			if !strings.Contains(shown, words) {
				t.Errorf("the plan does not say %q:\n%s", words, shown)
			}
		}

		if writes := s.writes(); len(writes) > 0 {
			t.Errorf("written after the confirmation was declined: %v", writes)
		}
	})
}

// TestTheWebhookIsSwitchedOffMarkedAndDeleted checks the writes of a run.
func TestTheWebhookIsSwitchedOffMarkedAndDeleted(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		s.SeedWebhooks(2)

		options := s.options()
		options.SignIn = nil

		report, err := Run(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}

		creates := s.RequestsTo(http.MethodPost, simulator.APIPath+"/webhooks")
		if len(creates) != 1 {
			t.Fatalf("%d creates", len(creates))
		}

		body := creates[0].Body
		if string(body["active"]) != "0" || !regexp.MustCompile(`\[probe-[a-z2-7]{12}\] *"$`).Match(body["name"]) ||
			!strings.HasPrefix(string(body["webhook_url"]), `"https://example.com/`) {
			t.Errorf("created with %s %s %s", body["active"], body["name"], body["webhook_url"])
		}

		for _, request := range s.RequestsTo(http.MethodPatch, simulator.APIPath+"/webhooks/{id}") {
			if request.Has("active") {
				t.Errorf("active is sent: %v", request)
			}
		}

		if report.Requests != fullRun || len(s.Webhooks()) != 2 {
			t.Errorf("%d requests, want %d; %d webhooks", report.Requests, fullRun, len(s.Webhooks()))
		}
	})
}

// TestRequestsStayWithinTheRateOfTheProvider checks the time between requests.
func TestRequestsStayWithinTheRateOfTheProvider(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		if _, err := Run(t.Context(), s.options()); err != nil {
			t.Fatal(err)
		}

		requests := slices.DeleteFunc(s.Requests(), func(r simulator.Request) bool { return r.UserAgent != "sepay-probe/test" })

		for i := 3; i < len(requests); i++ {
			if within := requests[i].Time.Sub(requests[i-3].Time); within < time.Second {
				t.Errorf("four requests within %s", within)
			}
		}
	})
}

// TestALostCreateIsFoundAndDeleted cuts the connection after the service has created the webhook.
func TestALostCreateIsFoundAndDeleted(t *testing.T) {
	t.Parallel()

	for _, drop := range []fault.Drop{fault.DropBeforeCommit, fault.DropAfterCommit, fault.DropHalfway} {
		simulated(t, dialects.Dialect{}, func(s *service) {
			t := s.T

			s.Fail(simulator.Fault{Method: http.MethodPost, Path: simulator.APIPath + "/webhooks", Times: 1, Drop: drop})

			options := s.options()
			options.SignIn = nil

			report, err := Run(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}

			if left := s.Webhooks(); len(left) > 0 {
				t.Errorf("%s: left %v", drop, left)
			}

			if creates := s.RequestsTo(http.MethodPost, simulator.APIPath+"/webhooks"); len(creates) != 1 {
				t.Errorf("%s: %d creates", drop, len(creates))
			}

			if got := report.answer("U1"); got.Result == Answered {
				t.Errorf("%s: %+v", drop, got)
			}
		})
	}
}

// TestAFailedDeleteIsRetried , and returns an error with the next step if it fails again.
func TestAFailedDeleteIsRetried(t *testing.T) {
	t.Parallel()

	for failures, left := range map[int]int{1: 0, 2: 0, 3: 1} {
		simulated(t, dialects.Dialect{}, func(s *service) {
			t := s.T

			s.Fail(simulator.Fault{Method: http.MethodDelete, Times: failures, Status: http.StatusBadGateway})

			report, err := Run(t.Context(), s.options())
			webhooks := s.Webhooks()

			if len(webhooks) != left {
				t.Fatalf("%d failures: left %v", failures, webhooks)
			}

			if left == 0 {
				return
			}

			var remains *NotDeletedError
			if !errors.As(err, &remains) || !strings.Contains(err.Error(), fmt.Sprintf("delete webhook %d in SePay", webhooks[0].ID)) {
				t.Errorf("error %v", err)
			}

			if report == nil || report.answer("U1").Variant != "data" || webhooks[0].Active {
				t.Errorf("report %v, webhook %v", report, webhooks[0])
			}
		})
	}
}

// TestReadingRunReportsALeftover: a run that only reads deletes nothing.
func TestReadingRunReportsALeftover(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		id := s.PutWebhook(simulator.Webhook{
			Name: "sepay-probe, safe to delete [probe-abcdefghijkl]", WebhookURL: "https://example.com/sepay-probe/probe-abcdefghijkl",
			EventType: "All", AuthenType: "No_Authen", BankAccountID: 19,
		})

		// None of these is the probe's, although they are similar.
		for name, url := range map[string]string{
			"sepay-probe, safe to delete [probe-abcdefghijkl]":    "https://example.com/sepay-probe/probe-abcdefghijk2",
			"sepay-probe, safe to delete":                         "https://example.com/sepay-probe/probe-abcdefghijkl",
			"my sepay-probe, safe to delete [probe-abcdefghijkl]": "https://example.com/sepay-probe/probe-abcdefghijkl",
			"sepay-probe, safe to delete [probe-abcdefghijk1]":    "https://example.com/sepay-probe/probe-abcdefghijk1",
			"Shop": "https://example.com/sepay-probe",
		} {
			s.PutWebhook(simulator.Webhook{Name: name, WebhookURL: url, EventType: "All", AuthenType: "No_Authen", BankAccountID: 19})
		}

		var said strings.Builder

		options := s.options()
		options.Write, options.SignIn, options.Out = false, nil, &said

		if _, err := Run(t.Context(), options); err != nil {
			t.Fatal(err)
		}

		if !strings.Contains(said.String(), fmt.Sprintf("left webhook %d behind, switched off", id)) || strings.Count(said.String(), "behind") != 1 {
			t.Errorf("said: %s", said.String())
		}

		options = s.options()
		options.SignIn = nil

		if _, err := Run(t.Context(), options); err != nil {
			t.Fatal(err)
		}

		if _, found := s.Webhook(id); found || len(s.Webhooks()) != 5 {
			t.Errorf("left %v", s.Webhooks())
		}
	})
}

// TestALeftoverIsFoundAmongManyWebhooks needs SePay's filter.
func TestALeftoverIsFoundAmongManyWebhooks(t *testing.T) {
	t.Parallel()

	for _, paging := range []dialects.Paging{dialects.Paging100, dialects.Paging20} {
		simulated(t, dialects.Dialect{Paging: paging}, func(s *service) {
			t := s.T

			s.SeedWebhooks(250)

			id := s.PutWebhook(simulator.Webhook{
				Name: "sepay-probe, renamed, safe to delete [probe-abcdefghijkl]", EventType: "All", AuthenType: "No_Authen", BankAccountID: 19,
				WebhookURL: "https://shop.example.com/?sepay-probe=probe-abcdefghijkl", Active: true,
			})

			options := s.options()
			options.SignIn = nil

			if _, err := Run(t.Context(), options); err != nil {
				t.Fatal(err)
			}

			if _, found := s.Webhook(id); found || len(s.Webhooks()) != 250 {
				t.Errorf("%d webhooks", len(s.Webhooks()))
			}
		})
	}
}

// TestAWebhookThatCannotBeSwitchedOffIsDeletedImmediately is for a service that ignores active altogether.
func TestAWebhookThatCannotBeSwitchedOffIsDeletedImmediately(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T

		s.Fail(simulator.Fault{Method: http.MethodGet, Path: simulator.APIPath + "/webhooks/{id}", Rewrite: func(body []byte) []byte {
			return []byte(strings.ReplaceAll(string(body), `"active":false`, `"active":true`))
		}})

		_, err := Run(t.Context(), s.options())
		if !errors.Is(err, errStillOn) || len(s.Webhooks()) > 0 {
			t.Errorf("error %v, left %v", err, s.Webhooks())
		}

		if patches := s.RequestsTo(http.MethodPatch, ""); len(patches) != 1 || !patches[0].Has("active") {
			t.Errorf("patches: %v", patches)
		}
	})
}

// TestANewShapeIsReportedAsSuch uses responses that no dialect has.
func TestANewShapeIsReportedAsSuch(t *testing.T) {
	t.Parallel()

	webhooks := simulator.APIPath + "/webhooks"

	for _, test := range []struct {
		id     string
		fault  simulator.Fault
		reason string
		shape  string
	}{
		{"U1", simulator.Fault{Method: "POST", Path: webhooks, Body: `{"status":"success","webhook":{"id":1}}`}, "the id is in no known place", `{"status":"string","webhook":{"id":"integer"}}`},
		{"U13", simulator.Fault{Method: "PATCH", Path: webhooks + "/{id}", Skip: 1, Times: 1, Status: 409, Body: `{"reasons":[{"field":"event_type"}]}`}, "status 409 with a body of JSON", `{"reasons":[{"field":"string"}]}`},
		{"U14", simulator.Fault{Path: simulator.APIPath + "/bank-accounts", Body: `{"status":"success","data":[{"id":19,"account":{"no":"0071"}}]}`}, "another form", `{"data":[{"account":{"no":"string (digits)"},"id":"integer"}],"status":"string"}`},
		{"U15", simulator.Fault{Path: webhooks, Method: "GET", Body: `{"status":"success","data":[],"meta":{"pagination":{"per_page":50}}}`}, "per_page is 50", `{"data":[],"meta":{"pagination":{"per_page":"integer"}},"status":"string"}`},
		{"X8", simulator.Fault{Method: "GET", Path: webhooks + "/999999999", Status: 410, Body: "gone"}, "status 410 with a body of text", "null"},
		{"O2", simulator.Fault{Path: simulator.APIPath + "/me", Status: 302}, "status 302", `{"error":"integer","messages":{"error":"string"},"status":"integer"}`},
	} {
		simulated(t, dialects.Dialect{}, func(s *service) {
			t := s.T

			s.Fail(test.fault)

			options := s.options()
			options.Write, options.SignIn = test.id != "X8", nil

			report, err := Run(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}

			answer := report.answer(test.id)
			shape, err := json.Marshal(answer.Shape)
			if err != nil {
				t.Fatal(err)
			}

			if answer.Result != AnotherShape || !strings.Contains(answer.Reason, test.reason) || string(shape) != test.shape {
				t.Errorf("%s is %+v, shape %s", test.id, answer, shape)
			}

			if _, told := report.Dialect[test.id]; told {
				t.Errorf("%s is in the dialect", test.id)
			}

			if test.shape != "null" && !strings.Contains(report.Markdown(), "Another shape: "+answer.Reason) {
				t.Errorf("%s: the page does not show the shape", test.id)
			}

			if len(s.Webhooks()) > 0 {
				t.Errorf("left %v", s.Webhooks())
			}
		})
	}
}

// TestASignInThatCouldNotDeleteCreatesNothing lacks a scope, or a list in which to find the webhook again.
func TestASignInThatCouldNotDeleteCreatesNothing(t *testing.T) {
	t.Parallel()

	for lacking, want := range map[string]string{
		"webhook:delete": "lacks the scope webhook:delete", "webhook:write": "lacks the scope webhook:write",
		"webhook:read": "the list of webhooks was refused with status 403",
	} {
		simulated(t, dialects.Dialect{}, func(s *service) {
			t := s.T

			scopes := slices.DeleteFunc(strings.Fields("bank-account:read webhook:read webhook:write webhook:delete profile"),
				func(scope string) bool { return scope == lacking })

			options := s.options()
			options.Tokens = &knownToken{s.NewAccessToken(scopes...)}

			_, err := Run(t.Context(), options)
			if err == nil || !strings.Contains(err.Error(), want) || len(s.writes()) > 0 {
				t.Errorf("without %s: error %v, writes %v", lacking, err, s.writes())
			}
		})
	}
}

// TestRequestsStayBelowTheLimit is for a service that refuses every update, so that each part of it is sent alone.
func TestRequestsStayBelowTheLimit(t *testing.T) {
	t.Parallel()

	for _, status := range []int{http.StatusBadRequest, http.StatusBadGateway, http.StatusTooManyRequests} {
		simulated(t, dialects.Dialect{CreateActive: dialects.CreateActiveIgnored}, func(s *service) {
			t := s.T

			s.Fail(simulator.Fault{Method: http.MethodPatch, Skip: 1, Status: status})

			begun := time.Now()

			if _, err := Run(t.Context(), s.options()); err != nil {
				t.Fatal(err)
			}

			if took := time.Since(begun); took > 2*time.Minute {
				t.Errorf("%d: it took %s", status, took)
			}

			if sent := s.Counters().Requests - 2; sent > MaxRequests || len(s.Webhooks()) > 0 { // 2 for the browser
				t.Errorf("%d: %d requests, left %v", status, sent, s.Webhooks())
			}
		})
	}
}

// TestAnIDOfAnotherWebhookInTheResponseTouchesNothing uses a response to the create with the id of another webhook.
func TestAnIDOfAnotherWebhookInTheResponseTouchesNothing(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T
		ids := s.SeedWebhooks(2)
		before := s.Webhooks()

		s.Fail(simulator.Fault{Method: http.MethodPost, Path: simulator.APIPath + "/webhooks", Rewrite: func([]byte) []byte {
			return fmt.Appendf(nil, `{"status":"success","data":{"id":%d}}`, ids[0])
		}})

		options := s.options()
		options.SignIn = nil

		if _, err := Run(t.Context(), options); err != nil {
			t.Fatal(err)
		}

		if after := s.Webhooks(); fmt.Sprintf("%+v", after) != fmt.Sprintf("%+v", before) {
			t.Errorf("the webhooks are %+v, before %+v", after, before)
		}

		if writes := s.writes(); len(writes) != 2 || writes[1] != "DELETE " { // of its own
			t.Errorf("writes: %v", writes)
		}
	})
}

// TestUnexpectedResponsesDoNotStopTheProbe uses unexpected responses for every kind of request.
func TestUnexpectedResponsesDoNotStopTheProbe(t *testing.T) {
	t.Parallel()

	for _, body := range []string{
		`[]`, `null`, `"x"`, `{}`, `{"data":[[1],null]}`, `{"data":{"id":[]}}`, `{"data":{"id":1e99}}`, `{"data":[{"id":{}}],"meta":5}`,
		`{"data":{"id":"-1","active":[],"retry_conditions":5,"prefix_filters":{},"name":1}}`, `{"status":[],"error":{}}`, "\x00\xff", `{"data":`,
		`{"bankaccounts":[5]}`, `{"bankaccounts":{"id":1}}`, strings.Repeat(`{"data":`, 5000) + "1" + strings.Repeat("}", 5000),
	} {
		for _, method := range []string{"", http.MethodGet, http.MethodPost, http.MethodPatch} {
			simulated(t, dialects.Dialect{}, func(s *service) {
				t := s.T
				s.SeedWebhooks(1)
				s.Fail(simulator.Fault{Method: method, Path: simulator.APIPath + "/", Body: body})

				options := s.options()
				options.SignIn = nil

				// What happened is an error or a report; both are fine.
				report, err := Run(t.Context(), options)
				if report == nil && err == nil {
					t.Error("neither report nor error")
				}

				if sent := s.Counters().Requests; sent > MaxRequests {
					t.Errorf("%d requests", sent)
				}

				for _, webhook := range s.Webhooks() {
					if strings.HasPrefix(webhook.Name, "sepay-probe") && (webhook.Active || err == nil) {
						t.Errorf("%q to %s: left %v, error %v", body, method, webhook, err)
					}
				}
			})
		}
	}
}

// renewed supplies a second token when the first is refused.
type renewed struct {
	first, second string
	rejected      []string
}

func (r *renewed) Token(_ context.Context, rejected string) (string, error) {
	if rejected != "" {
		r.rejected = append(r.rejected, rejected)
	}

	if len(r.rejected) > 0 {
		return r.second, nil
	}

	return r.first, nil
}

func TestAnAccessTokenThatExpiresDuringTheRunIsRenewedOnce(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T
		tokens := &renewed{first: s.NewAccessToken()}

		options := s.options()
		options.Tokens, options.SignIn = tokens, nil
		options.Confirm = func(context.Context, string) error {
			s.ExpireAccessTokens()
			tokens.second = s.NewAccessToken()

			return nil
		}

		report, err := Run(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}

		if !slices.Equal(tokens.rejected, []string{tokens.first}) || report.answer("U1").Variant != "data" || len(s.Webhooks()) > 0 {
			t.Errorf("rejected %d tokens, %+v, left %v", len(tokens.rejected), report.answer("U1"), s.Webhooks())
		}
	})
}

// TestAnInterruptedCreateStillGetsItsID ends the run while SePay works on the create: its response still has the id.
func TestAnInterruptedCreateStillGetsItsID(t *testing.T) {
	t.Parallel()
	simulated(t, dialects.Dialect{}, func(s *service) {
		t := s.T
		ctx, interrupt := context.WithCancel(t.Context())
		defer interrupt()

		s.Fail(simulator.Fault{Method: http.MethodPost, Path: simulator.APIPath + "/webhooks", DelayAfter: 10 * time.Second})

		options := s.options()
		options.Confirm = func(context.Context, string) error {
			time.AfterFunc(5*time.Second, interrupt)

			return nil
		}

		report, err := Run(ctx, options)
		if report != nil || !errors.Is(err, context.Canceled) || len(s.Webhooks()) > 0 {
			t.Errorf("report %v, error %v, left %v", report, err, s.Webhooks())
		}

		for _, list := range s.RequestsTo(http.MethodGet, simulator.APIPath+"/webhooks") {
			if list.Query.Has("webhook_url") {
				t.Errorf("the webhook was looked for: %v", list)
			}
		}
	})
}
