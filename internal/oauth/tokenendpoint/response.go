package tokenendpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/redact"
)

// Outcome is what a token request means for the token that was sent.
type Outcome int

// The outcomes of a token request.
const (
	Granted        Outcome = iota
	TokenRejected          // the token (or code) is permanently rejected
	ClientRejected         // the client credentials are rejected; the token is not spent
	Rejected               // any other error; the token is not spent
	Busy                   // 403 or 429: retry later
	Unreachable            // not sent
	Ambiguous              // sent, and processing has ended; the token may be spent
	NoResponse             // sent, and SePay may still be processing it
	Canceled               // canceled before it was sent
)

// DefaultLifetime is the lifetime of an access token that SePay documents. It is used for a response without expires_in.
const DefaultLifetime = time.Hour

// Maximum lengths of quoted server texts, in characters.
const (
	maxCodeLength = 60
	maxTextLength = 300
)

// Longer lifetimes are implausible, and treated as missing.
const (
	maxAccessLifetime  = 30 * 24 * time.Hour
	maxRefreshLifetime = 10 * 365 * 24 * time.Hour
)

// Grant is a successful access token response.
type Grant struct {
	AccessToken, RefreshToken string
	Lifetime, refreshLifetime time.Duration // refreshLifetime 0 means unknown
}

// RefreshExpiry returns when the refresh token expires if it is not used.
func (g Grant) RefreshExpiry(now time.Time) time.Time {
	if g.refreshLifetime > 0 {
		return now.Add(g.refreshLifetime)
	}

	return monthAfter(now)
}

// Response is the result of a token request. Only Grant contains secrets.
type Response struct {
	Outcome           Outcome
	Grant             Grant
	Status            int
	Code, Description string
	Reason            Reason
	retryAfter        time.Duration // the delay that the server requests, or 0
	Resent            bool          // an earlier attempt sent the token and may have spent it
	Err               error
}

// Quote returns status and error of the response for a message.
func (r Response) Quote() string {
	var parts []string

	if r.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("HTTP %d %s", r.Status, http.StatusText(r.Status))))
	}

	switch {
	case r.Code != "" && r.Description != "":
		parts = append(parts, fmt.Sprintf("%s: %s", r.Code, strings.TrimRight(r.Description, ". ")))
	case r.Code != "" || r.Description != "":
		parts = append(parts, r.Code+strings.TrimRight(r.Description, ". "))
	}

	if r.Err != nil {
		parts = append(parts, r.Err.Error())
	}

	return strings.Join(parts, ", ")
}

// RetryAfterText states the delay that SePay requests, or returns "".
func (r Response) RetryAfterText() string {
	if r.retryAfter <= 0 {
		return ""
	}

	return fmt.Sprintf(" and asks to wait %s", r.retryAfter)
}

// parseResponse classifies a complete response. It finds the JSON object regardless of the content type, and after a PHP warning
// or a byte order mark.
func parseResponse(status int, header http.Header, body []byte, now time.Time, secrets ...string) Response {
	fields := findObject(body, status < http.StatusMultipleChoices)
	access, code := fields.text("access_token"), fields.text("error")
	redactor := redact.New(append(secrets, access, fields.text("refresh_token"))...)
	r := Response{
		Status: status, Code: redactor.Text(code, maxCodeLength), Description: redactor.Text(fields.description(), maxTextLength),
		Reason: fields.reason(),
	}

	switch {
	case status == http.StatusInternalServerError, status == http.StatusBadGateway, status == http.StatusServiceUnavailable:
		r.Outcome = Ambiguous
	case status > http.StatusInternalServerError, status == http.StatusRequestTimeout:
		// A proxy responds with 504 while SePay may still process the request.
		r.Outcome = NoResponse
	case status == http.StatusTooManyRequests || status == http.StatusForbidden && !isClientError(code):
		r.Outcome, r.retryAfter = Busy, parseRetryAfter(header, now)
	case status < http.StatusMultipleChoices && access != "":
		r.Outcome, r.Grant = Granted, fields.grant(access, now)
	case isClientError(code):
		r.Outcome = ClientRejected
	case code == "invalid_grant", code == "invalid_request" && fields.namesCode():
		r.Outcome = TokenRejected
	case status == http.StatusUnauthorized && code == "invalid_request" && fields.namesRefreshToken():
		r.Outcome = TokenRejected
	case status < http.StatusMultipleChoices && code == "":
		// A success without a token is most likely a page that a proxy sent after the exchange.
		r.Outcome, r.Description = NoResponse, "a response without an access token"+contentType(header, redactor)
	default:
		r.Outcome = Rejected
	}

	return r
}

