package state

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

func vietnamTime(text string) time.Time {
	parsed, err := time.ParseInLocation(DateTime, text, Vietnam())
	if err != nil {
		// Only literals of this file are parsed.
		panic(fmt.Errorf("simulator: seed: %w", err))
	}

	return parsed
}

// SampleWebhook is the published sample of a webhook.
func SampleWebhook() Webhook {
	return Webhook{
		ID: 23, BankAccountID: 19, Name: "Online shop integration", EventType: sepay.EventTypeInOnly,
		AuthenType: sepay.AuthenTypeHMAC, WebhookURL: "https://example.com/webhook/payment", IsVerifyPayment: true,
		SkipIfNoCode: true, RetryConditions: []string{}, OnlyVA: true, VAMode: sepay.VAModeList,
		BankMode: sepay.BankModeSingle, AlertThreshold: 3,
		AlertEventTypes: []string{sepay.AlertFailure, sepay.AlertRecovery}, Active: true,
		CreatedAt: vietnamTime("2025-02-15 14:23:56"), SecretKey: "whsec_a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7",
		RequestContentType: sepay.ContentTypeJSON, BankSubAccountIDs: []int64{25, 26},
	}
}

// sampleAccounts returns the published account 19 and three edge cases: a null label, a number that begins with zeros
// and exists at two banks, an account that is switched off, and a balance of 15 digits and two decimals.
func sampleAccounts() []BankAccount {
	vietcombank := Bank{"Vietcombank", "Ngân hàng TMCP Ngoại Thương Việt Nam", "VCB", "970436"}
	mb := Bank{"MBBank", "Ngân hàng TMCP Quân đội", "MB", "970422"}
	acb := Bank{"ACB", "Ngân hàng TMCP Á Châu", "ACB", "970416"}
	bidv := Bank{"BIDV", "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam", "BIDV", "970418"}

	return []BankAccount{
		{
			ID: 19, Label: new("Cty Demo"), AccountHolderName: "CONG TY TNHH DEMO", AccountNumber: "0071000888888",
			Accumulated: "1777283273.00", Active: true, CreatedAt: vietnamTime("2025-02-12 21:09:49"), Bank: vietcombank,
			SubAccounts: []SubAccount{
				{ID: 25, AccountNumber: "VCB0011ABC004", Label: new("Chi nhánh Quận 1")},
				{ID: 26, AccountNumber: "VCB0011ABC005"},
			},
		},
		{
			ID: 20, AccountHolderName: "NGUYEN VAN DUC", AccountNumber: "0000123456789", Accumulated: "0.00", Active: true,
			CreatedAt: vietnamTime("2025-03-01 08:00:00"), Bank: mb,
			SubAccounts: []SubAccount{{ID: 27, AccountNumber: "MB00012345", Label: new("Quầy số 3")}},
		},
		{
			ID: 21, Label: new("Cửa hàng Đà Nẵng"), AccountHolderName: "CONG TY TNHH DEMO", AccountNumber: "00998877",
			Accumulated: "2525493.00", CreatedAt: vietnamTime("2024-12-31 23:59:59"), Bank: acb,
		},
		{
			ID: 22, Label: new("Dự phòng"), AccountHolderName: "CONG TY TNHH DEMO", AccountNumber: "0000123456789",
			Accumulated: "999999999999999.99", Active: true, CreatedAt: vietnamTime("2025-06-15 12:30:00"), Bank: bidv,
		},
	}
}

// sampleTransactions returns the published transaction and one with nulls, oldest first.
func sampleTransactions() []Transaction {
	return []Transaction{
		{
			ID: 49682, BankAccountID: 19, TransactionDate: vietnamTime("2025-02-25 19:59:48"), AmountOut: "0.00",
			AmountIn: "18067000.00", Accumulated: "1200541768.00", TransactionContent: "DH123456 chuyen tien mua hang",
			ReferenceNumber: "677760.250225.080001", Code: new("DH123456"), SubAccount: new("VCB0011ABC004"),
		},
		{
			ID: 49683, BankAccountID: 19, TransactionDate: vietnamTime("2025-02-26 00:00:05"), AmountOut: "150000.00",
			AmountIn: "0.00", Accumulated: "1200391768.00", TransactionContent: "Phí chuyển tiền",
			ReferenceNumber: "677761.260225.000001",
		},
	}
}

// SeedWebhooks adds n webhooks and returns their ids. Webhook i (from 1) has
// name "Seeded i" and webhook_url "https://shop.example.com/hooks/i" with i in five digits, event_type All, authen_type
// No_Authen, bank_account_id 19, both flags false, active, retry on.
func (d Dashboard) SeedWebhooks(n int) []int64 {
	d.store.Lock()
	defer d.store.Unlock()

	ids := make([]int64, n)

	for i := range n {
		w := NewWebhook()
		w.Name = fmt.Sprintf("Seeded %05d", i+1)
		w.WebhookURL = fmt.Sprintf("https://shop.example.com/hooks/%05d", i+1)
		w.EventType = sepay.EventTypeAll
		w.AuthenType = sepay.AuthenTypeNone
		w.IsVerifyPayment, w.SkipIfNoCode = false, false
		w.BankAccountID = 19
		w.RetryConditions = []string{sepay.RetryNon2xx}
		w.CreatedAt = d.store.now()
		ids[i] = d.store.Webhooks.Put(w)
	}

	return ids
}

// SeedBankAccounts adds n bank accounts with ids from 1001 on and returns the ids.
func (d Dashboard) SeedBankAccounts(n int) []int64 {
	d.store.Lock()
	defer d.store.Unlock()

	bank := d.store.Accounts[0].Bank
	ids := make([]int64, n)
	first := max(1001, d.store.Accounts[len(d.store.Accounts)-1].ID+1)

	for i := range n {
		ids[i] = first + int64(i)
		d.store.Accounts = append(d.store.Accounts, BankAccount{
			ID: ids[i], Label: new(fmt.Sprintf("Chi nhánh %d", ids[i])), AccountHolderName: "CONG TY TNHH DEMO",
			AccountNumber: fmt.Sprintf("00%011d", ids[i]), Accumulated: json.Number(fmt.Sprintf("%d.50", ids[i]*1000)),
			Active: true, CreatedAt: d.store.now(), Bank: bank,
		})
	}

	return ids
}

// SeedTransactions adds n transactions of account 19, one a minute, each newer than all before, and returns their ids in the
// order of time. Balances of accounts do not change; see SetBalance.
func (d Dashboard) SeedTransactions(n int) []int64 {
	ids := make([]int64, n)

	for i := range n {
		ids[i] = d.Add(Transaction{
			BankAccountID: 19, AmountOut: "0.00", AmountIn: json.Number(fmt.Sprintf("%d.00", 10000+i)),
			Accumulated: "1200000000.00", TransactionContent: strings.Repeat("DH", i%3) + fmt.Sprint(100000+i),
		}).ID
	}

	return ids
}
