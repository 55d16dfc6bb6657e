package probe

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// names decides which names of keys and headers a report may show. Names belong to the protocol, but a service may use data
// as a key: an account number, or a person. values has every text that is a value in the account's responses.
type names struct {
	documented, protocol, headersKnown map[string]bool

	values map[string]bool // folded
}

func newNames() *names {
	return &names{
		documented: wordSet(documentedKeys), protocol: wordSet(protocolTexts), headersKnown: wordSet(documentedHeaders),
		values: map[string]bool{},
	}
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}

	return set
}

// documentedKeys appear in SePay's documentation, in its older APIs, or in the OAuth2 standards.
const documentedKeys = `
access_token account_holder_name account_number accumulated accumulated_balance active alert_channel_ids
alert_event_types alert_threshold amount_in amount_out api_key authen_type avatar bank bank_account_id bank_account_ids
bank_account_number bank_accounts bank_bin bank_brand_name bank_code bank_full_name bank_mode bank_short_name
bank_sub_account bank_sub_account_ids bankaccount bankaccounts begin_date bin character_type code configurations
created_at current_page data data_storage_time email end_date error error_code error_description event_type expires_in
first_name from full_name hint icon_url id is_active is_verify_payment label last_name last_page logo_url message messages
meta name non_2xx_status_code oauth2_access_token_url oauth2_client_id oauth2_client_secret only_va pagination paycode
payment_code_formats per_page phone prefix prefix_filters reference_number refresh_token request_content_type
retry_conditions role scope secret_key short_name skip_if_no_code status sub_account subscription success suffix_from
suffix_to to token_type total transaction_content transaction_date transactions updated_at va_mode webhook_url webhooks`

// protocolTexts are the keys whose values are texts of the service, not of the account.
const protocolTexts = `
alert_event_types authen_type bank_mode character_type error error_code error_description event_type hint message messages
request_content_type scope status token_type va_mode`

// documentedHeaders are always shown.
const documentedHeaders = `
Access-Control-Allow-Origin Age Alt-Svc Cache-Control Cf-Cache-Status Cf-Ray Connection Content-Encoding
Content-Language Content-Length Content-Security-Policy Content-Type Date Etag Expires Keep-Alive Last-Modified Location
Pragma Referrer-Policy Retry-After Server Set-Cookie Strict-Transport-Security Transfer-Encoding Vary Via Www-Authenticate
X-Content-Type-Options X-Frame-Options X-Powered-By X-Ratelimit-Limit X-Ratelimit-Remaining X-Ratelimit-Reset
X-Request-Id X-Sepay-Userapi-Retry-After X-Xss-Protection`

// learn records the values of a response.
func (n *names) learn(value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, item := range value {
			if !n.protocol[key] {
				n.learn(item)
			}
		}
	case []any:
		for _, item := range value {
			n.learn(item)
		}
	case string:
		n.add(value)
	}
}

func (n *names) add(value string) {
	const shortest = 4 // shorter texts are in every word

	for _, part := range append(strings.Fields(value), value) {
		if folded := fold(part); len(folded) >= shortest {
			n.values[folded] = true
		}
	}
}

// key returns a key as a report may show it.
func (n *names) key(key string) string {
	if n.documented[key] || n.harmless(key, regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,39}$`)) {
		return key
	}

	return otherKey
}

// headers returns the names of headers that a report may show, sorted.
func (n *names) headers(header http.Header) []string {
	shown := []string{}

	for name := range header {
		if n.headersKnown[name] || n.harmless(name, regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,59}$`)) {
			shown = append(shown, name)
		}
	}

	slices.Sort(shown)

	return shown
}

func (n *names) harmless(name string, form *regexp.Regexp) bool {
	if !form.MatchString(name) || regexp.MustCompile(`[0-9]{3}`).MatchString(name) {
		return false
	}

	folded := fold(name)
	for value := range n.values {
		if value == folded || len(value) > 5 && strings.Contains(folded, value) {
			return false
		}
	}

	return true
}

// fold removes what distinguishes two spellings of one text.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 127:
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return -1
		}
	}, text)
}
