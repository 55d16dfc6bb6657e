// Package control is the API through which other processes control the simulator as tests do with its methods: the dashboard,
// dialects, faults, the log. It is served to loopback only.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/authserver"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/loopback"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// Path is the prefix of the control API.
const Path = "/_control/"

// LargestBody is the largest body of a request that is read, in bytes.
const LargestBody = 1 << 20

var errNoSuch = errors.New("no such object")

// handler serves one request: it returns a value that is written as JSON, or nil for no content.
type handler func(r *http.Request) (any, error)

// Conditions are the conditions under which the simulator serves: the dialect, the latency, the clock.
type Conditions interface {
	Dialect() dialects.Dialect
	SetDialect(dialect dialects.Dialect)
	SetLatency(latency time.Duration)
	AdvanceClock(by time.Duration)
}

// Parts are the parts of the simulator that the control API works on.
type Parts struct {
	state.Dashboard
	authserver.Tokens
	Conditions

	Sender *delivery.Sender
	Faults *fault.List
	Log    *journal.Log
	// Arrive adds a transaction and delivers it; Receive does so with a payment.
	Arrive  func(state.Transaction) int64
	Receive func(state.Payment) (state.Transaction, error)
	// Counters returns the counters.
	Counters func() any
}

type service struct{ Parts }

// Handler serves the control API.
func Handler(parts Parts) http.Handler {
	s := &service{parts}
	mux := http.NewServeMux()
	for pattern, handle := range s.controls() {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+Path+path, func(w http.ResponseWriter, r *http.Request) {
			value, err := handle(r)
			respond(w, value, err)
		})
	}

	return loopback.Only(mux)
}

func (s *service) controls() map[string]handler {
	return map[string]handler{
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
		"POST payments":            s.controlReceive,
		"GET deliveries":           func(*http.Request) (any, error) { return s.Sender.Deliveries(), nil },
		"DELETE deliveries":        func(*http.Request) (any, error) { s.Sender.ResetDeliveries(); return nil, nil },
		"GET alerts":               func(*http.Request) (any, error) { return s.Sender.Alerts(), nil },
		"GET dialect":              func(*http.Request) (any, error) { return s.Dialect().String(), nil },
		"PUT dialect":              s.controlSetDialect,
		"GET dialects":             func(*http.Request) (any, error) { return dialects.Dimensions(), nil },
		"PUT latency":              s.controlSetLatency,
		"PATCH user":               s.controlChange(s.ChangeUser),
		"PATCH company":            s.controlChange(s.ChangeCompany),
		"POST faults":              s.controlFail,
		"DELETE faults":            func(*http.Request) (any, error) { s.Faults.Clear(); return nil, nil },
		"GET requests":             func(*http.Request) (any, error) { return visible(s.Log.Requests()), nil },
		"DELETE requests":          func(*http.Request) (any, error) { s.Log.Reset(); return nil, nil },
		"GET counters":             func(*http.Request) (any, error) { return s.Counters(), nil },
		"POST tokens/expire":       func(*http.Request) (any, error) { s.ExpireAccessTokens(); return nil, nil },
		"POST tokens/revoke":       func(*http.Request) (any, error) { s.RevokeGrants(); return nil, nil },
		"POST clock":               s.controlAdvanceClock,
	}
}

func respond(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, errNoSuch):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		response.JSON(http.StatusOK, value).Send(w)
	}
}

func pathNumber(r *http.Request, name string) int64 {
	number, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}

	return number
}

func controlText(r *http.Request) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r.Body, LargestBody))
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

	return state.Unmarshal([]byte(text), target)
}
