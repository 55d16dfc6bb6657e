package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

func (s *Simulator) controlWebhook(r *http.Request) (any, error) {
	if w, found := s.Webhook(pathNumber(r, "id")); found {
		return w, nil
	}

	return nil, errNoSuch
}

func (s *Simulator) controlPutWebhook(r *http.Request) (any, error) {
	w := newWebhook()
	if err := readControl(r, &w); err != nil {
		return nil, err
	}

	return map[string]int64{"id": s.PutWebhook(w)}, nil
}

func (s *Simulator) controlChangeWebhook(r *http.Request) (any, error) {
	var changes map[string]any
	if err := readControl(r, &changes); err != nil {
		return nil, err
	}

	if err := s.ChangeWebhook(pathNumber(r, "id"), changes); err != nil {
		return nil, err
	}

	return s.controlWebhook(r)
}

func (s *Simulator) controlDeleteWebhook(r *http.Request) (any, error) {
	if !s.DeleteWebhook(pathNumber(r, "id")) {
		return nil, errNoSuch
	}

	return nil, nil
}

func (s *Simulator) controlSeed(r *http.Request) (any, error) {
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

func (s *Simulator) controlPutBankAccount(r *http.Request) (any, error) {
	var account BankAccount
	if err := readControl(r, &account); err != nil {
		return nil, err
	}

	s.PutBankAccount(account)

	return account, nil
}

func (s *Simulator) controlChangeBankAccount(r *http.Request) (any, error) {
	var changes map[string]any
	if err := readControl(r, &changes); err != nil {
		return nil, err
	}

	return nil, s.ChangeBankAccount(pathNumber(r, "id"), changes)
}

func (s *Simulator) controlAddTransaction(r *http.Request) (any, error) {
	var transaction Transaction
	if err := readControl(r, &transaction); err != nil {
		return nil, err
	}

	return map[string]int64{"id": s.AddTransaction(transaction)}, nil
}

func (s *Simulator) controlSetDialect(r *http.Request) (any, error) {
	text, err := controlText(r)
	if err != nil {
		return nil, err
	}

	dialect, err := ParseDialect(text)
	if err != nil {
		return nil, err
	}

	s.SetDialect(dialect)

	return dialect.String(), nil
}

func (s *Simulator) controlSetLatency(r *http.Request) (any, error) {
	latency, err := controlDuration(r)
	if err == nil {
		s.SetLatency(latency)
	}

	return nil, err
}

func (s *Simulator) controlAdvanceClock(r *http.Request) (any, error) {
	by, err := controlDuration(r)
	if err == nil {
		s.AdvanceClock(by)
	}

	return nil, err
}

func (*Simulator) controlChange(change func(map[string]any)) control {
	return func(r *http.Request) (any, error) {
		var changes map[string]any
		if err := readControl(r, &changes); err != nil {
			return nil, err
		}

		change(changes)

		return nil, nil
	}
}

// controlFail takes a Fault in JSON; its delays are texts such as "300ms".
func (s *Simulator) controlFail(r *http.Request) (any, error) {
	var wire struct {
		Method, Path        string
		Skip, Times, Status int
		DelayBefore         string `json:"delay_before"`
		DelayAfter          string `json:"delay_after"`
		Drop                Drop
		Commit              bool
		Header              http.Header
		Body, Prefix        string
		ContentType         string `json:"content_type"`
	}
	if err := readControl(r, &wire); err != nil {
		return nil, err
	}

	if !slices.Contains([]Drop{DropNever, DropBeforeCommit, DropAfterCommit, DropHalfway}, wire.Drop) {
		return nil, fmt.Errorf("unknown drop %q", wire.Drop)
	}

	fault := Fault{
		Method: wire.Method, Path: wire.Path, Skip: wire.Skip, Times: wire.Times, Status: wire.Status, Drop: wire.Drop,
		Commit: wire.Commit, Header: wire.Header, Body: wire.Body, Prefix: wire.Prefix, ContentType: wire.ContentType,
	}

	for text, delay := range map[*string]*time.Duration{
		&wire.DelayBefore: &fault.DelayBefore, &wire.DelayAfter: &fault.DelayAfter,
	} {
		if *text == "" {
			continue
		}

		var err error
		if *delay, err = time.ParseDuration(*text); err != nil {
			return nil, fmt.Errorf("delay: %w", err)
		}
	}

	return map[string]FaultID{"id": s.Fail(fault)}, nil
}

// visible makes a log that may be printed: no value of a key that holds a secret.
func visible(requests []Request) []map[string]any {
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
