package probe

import (
	"fmt"
	"net/http"
	"net/url"
)

// refusedRefresh is a refresh token that was refused: one that was used, or one that the server does not know.
func (o *observations) refusedRefresh() *exchange {
	if o.tokens.replay.refused() {
		return o.tokens.replay
	}

	if o.tokens.garbled.refused() {
		return o.tokens.garbled
	}

	return nil
}

func judgeDeadRefresh(o *observations) finding {
	e := o.refusedRefresh()
	if e == nil {
		return o.needsTokens()
	}

	code := oauthCode(e)

	switch {
	case e.status == http.StatusBadRequest && code == "invalid_grant":
		return told("invalid_grant")
	case e.status == http.StatusUnauthorized && code == "invalid_request":
		return told("invalid_request")
	}

	return another(e, fmt.Sprintf("status %d with %s", e.status, orNone(code)))
}

func judgeSpentRefresh(o *observations) finding {
	seen := o.tokens

	switch {
	case seen.refresh.succeeded() && judgeRotation(o).variant == "keeps":
		return cannotTell("SePay does not replace the refresh token")
	case seen.replay == nil:
		return o.needsTokens()
	case seen.replay.succeeded():
		return told("alive")
	case seen.next.succeeded():
		return told("dead")
	case seen.next.refused():
		return told("family")
	}

	return cannotTell("a refresh had no response")
}

func judgeOldAccess(o *observations) finding {
	e := o.tokens.oldAccess

	switch {
	case e == nil:
		return o.needsTokens()
	case e.succeeded(), e.responded() && e.status == http.StatusForbidden:
		return told("alive")
	case e.responded() && e.status == http.StatusUnauthorized:
		return told("revoked")
	}

	return another(e, fmt.Sprintf("status %d", e.status))
}

func judgeRotation(o *observations) finding {
	e := o.tokens.refresh

	switch next := text(e.object()["refresh_token"]); {
	case e == nil:
		return o.needsTokens()
	case !e.succeeded():
		return cannotTell(refusal("the refresh", e))
	case next == "":
		return told("keeps")
	case next == o.tokens.oldToken:
		return another(e, "the response has the same refresh token again")
	}

	return told("rotates")
}

func judgeOAuthTexts(o *observations) finding {
	e := o.refusedRefresh()
	if e == nil {
		return o.needsTokens()
	}

	body := e.object()
	if !has(body, "error") {
		return another(e, fmt.Sprintf("status %d with a body of %s", e.status, e.kind))
	}

	switch hint, message := has(body, "hint"), has(body, "message"); {
	case hint && message:
		return told("hint_and_message")
	case hint:
		return told("hint")
	case message:
		return told("message")
	}

	return told("none")
}

func judgeDeadCode(o *observations) finding {
	e := o.tokens.codeReplay
	code := oauthCode(e)

	switch {
	case e == nil:
		return o.needsTokens()
	case e.succeeded():
		return another(e, "SePay exchanges a code twice")
	case e.status == http.StatusBadRequest && (code == "invalid_grant" || code == "invalid_request"):
		return told(code)
	}

	return another(e, fmt.Sprintf("status %d with %s", e.status, orNone(code)))
}

func judgeWrongRedirect(o *observations) finding {
	e := o.tokens.wrongRedirect

	switch {
	case e == nil:
		return o.needsTokens()
	case e.refused() && oauthCode(e) == "invalid_client":
		return told("invalid_client")
	case e.status == http.StatusBadRequest && e.kind == bodyHTML:
		return told("page")
	}

	return another(e, fmt.Sprintf("status %d with a body of %s, without a browser that is signed in", e.status, e.kind))
}

// judgeLoopbackPort compares the page for another port with the page for another redirect URL, which is refused.
func judgeLoopbackPort(o *observations) finding {
	e, refused := o.tokens.otherPort, o.tokens.wrongRedirect

	switch {
	case o.tokens.wrongRedirect != nil && !o.tokens.otherPortAsked:
		return cannotTell("the redirect URL of the sign-in is not at a loopback address")
	case e == nil:
		return o.needsTokens()
	case judgeWrongRedirect(o).result != Told:
		return cannotTell("SePay does not refuse a redirect URL before a browser is signed in")
	case e.status == refused.status && e.kind == refused.kind:
		return told("exact")
	case e.status == http.StatusOK || e.status == http.StatusFound:
		return told("ignored")
	}

	return another(e, fmt.Sprintf("status %d with a body of %s", e.status, e.kind))
}

func judgeScopeState(o *observations) finding {
	e := o.tokens.badScope
	if e == nil {
		return o.needsTokens()
	}

	target, err := url.Parse(e.header.Get("Location"))
	if err != nil || target.Query().Get("error") != "invalid_scope" {
		return another(e, fmt.Sprintf("status %d without invalid_scope in a redirect, without a browser that is signed in", e.status))
	}

	switch target.Query().Get("state") {
	case o.tokens.state:
		return told("returned")
	case "":
		return told("missing")
	}

	return another(e, "the redirect has another state")
}

func judgeMonth(*observations) finding {
	return cannotTell("it takes a month: a sign-in that is used all the time would have to end, or not to end, after it")
}

func judgeChallenge(o *observations) finding {
	seen := o.tokens

	switch {
	case seen.exchange == nil:
		return o.needsTokens()
	case !seen.usedVerifier:
		return notAsked("the sign-in was made without PKCE")
	case seen.exchange.succeeded():
		return told("kept").because("SePay accepts the verifier; a server that ignores PKCE would, too")
	case seen.exchangeWithout.succeeded():
		return told("lost")
	}

	return cannotTell(refusal("the code", seen.exchange))
}

func orNone(code string) string {
	if code == "" {
		return "no error code that is known"
	}

	return code
}
