package playground

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// rowsShown is how many deliveries and requests the page lists.
const rowsShown = 20

// view is what the template shows.
type view struct {
	Language, Other, Token, Version string
	Dialect                         string
	Default                         bool
	Advice                          []string // keys of texts
	Webhooks                        []webhookView
	Accounts                        []accountView
	Deliveries                      []deliveryView
	Alerts                          []delivery.Alert
	Requests                        []requestView
	Events                          []sepay.Choice
}

type webhookView struct {
	state.Webhook

	Secret, Accounts string
}

type accountView struct {
	state.BankAccount

	Balance string
}

type deliveryView struct {
	delivery.Delivery

	Clock string
}

type requestView struct{ Clock, Method, Path, Keys, Status, Kind string }

func (p *page) view(language string, translate func(string) string) view {
	v := view{
		Language: language, Other: "vi", Token: p.token, Version: p.fingerprint(), Dialect: p.Dialect().String(),
		Alerts: p.Sender.Alerts(), Events: sepay.EventTypes(),
	}
	v.Default = v.Dialect == "default"

	if language == "vi" {
		v.Other = "en"
	}

	accounts := p.BankAccounts()
	for _, account := range accounts {
		v.Accounts = append(v.Accounts, accountView{account, grouped(account.Accumulated.String())})
	}

	for _, w := range p.Webhooks() {
		v.Webhooks = append(v.Webhooks, webhookView{w, masked(w), coverage(w, accounts, translate)})
	}

	for _, made := range latest(p.Sender.Deliveries()) {
		v.Deliveries = append(v.Deliveries, deliveryView{made, clock(made.At)})
	}

	requests := p.Log.Requests()
	for _, r := range latest(requests) {
		v.Requests = append(v.Requests, newRequestView(r))
	}

	v.Advice = p.advice(len(v.Webhooks), len(v.Deliveries), requests)

	return v
}

// advice returns the suggested next steps.
func (p *page) advice(webhooks, deliveries int, requests []journal.Request) []string {
	written := time.Time{}

	for _, r := range requests {
		if r.Method != http.MethodGet && r.Committed && strings.HasPrefix(r.Path, "/api/") {
			written = r.Time
		}
	}

	switch {
	case p.edits.at().After(written):
		return []string{"advice plan", "advice repair"}
	case webhooks == 0:
		return []string{"advice apply"}
	case deliveries == 0:
		return []string{"advice pay", "advice drift"}
	default:
		return []string{"advice drift", "advice pay"}
	}
}

// version lets an open page find out whether its content has changed.
func (p *page) version(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")

	_, _ = fmt.Fprint(w, p.fingerprint())
}

// fingerprint changes with the content of the page.
func (p *page) fingerprint() string {
	sum := fnv.New64a()
	_, _ = fmt.Fprint(sum, p.Dialect(), len(p.Sender.Alerts()))

	for _, w := range p.Webhooks() {
		_, _ = fmt.Fprintf(sum, "%d %s %s %s %t %t|", w.ID, w.Name, w.WebhookURL, w.EventType, w.Active, w.SkipIfNoCode)
	}

	for _, account := range p.BankAccounts() {
		_, _ = fmt.Fprintf(sum, "%d %s|", account.ID, account.Accumulated)
	}

	for _, made := range p.Sender.Deliveries() {
		_, _ = fmt.Fprintf(sum, "%d %s %d|", made.ID, made.State, len(made.Attempts))
	}

	requests := p.Log.Requests()
	_, _ = fmt.Fprint(sum, len(requests))

	if len(requests) > 0 {
		_, _ = fmt.Fprint(sum, requests[len(requests)-1].Responded)
	}

	return fmt.Sprintf("%x", sum.Sum64())
}

// latest returns the last rows, newest first.
func latest[T any](rows []T) []T {
	rows = slices.Clone(rows[max(0, len(rows)-rowsShown):])
	slices.Reverse(rows)

	return rows
}

func newRequestView(r journal.Request) requestView {
	v := requestView{Clock: clock(r.Time), Method: r.Method, Path: r.Path, Keys: strings.Join(r.Keys(), ", "), Status: fmt.Sprint(r.Status)}
	if len(r.Query) > 0 {
		v.Path += "?" + r.Query.Encode()
	}

	if strings.HasPrefix(r.Path, "/oauth/") {
		// The query of the consent page has the state of a sign-in.
		v.Path, v.Keys = r.Path, r.GrantType
	}

	switch {
	case r.Status == 0:
		v.Status, v.Kind = "–", "bad"
	case r.Status >= http.StatusBadRequest:
		v.Kind = "bad"
	default:
		v.Kind = "good"
	}

	return v
}

func clock(at time.Time) string { return at.In(state.Vietnam()).Format("15:04:05") }

// masked shows a secret as SePay's dashboard does: the last four characters.
func masked(w state.Webhook) string {
	for _, secret := range []string{w.APIKey, w.SecretKey, w.OAuth2ClientSecret} {
		if len(secret) > 8 {
			return "••••" + secret[len(secret)-4:]
		}

		if secret != "" {
			return "••••"
		}
	}

	return ""
}

func coverage(w state.Webhook, accounts []state.BankAccount, translate func(string) string) string {
	if w.BankMode == sepay.BankModeAll {
		return translate("all accounts")
	}

	var names []string

	for _, account := range accounts {
		if w.Covers(account.ID) {
			names = append(names, account.Bank.Code+" "+account.AccountNumber)
		}
	}

	return strings.Join(names, ", ")
}

// grouped writes an amount as people in Vietnam do: 1.777.283.273.
func grouped(amount string) string {
	whole, _, _ := strings.Cut(amount, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}

	return whole
}
