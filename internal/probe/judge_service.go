package probe

import (
	"fmt"
	"net/http"
	"strings"
)

func judgeBankAccounts(o *observations) finding {
	e := o.accounts
	if !e.succeeded() {
		return undetermined(refusal("the list of bank accounts", e))
	}

	if rows := e.rows("bankaccounts"); len(rows) > 0 {
		switch row := rows[0]; {
		case has(row, "bank_account_number"):
			return answered("quickstart")
		case has(row, "account_number") && has(row, "bank_code"):
			return answered("legacy")
		}

		return another(e, "bank accounts in the legacy envelope")
	}

	rows := e.rows("data")
	_, nested := first(rows)["bank"].(map[string]any)

	switch {
	case nested && has(rows[0], "account_number"):
		return answered("v1")
	case len(rows) == 0 && (has(e.object(), "data") || has(e.object(), "bankaccounts")):
		return undetermined("the account has no bank account")
	}

	return another(e, "bank accounts in another form")
}

// judgePaging checks the list of webhooks, of which 100 rows were requested.
func judgePaging(o *observations) finding {
	e := o.webhooks
	meta, _ := e.object()["meta"].(map[string]any)
	pagination, _ := meta["pagination"].(map[string]any)
	size, ok := integer(pagination["per_page"])

	switch {
	case !e.succeeded():
		return undetermined(refusal("the list of webhooks", e))
	case !has(e.object(), "meta"):
		return answered("no_meta")
	case ok && (size == 100 || size == 20):
		return answered(fmt.Sprint(size))
	case ok:
		return another(e, fmt.Sprintf("per_page is %d, although 100 were requested", size))
	}

	return another(e, "pagination in another form")
}

// judgeRateLimit only detects limits below the provider's rate.
func judgeRateLimit(o *observations) finding {
	if o.limited == nil {
		for _, e := range o.all {
			for name := range e.header {
				if strings.HasPrefix(name, "X-Ratelimit") {
					return another(e, "no request was refused, and responses have headers about a rate limit")
				}
			}
		}

		return undetermined("no request was refused at the provider's rate of 2.7 requests a second; the probe does not exceed it")
	}

	if o.limited.header.Get("X-Sepay-Userapi-Retry-After") != "" {
		return answered("2")
	}

	return another(o.limited, "status 429 at the provider's rate of 2.7 requests a second")
}

func judgeBearerHint(o *observations) finding {
	const notVerified = "Access token could not be verified"

	without, madeUp := o.noBearer, o.badBearer
	if !without.responded() || !madeUp.responded() {
		return undetermined("a request without a valid access token had no response")
	}

	for _, e := range []*exchange{without, madeUp} {
		if e.status != http.StatusUnauthorized || e.object() == nil {
			return another(e, fmt.Sprintf("status %d with a body of %s", e.status, e.kind))
		}
	}

	hint, hintMadeUp := text(without.object()["hint"]), text(madeUp.object()["hint"])

	switch {
	case hint == "" && hintMadeUp == "":
		return answered("none")
	case hint == notVerified && hintMadeUp == notVerified:
		return answered("not_verified")
	case hint != "" && hintMadeUp != "" && hint != hintMadeUp:
		return answered("cause")
	}

	return another(madeUp, "hints of another form")
}
