package simulator

import (
	"cmp"
	"net/http"
)

// oauthProblem is why a token, a code or a client is refused.
type oauthProblem int

const (
	oauthOK oauthProblem = iota
	refreshNotDecrypted
	refreshNotLinked
	refreshExpired
	refreshRevoked
	scopeNotGranted
	codeNotDecrypted
	codeExpired
	codeRevoked
	codeRedirect
	verifierUnasked
	verifierMissing
	verifierWrong
	bearerMissing
	bearerNotVerified
	bearerRevoked
)

// hint is the text of league/oauth2-server for the problem.
func (p oauthProblem) hint() string {
	switch p {
	case refreshNotDecrypted:
		return "Cannot decrypt the refresh token"
	case refreshNotLinked:
		return "Token is not linked to client"
	case refreshExpired:
		return "Token has expired"
	case refreshRevoked:
		return "Token has been revoked"
	case codeNotDecrypted:
		return "Cannot decrypt the authorization code"
	case codeExpired:
		return "Authorization code has expired"
	case codeRevoked:
		return "Authorization code has been revoked"
	case codeRedirect:
		return "Invalid redirect URI"
	case verifierUnasked:
		return "code_verifier received when no code_challenge is present"
	case verifierMissing:
		return "Check the `code_verifier` parameter"
	case verifierWrong:
		return "Failed to verify `code_verifier`."
	case bearerMissing:
		return `Missing "Authorization" header`
	case bearerNotVerified:
		return "Access token could not be verified"
	case bearerRevoked:
		return "Access token has been revoked"
	case oauthOK, scopeNotGranted:
	}

	return ""
}

const (
	refreshTokenInvalid = "The refresh token is invalid."
	grantInvalid        = "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is " +
		"invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
	requestInvalid = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more " +
		"than once, or is otherwise malformed."
	scopeInvalid   = "The requested scope is invalid, unknown, or malformed"
	clientInvalid  = "Client authentication failed"
	resourceDenied = "The resource owner or authorization server denied the request."
)

// oauthError is the error body of the token endpoint and, in a query, of the authorization page.
func oauthError(status int, code, description, hint string, d Dialect) answer {
	body := map[string]any{}
	for key, text := range oauthTexts(code, description, hint, d) {
		body[key] = text
	}

	return jsonAnswer(status, body).withHeader("Cache-Control", "no-store")
}

func oauthTexts(code, description, hint string, d Dialect) map[string]string {
	texts := map[string]string{"error": code, "error_description": description}

	if hint != "" && (d.OAuthTexts == OAuthTextsHint || d.OAuthTexts == OAuthTextsHintAndMessage) {
		texts["hint"] = hint
	}

	if d.OAuthTexts == OAuthTextsMessage || d.OAuthTexts == OAuthTextsHintAndMessage {
		texts["message"] = description
	}

	return texts
}

// requestError is a request to the token endpoint that is not one.
func requestError(parameter, hint string, d Dialect) answer {
	return oauthError(http.StatusBadRequest, "invalid_request", requestInvalid,
		cmp.Or(hint, "Check the `"+parameter+"` parameter"), d)
}

func clientRefused(d Dialect) answer {
	return oauthError(http.StatusUnauthorized, "invalid_client", clientInvalid, "", d)
}

// grantRefused is the answer to a code or refresh token that is not accepted.
func grantRefused(problem oauthProblem, d Dialect) answer {
	switch problem {
	case refreshNotDecrypted, refreshNotLinked, refreshExpired, refreshRevoked:
		if d.DeadRefresh == DeadRefreshInvalidRequest {
			return oauthError(http.StatusUnauthorized, "invalid_request", refreshTokenInvalid, problem.hint(), d)
		}

		return oauthError(http.StatusBadRequest, "invalid_grant", refreshTokenInvalid, problem.hint(), d)
	case codeRedirect:
		return requestError("redirect_uri", problem.hint(), d)
	case codeNotDecrypted:
		return requestError("code", problem.hint(), d)
	case verifierUnasked:
		return requestError("code_challenge", problem.hint(), d)
	case verifierMissing:
		return requestError("code_verifier", problem.hint(), d)
	case verifierWrong:
		return oauthError(http.StatusBadRequest, "invalid_grant", grantInvalid, problem.hint(), d)
	case codeExpired, codeRevoked:
		if d.DeadCode == DeadCodeInvalidRequest {
			return requestError("code", problem.hint(), d)
		}

		return oauthError(http.StatusBadRequest, "invalid_grant", grantInvalid, problem.hint(), d)
	case scopeNotGranted, oauthOK, bearerMissing, bearerNotVerified, bearerRevoked:
	}

	return oauthError(http.StatusBadRequest, "invalid_scope", scopeInvalid, "Check the requested scopes", d)
}

// unauthorized is the answer of the API to a bearer token that is not accepted; it has no status key.
func unauthorized(problem oauthProblem, d Dialect) answer {
	body := map[string]any{"error": "access_denied", "error_description": resourceDenied, "message": resourceDenied}

	switch d.BearerHint {
	case BearerHintCause:
		body["hint"] = problem.hint()
	case BearerHintVerified:
		body["hint"] = bearerNotVerified.hint()
	case BearerHintNone:
	}

	return jsonAnswer(http.StatusUnauthorized, body)
}
