package diagnostic

// Code is the machine-readable kind of an error; Summary and Detail are for users.
type Code string

// The kinds of errors. Those that end a chain are stored in records, so their values must not change.
const (
	CodeNotSignedIn        Code = "not_signed_in"
	CodeInterrupted        Code = "interrupted"   // a killed run may have spent the token, and SePay rejects it
	CodeResponseLost       Code = "answer_lost"   // the token was sent without a response, and SePay rejects it
	CodeSeedSpent          Code = "seed_spent"    // SePay rejects the configured refresh token at its first use here
	CodeExpired            Code = "expired"       // the refresh token expired
	CodeRejected           Code = "refused"       // the stored token worked before, and SePay rejects it
	CodeUnknownToken       Code = "unknown_token" // the refresh token was not issued by this server
	CodeOtherClient        Code = "other_client"  // the refresh token is valid, but was issued to another client
	CodeNoResponse         Code = "no_answer"     // the token was sent without a response, and may be spent
	CodeClientRejected     Code = "bad_client"    // client id or secret
	CodeUnexpected         Code = "unexpected"    // any other response
	CodeBusy               Code = "busy"          // 429 or 403 at the last attempt
	CodeUnreachable        Code = "unreachable"   // no connection
	CodeStoreWrite         Code = "store_write"   // before the exchange: no token was spent
	CodeStoreRead          Code = "store_read"    // unsafe, corrupt, or written by a newer version, or a failed helper
	CodeLock               Code = "lock"          // the store cannot be locked
	CodeLockTimeout        Code = "lock_timeout"  // another process holds the lock
	CodeFreshTokenRejected Code = "fresh_token"   // SePay rejects an access token that it just issued
	CodeAccessToken        Code = "access_token"  // the configured access token is unusable, and there is no chain
	CodeSeveralRecords     Code = "several"       // several sign-ins, and neither a seed nor a key selects one
	CodeConfiguration      Code = "configuration" // invalid arguments
	CodeSignIn             Code = "sign_in"       // the browser flow
)

// Error is an error for the user. Detail has the cause and the next step. It contains no secret.
type Error struct {
	Summary, Detail string
	Code            Code
	Err             error // the cause, or nil
}

func (e *Error) Error() string { return e.Summary + ": " + e.Detail }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
