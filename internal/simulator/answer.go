package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// answer is what a handler makes before anything of it is sent, so that faults can come in between.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	committed bool // the request changed the state
}

func (a answer) withHeader(key, value string) answer {
	a.header = maps.Clone(a.header)
	if a.header == nil {
		a.header = http.Header{}
	}

	a.header.Set(key, value)

	return a
}

func (a answer) commit() answer {
	a.committed = true

	return a
}

func jsonAnswer(status int, body any) answer {
	var text bytes.Buffer

	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)

	if err := encoder.Encode(body); err != nil {
		// Only values of this package's own making are encoded.
		panic(fmt.Errorf("simulator: answer: %w", err))
	}

	return answer{status: status, body: text.Bytes(), header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}}
}

func htmlAnswer(status int, body []byte) answer {
	return answer{status: status, body: body, header: http.Header{"Content-Type": {"text/html; charset=UTF-8"}}}
}

// success is the envelope of the API around data, in the types of the dialect.
func success(status int, data any, d Dialect) answer {
	return jsonAnswer(status, map[string]any{"status": "success", "data": retype(data, d.Types)})
}

// refusal is the shape in which the service answers what is not a matter of the request's fields.
func refusal(status int, text string) answer {
	return jsonAnswer(status, map[string]any{"status": status, "error": status, "messages": map[string]any{"error": text}})
}

func notFound() answer { return refusal(http.StatusNotFound, "Not found") }

func forbidden() answer {
	return refusal(http.StatusForbidden, "You do not have permission to access this resource")
}

func serverError() answer { return answer{status: http.StatusInternalServerError} }

// badRequest is a refusal that every dialect answers in one way.
func badRequest(text string) answer {
	return jsonAnswer(http.StatusBadRequest, map[string]any{"status": "error", "message": text})
}

// invalid answers a request whose fields are wrong.
func invalid(found problems, d Dialect) answer {
	switch d.Validation {
	case Validation422:
		fields := map[string]any{}
		for _, p := range slices.Backward(found) {
			fields[p.field] = "The " + p.field + " " + p.text + "."
		}

		return jsonAnswer(http.StatusUnprocessableEntity, map[string]any{"status": 422, "error": 422, "messages": fields})
	case Validation500:
		return serverError()
	case Validation200:
		refused := refusal(http.StatusBadRequest, "The "+found[0].field+" "+found[0].text+".")
		refused.status = http.StatusOK

		return refused
	case Validation400:
	}

	return badRequest("The " + found[0].field + " " + found[0].text + ".")
}

func tooManyRequests(limit RateLimit) answer {
	refused := refusal(http.StatusTooManyRequests, "Too many requests, at most "+string(limit)+" a second")
	if limit == RateLimitTwo {
		return refused.withHeader("X-Sepay-Userapi-Retry-After", "1")
	}

	return refused.withHeader("Retry-After", "1")
}

// send writes the answer to the client.
func (a answer) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)

	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}

	w.WriteHeader(a.status)

	if len(a.body) > 0 && a.status != http.StatusNoContent {
		// The client may be gone, which is its own affair.
		_, _ = w.Write(a.body)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// decodeStrictly reads one JSON value, keeps the digits of numbers, and refuses keys that the target does not have.
func decodeStrictly(text []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()

	if err := decoder.Decode(target); err != nil {
		return fmt.Errorf("json: %w", err)
	}

	return nil
}
