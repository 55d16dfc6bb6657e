package control

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

func (s *service) controlWebhook(r *http.Request) (any, error) {
	if w, found := s.Webhook(pathNumber(r, "id")); found {
		return w, nil
	}

	return nil, errNoSuch
}

func (s *service) controlPutWebhook(r *http.Request) (any, error) {
	w := state.NewWebhook()
	if err := readControl(r, &w); err != nil {
		return nil, err
	}

	return map[string]int64{"id": s.PutWebhook(w)}, nil
}

func (s *service) controlChangeWebhook(r *http.Request) (any, error) {
	var changes map[string]any
	if err := readControl(r, &changes); err != nil {
		return nil, err
	}

	if err := s.ChangeWebhook(pathNumber(r, "id"), changes); err != nil {
		return nil, err
	}

	return s.controlWebhook(r)
}

func (s *service) controlDeleteWebhook(r *http.Request) (any, error) {
	if !s.DeleteWebhook(pathNumber(r, "id")) {
		return nil, errNoSuch
	}

	return nil, nil
}

func (s *service) controlSeed(r *http.Request) (any, error) {
	n := int(pathNumber(r, "n"))

	switch r.PathValue("what") {
	case "webhooks":
		return s.SeedWebhooks(n), nil
	case "bank-accounts":
		return s.SeedBankAccounts(n), nil
	case "transactions":
		return s.SeedTransactions(n), nil
	default:
		return nil, errNoSuch
	}
}

func (s *service) controlPutBankAccount(r *http.Request) (any, error) {
	var account state.BankAccount
	if err := readControl(r, &account); err != nil {
		return nil, err
	}

	s.PutBankAccount(account)

	return account, nil
}

func (s *service) controlChangeBankAccount(r *http.Request) (any, error) {
	var changes map[string]any
	if err := readControl(r, &changes); err != nil {
		return nil, err
	}

	return nil, s.ChangeBankAccount(pathNumber(r, "id"), changes)
}

func (s *service) controlAddTransaction(r *http.Request) (any, error) {
	var transaction state.Transaction
	if err := readControl(r, &transaction); err != nil {
		return nil, err
	}

	return map[string]int64{"id": s.Arrive(transaction)}, nil
}

func (s *service) controlReceive(r *http.Request) (any, error) {
	var payment state.Payment
	if err := readControl(r, &payment); err != nil {
		return nil, err
	}

	return s.Receive(payment)
}

func (s *service) controlSetDialect(r *http.Request) (any, error) {
	text, err := controlText(r)
	if err != nil {
		return nil, err
	}

	dialect, err := dialects.Parse(text)
	if err != nil {
		return nil, err
	}

	s.SetDialect(dialect)

	return dialect.String(), nil
}

func (s *service) controlSetLatency(r *http.Request) (any, error) {
	latency, err := controlDuration(r)
	if err == nil {
		s.SetLatency(latency)
	}

	return nil, err
}

func (s *service) controlAdvanceClock(r *http.Request) (any, error) {
	by, err := controlDuration(r)
	if err == nil {
		s.AdvanceClock(by)
	}

	return nil, err
}

func (*service) controlChange(change func(map[string]any)) handler {
	return func(r *http.Request) (any, error) {
		var changes map[string]any
		if err := readControl(r, &changes); err != nil {
			return nil, err
		}

		change(changes)

		return nil, nil
	}
}

// controlFail adds a Fault from JSON; its delays are strings such as "300ms".
func (s *service) controlFail(r *http.Request) (any, error) {
	var wire struct {
		Method, Path        string
		Skip, Times, Status int
		DelayBefore         string `json:"delay_before"`
		DelayAfter          string `json:"delay_after"`
		Drop                fault.Drop
		Commit              bool
		Header              http.Header
		Body, Prefix        string
		ContentType         string `json:"content_type"`
	}
	if err := readControl(r, &wire); err != nil {
		return nil, err
	}

	if !slices.Contains([]fault.Drop{fault.DropNever, fault.DropBeforeCommit, fault.DropAfterCommit, fault.DropHalfway}, wire.Drop) {
		return nil, fmt.Errorf("unknown drop %q", wire.Drop)
	}

	added := fault.Fault{
		Method: wire.Method, Path: wire.Path, Skip: wire.Skip, Times: wire.Times, Status: wire.Status, Drop: wire.Drop,
		Commit: wire.Commit, Header: wire.Header, Body: wire.Body, Prefix: wire.Prefix, ContentType: wire.ContentType,
	}

	for text, delay := range map[*string]*time.Duration{
		&wire.DelayBefore: &added.DelayBefore, &wire.DelayAfter: &added.DelayAfter,
	} {
		if *text == "" {
			continue
		}

		var err error
		if *delay, err = time.ParseDuration(*text); err != nil {
			return nil, fmt.Errorf("delay: %w", err)
		}
	}

	return map[string]fault.ID{"id": s.Faults.Fail(added)}, nil
}

// visible returns a log without the values of secret keys.
func visible(requests []journal.Request) []map[string]any {
	rows := make([]map[string]any, 0, len(requests))

	for _, r := range requests {
		body := map[string]any{}

		for key, value := range r.Body {
			body[key] = value
			if key == "api_key" || key == "secret_key" || key == "oauth2_client_secret" {
				body[key] = "(secret)"
			}
		}

		rows = append(rows, map[string]any{
			"time": r.Time.Format(time.RFC3339Nano), "method": r.Method, "path": r.Path, "query": r.Query.Encode(),
			"body": body, "form_keys": r.FormKeys, "grant_type": r.GrantType, "generation": r.Generation,
			"user_agent": r.UserAgent, "status": r.Status, "committed": r.Committed, "faulty": r.Faulty,
		})
	}

	return rows
}
