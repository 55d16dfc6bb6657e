package diagnostic

// Code names a kind of failure for programs; Summary and Detail are for people.
type Code string

// The kinds of failure. Those that end a chain are stored with the record, so their values must not change.
const (
	CodeNotSignedIn        Code = "not_signed_in"
	CodeInterrupted        Code = "interrupted"   // a killed run may have spent the token; SePay refuses it now
	CodeResponseLost       Code = "answer_lost"   // the token was sent, the response never came; SePay refuses it now
	CodeSeedSpent          Code = "seed_spent"    // the configured refresh token is refused at its first use here
	CodeExpired            Code = "expired"       // the chain was idle for longer than a refresh token lives
	CodeRefused            Code = "refused"       // the stored token worked before, and SePay refuses it now
	CodeUnknownToken       Code = "unknown_token" // the refresh token is not one of this server
	CodeOtherClient        Code = "other_client"  // the refresh token is good, but for another client
	CodeNoResponse         Code = "no_answer"     // sent twice, and nothing came back: nobody knows whether it is spent
	CodeClientRejected     Code = "bad_client"    // client id or secret
	CodeUnexpected         Code = "unexpected"    // any other response
	CodeBusy               Code = "busy"          // 429 or 403 to the end
	CodeUnreachable        Code = "unreachable"   // never connected
	CodeStoreWrite         Code = "store_write"   // before the exchange: nothing was spent
	CodeStoreRead          Code = "store_read"    // unsafe, corrupt, from the future, or a failed helper
	CodeLock               Code = "lock"          // no lock to be had at all
	CodeLockTimeout        Code = "lock_timeout"  // somebody else holds it
	CodeFreshTokenRejected Code = "fresh_token"   // SePay rejects an access token that it has just issued
	CodeAccessToken        Code = "access_token"  // the configured access token is over and there is no chain behind it
	CodeSeveralRecords     Code = "several"       // neither a seed nor a key says which sign-in is meant
	CodeConfiguration      Code = "configuration" // the arguments
	CodeSignIn             Code = "sign_in"       // the browser flow
)

// Error is a failure in the user's words. Detail has the cause and the next step. Neither contains a secret.
type Error struct {
	Summary, Detail string
	Code            Code
	Err             error // the cause, or nil
}

func (e *Error) Error() string { return e.Summary + ": " + e.Detail }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
