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

// Outcome is what a response of the token endpoint means for the token that was sent.
type Outcome int

// The outcomes of a token request.
const (
	Granted        Outcome = iota
	TokenRejected          // the token (or code) is refused for good
	ClientRejected         // the client is refused; the token was not looked at
	Rejected               // any other refusal; the token was not exchanged
	Busy                   // 403 or 429: come back later
	Unreachable            // never sent
	Ambiguous              // sent, and SePay has ended its work on it; whether the token is spent nobody knows
	NoResponse             // sent, and it may still be in work
	Canceled               // stopped by the user before it was sent
)

// DefaultLifetime is what SePay documents for an access token, for a response that does not tell.
const DefaultLifetime = time.Hour

// How much is shown of a text of the server, in characters.
const (
	maxCodeLength = 60
	maxTextLength = 300
)

// Longer lives are not plausible, and the response counts as one that does not tell.
const (
	maxAccessLifetime  = 30 * 24 * time.Hour
	maxRefreshLifetime = 10 * 365 * 24 * time.Hour
)

// Grant is what a successful exchange brings.
type Grant struct {
	AccessToken, RefreshToken string
	Lifetime, refreshLifetime time.Duration // refreshLifetime 0: the response does not tell
}

// RefreshExpiry is when the refresh token expires if it is not used.
func (g Grant) RefreshExpiry(now time.Time) time.Time {
	if g.refreshLifetime > 0 {
		return now.Add(g.refreshLifetime)
	}

	return monthAfter(now)
}

// Response is one outcome of a token request. Neither its fields but grant nor its texts contain a secret.
type Response struct {
	Outcome           Outcome
	Grant             Grant
	Status            int
	Code, Description string
	Reason            Reason
	wait              time.Duration // what the server asked for; 0: nothing
	Resent            bool          // the token was sent before, and may have been exchanged then
	Err               error
}

// Quote quotes SePay for an error text.
func (a Response) Quote() string {
	var parts []string

	if a.Status != 0 {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.Status, http.StatusText(a.Status))))
	}

	switch {
	case a.Code != "" && a.Description != "":
		parts = append(parts, fmt.Sprintf("%s: %s", a.Code, strings.TrimRight(a.Description, ". ")))
	case a.Code != "" || a.Description != "":
		parts = append(parts, a.Code+strings.TrimRight(a.Description, ". "))
	}

	if a.Err != nil {
		parts = append(parts, a.Err.Error())
	}

	return strings.Join(parts, ", ")
}

// AskedToWait says how long SePay asks to wait, or nothing.
func (a Response) AskedToWait() string {
	if a.wait <= 0 {
		return ""
	}

	return fmt.Sprintf(" and asks to wait %s", a.wait)
}

// readResponse judges a complete response. SePay's JSON is found whatever the content type says and whatever a PHP warning
// or a byte order mark put before it.
func readResponse(status int, header http.Header, body []byte, now time.Time, secrets ...string) Response {
	fields := findObject(body, status < http.StatusMultipleChoices)
	access, code := fields.text("access_token"), fields.text("error")
	clean := redact.New(append(secrets, access, fields.text("refresh_token"))...)
	a := Response{
		Status: status, Code: clean.Text(code, maxCodeLength), Description: clean.Text(fields.description(), maxTextLength),
		Reason: fields.reason(),
	}

	switch {
	case status == http.StatusInternalServerError, status == http.StatusBadGateway, status == http.StatusServiceUnavailable:
		a.Outcome = Ambiguous
	case status > http.StatusInternalServerError, status == http.StatusRequestTimeout:
		// Among them the 504 of a proxy that no longer waits for a SePay which still works.
		a.Outcome = NoResponse
	case status == http.StatusTooManyRequests || status == http.StatusForbidden && !clientError(code):
		a.Outcome, a.wait = Busy, retryAfter(header, now)
	case status < http.StatusMultipleChoices && access != "":
		a.Outcome, a.Grant = Granted, fields.grant(access, now)
	case clientError(code):
		a.Outcome = ClientRejected
	case code == "invalid_grant", code == "invalid_request" && fields.namesCode():
		a.Outcome = TokenRejected
	case status == http.StatusUnauthorized && code == "invalid_request" && fields.namesRefreshToken():
		a.Outcome = TokenRejected
	case status < http.StatusMultipleChoices && code == "":
		// A success without a token: a page that something in between put in its place, most likely after the exchange.
		a.Outcome, a.Description = NoResponse, "a response without an access token"+kindOf(header, clean)
	default:
		a.Outcome = Rejected
	}

	return a
}

// kindOf names what the server sent in place of JSON.
func kindOf(header http.Header, clean *redact.Redactor) string {
	kind, _, _ := strings.Cut(header.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(kind); kind == "" || strings.HasSuffix(kind, "json") {
		return ""
	}

	const longest = 60

	return " but with " + clean.Text(kind, longest)
}

func clientError(code string) bool { return code == "invalid_client" || code == "unauthorized_client" }

// object is a JSON object whose values may have any type.
type object map[string]json.RawMessage

// findObject returns the first JSON object in the body that looks like a response of a token endpoint. In a success that is
// the one that holds an access token, at whatever depth an envelope puts it.
func findObject(body []byte, success bool) object {
	const tries = 32

	var other object

	for range tries {
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

// text is the value of a key as a string: a JSON string as it is, a number in its digits, anything else "".
func (o object) text(key string) string {
	var value any

	decoder := json.NewDecoder(bytes.NewReader(o[key]))
	decoder.UseNumber() // a token may have more digits than a float

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

// description joins the server's explanations. It may repeat secrets that were sent.
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
	said := strings.ToLower(o.description())

	return strings.Contains(said, "refresh token") || strings.Contains(said, "refresh_token")
}

// namesCode tells whether the server objects to an authorization code, for which older servers have no error of its own.
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

// seconds reads a lifetime that may be a number or a string; 0 when there is none that makes sense.
func (o object) seconds(key string, longest time.Duration) time.Duration {
	// NaN is neither more nor less than anything.
	n, err := strconv.ParseFloat(o.text(key), 64)
	if err != nil || !(n > 0 && n <= longest.Seconds()) {
		return 0
	}

	return time.Duration(n * float64(time.Second))
}

// longestWait bounds what a server asks to wait, so that it can be shown. It is much longer than MaxWait.
const longestWait = 365 * 24 * time.Hour

// retryAfter reads how long to wait: the standard header in seconds or as a date, else SePay's own.
func retryAfter(header http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Sepay-Userapi-Retry-After"} {
		value := strings.TrimSpace(header.Get(name))

		// A number that is too large is an error, and infinite.
		if seconds, _ := strconv.ParseFloat(value, 64); seconds > 0 {
			return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
		}

		if at, err := http.ParseTime(value); err == nil {
			return min(max(0, at.Sub(now)), longestWait)
		}
	}

	return 0
}

// monthAfter is when a refresh token expires that was issued at a time: SePay documents a month, and its responses do not
// say more. The last day of a shorter month counts, which is never too late.
func monthAfter(at time.Time) time.Time {
	end := at.AddDate(0, 1, 0)
	if end.Day() != at.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}

	return end
}
