package sepay

import "time"

// Webhook is a webhook as SePay returned it. Which keys are there depends on the form that the service speaks, hence
// the fields. Source: the read answer of GET /api/v1/webhooks/{id}.
type Webhook struct {
	ID int64

	Name               Field[string]
	WebhookURL         Field[string]
	EventType          Field[string]
	AuthenType         Field[string]
	RequestContentType Field[string]

	// The secrets stand here as SePay returned them: in clear, or masked (see Masked).
	APIKey               Field[string]
	SecretKey            Field[string]
	OAuth2AccessTokenURL Field[string]
	OAuth2ClientID       Field[string]
	OAuth2ClientSecret   Field[string]

	IsVerifyPayment Field[bool]
	SkipIfNoCode    Field[bool]
	Active          Field[bool]
	OnlyVA          Field[bool]

	BankMode Field[string]
	// BankAccountID is 0 where the webhook covers the whole company.
	BankAccountID     Field[int64]
	BankAccountIDs    Field[[]int64]
	VAMode            Field[string]
	BankSubAccountIDs Field[[]int64]
	PrefixFilters     Field[[]string]

	// RetryConditions holds the conditions that are switched on, whether SePay sent an object of flags or a list.
	RetryConditions Field[[]string]
	AlertThreshold  Field[int64]
	AlertEventTypes Field[[]string]
	AlertChannelIDs Field[[]int64]

	CreatedAt Field[time.Time]
}

// WebhookBody is the body of a create or of an update: a key is sent where the pointer is not nil. A pointer to an
// empty slice sends [], which is how a list is cleared. Flags go out as 0 or 1, which is all that SePay accepts.
type WebhookBody struct {
	BankAccountID        *int64    `json:"bank_account_id,omitempty"`
	Name                 *string   `json:"name,omitempty"`
	EventType            *string   `json:"event_type,omitempty"`
	AuthenType           *string   `json:"authen_type,omitempty"`
	RequestContentType   *string   `json:"request_content_type,omitempty"`
	WebhookURL           *string   `json:"webhook_url,omitempty"`
	APIKey               *string   `json:"api_key,omitempty"`
	SecretKey            *string   `json:"secret_key,omitempty"`
	OAuth2AccessTokenURL *string   `json:"oauth2_access_token_url,omitempty"`
	OAuth2ClientID       *string   `json:"oauth2_client_id,omitempty"`
	OAuth2ClientSecret   *string   `json:"oauth2_client_secret,omitempty"`
	IsVerifyPayment      *Flag     `json:"is_verify_payment,omitempty"`
	SkipIfNoCode         *Flag     `json:"skip_if_no_code,omitempty"`
	OnlyVA               *Flag     `json:"only_va,omitempty"`
	Active               *Flag     `json:"active,omitempty"`
	BankMode             *string   `json:"bank_mode,omitempty"`
	BankAccountIDs       *[]int64  `json:"bank_account_ids,omitempty"`
	VAMode               *string   `json:"va_mode,omitempty"`
	BankSubAccountIDs    *[]int64  `json:"bank_sub_account_ids,omitempty"`
	PrefixFilters        *[]string `json:"prefix_filters,omitempty"`
	RetryConditions      *[]string `json:"retry_conditions,omitempty"`
	AlertThreshold       *int64    `json:"alert_threshold,omitempty"`
	AlertEventTypes      *[]string `json:"alert_event_types,omitempty"`
	AlertChannelIDs      *[]int64  `json:"alert_channel_ids,omitempty"`
}

// Flag is a boolean that SePay takes as 0 or 1.
type Flag bool

// MarshalJSON implements json.Marshaler.
func (f Flag) MarshalJSON() ([]byte, error) {
	if f {
		return []byte("1"), nil
	}

	return []byte("0"), nil
}

// WebhookFilter narrows a list of webhooks. The zero filter lists all.
type WebhookFilter struct {
	// WebhookURL matches any part of the URL.
	WebhookURL string
	// Active keeps the active or the inactive ones; nil keeps both.
	Active *bool
}
