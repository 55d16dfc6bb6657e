package authserver

import (
	"cmp"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
)

// verdict is the result of checking a token or a code.
type verdict int

const (
	accepted verdict = iota
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

// hint is the text of league/oauth2-server for the verdict.
func (v verdict) hint() string {
	switch v {
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
	case accepted, scopeNotGranted:
	}

	return ""
}

const (
	refreshTokenInvalid = "The refresh token is invalid."
	grantInvalid        = "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is " +
		"invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client."
	requestInvalid = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter more " +
		"than once, or is otherwise malformed."
	scopeInvalid  = "The requested scope is invalid, unknown, or malformed"
	clientInvalid = "Client authentication failed"
)

// oauthError is the error body of the token endpoint and, in a query, of the authorization page.
func oauthError(status int, code, description, hint string, d dialects.Dialect) response.Response {
	body := map[string]any{}
	for key, text := range oauthTexts(code, description, hint, d) {
		body[key] = text
	}

	return response.JSON(status, body).WithHeader("Cache-Control", "no-store")
}

func oauthTexts(code, description, hint string, d dialects.Dialect) map[string]string {
	texts := map[string]string{"error": code, "error_description": description}

	if hint != "" && (d.OAuthTexts == dialects.OAuthTextsHint || d.OAuthTexts == dialects.OAuthTextsHintAndMessage) {
		texts["hint"] = hint
	}

	if d.OAuthTexts == dialects.OAuthTextsMessage || d.OAuthTexts == dialects.OAuthTextsHintAndMessage {
		texts["message"] = description
	}

	return texts
}

// requestError is the response to an invalid request to the token endpoint.
func requestError(parameter, hint string, d dialects.Dialect) response.Response {
	return oauthError(http.StatusBadRequest, "invalid_request", requestInvalid,
		cmp.Or(hint, "Check the `"+parameter+"` parameter"), d)
}

func clientRefused(d dialects.Dialect) response.Response {
	return oauthError(http.StatusUnauthorized, "invalid_client", clientInvalid, "", d)
}

// grantRefused is the response to a code or refresh token that is not accepted.
func grantRefused(found verdict, d dialects.Dialect) response.Response {
	switch found {
	case refreshNotDecrypted, refreshNotLinked, refreshExpired, refreshRevoked:
		if d.DeadRefresh == dialects.DeadRefreshInvalidRequest {
			return oauthError(http.StatusUnauthorized, "invalid_request", refreshTokenInvalid, found.hint(), d)
		}

		return oauthError(http.StatusBadRequest, "invalid_grant", refreshTokenInvalid, found.hint(), d)
	case codeRedirect:
		return requestError("redirect_uri", found.hint(), d)
	case codeNotDecrypted:
		return requestError("code", found.hint(), d)
	case verifierUnasked:
		return requestError("code_challenge", found.hint(), d)
	case verifierMissing:
		return requestError("code_verifier", found.hint(), d)
	case verifierWrong:
		return oauthError(http.StatusBadRequest, "invalid_grant", grantInvalid, found.hint(), d)
	case codeExpired, codeRevoked:
		if d.DeadCode == dialects.DeadCodeInvalidRequest {
			return requestError("code", found.hint(), d)
		}

		return oauthError(http.StatusBadRequest, "invalid_grant", grantInvalid, found.hint(), d)
	case scopeNotGranted, accepted, bearerMissing, bearerNotVerified, bearerRevoked:
	}

	return oauthError(http.StatusBadRequest, "invalid_scope", scopeInvalid, "Check the requested scopes", d)
}

// unauthorized is the response of the API to a bearer token that is not accepted.
func unauthorized(found verdict, d dialects.Dialect) response.Response {
	switch d.BearerHint {
	case dialects.BearerHintCause:
		return response.Unauthorized(found.hint())
	case dialects.BearerHintVerified:
		return response.Unauthorized(bearerNotVerified.hint())
	case dialects.BearerHintNone:
	}

	return response.Unauthorized("")
}
