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
		return answered("invalid_grant")
	case e.status == http.StatusUnauthorized && code == "invalid_request":
		return answered("invalid_request")
	}

	return another(e, fmt.Sprintf("status %d with %s", e.status, orNone(code)))
}

func judgeSpentRefresh(o *observations) finding {
	seen := o.tokens

	switch {
	case seen.refresh.succeeded() && judgeRotation(o).variant == "keeps":
		return undetermined("SePay does not replace the refresh token")
	case seen.replay == nil:
		return o.needsTokens()
	case seen.replay.succeeded():
		return answered("alive")
	case seen.next.succeeded():
		return answered("dead")
	case seen.next.refused():
		return answered("family")
	}

	return undetermined("a refresh had no response")
}

func judgeOldAccess(o *observations) finding {
	e := o.tokens.oldAccess

	switch {
	case e == nil:
		return o.needsTokens()
	case e.succeeded(), e.responded() && e.status == http.StatusForbidden:
		return answered("alive")
	case e.responded() && e.status == http.StatusUnauthorized:
		return answered("revoked")
	}

	return another(e, fmt.Sprintf("status %d", e.status))
}

func judgeRotation(o *observations) finding {
	e := o.tokens.refresh

	switch next := text(e.object()["refresh_token"]); {
	case e == nil:
		return o.needsTokens()
	case !e.succeeded():
		return undetermined(refusal("the refresh", e))
	case next == "":
		return answered("keeps")
	case next == o.tokens.oldToken:
		return another(e, "the response has the same refresh token again")
	}

	return answered("rotates")
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
		return answered("hint_and_message")
	case hint:
		return answered("hint")
	case message:
		return answered("message")
	}

	return answered("none")
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
		return answered(code)
	}

	return another(e, fmt.Sprintf("status %d with %s", e.status, orNone(code)))
}

func judgeWrongRedirect(o *observations) finding {
	e := o.tokens.wrongRedirect

	switch {
	case e == nil:
		return o.needsTokens()
	case e.refused() && oauthCode(e) == "invalid_client":
		return answered("invalid_client")
	case e.status == http.StatusBadRequest && e.kind == bodyHTML:
		return answered("page")
	}

	return another(e, fmt.Sprintf("status %d with a body of %s, without a browser that is signed in", e.status, e.kind))
}

// judgeLoopbackPort compares the page for another port with the page for another redirect URL, which is refused.
func judgeLoopbackPort(o *observations) finding {
	e, refused := o.tokens.otherPort, o.tokens.wrongRedirect

	switch {
	case o.tokens.wrongRedirect != nil && !o.tokens.otherPortAsked:
		return undetermined("the redirect URL of the sign-in is not at a loopback address")
	case e == nil:
		return o.needsTokens()
	case judgeWrongRedirect(o).result != Answered:
		return undetermined("SePay does not refuse a redirect URL before a browser is signed in")
	case e.status == refused.status && e.kind == refused.kind:
		return answered("exact")
	case e.status == http.StatusOK || e.status == http.StatusFound:
		return answered("ignored")
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
		return answered("returned")
	case "":
		return answered("missing")
	}

	return another(e, "the redirect has another state")
}

func judgeMonth(*observations) finding {
	return undetermined("the test would take a month: whether a sign-in in constant use ends after it")
}

func judgeChallenge(o *observations) finding {
	seen := o.tokens

	switch {
	case seen.exchange == nil:
		return o.needsTokens()
	case !seen.usedVerifier:
		return notAsked("the sign-in was made without PKCE")
	case seen.exchange.succeeded():
		return answered("kept").because("SePay accepts the verifier; a server that ignores PKCE would, too")
	case seen.exchangeWithout.succeeded():
		return answered("lost")
	}

	return undetermined(refusal("the code", seen.exchange))
}

func orNone(code string) string {
	if code == "" {
		return "no error code that is known"
	}

	return code
}
