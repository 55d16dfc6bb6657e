package sepay

import (
	"context"
	"fmt"
)

// Me returns the user who authorized the client. It is asked for once in the life of a client.
func (c *Client) Me(ctx context.Context) (User, error) {
	if c.disableCoalescing {
		return c.readMe(ctx)
	}

	return c.me.Get(ctx)
}

func (c *Client) readMe(ctx context.Context) (User, error) {
	return getOne(ctx, c, call{path: "/me", scope: ScopeProfile}, decodeUser)
}

// Company returns the company of that user, who has to be Admin or SuperAdmin in it. It is asked for once in the life
// of a client.
func (c *Client) Company(ctx context.Context) (Company, error) {
	if c.disableCoalescing {
		return c.readCompany(ctx)
	}

	return c.company.Get(ctx)
}

func (c *Client) readCompany(ctx context.Context) (Company, error) {
	return getOne(ctx, c, call{path: "/company", scope: ScopeCompany}, decodeCompany)
}

func decodeUser(value any) (User, error) {
	o := readObject(value)
	user := User{
		ID:        o.id(),
		FirstName: o.text("first_name"),
		LastName:  o.text("last_name"),
		Email:     o.text("email"),
		Phone:     o.text("phone"),
		Avatar:    o.text("avatar"),
	}

	if o.err != nil {
		return User{}, fmt.Errorf("user: %w", o.err)
	}

	return user, nil
}

func decodeCompany(value any) (Company, error) {
	o := readObject(value)
	company := Company{
		ID:             o.id(),
		FullName:       o.text("full_name"),
		ShortName:      o.text("short_name"),
		Role:           o.text("role"),
		Status:         o.text("status"),
		Subscription:   o.text("subscription"),
		BeginDate:      o.text("begin_date"),
		EndDate:        o.text("end_date"),
		Configurations: field(o, parseConfigurations, "configurations"),
	}

	if o.err != nil {
		return Company{}, fmt.Errorf("company: %w", o.err)
	}

	return company, nil
}

func parseConfigurations(value any) (CompanyConfigurations, bool, error) {
	// PHP writes an object without keys as [].
	if _, ok := value.([]any); ok {
		return CompanyConfigurations{}, false, nil
	}

	o := readObject(value)
	configurations := CompanyConfigurations{
		BankSubAccount:     o.flag("bank_sub_account"),
		Paycode:            o.flag("paycode"),
		DataStorageTime:    o.text("data_storage_time"),
		PaymentCodeFormats: field(o, listOf(parseCodeFormat), "payment_code_formats"),
	}

	return configurations, true, o.err
}

func parseCodeFormat(value any) (PaymentCodeFormat, bool, error) {
	o := readObject(value)
	format := PaymentCodeFormat{
		Prefix:        o.text("prefix"),
		SuffixFrom:    o.integer("suffix_from"),
		SuffixTo:      o.integer("suffix_to"),
		CharacterType: o.text("character_type"),
		IsActive:      o.flag("is_active"),
	}

	return format, true, o.err
}
