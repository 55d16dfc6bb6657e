package sepay

// Choice is one value of an enumeration of SePay, with its meaning. Validators, documentation and the simulator use the
// lists below, and each value is declared once.
type Choice struct {
	// Value is what SePay's JSON has.
	Value string
	// Meaning completes the sentence "`value`: …" in the documentation.
	Meaning string
}

// Values returns the bare values of choices, in their order.
func Values(choices []Choice) []string {
	values := make([]string, len(choices))
	for i, choice := range choices {
		values[i] = choice.Value
	}

	return values
}

// Values of event_type.
const (
	EventTypeAll     = "All"
	EventTypeInOnly  = "In_only"
	EventTypeOutOnly = "Out_only"
)

// EventTypes lists the values of a webhook's event_type.
func EventTypes() []Choice {
	return []Choice{
		{EventTypeAll, "money in and money out"},
		{EventTypeInOnly, "money in"},
		{EventTypeOutOnly, "money out, which few banks report to SePay"},
	}
}

// Values of authen_type.
const (
	AuthenTypeNone   = "No_Authen"
	AuthenTypeAPIKey = "Api_Key"
	AuthenTypeOAuth2 = "OAuth2.0"
	AuthenTypeHMAC   = "HMAC_SHA256"
)

// AuthenTypes lists the values of a webhook's authen_type.
func AuthenTypes() []Choice {
	return []Choice{
		{AuthenTypeNone, "deliveries carry no authentication"},
		{AuthenTypeAPIKey, "deliveries carry `Authorization: Apikey <api_key>`"},
		{AuthenTypeOAuth2, "SePay asks `oauth2_access_token_url` for a token before each delivery"},
		{AuthenTypeHMAC, "deliveries carry an `X-SePay-Signature` made with `secret_key`"},
	}
}

// Values of request_content_type.
const (
	ContentTypeJSON      = "Json"
	ContentTypeMultipart = "multipart_form-data"
	ContentTypeForm      = "application_x-www-form-urlencoded"
)

// RequestContentTypes lists the values of a webhook's request_content_type.
func RequestContentTypes() []Choice {
	return []Choice{
		{ContentTypeJSON, "a JSON body"},
		{ContentTypeMultipart, "a multipart form"},
		{ContentTypeForm, "a URL-encoded form"},
	}
}

// Values of bank_mode.
const (
	BankModeSingle = "single"
	BankModeMulti  = "multi"
	BankModeAll    = "all"
)

// BankModes lists the values of a webhook's bank_mode.
func BankModes() []Choice {
	return []Choice{
		{BankModeSingle, "the account of `bank_account_id`"},
		{BankModeMulti, "the accounts of `bank_account_ids`"},
		{BankModeAll, "every account of the company"},
	}
}

// Values of va_mode.
const (
	VAModeAll  = "all"
	VAModeList = "list"
	VAModeNone = "none"
)

// VAModes lists the values of a webhook's va_mode.
func VAModes() []Choice {
	return []Choice{
		{VAModeAll, "every virtual account"},
		{VAModeList, "the virtual accounts of `bank_sub_account_ids`"},
		{VAModeNone, "no virtual account"},
	}
}

// RetryNon2xx is the only documented value of retry_conditions.
const RetryNon2xx = "non_2xx_status_code"

// RetryConditions lists the values of a webhook's retry_conditions.
func RetryConditions() []Choice {
	return []Choice{{RetryNon2xx, "SePay retries a delivery that got no 2xx response"}}
}

// Values of alert_event_types.
const (
	AlertFailure  = "failure"
	AlertRecovery = "recovery"
)

// AlertEventTypes lists the values of a webhook's alert_event_types.
func AlertEventTypes() []Choice {
	return []Choice{
		{AlertFailure, "deliveries have begun to fail"},
		{AlertRecovery, "deliveries succeed again"},
	}
}

// Limits that SePay documents for a webhook.
const (
	// NameMaxLength is counted in characters, not in bytes.
	NameMaxLength = 300
	// WebhookURLMaxLength is counted in characters.
	WebhookURLMaxLength = 300
	AlertThresholdMin   = 1
	AlertThresholdMax   = 20
)

// Scopes of SePay's OAuth2 API.
const (
	ScopeBankAccountRead = "bank-account:read"
	ScopeTransactionRead = "transaction:read"
	ScopeWebhookRead     = "webhook:read"
	ScopeWebhookWrite    = "webhook:write"
	ScopeWebhookDelete   = "webhook:delete"
	ScopeProfile         = "profile"
	ScopeCompany         = "company"
)

// Scopes lists the scopes that a SePay client may be granted.
func Scopes() []Choice {
	return []Choice{
		{ScopeBankAccountRead, "read bank accounts and their virtual accounts"},
		{ScopeTransactionRead, "read transactions"},
		{ScopeWebhookRead, "read webhooks"},
		{ScopeWebhookWrite, "create and change webhooks"},
		{ScopeWebhookDelete, "delete webhooks"},
		{ScopeProfile, "read the profile of the user who authorized the client"},
		{ScopeCompany, "read the company and its configuration"},
	}
}
