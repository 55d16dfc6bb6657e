package dialects

// Dialect has the simulator's behavior for each question that the published documentation leaves open. Its zero value is
// the default of every question.
//
// U1 to U18 are the questions of the project's description of the API. X1 to X8 are further open points.
// O1 to O8 are differences between authorization servers; their defaults, and those of U9 to U12, are those of PHP's
// league/oauth2-server, which the service most likely runs.
//
// A question is one field: its tags are the id, the question, and the variants, the default first. A new question is a field,
// its type and its constants in this file, and the code that applies it.
//
//nolint:recvcheck // Set fills in a value that everything else only reads
type Dialect struct {
	CreateResponse  CreateResponse  `id:"U1" question:"create response" variants:"data,root,object"`
	CreateStatus    CreateStatus    `id:"U2" question:"status of create" variants:"200,201"`
	UpdateResponse  UpdateResponse  `id:"U3" question:"update response" variants:"data,message,object,204"`
	DeleteResponse  DeleteResponse  `id:"U4" question:"delete response" variants:"message,204"`
	Secrets         Secrets         `id:"U5" question:"secrets on read" variants:"clear,masked,dotted,suffix,edges,absent,null"`
	Types           Types           `id:"U6" question:"types on read" variants:"native,zero_one,strings"`
	Form            Form            `id:"U7" question:"form of the fields" variants:"2026,2025"`
	RetryDefault    RetryDefault    `id:"U8" question:"retry_conditions when it was never sent" variants:"off,on,null,empty"`
	DeadRefresh     DeadRefresh     `id:"U9" question:"a refresh token that is dead" variants:"invalid_grant,invalid_request"`
	SpentRefresh    SpentRefresh    `id:"U10" question:"the old refresh token after a refresh" variants:"dead,family,alive"`
	OldAccess       OldAccess       `id:"U11" question:"the old access token after a refresh" variants:"revoked,alive"`
	RefreshResponse RefreshResponse `id:"U12" question:"a new refresh token in the response to a refresh" variants:"rotates,keeps"`
	Validation      Validation      `id:"U13" question:"validation failure" variants:"400,422,500,in_200"`
	BankAccountForm BankAccountForm `id:"U14" question:"bank accounts" variants:"v1,quickstart,legacy"`
	Paging          Paging          `id:"U15" question:"paging" variants:"100,20,no_meta"`
	RateLimit       RateLimit       `id:"U16" question:"rate limit" variants:"none,3,2"`
	Patch           Patch           `id:"U17" question:"authen_type, emptied lists, retry off in an update" variants:"obeyed,ignored"`
	Text            Text            `id:"U18" question:"webhook_url and name as stored" variants:"as_sent,trimmed"`
	Undocumented    Undocumented    `id:"X1" question:"bank_account_ids, alert_channel_ids and oauth2_* on read" variants:"absent,returned"`
	ListRows        ListRows        `id:"X2" question:"rows of the list of webhooks" variants:"whole,brief"`
	ListOrder       ListOrder       `id:"X3" question:"order of the list of webhooks" variants:"ascending,descending"`
	VirtualAccounts VirtualAccounts `id:"X4" question:"only_va and va_mode when one of them is sent alone" variants:"independent,coupled"`
	Names           Names           `id:"X5" question:"another name in an update" variants:"obeyed,ignored,refused"`
	CreateActive    CreateActive    `id:"X6" question:"active in a create" variants:"obeyed,ignored"`
	Zone            Zone            `id:"X7" question:"time zone of a webhook's created_at" variants:"vietnam,utc"`
	Missing         Missing         `id:"X8" question:"a webhook that does not exist" variants:"json,html"`
	OAuthTexts      OAuthTexts      `id:"O1" question:"texts beyond error_description" variants:"hint_and_message,hint,message,none"`
	BearerHint      BearerHint      `id:"O2" question:"hint for a refused bearer token" variants:"cause,not_verified,none"`
	DeadCode        DeadCode        `id:"O3" question:"an authorization code that is dead" variants:"invalid_grant,invalid_request"`
	WrongRedirect   WrongRedirect   `id:"O4" question:"a redirect URI that is not registered" variants:"invalid_client,page"`
	LoopbackPort    LoopbackPort    `id:"O5" question:"the port of a redirect URI on loopback" variants:"ignored,exact"`
	ScopeState      ScopeState      `id:"O6" question:"state with invalid_scope" variants:"returned,missing"`
	RefreshMonth    RefreshMonth    `id:"O7" question:"the month of a refresh token" variants:"slides,fixed"`
	Challenge       Challenge       `id:"O8" question:"the challenge of PKCE at the consent page" variants:"kept,lost"`
}

