package probe

// question is an open question with its variants and the function that distinguishes them.
type question struct {
	id, text string
	variants []string // the simulator's names
	judge    func(*observations) finding
}

// questions returns all open questions, in the order of the report.
func questions() []question {
	return []question{
		{"U1", "response to a create", []string{"data", "root", "object"}, judgeCreate},
		{"U2", "status of a create", []string{"200", "201"}, judgeCreateStatus},
		{"U3", "response to an update", []string{"data", "message", "object", "204"}, judgeUpdate},
		{"U4", "response to a delete", []string{"message", "204"}, judgeDelete},
		{"U5", "secrets on read", []string{"clear", "masked", "dotted", "suffix", "edges", "absent", "null"}, judgeSecrets},
		{"U6", "types on read", []string{"native", "zero_one", "strings"}, judgeTypes},
		{"U7", "form of the fields", []string{"2026", "2025"}, judgeForm},
		{"U8", "retry_conditions when it was never sent", []string{"off", "on", "null", "empty"}, judgeRetryDefault},
		{"U9", "refusal of a dead refresh token", []string{"invalid_grant", "invalid_request"}, judgeDeadRefresh},
		{"U10", "a refresh token after its use", []string{"dead", "family", "alive"}, judgeSpentRefresh},
		{"U11", "the old access token after a refresh", []string{"revoked", "alive"}, judgeOldAccess},
		{"U12", "a new refresh token in the response to a refresh", []string{"rotates", "keeps"}, judgeRotation},
		{"U13", "refusal of an invalid value", []string{"400", "422", "500", "in_200"}, judgeValidation},
		{"U14", "bank accounts", []string{"v1", "quickstart", "legacy"}, judgeBankAccounts},
		{"U15", "paging", []string{"100", "20", "no_meta"}, judgePaging},
		{"U16", "rate limit", []string{"none", "3", "2"}, judgeRateLimit},
		{"U17", "changed authen_type, emptied lists and retry turned off", []string{"obeyed", "ignored"}, judgePatch},
		{"U18", "webhook_url and name as stored", []string{"as_sent", "trimmed"}, judgeText},
		{"X1", "keys on read that no sample shows", []string{"absent", "returned"}, judgeUndocumented},
		{"X2", "rows of the list of webhooks", []string{"whole", "brief"}, judgeRows},
		{"X3", "order of the list of webhooks", []string{"ascending", "descending"}, judgeOrder},
		{"X4", "va_mode when only_va is sent alone", []string{"independent", "coupled"}, judgeVirtualAccounts},
		{"X5", "another name in an update", []string{"obeyed", "ignored", "refused"}, judgeNames},
		{"X6", "active in a create", []string{"obeyed", "ignored"}, judgeCreateActive},
		{"X7", "time zone of a webhook's created_at", []string{"vietnam", "utc"}, judgeZone},
		{"X8", "a webhook that does not exist", []string{"json", "html"}, judgeMissing},
		{"O1", "texts next to error", []string{"hint_and_message", "hint", "message", "none"}, judgeOAuthTexts},
		{"O2", "hint for a refused access token", []string{"cause", "not_verified", "none"}, judgeBearerHint},
		{"O3", "refusal of a used authorization code", []string{"invalid_grant", "invalid_request"}, judgeDeadCode},
		{"O4", "a redirect URL that is not registered", []string{"invalid_client", "page"}, judgeWrongRedirect},
		{"O5", "the port of a redirect URL on loopback", []string{"ignored", "exact"}, judgeLoopbackPort},
		{"O6", "state next to invalid_scope", []string{"returned", "missing"}, judgeScopeState},
		{"O7", "the month of a refresh token", []string{"slides", "fixed"}, judgeMonth},
		{"O8", "the challenge of PKCE at the consent page", []string{"kept", "lost"}, judgeChallenge},
	}
}

// Result is the result of a question.
type Result string

// The results.
const (
	// Answered is a variant that the simulator has.
	Answered Result = "answered"
	// AnotherShape is a behavior that no variant of the simulator describes.
	AnotherShape Result = "another shape"
	// Undetermined is a question that the permitted requests cannot answer.
	Undetermined Result = "undetermined"
	// NotAsked is a question whose requests were not sent.
	NotAsked Result = "not asked"
)

// finding is the result of a question with its reason.
type finding struct {
	result  Result
	variant string
	reason  string
	from    *exchange // whose shape the report shows
}

func answered(variant string) finding { return finding{result: Answered, variant: variant} }

// because adds the reason for a variant if it is not obvious.
func (f finding) because(reason string) finding {
	f.reason = reason

	return f
}

func another(from *exchange, reason string) finding {
	return finding{result: AnotherShape, reason: reason, from: from}
}

func undetermined(reason string) finding { return finding{result: Undetermined, reason: reason} }

func notAsked(reason string) finding { return finding{result: NotAsked, reason: reason} }

// needsWrite is the finding for a question about the probe's webhook whose requests were not sent.
func (o *observations) needsWrite() finding {
	if !o.write {
		return notAsked("needs --write")
	}

	return notAsked("the run ended before")
}

func (o *observations) needsTokens() finding {
	if !o.askTokens {
		return notAsked("needs --tokens")
	}

	return notAsked("the run ended before")
}
