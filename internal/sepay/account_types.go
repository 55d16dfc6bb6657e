package sepay

import (
	"encoding/json"
	"time"
)

// BankAccount is a bank account that SePay watches. Source: GET /api/v1/bank-accounts.
type BankAccount struct {
	ID                int64
	Label             Field[string]
	AccountHolderName Field[string]
	// AccountNumber may begin with zeros that matter.
	AccountNumber string
	// Accumulated is the balance in VND, kept in the digits that SePay sent.
	Accumulated Field[json.Number]
	Active      Field[bool]
	CreatedAt   Field[time.Time]
	Bank        Bank
}

// Bank describes the bank of a bank account.
type Bank struct {
	ShortName Field[string]
	FullName  Field[string]
	Code      Field[string]
	BIN       Field[string]
	IconURL   Field[string]
	LogoURL   Field[string]
}

// SubAccount is a virtual account of a bank account. Source: GET /api/v1/bank-accounts/{id}/sub-accounts.
type SubAccount struct {
	ID            int64
	AccountNumber string
	Label         Field[string]
}

// User is the user who authorized the client. Source: GET /api/v1/me.
type User struct {
	ID        int64
	FirstName Field[string]
	LastName  Field[string]
	Email     Field[string]
	Phone     Field[string]
	Avatar    Field[string]
}

// Company is the company of that user. Source: GET /api/v1/company.
type Company struct {
	ID             int64
	FullName       Field[string]
	ShortName      Field[string]
	Role           Field[string]
	Status         Field[string]
	Subscription   Field[string]
	BeginDate      Field[string]
	EndDate        Field[string]
	Configurations Field[CompanyConfigurations]
}

// CompanyConfigurations are the settings of a company.
type CompanyConfigurations struct {
	BankSubAccount     Field[bool]
	Paycode            Field[bool]
	DataStorageTime    Field[string]
	PaymentCodeFormats Field[[]PaymentCodeFormat]
}

// PaymentCodeFormat is a form in which SePay finds payment codes in transfer texts.
type PaymentCodeFormat struct {
	Prefix        Field[string]
	SuffixFrom    Field[int64]
	SuffixTo      Field[int64]
	CharacterType Field[string]
	IsActive      Field[bool]
}

// Transaction is one movement of money. Source: GET /api/v1/transactions.
type Transaction struct {
	ID                 int64
	BankAccountID      Field[int64]
	BankBrandName      Field[string]
	AccountNumber      Field[string]
	TransactionDate    Field[time.Time]
	AmountOut          Field[json.Number]
	AmountIn           Field[json.Number]
	Accumulated        Field[json.Number]
	TransactionContent Field[string]
	ReferenceNumber    Field[string]
	Code               Field[string]
	SubAccount         Field[string]
}

// TransactionFilter narrows a list of transactions; zero values do not filter.
type TransactionFilter struct {
	BankAccountID   int64
	AccountNumber   string
	ReferenceNumber string
	// FromDate and ToDate are days, YYYY-MM-DD, in Vietnam time.
	FromDate, ToDate string
	// AmountIn and AmountOut are exact amounts in VND; nil does not filter.
	AmountIn, AmountOut *json.Number
}
