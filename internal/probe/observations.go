package probe

// The values of the API that the probe sends or looks for.
const (
	authenAPIKey = "Api_Key"
	authenHMAC   = "HMAC_SHA256"
	authenOAuth2 = "OAuth2.0"
	retryNon2xx  = "non_2xx_status_code"
	prefixFilter = "PROBE"
	bankMulti    = "multi"
	vaNone       = "none"
)

// observations are the exchanges of a run, by question. Those that were not sent are nil.
type observations struct {
	write, askTokens bool

	accounts, webhooks, noBearer, badBearer, badQuery, missing *exchange

	// existing is one of the account's webhooks, and existingRow its row in the list.
	existing    *exchange
	existingRow map[string]any
	leftovers   []leftover
	limited     *exchange   // the first response with 429
	all         []*exchange // in the order of the requests

	webhook webhookObservations
	tokens  tokenObservations
}

// webhookObservations are the exchanges about the probe's webhook.
type webhookObservations struct {
	name, url, apiKey string // as sent in the create

	create, created     *exchange // the response to the create, and the read after it
	update              *exchange // the first update that SePay accepted
	rename, renamed     *exchange
	newName             string
	invalid             *exchange
	turnedOn, turnedOff *exchange // reads after retry and a prefix filter were set, and were taken away
	authen, authenRead  *exchange
	onlyVA, onlyVARead  *exchange
	url2, url2Read      *exchange
	newURL              string
	list                *exchange
	delete, gone        *exchange

	accepted map[string]bool // the parts of updates that SePay accepted, and those that it refused
}

// tokenObservations are the exchanges about the tokens of the probe's own sign-in.
type tokenObservations struct {
	exchange, exchangeWithout *exchange // of the code, with the verifier of PKCE and without it
	usedVerifier              bool
	refresh                   *exchange
	oldToken                  string // the refresh token that was used
	oldAccess                 *exchange
	replay                    *exchange // of the refresh token that was used
	next                      *exchange // of the refresh token that replaced it
	garbled                   *exchange
	codeReplay                *exchange
	wrongRedirect             *exchange
	otherPort                 *exchange
	otherPortAsked            bool
	badScope                  *exchange
	state                     string
}

// read returns the webhook that the probe read first: its own, else one of the account.
func (o *observations) read() map[string]any {
	if own := o.webhook.created.record(); own != nil {
		return own
	}

	return o.existing.record()
}
