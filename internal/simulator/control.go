package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
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
		"PATCH user":               s.controlChange(s.ChangeUser),
		"PATCH company":            s.controlChange(s.ChangeCompany),
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