// The types of the variants.
type (
	// CreateResponse is the body of the response to POST /webhooks.
	CreateResponse string
	// CreateStatus is the status of the response to POST /webhooks.
	CreateStatus string
	// UpdateResponse is the response to PATCH /webhooks/{id}.
	UpdateResponse string
	// DeleteResponse is the response to DELETE /webhooks/{id}.
	DeleteResponse string
	// Secrets is how api_key, secret_key and oauth2_client_secret are read.
	Secrets string
	// Types is how booleans and numbers are written in responses.
	Types string
	// Form is the generation of the webhook's fields.
	Form string
	// RetryDefault is how retry_conditions is read while it was never sent.
	RetryDefault string
	// DeadRefresh is how a dead refresh token is refused.
	DeadRefresh string
	// SpentRefresh is what happens to a refresh token that was used.
	SpentRefresh string
	// OldAccess is what happens to the access tokens issued before a refresh.
	OldAccess string
	// RefreshResponse reports whether a refresh returns a new refresh token.
	RefreshResponse string
	// Validation is how a bad request is refused.
	Validation string
	// BankAccountForm is the envelope of the bank accounts and the names in it.
	BankAccountForm string
	// Paging is how lists are cut into pages.
	Paging string
	// RateLimit is how many API requests a second are served.
	RateLimit string
	// Patch reports whether an update can change authen_type, clear a list, and turn retry off.
	Patch string
	// Text is how name and webhook_url are stored.
	Text string
	// Undocumented reports whether keys are read that no sample shows: bank_account_ids, alert_channel_ids
	// and those that begin with oauth2_.
	Undocumented string
	// ListRows reports whether a row of the list of webhooks has every key that the single webhook has.
	ListRows string
	// ListOrder is the order of the list of webhooks by id.
	ListOrder string
	// CreateActive reports whether a create obeys active.
	CreateActive string
	// Zone is the time zone of a webhook's created_at.
	Zone string
	// Missing is the body of the response for a webhook that does not exist.
	Missing string
	// VirtualAccounts reports whether only_va and va_mode change each other when one of them is sent alone.
	VirtualAccounts string
	// Names reports whether an update can change the name.
	Names string
	// OAuthTexts is what comes with error and error_description in the errors of the OAuth pages. league/oauth2-server 8.x
	// gives hint and message, 9.x hint alone.
	OAuthTexts string
	// BearerHint is the hint with which the API refuses a bearer token.
	BearerHint string
	// DeadCode is how an authorization code is refused that is unknown, expired or used.
	DeadCode string
	// WrongRedirect is how a redirect URI is refused that is not registered.
	WrongRedirect string
	// LoopbackPort reports whether the port of a redirect URI on 127.0.0.1 or [::1] must be the registered one.
	LoopbackPort string
	// Challenge reports whether the consent page passes the challenge of PKCE on to the code.
	Challenge string
	// ScopeState reports whether state is returned with invalid_scope, which it does not in league/oauth2-server before 9.0.1.
	ScopeState string
	// RefreshMonth is the start of the lifetime of a refresh token: its issue, or the consent.
	RefreshMonth string
)

// The variants of each question.
const (
	CreateResponseData   CreateResponse = "data"
	CreateResponseRoot   CreateResponse = "root"
	CreateResponseObject CreateResponse = "object"

	CreateStatusOK      CreateStatus = "200"
	CreateStatusCreated CreateStatus = "201"

	UpdateResponseData      UpdateResponse = "data"
	UpdateResponseMessage   UpdateResponse = "message"
	UpdateResponseObject    UpdateResponse = "object"
	UpdateResponseNoContent UpdateResponse = "204"

	DeleteResponseMessage   DeleteResponse = "message"
	DeleteResponseNoContent DeleteResponse = "204"

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

	RefreshResponseRotates RefreshResponse = "rotates"
	RefreshResponseKeeps   RefreshResponse = "keeps"

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

	OAuthTextsHintAndMessage OAuthTexts = "hint_and_message"
	OAuthTextsHint           OAuthTexts = "hint"
	OAuthTextsMessage        OAuthTexts = "message"
	OAuthTextsNone           OAuthTexts = "none"

	BearerHintCause    BearerHint = "cause"
	BearerHintVerified BearerHint = "not_verified"
	BearerHintNone     BearerHint = "none"

	DeadCodeInvalidGrant   DeadCode = "invalid_grant"
	DeadCodeInvalidRequest DeadCode = "invalid_request"

	WrongRedirectInvalidClient WrongRedirect = "invalid_client"
	WrongRedirectPage          WrongRedirect = "page"

	LoopbackPortIgnored LoopbackPort = "ignored"
	LoopbackPortExact   LoopbackPort = "exact"

	ChallengeKept Challenge = "kept"
	ChallengeLost Challenge = "lost"

	ScopeStateReturned ScopeState = "returned"
	ScopeStateMissing  ScopeState = "missing"

	RefreshMonthSlides RefreshMonth = "slides"
	RefreshMonthFixed  RefreshMonth = "fixed"
)