// contentType names a content type other than JSON, or returns "".
func contentType(header http.Header, redactor *redact.Redactor) string {
	mediaType, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if mediaType = strings.TrimSpace(mediaType); mediaType == "" || strings.HasSuffix(mediaType, "json") {
		return ""
	}

	const maxLength = 60

	return " but with " + redactor.Text(mediaType, maxLength)
}

func isClientError(code string) bool {
	return code == "invalid_client" || code == "unauthorized_client"
}

// object is a JSON object with values of any type.
type object map[string]json.RawMessage

// findObject returns the first JSON object in the body that looks like a token response. In a success it prefers an object with
// an access token, which may be nested in an envelope.
func findObject(body []byte, success bool) object {
	const maxObjects = 32

	var other object

	for range maxObjects {
		start := bytes.IndexByte(body, '{')
		if start < 0 {
			break
		}

		body = body[start:]

		var fields object
		if err := json.NewDecoder(bytes.NewReader(body)).Decode(&fields); err == nil {
			if success && fields.text("access_token") != "" {
				return fields
			}

			if other == nil && fields.isResponse() {
				other = fields
			}
		}

		body = body[1:]
	}

	return other
}

func (o object) isResponse() bool { return o["error"] != nil || o["message"] != nil }

// text returns the value of a key as a string: a string or a number; anything else is "".
func (o object) text(key string) string {
	var value any

	decoder := json.NewDecoder(bytes.NewReader(o[key]))
	decoder.UseNumber() // a numeric token may exceed the precision of a float

	if decoder.Decode(&value) != nil {
		return ""
	}

	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

// description joins the texts of an error response. They may echo secrets from the request.
func (o object) description() string {
	var texts []string

	for _, key := range []string{"error_description", "message", "hint"} {
		text := strings.Join(strings.Fields(o.text(key)), " ")
		if text != "" && !strings.Contains(strings.Join(texts, " "), text) {
			texts = append(texts, text)
		}
	}

	return strings.Join(texts, " ")
}

func (o object) namesRefreshToken() bool {
	text := strings.ToLower(o.description())

	return strings.Contains(text, "refresh token") || strings.Contains(text, "refresh_token")
}

// namesCode reports whether the error is about the authorization code. Older servers do not use invalid_grant for it.
func (o object) namesCode() bool {
	return strings.Contains(strings.ToLower(o.text("hint")), "authorization code")
}

func (o object) grant(access string, now time.Time) Grant {
	g := Grant{
		AccessToken: access, RefreshToken: o.text("refresh_token"),
		Lifetime:        o.seconds("expires_in", maxAccessLifetime),
		refreshLifetime: o.seconds("refresh_token_expires_in", maxRefreshLifetime),
	}

	claims, _ := jwt.Parse(access)
	if left := claims.ExpiresAt().Sub(now); g.Lifetime == 0 && left > 0 && left <= maxAccessLifetime {
		g.Lifetime = left
	}

	if g.Lifetime == 0 {
		g.Lifetime = DefaultLifetime
	}

	return g
}

// seconds returns a lifetime, which may be a number or a string. It returns 0 if it is missing or implausible.
func (o object) seconds(key string, maximum time.Duration) time.Duration {
	// The negated condition also rejects NaN.
	n, err := strconv.ParseFloat(o.text(key), 64)
	if err != nil || !(n > 0 && n <= maximum.Seconds()) {
		return 0
	}

	return time.Duration(n * float64(time.Second))
}

// maxParsedRetryAfter limits the delay that a message shows. It is much longer than MaxRetryAfter.
const maxParsedRetryAfter = 365 * 24 * time.Hour

// parseRetryAfter returns the requested delay: Retry-After in seconds or as a date, else SePay's own header.
func parseRetryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		value := strings.TrimSpace(header.Get(name))

		// ParseFloat returns an error and infinity for a number out of range.
		if seconds, _ := strconv.ParseFloat(value, 64); seconds > 0 {
			return time.Duration(min(seconds, maxParsedRetryAfter.Seconds()) * float64(time.Second))
		}

		if at, err := http.ParseTime(value); err == nil {
			return min(max(0, at.Sub(now)), maxParsedRetryAfter)
		}
	}

	return 0
}

// monthAfter returns the expiry of a refresh token that was issued at the given time: SePay documents a month. If the next month
// is shorter, it is the last day of that month, which is never too late.
func monthAfter(at time.Time) time.Time {
	end := at.AddDate(0, 1, 0)
	if end.Day() != at.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}

	return end
}
