package simulator

import "slices"

// Dimension is one question of a Dialect with its variants.
type Dimension struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Variants []string `json:"variants"` // the first is the default

	field func(*Dialect) *string
}

// Knows tells whether variant is one of the dimension's.
func (d Dimension) Knows(variant string) bool { return slices.Contains(d.Variants, variant) }

func (d Dimension) of(dialect *Dialect) string {
	if variant := *d.field(dialect); variant != "" {
		return variant
	}

	return d.Variants[0]
}

// Dimensions lists every question with all its variants, in the order of their ids.
func Dimensions() []Dimension {
	return slices.Concat(webhookDimensions(), serviceDimensions(), undecidedDimensions(), oauthDimensions())
}

func webhookDimensions() []Dimension {
	return []Dimension{
		{
			"U1", "create answer",
			[]string{"data", "root", "object"},
			func(d *Dialect) *string { return (*string)(&d.CreateAnswer) },
		},
		{"U2", "status of create", []string{"200", "201"}, func(d *Dialect) *string { return (*string)(&d.CreateStatus) }},
		{
			"U3", "update answer",
			[]string{"data", "message", "object", "204"},
			func(d *Dialect) *string { return (*string)(&d.UpdateAnswer) },
		},
		{"U4", "delete answer", []string{"message", "204"}, func(d *Dialect) *string { return (*string)(&d.DeleteAnswer) }},
		{
			"U5", "secrets on read",
			[]string{"clear", "masked", "dotted", "suffix", "edges", "absent", "null"},
			func(d *Dialect) *string { return (*string)(&d.Secrets) },
		},
		{
			"U6", "types on read",
			[]string{"native", "zero_one", "strings"},
			func(d *Dialect) *string { return (*string)(&d.Types) },
		},
		{"U7", "form of the fields", []string{"2026", "2025"}, func(d *Dialect) *string { return (*string)(&d.Form) }},
		{
			"U8", "retry_conditions when it was never sent",
			[]string{"off", "on", "null", "empty"},
			func(d *Dialect) *string { return (*string)(&d.RetryDefault) },
		},
	}
}

func serviceDimensions() []Dimension {
	return []Dimension{
		{
			"U9", "a refresh token that is dead",
			[]string{"invalid_grant", "invalid_request"},
			func(d *Dialect) *string { return (*string)(&d.DeadRefresh) },
		},
		{
			"U10", "the old refresh token after a refresh",
			[]string{"dead", "family", "alive"},
			func(d *Dialect) *string { return (*string)(&d.SpentRefresh) },
		},
		{
			"U11", "the old access token after a refresh",
			[]string{"revoked", "alive"},
			func(d *Dialect) *string { return (*string)(&d.OldAccess) },
		},
		{
			"U12", "a new refresh token in a refresh answer",
			[]string{"rotates", "keeps"},
			func(d *Dialect) *string { return (*string)(&d.RefreshAnswer) },
		},
		{
			"U13", "validation failure",
			[]string{"400", "422", "500", "in_200"},
			func(d *Dialect) *string { return (*string)(&d.Validation) },
		},
		{
			"U14", "bank accounts",
			[]string{"v1", "quickstart", "legacy"},
			func(d *Dialect) *string { return (*string)(&d.BankAccountForm) },
		},
		{"U15", "paging", []string{"100", "20", "no_meta"}, func(d *Dialect) *string { return (*string)(&d.Paging) }},
		{"U16", "rate limit", []string{"none", "3", "2"}, func(d *Dialect) *string { return (*string)(&d.RateLimit) }},
		{
			"U17", "changes of authen_type, emptied lists and retry turned off in an update",
			[]string{"obeyed", "ignored"},
			func(d *Dialect) *string { return (*string)(&d.Patch) },
		},
		{
			"U18", "webhook_url and name as stored",
			[]string{"as_sent", "trimmed"},
			func(d *Dialect) *string { return (*string)(&d.Text) },
		},
	}
}

func undecidedDimensions() []Dimension {
	return []Dimension{
		{
			"X1", "bank_account_ids, alert_channel_ids and oauth2_* on read",
			[]string{"absent", "returned"},
			func(d *Dialect) *string { return (*string)(&d.Undocumented) },
		},
		{
			"X2", "rows of the list of webhooks",
			[]string{"whole", "brief"},
			func(d *Dialect) *string { return (*string)(&d.ListRows) },
		},
		{
			"X3", "order of the list of webhooks",
			[]string{"ascending", "descending"},
			func(d *Dialect) *string { return (*string)(&d.ListOrder) },
		},
		{
			"X4", "only_va and va_mode when one of them is sent alone",
			[]string{"independent", "coupled"},
			func(d *Dialect) *string { return (*string)(&d.VirtualAccounts) },
		},
		{
			"X5", "another name in an update",
			[]string{"obeyed", "ignored", "refused"},
			func(d *Dialect) *string { return (*string)(&d.Names) },
		},
		{
			"X6", "active in a create",
			[]string{"obeyed", "ignored"},
			func(d *Dialect) *string { return (*string)(&d.CreateActive) },
		},
		{
			"X7", "time zone of a webhook's created_at",
			[]string{"vietnam", "utc"},
			func(d *Dialect) *string { return (*string)(&d.Zone) },
		},
		{
			"X8", "a webhook that does not exist",
			[]string{"json", "html"},
			func(d *Dialect) *string { return (*string)(&d.Missing) },
		},
	}
}
