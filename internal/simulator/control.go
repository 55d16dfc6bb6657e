package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// controlPath is the prefix of the control API, by which other processes do what the methods of Simulator do.
const controlPath = "/_control/"

var errNoSuch = errors.New("there is no such thing")

// control is one handler of the control API: it answers a value that is written as JSON, or nothing.
type control func(r *http.Request) (any, error)

func (s *Simulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	for pattern, handle := range s.controls() {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+controlPath+path, func(w http.ResponseWriter, r *http.Request) {
			value, err := handle(r)
			answerControl(w, value, err)
		})
	}

	return loopbackOnly(mux)
}

func (s *Simulator) controls() map[string]control {
	return map[string]control{
		"GET webhooks":             func(*http.Request) (any, error) { return s.Webhooks(), nil },
		"POST webhooks":            s.controlPutWebhook,
		"GET webhooks/{id}":        s.controlWebhook,
		"PATCH webhooks/{id}":      s.controlChangeWebhook,
		"DELETE webhooks/{id}":     s.controlDeleteWebhook,
		"POST seed/{what}/{n}":     s.controlSeed,
		"GET bank-accounts":        func(*http.Request) (any, error) { return s.BankAccounts(), nil },
		"POST bank-accounts":       s.controlPutBankAccount,
		"PATCH bank-accounts/{id}": s.controlChangeBankAccount,
		"POST transactions":        s.controlAddTransaction,
		"GET dialect":              func(*http.Request) (any, error) { return s.Dialect().String(), nil },
		"PUT dialect":              s.controlSetDialect,
		"GET dialects":             func(*http.Request) (any, error) { return Dimensions(), nil },
		"PUT latency":              s.controlSetLatency,
		"PUT role":                 s.controlSetRole,
		"POST faults":              s.controlFail,
		"DELETE faults":            func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil },
		"GET requests":             func(*http.Request) (any, error) { return visible(s.Requests()), nil },
		"DELETE requests":          func(*http.Request) (any, error) { s.ResetRequests(); return nil, nil },
		"GET counters":             func(*http.Request) (any, error) { return s.Counters(), nil },
		"POST tokens/expire":       func(*http.Request) (any, error) { s.ExpireAccessTokens(); return nil, nil },
		"POST tokens/revoke":       func(*http.Request) (any, error) { s.RevokeGrants(); return nil, nil },
		"POST clock":               s.controlAdvanceClock,
	}
}

// loopbackOnly guards a simulator that somebody put behind another listener.
func loopbackOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip, parseErr := netip.ParseAddr(host); err != nil || parseErr != nil || !ip.IsLoopback() {
			http.Error(w, "the control API is for loopback only", http.StatusForbidden)

			return
		}

		next.ServeHTTP(w, r)
	})
}

func answerControl(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, errNoSuch):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		jsonAnswer(http.StatusOK, value).send(w)
	}
}

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

func (s *Simulator) controlSetRole(r *http.Request) (any, error) {
	role, err := controlText(r)
	if err == nil {
		s.SetUserRole(role)
	}

	return nil, err
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

func pathNumber(r *http.Request, name string) int64 {
	number, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}

	return number
}

func controlText(r *http.Request) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r.Body, largestBody))
	if err != nil {
		return "", fmt.Errorf("body: %w", err)
	}

	return strings.TrimSpace(string(text)), nil
}

func controlDuration(r *http.Request) (time.Duration, error) {
	text, err := controlText(r)
	if err != nil {
		return 0, err
	}

	duration, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("duration: %w", err)
	}

	return duration, nil
}

func readControl(r *http.Request, target any) error {
	text, err := controlText(r)
	if err != nil {
		return err
	}

	if !json.Valid([]byte(text)) {
		return errors.New("the body is not JSON")
	}

	return decodeStrictly([]byte(text), target)
}
