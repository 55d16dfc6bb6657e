package sepay

import (
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func company() endpoint[Company] {
	return endpoint[Company]{
		path: "/company", scope: ScopeCompany, role: "Admin or SuperAdmin", name: "company", decode: decodeCompany,
	}
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

// PaymentCodeFormat is a pattern of payment codes in transfer texts.
type PaymentCodeFormat struct {
	Prefix        Field[string]
	SuffixFrom    Field[int64]
	SuffixTo      Field[int64]
	CharacterType Field[string]
	IsActive      Field[bool]
}

// Company returns the company of the user, who must be Admin or SuperAdmin in it. A client reads it once.
func (c *Client) Company(ctx context.Context) (Company, error) {
	if c.disableCoalescing {
		return c.readCompany(ctx)
	}

	return c.company.Get(ctx)
}

func (c *Client) readCompany(ctx context.Context) (Company, error) {
	return company().only(ctx, c)
}

func decodeCompany(o *wire.Object) Company {
	return Company{
		ID:             o.ID(),
		FullName:       o.Text("full_name"),
		ShortName:      o.Text("short_name"),
		Role:           o.Text("role"),
		Status:         o.Text("status"),
		Subscription:   o.Text("subscription"),
		BeginDate:      o.Text("begin_date"),
		EndDate:        o.Text("end_date"),
		Configurations: wire.Parse(o, wire.ObjectOf(decodeConfigurations), "configurations"),
	}
}

func decodeConfigurations(o *wire.Object) CompanyConfigurations {
	return CompanyConfigurations{
		BankSubAccount:     o.Flag("bank_sub_account"),
		Paycode:            o.Flag("paycode"),
		DataStorageTime:    o.Text("data_storage_time"),
		PaymentCodeFormats: wire.Parse(o, wire.ListOf(wire.ObjectOf(decodeCodeFormat)), "payment_code_formats"),
	}
}

func decodeCodeFormat(o *wire.Object) PaymentCodeFormat {
	return PaymentCodeFormat{
		Prefix:        o.Text("prefix"),
		SuffixFrom:    o.Integer("suffix_from"),
		SuffixTo:      o.Integer("suffix_to"),
		CharacterType: o.Text("character_type"),
		IsActive:      o.Flag("is_active"),
	}
}
