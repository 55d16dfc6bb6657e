package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// bodyKind is the actual format of a body, regardless of its Content-Type.
type bodyKind string

const (
	bodyNone bodyKind = "none"
	bodyJSON bodyKind = "JSON"
	bodyHTML bodyKind = "HTML"
	bodyText bodyKind = "text"
)

// exchange is a request with its response. Its methods accept nil, which is a request that was not sent.
type exchange struct {
	step, method, path string // path is a template: it has no id

	status int // 0 when no response came
	header http.Header
	kind   bodyKind
	value  any // of a JSON body
	sent   time.Time
	took   time.Duration
}

func newExchange(r request, sent time.Time) *exchange {
	return &exchange{step: r.step, method: r.method, path: r.template, kind: bodyNone, sent: sent}
}

func (e *exchange) respond(response *http.Response, body []byte) {
	e.status, e.header = response.StatusCode, response.Header
	e.took = time.Since(e.sent)

	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))

	switch value, err := parseJSON(body); {
	case len(body) == 0:
	case err == nil:
		e.kind, e.value = bodyJSON, value
	case media == "text/html" || body[0] == '<':
		e.kind = bodyHTML
	default:
		e.kind = bodyText
	}
}

func parseJSON(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()

	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}

	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is text after the value")
	}

	return value, nil
}

// succeeded reports whether SePay accepted the request, by the status and by what the body says.
func (e *exchange) succeeded() bool {
	return e.responded() && e.status >= 200 && e.status < 300 && !e.failsInBody()
}

// refused reports whether SePay responded and did not accept the request.
func (e *exchange) refused() bool { return e.responded() && !e.succeeded() }

func (e *exchange) responded() bool { return e.statusOr0() != 0 }

func (e *exchange) statusOr0() int {
	if e == nil {
		return 0
	}

	return e.status
}

// failsInBody reports whether the body contradicts a status of success.
func (e *exchange) failsInBody() bool {
	body := e.object()

	if status, ok := integer(body["status"]); ok && status >= 400 {
		return true
	}

	if status, ok := body["status"].(string); ok && (status == "error" || status == "fail" || status == "failed") {
		return true
	}

	return body["success"] == false || body["error"] != nil
}

// object returns the body, or nil when it is not a JSON object.
func (e *exchange) object() map[string]any {
	if e == nil {
		return nil
	}

	object, _ := e.value.(map[string]any)

	return object
}

// record returns the object in data, or nil.
func (e *exchange) record() map[string]any {
	record, _ := e.object()["data"].(map[string]any)

	return record
}

// rows returns the objects in the list under a key.
func (e *exchange) rows(key string) []map[string]any {
	list, _ := e.object()[key].([]any)

	var rows []map[string]any

	for _, item := range list {
		if row, ok := item.(map[string]any); ok {
			rows = append(rows, row)
		}
	}

	return rows
}

// isList reports whether a response is a list in SePay's form, possibly empty: rows with an id and a name.
func isList(e *exchange) bool {
	list, ok := e.object()["data"].([]any)
	rows := e.rows("data")

	for _, row := range rows {
		_, known := integer(row["id"])
		ok = ok && known && text(row["name"]) != ""
	}

	return ok && len(rows) == len(list) && e.succeeded()
}

// integer reads a whole number, or the text of one.
func integer(value any) (int64, bool) {
	text, _ := value.(string)
	if number, ok := value.(json.Number); ok {
		text = number.String()
	}

	number, err := strconv.ParseInt(text, 10, 64)

	return number, err == nil
}

// onOff reads a boolean in any of the forms in which SePay may write it.
func onOff(value any) (on, known bool) {
	switch value := value.(type) {
	case bool:
		return value, true
	case json.Number, string:
		number, ok := integer(value)

		return number == 1, ok && (number == 0 || number == 1)
	}

	return false, false
}

// text returns a string, "" for other types.
func text(value any) string {
	text, _ := value.(string)

	return text
}

func sameText(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
