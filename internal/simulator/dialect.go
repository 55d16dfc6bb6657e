package simulator

import (
	"fmt"
	"strings"
)

// Dialect says how the simulator answers each question that the published documentation leaves open. Its zero value
// is the default of every question. U1 to U18 are the questions of the project's description of the API; X1 to X8 are
// further points that no source decides; O1 to O7 are how authorization servers differ. The defaults of U9 to U12 and of
// O1 to O7 are what PHP's league/oauth2-server answers, which the service most likely runs.
//
//nolint:recvcheck // Set fills in a value that everything else only reads
type Dialect struct {
	CreateAnswer    CreateAnswer    // U1
	CreateStatus    CreateStatus    // U2
	UpdateAnswer    UpdateAnswer    // U3
	DeleteAnswer    DeleteAnswer    // U4
	Secrets         Secrets         // U5
	Types           Types           // U6
	Form            Form            // U7
	RetryDefault    RetryDefault    // U8
	DeadRefresh     DeadRefresh     // U9
	SpentRefresh    SpentRefresh    // U10
	OldAccess       OldAccess       // U11
	RefreshAnswer   RefreshAnswer   // U12
	Validation      Validation      // U13
	BankAccountForm BankAccountForm // U14
	Paging          Paging          // U15
	RateLimit       RateLimit       // U16
	Patch           Patch           // U17
	Text            Text            // U18
	Undocumented    Undocumented    // X1
	ListRows        ListRows        // X2
	ListOrder       ListOrder       // X3
	VirtualAccounts VirtualAccounts // X4
	Names           Names           // X5
	CreateActive    CreateActive    // X6
	Zone            Zone            // X7
	Missing         Missing         // X8
	OAuthTexts      OAuthTexts      // O1
	BearerHint      BearerHint      // O2
	DeadCode        DeadCode        // O3
	WrongRedirect   WrongRedirect   // O4
	LoopbackPort    LoopbackPort    // O5
	ScopeState      ScopeState      // O6
	RefreshMonth    RefreshMonth    // O7
	Challenge       Challenge       // O8
}

// The answers to each question. The first of each is the default.
type (
	// CreateAnswer is the body that answers POST /webhooks.
	CreateAnswer string
	// CreateStatus is the status that answers POST /webhooks.
	CreateStatus string
	// UpdateAnswer is what answers PATCH /webhooks/{id}.
	UpdateAnswer string
	// DeleteAnswer is what answers DELETE /webhooks/{id}.
	DeleteAnswer string
	// Secrets is how api_key, secret_key and oauth2_client_secret are read.
	Secrets string
	// Types is how booleans and numbers are written in answers.
	Types string
	// Form is the generation of the webhook's fields.
	Form string
	// RetryDefault is how retry_conditions is read while it was never sent.
	RetryDefault string
	// DeadRefresh is how a dead refresh token is refused.
	DeadRefresh string
	// SpentRefresh is what becomes of a refresh token that was used.
	SpentRefresh string
	// OldAccess is what becomes of the access tokens issued before a refresh.
	OldAccess string
	// RefreshAnswer tells whether a refresh returns a new refresh token.
	RefreshAnswer string
	// Validation is how a bad request is refused.
	Validation string
	// BankAccountForm is the envelope of the bank accounts and the names in it.
	BankAccountForm string
	// Paging is how lists are cut into pages.
	Paging string
	// RateLimit is how many API requests a second are served.
	RateLimit string
	// Patch tells whether an update can change authen_type, clear a list, and turn retry off.
	Patch string
	// Text is how name and webhook_url are stored.
	Text string
	// Undocumented tells whether keys are read of which no sample shows that they are: bank_account_ids, alert_channel_ids
	// and those that begin with oauth2_.
	Undocumented string
	// ListRows tells whether a row of the list of webhooks has every key that the single webhook has.
	ListRows string
	// ListOrder is the order of the list of webhooks by id.
	ListOrder string
	// CreateActive tells whether a create obeys active.
	CreateActive string
	// Zone is the time zone of a webhook's created_at.
	Zone string
	// Missing is the body that answers for a webhook that does not exist.
	Missing string
	// VirtualAccounts tells whether only_va and va_mode change each other when one of them is sent alone.
	VirtualAccounts string
	// Names tells whether an update can change the name.
	Names string
)

