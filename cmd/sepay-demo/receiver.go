package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const (
	shopHost      = "shop.example.com"
	elsewhereHost = "elsewhere.example.net"
)

// receiver is the server of the shop, and of another site. It accepts deliveries that are signed with the shop's secret.
type receiver struct {
	address string
	server  *http.Server

	mu       sync.Mutex
	accepted map[string]int // payments by host
}

// receive starts a receiver on loopback.
func receive(ctx context.Context) (*receiver, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the receiver of payments: %w", err)
	}

	r := &receiver{address: listener.Addr().String(), accepted: map[string]int{}}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}

	go func() { _ = r.server.Serve(listener) }()

	return r, nil
}

// options makes a simulator deliver requests for the receiver's hosts to it.
func (r *receiver) options() []simulator.Option {
	return []simulator.Option{simulator.WithReceiver(shopHost, r.address), simulator.WithReceiver(elsewhereHost, r.address)}
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, 1<<20))
	if err != nil {
		http.Error(w, `{"success": false}`, http.StatusBadRequest)

		return
	}

	code := hmac.New(sha256.New, []byte(webhookSecret))
	_, _ = fmt.Fprintf(code, "%s.%s", request.Header.Get("X-SePay-Timestamp"), body)

	signature := "sha256=" + hex.EncodeToString(code.Sum(nil))
	if !hmac.Equal([]byte(signature), []byte(request.Header.Get("X-SePay-Signature"))) {
		http.Error(w, `{"success": false}`, http.StatusUnauthorized)

		return
	}

	r.mu.Lock()
	r.accepted[request.Host]++
	r.mu.Unlock()

	w.Header().Set("Content-Type", "application/json")

	_, _ = io.WriteString(w, `{"success": true}`)
}

func (r *receiver) close() { _ = r.server.Close() }

// pay books a payment and returns the number of deliveries to the shop and to the other server.
func (s *stage) pay(ctx context.Context, amount int64) (shop, elsewhere int, err error) {
	s.receiver.mu.Lock()
	clear(s.receiver.accepted)
	s.receiver.mu.Unlock()

	s.sayf("  (bank: a customer pays %s VND, DH123456)", grouped(amount))

	payment := simulator.Payment{BankAccountID: accountID, Amount: amount, Content: "DH123456 thanh toan"}
	if _, err := s.sepay.Receive(payment); err != nil { //nolint:contextcheck // deliveries outlive their cause and end with Close
		return 0, 0, fmt.Errorf("book a payment: %w", err)
	}

	if err := s.sepay.Settle(ctx); err != nil {
		return 0, 0, fmt.Errorf("wait for the deliveries: %w", err)
	}

	s.receiver.mu.Lock()
	defer s.receiver.mu.Unlock()

	return s.receiver.accepted[shopHost], s.receiver.accepted[elsewhereHost], nil
}

// grouped writes an amount in groups of three digits: 18,067,000.
func grouped(amount int64) string {
	text := fmt.Sprint(amount)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}

	return text
}
