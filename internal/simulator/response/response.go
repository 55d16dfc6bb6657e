package response

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// ResourceDenied is the text of league/oauth2-server for access_denied.
const ResourceDenied = "The resource owner or authorization server denied the request."

// Response is the response of a handler before it is sent, so that a fault can change it.
type Response struct {
	Status    int
	Header    http.Header
	Body      []byte
	Committed bool // the request changed the state
}

// WithHeader returns the response with one more header.
func (r Response) WithHeader(key, value string) Response {
	r.Header = maps.Clone(r.Header)
	if r.Header == nil {
		r.Header = http.Header{}
	}

	r.Header.Set(key, value)

	return r
}

// Commit returns the response marked as one to a request that changed the state.
func (r Response) Commit() Response {
	r.Committed = true

	return r
}

// Problem is the problem of one field.
type Problem struct{ Field, Text string }

// Problems lists the problems of a request.
type Problems []Problem

// OneProblem returns a list of one.
func OneProblem(field, text string) Problems { return Problems{{field, text}} }

// Add adds a problem.
func (p *Problems) Add(field, text string) { *p = append(*p, Problem{field, text}) }

// JSON is a response with a body in JSON, in which &, < and > are not escaped.
func JSON(status int, body any) Response {
	var text bytes.Buffer

	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(body); err != nil {
		// Only values of the simulator itself are encoded.
		panic(fmt.Errorf("simulator: response: %w", err))
	}

	return Response{Status: status, Body: text.Bytes(), Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}}
}

// HTML is a response with a page.
func HTML(status int, body []byte) Response {
	return Response{Status: status, Body: body, Header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}}
}

// Success is the envelope of the API around data, in the types of the dialect.
func Success(status int, data any, d dialects.Dialect) Response {
	return JSON(status, map[string]any{"status": "success", "data": Retype(data, d.Types)})
}

// Refusal is an error that does not concern the fields of the request.
func Refusal(status int, text string) Response {
	return JSON(status, map[string]any{"status": status, "error": status, "messages": map[string]any{"error": text}})
}

// NotFound is the response for an object or a path that does not exist.
func NotFound() Response { return Refusal(http.StatusNotFound, "Not found") }

// Forbidden is the response to a request without the scope or the role that it needs.
func Forbidden() Response {
	return Refusal(http.StatusForbidden, "You do not have permission to access this resource")
}

// ServerError is HTTP 500 with an empty body.
func ServerError() Response { return Response{Status: http.StatusInternalServerError} }

// BadRequest is an error that is the same in every dialect.
func BadRequest(text string) Response {
	return JSON(http.StatusBadRequest, map[string]any{"status": "error", "message": text})
}

// Invalid is the response to a request whose fields are wrong.
func Invalid(found Problems, d dialects.Dialect) Response {
	switch d.Validation {
	case dialects.Validation422:
		fields := map[string]any{}
		for _, p := range slices.Backward(found) {
			fields[p.Field] = "The " + p.Field + " " + p.Text + "."
		}

		return JSON(http.StatusUnprocessableEntity, map[string]any{"status": 422, "error": 422, "messages": fields})
	case dialects.Validation500:
		return ServerError()
	case dialects.Validation200:
		refused := Refusal(http.StatusBadRequest, "The "+found[0].Field+" "+found[0].Text+".")
		refused.Status = http.StatusOK

		return refused
	case dialects.Validation400:
	}

	return BadRequest("The " + found[0].Field + " " + found[0].Text + ".")
}

// Unauthorized is the response of the API to a bearer token that is not accepted; it has no status key.
func Unauthorized(hint string) Response {
	body := map[string]any{"error": "access_denied", "error_description": ResourceDenied, "message": ResourceDenied}
	if hint != "" {
		body["hint"] = hint
	}

	return JSON(http.StatusUnauthorized, body)
}

// TooManyRequests is the response to a request above the rate limit.
func TooManyRequests(limit dialects.RateLimit) Response {
	refused := Refusal(http.StatusTooManyRequests, "Too many requests, at most "+string(limit)+" a second")
	if limit == dialects.RateLimitTwo {
		return refused.WithHeader("X-Sepay-Userapi-Retry-After", "1")
	}

	return refused.WithHeader("Retry-After", "1")
}

// Send writes the response to the client.
func (r Response) Send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.Header)

	if r.Status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	}

	w.WriteHeader(r.Status)

	if len(r.Body) > 0 && r.Status != http.StatusNoContent {
		// The client may have disconnected, which is not an error here.
		_, _ = w.Write(r.Body)
	}
}
