package simulator

// How authorization servers differ. The first answer to each question is the default.
type (
	// OAuthTexts is what stands with error and error_description in the errors of the OAuth pages. league/oauth2-server 8.x
	// gives hint and message, 9.x hint alone.
	OAuthTexts string
	// BearerHint is the hint with which the API refuses a bearer token.
	BearerHint string
	// DeadCode is how an authorization code is refused that is unknown, expired or used.
	DeadCode string
	// WrongRedirect is how a redirect URI is refused that is not registered.
	WrongRedirect string
	// LoopbackPort tells whether the port of a redirect URI on 127.0.0.1 or [::1] has to be the registered one.
	LoopbackPort string
	// Challenge tells whether the consent page hands the challenge of PKCE on to the code.
	Challenge string
	// ScopeState tells whether state comes back with invalid_scope, which it does not in league/oauth2-server before 9.0.1.
	ScopeState string
	// RefreshMonth tells from when the life of a refresh token counts: from its issue, or from the consent.
	RefreshMonth string
)

// Variants of each question.
const (
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

func oauthDimensions() []Dimension {
	return []Dimension{
		{
			"O1", "texts with error and error_description",
			[]string{"hint_and_message", "hint", "message", "none"},
			func(d *Dialect) *string { return (*string)(&d.OAuthTexts) },
		},
		{
			"O2", "hint for a refused bearer token",
			[]string{"cause", "not_verified", "none"},
			func(d *Dialect) *string { return (*string)(&d.BearerHint) },
		},
		{
			"O3", "an authorization code that is dead",
			[]string{"invalid_grant", "invalid_request"},
			func(d *Dialect) *string { return (*string)(&d.DeadCode) },
		},
		{
			"O4", "a redirect URI that is not registered",
			[]string{"invalid_client", "page"},
			func(d *Dialect) *string { return (*string)(&d.WrongRedirect) },
		},
		{
			"O5", "the port of a redirect URI on loopback",
			[]string{"ignored", "exact"},
			func(d *Dialect) *string { return (*string)(&d.LoopbackPort) },
		},
		{
			"O6", "state with invalid_scope",
			[]string{"returned", "missing"},
			func(d *Dialect) *string { return (*string)(&d.ScopeState) },
		},
		{
			"O7", "the month of a refresh token",
			[]string{"slides", "fixed"},
			func(d *Dialect) *string { return (*string)(&d.RefreshMonth) },
		},
		{
			"O8", "the challenge of PKCE at the consent page",
			[]string{"kept", "lost"},
			func(d *Dialect) *string { return (*string)(&d.Challenge) },
		},
	}
}
