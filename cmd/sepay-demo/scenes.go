package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const (
	webhookSecret = "whsec_0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	wantedURL     = "https://shop.example.com/sepay/payments"
	accountID     = 19
)

// scene is one step of the demo.
type scene struct {
	title string
	why   string
	play  func(context.Context, *stage) error
	// pictured reports whether the scene is part of the picture in README.
	pictured bool
}

func scenes() []scene {
	return []scene{
		{
			title: "The plan: what will happen, before it happens",
			why:   `The bank account is looked up by its number; the secret is not shown.`,
			play:  plan,
		},
		{
			title: "The apply: what was planned, and nothing else",
			why: `A second process uses the tokens that the first one stored. SePay's refresh token is valid for one use, and
			Terraform starts new processes for each command: without a store the second one could not sign in.`,
			play: apply,
		},
		{
			title: "Money arrives: SePay notifies the shop, and the plan is empty",
			why: `SePay signs the payment and sends it to the webhook; the shop checks the signature. The balance has changed:
			were it part of the result, every plan in CI would report a change without a cause.`,
			play: planEmpty,
		},
		{
			title: "Someone edits the webhook in the dashboard, and the plan finds it",
			why: `Payments now go to another server, and then nowhere. A scheduled job notices: with -detailed-exitcode, exit
			code 2 means that there is a difference.`,
			play:     drift,
			pictured: true,
		},
		{
			title:    "The repair: one apply restores what was declared, and the shop hears of payments again",
			why:      `Only what differs is sent, so the secret is not sent again.`,
			play:     repair,
			pictured: true,
		},
		{
			title: "The import: a webhook that exists comes under management",
			why: `The state forgets the webhook, as if it had been made by hand, and takes it up again by its id. The import copies
			no secret from SePay: the next apply records the configured one, which is the same, without sending it.`,
			play: importAgain,
		},
		{
			title: "The end: destroy",
			why:   `What was declared is deleted, and nothing else.`,
			play:  destroy,
		},
		{
			title: "Summary",
			why:   `Each command had provider processes of its own.`,
			play:  summary,
		},
	}
}

func plan(ctx context.Context, s *stage) error {
	if err := s.run(ctx, 0, "init", "-input=false"); err != nil {
		return err
	}

	if err := s.run(ctx, 2, "plan", "-input=false", "-detailed-exitcode", "-out=tfplan"); err != nil {
		return err
	}

	return s.checkf(len(s.writes()) == 0, "SePay was only read, %d requests; no webhook exists yet", s.sepay.Counters().API)
}

func apply(ctx context.Context, s *stage) error {
	if err := s.run(ctx, 0, "apply", "-input=false", "tfplan"); err != nil {
		return err
	}

	webhook, err := s.onlyWebhook()
	if err != nil {
		return err
	}

	declared := webhook.WebhookURL == wantedURL && webhook.SecretKey == webhookSecret && webhook.BankAccountID == accountID
	if err := s.checkf(declared, "SePay holds webhook %d as declared", webhook.ID); err != nil {
		return err
	}

	return s.checkf(s.tokenCalls() == 1, "the tokens of the plan were used again: still one sign-in")
}

func planEmpty(ctx context.Context, s *stage) error {
	shop, elsewhere, err := s.pay(ctx, 18_067_000)
	if err != nil {
		return err
	}

	if err := s.checkf(shop == 1 && elsewhere == 0, "the shop got the payment, with a signature that it accepts"); err != nil {
		return err
	}

	s.sepay.ResetRequests()

	if err := s.run(ctx, 0, "plan", "-input=false", "-detailed-exitcode"); err != nil {
		return err
	}

	return s.checkf(len(s.writes()) == 0, "exit code 0: nothing to do, found out with %d requests", s.sepay.Counters().API)
}

