package simulator

import (
	"context"
	"fmt"
	"time"
)

// Traffic generates payments at an interval until the context ends: to each active account in turn, every second one with a
// payment code, every third one to a virtual account if the account has one.
func (s *Simulator) Traffic(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()

	for n := 1; ; n++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}

		if payment, ok := s.nextPayment(n); ok {
			// The account may have just been removed.
			_, _ = s.Receive(payment) //nolint:contextcheck // deliveries outlive their cause and end with Close
		}
	}
}

func (s *Simulator) nextPayment(n int) (Payment, bool) {
	var active []BankAccount

	for _, account := range s.BankAccounts() {
		if account.Active {
			active = append(active, account)
		}
	}

	if len(active) == 0 {
		return Payment{}, false
	}

	account := active[n%len(active)]
	payment := Payment{BankAccountID: account.ID, Amount: int64(10000 + n*7919%990000), Content: fmt.Sprintf("chuyen khoan %d", n)}

	if n%2 == 0 {
		payment.Content = fmt.Sprintf("DH%06d thanh toan", n)
	}

	if subs := account.SubAccounts; n%3 == 0 && len(subs) > 0 {
		payment.SubAccountID = subs[n%len(subs)].ID
	}

	return payment, true
}