// Variants of each question.
const (
	CreateAnswerData   CreateAnswer = "data"
	CreateAnswerRoot   CreateAnswer = "root"
	CreateAnswerObject CreateAnswer = "object"

	CreateStatusOK      CreateStatus = "200"
	CreateStatusCreated CreateStatus = "201"

	UpdateAnswerData      UpdateAnswer = "data"
	UpdateAnswerMessage   UpdateAnswer = "message"
	UpdateAnswerObject    UpdateAnswer = "object"
	UpdateAnswerNoContent UpdateAnswer = "204"

	DeleteAnswerMessage   DeleteAnswer = "message"
	DeleteAnswerNoContent DeleteAnswer = "204"

	SecretsClear  Secrets = "clear"
	SecretsMasked Secrets = "masked"
	SecretsDotted Secrets = "dotted"
	SecretsSuffix Secrets = "suffix"
	SecretsEdges  Secrets = "edges"
	SecretsAbsent Secrets = "absent"
	SecretsNull   Secrets = "null"

	TypesNative  Types = "native"
	TypesZeroOne Types = "zero_one"
	TypesStrings Types = "strings"

	Form2026 Form = "2026"
	Form2025 Form = "2025"

	RetryDefaultOff   RetryDefault = "off"
	RetryDefaultOn    RetryDefault = "on"
	RetryDefaultNull  RetryDefault = "null"
	RetryDefaultEmpty RetryDefault = "empty"

	DeadRefreshInvalidGrant   DeadRefresh = "invalid_grant"
	DeadRefreshInvalidRequest DeadRefresh = "invalid_request"

	SpentRefreshDead   SpentRefresh = "dead"
	SpentRefreshFamily SpentRefresh = "family"
	SpentRefreshAlive  SpentRefresh = "alive"

	OldAccessRevoked OldAccess = "revoked"
	OldAccessAlive   OldAccess = "alive"

	RefreshAnswerRotates RefreshAnswer = "rotates"
	RefreshAnswerKeeps   RefreshAnswer = "keeps"

	Validation400 Validation = "400"
	Validation422 Validation = "422"
	Validation500 Validation = "500"
	// Validation200 refuses in the body alone: the status of the response is a success.
	Validation200 Validation = "in_200"

	BankAccountFormV1         BankAccountForm = "v1"
	BankAccountFormQuickStart BankAccountForm = "quickstart"
	BankAccountFormLegacy     BankAccountForm = "legacy"

	Paging100    Paging = "100"
	Paging20     Paging = "20"
	PagingNoMeta Paging = "no_meta"

	RateLimitNone  RateLimit = "none"
	RateLimitThree RateLimit = "3"
	RateLimitTwo   RateLimit = "2"

	PatchObeyed  Patch = "obeyed"
	PatchIgnored Patch = "ignored"

	TextAsSent  Text = "as_sent"
	TextTrimmed Text = "trimmed"

	UndocumentedAbsent   Undocumented = "absent"
	UndocumentedReturned Undocumented = "returned"

	ListRowsWhole ListRows = "whole"
	ListRowsBrief ListRows = "brief"

	ListOrderAscending  ListOrder = "ascending"
	ListOrderDescending ListOrder = "descending"

	CreateActiveObeyed  CreateActive = "obeyed"
	CreateActiveIgnored CreateActive = "ignored"

	ZoneVietnam Zone = "vietnam"
	ZoneUTC     Zone = "utc"

	MissingJSON Missing = "json"
	MissingHTML Missing = "html"

	VirtualAccountsIndependent VirtualAccounts = "independent"
	VirtualAccountsCoupled     VirtualAccounts = "coupled"

	NamesObeyed  Names = "obeyed"
	NamesIgnored Names = "ignored"
	NamesRefused Names = "refused"
)

// Set chooses a variant of the question with that id ("U1" … "U18", "X1" …).
func (d *Dialect) Set(id, variant string) error {
	for _, dimension := range Dimensions() {
		if dimension.ID != id {
			continue
		}

		if !dimension.Knows(variant) {
			return fmt.Errorf("%s has no variant %q; it has %s", id, variant, strings.Join(dimension.Variants, ", "))
		}

		*dimension.field(d) = variant

		return nil
	}

	return fmt.Errorf("there is no dialect question %q", id)
}

// Get returns the variant that answers the question with that id, or "" when there is no such question.
func (d Dialect) Get(id string) string {
	for _, dimension := range Dimensions() {
		if dimension.ID == id {
			return dimension.of(&d)
		}
	}

	return ""
}

// String returns what differs from the default, as ParseDialect takes it: "U1=root,U5=masked", or "default".
func (d Dialect) String() string {
	var parts []string

	for _, dimension := range Dimensions() {
		if variant := dimension.of(&d); variant != dimension.Variants[0] {
			parts = append(parts, dimension.ID+"="+variant)
		}
	}

	if len(parts) == 0 {
		return "default"
	}

	return strings.Join(parts, ",")
}

// ParseDialect reads "U1=root,U5=masked"; "" and "default" are the default.
func ParseDialect(text string) (Dialect, error) {
	var dialect Dialect

	if text = strings.TrimSpace(text); text == "" || text == "default" {
		return dialect, nil
	}

	for part := range strings.SplitSeq(text, ",") {
		id, variant, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return Dialect{}, fmt.Errorf("dialect %q: want ID=variant", part)
		}

		if err := dialect.Set(id, variant); err != nil {
			return Dialect{}, err
		}
	}

	return dialect, nil
}

// complete returns d with the default in the place of each zero, so that the rest of the package compares constants only.
func (d Dialect) complete() Dialect {
	for _, dimension := range Dimensions() {
		*dimension.field(&d) = dimension.of(&d)
	}

	return d
}