func drift(ctx context.Context, s *stage) error {
	webhook, err := s.onlyWebhook()
	if err != nil {
		return err
	}

	for _, change := range []struct {
		said            string
		changes         map[string]any
		shop, elsewhere int
		claim           string
	}{
		{
			"webhook_url = https://elsewhere.example.net/collect",
			map[string]any{"webhook_url": "https://elsewhere.example.net/collect"},
			0, 1, "the payment went to elsewhere.example.net, and the shop did not get it",
		},
		{"active = false", map[string]any{"active": false}, 0, 0, "this payment went nowhere"},
	} {
		s.sayf("  (dashboard: %s)", change.said)

		if err := s.sepay.ChangeWebhook(webhook.ID, change.changes); err != nil {
			return fmt.Errorf("change the webhook: %w", err)
		}

		shop, elsewhere, err := s.pay(ctx, 250_000)
		if err != nil {
			return err
		}

		if err := s.checkf(shop == change.shop && elsewhere == change.elsewhere, "%s", change.claim); err != nil {
			return err
		}
	}

	s.sepay.ResetRequests()

	if err := s.run(ctx, 2, "plan", "-input=false", "-detailed-exitcode"); err != nil {
		return err
	}

	return s.checkf(len(s.writes()) == 0, "exit code 2: both changes are found, and SePay was only read")
}

func repair(ctx context.Context, s *stage) error {
	s.sepay.ResetRequests()

	if err := s.run(ctx, 0, "apply", "-input=false", "-auto-approve"); err != nil {
		return err
	}

	webhook, err := s.onlyWebhook()
	if err != nil {
		return err
	}

	repaired := webhook.WebhookURL == wantedURL && webhook.Active
	if err := s.checkf(repaired, "webhook %d is as declared again", webhook.ID); err != nil {
		return err
	}

	writes := s.writes()

	if err := s.checkf(len(writes) == 1 && slices.Equal(writes[0].Keys(), []string{"active", "webhook_url"}),
		"one PATCH was sent, with the keys active and webhook_url alone"); err != nil {
		return err
	}

	shop, elsewhere, err := s.pay(ctx, 250_000)
	if err != nil {
		return err
	}

	return s.checkf(shop == 1 && elsewhere == 0, "the shop got the payment again")
}

func importAgain(ctx context.Context, s *stage) error {
	webhook, err := s.onlyWebhook()
	if err != nil {
		return err
	}

	s.sepay.ResetRequests()

	if err := s.run(ctx, 0, "state", "rm", "sepay_webhook.payments"); err != nil {
		return err
	}

	id := strconv.FormatInt(webhook.ID, 10)
	if err := s.run(ctx, 0, "import", "-input=false", "sepay_webhook.payments", id); err != nil {
		return err
	}

	if err := s.run(ctx, 0, "apply", "-input=false", "-auto-approve"); err != nil {
		return err
	}

	if err := s.run(ctx, 0, "plan", "-input=false", "-detailed-exitcode"); err != nil {
		return err
	}

	return s.checkf(len(s.writes()) == 0, "exit code 0: the plan is empty, and SePay was only read")
}

func destroy(ctx context.Context, s *stage) error {
	s.sepay.ResetRequests()

	if err := s.run(ctx, 0, "destroy", "-input=false", "-auto-approve"); err != nil {
		return err
	}

	writes := s.writes()

	return s.checkf(len(s.sepay.Webhooks()) == 0 && len(writes) == 1 && writes[0].Method == http.MethodDelete,
		"SePay has no webhook any more, after one DELETE")
}

func summary(_ context.Context, s *stage) error {
	tokens := s.sepay.Counters().Tokens

	if err := s.checkf(s.tokenCalls() == 1 && tokens.Replays == 0,
		"%d commands signed in once, and no spent token was sent again", s.commands); err != nil {
		return err
	}

	printed := s.transcript.String()
	shown := slices.ContainsFunc(s.sepay.Secrets(), func(secret string) bool { return strings.Contains(printed, secret) })

	return s.checkf(!shown, "none of the %d secrets and tokens that were in use was printed", len(s.sepay.Secrets()))
}

// onlyWebhook returns the one webhook that SePay is expected to have.
func (s *stage) onlyWebhook() (simulator.Webhook, error) {
	webhooks := s.sepay.Webhooks()
	if len(webhooks) != 1 {
		return simulator.Webhook{}, fmt.Errorf("SePay has %d webhooks, not one", len(webhooks))
	}

	return webhooks[0], nil
}

// writes returns the requests to the API that were not reads.
func (s *stage) writes() []simulator.Request {
	return slices.DeleteFunc(s.sepay.Requests(), func(r simulator.Request) bool {
		return r.Method == http.MethodGet || !strings.HasPrefix(r.Path, simulator.APIPath)
	})
}

func (s *stage) tokenCalls() int { return s.sepay.Counters().Tokens.Calls }
