package wire_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// canary replaces each $ of an input: a text that no error may repeat.
const canary = "whsec_canary0123456789"

// FuzzEnvelope reads a body as each endpoint does. Encoding and decoding again does not change the result, no error
// repeats the body, and the result is not much longer than the body.
func FuzzEnvelope(f *testing.F) {
	for _, seed := range []string{
		`{"status":"success","data":{"id":23,"name":"$"}}`,
		`{"data":[{"id":1},{"id":"2"},null],"meta":{"pagination":{"total":101,"per_page":"100","last_page":2}}}`,
		`{"status":200,"error":null,"messages":{"success":true},"bankaccounts":[{"id":"18"}]}`,
		`{"status":422,"error":422,"messages":{"error":{"name":["too long","$"],"url":"$"}}}`,
		`{"errors":{"a":{"b":[["c"],{"d":1e999}]}},"hint":"$","success":"0"}`,
		"\ufeff{\"data\":{\"1\":{\"id\":1},\"10\":{},\"2\":{}}}", `[]`, ``, `{}`, `[1]`, `{"a":1}{`, `{"id":"\ud800"}`, "{\"\xff\":\"\xfe$\"}",
		`{"meta":{"pagination":{"total":9223372036854775807,"per_page":9223372036854775807}}}`,
		strings.Repeat(`{"$":[`, 17), `{"data":"$"}`, `{"$":"$","status":"false","messages":{"` + strings.Repeat("long", 300) + `":["a","b"]}}`,
	} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		body := strings.ReplaceAll(text, "$", canary)

		envelope, err := wire.Open([]byte(body))
		if err != nil || envelope == nil {
			assertNoCanary(t, err)

			return
		}

		written, err := json.Marshal(envelope)
		if err != nil {
			t.Fatal(err)
		}

		if again, err := wire.Open(written); err != nil || !reflect.DeepEqual(again, envelope) {
			t.Errorf("%q is read as %v, written as %s, and read again as %v, %v", body, envelope, written, again, err)
		}

		if items, err := envelope.Many("bankaccounts"); len(items) > len(body) {
			t.Errorf("%d rows of %d bytes", len(items), len(body))
		} else {
			assertNoCanary(t, err)
		}

		if value, err := envelope.One("bankaccounts"); (value == nil) == (err == nil) {
			t.Errorf("data is %v, and the error %v", value, err)
		} else {
			assertNoCanary(t, err)
		}

		if id, err := envelope.CreatedID(); (id > 0) != (err == nil) {
			t.Errorf("the id is %d, and the error %v", id, err)
		} else {
			assertNoCanary(t, err)
		}

		p, _, err := envelope.Pagination()
		assertNoCanary(t, err)

		for _, count := range []int64{p.Total, p.PerPage, p.Last} {
			if count < 0 || count > 1_000_000_000 {
				t.Errorf("the pagination is %+v", p)
			}
		}

		textsAreBounded(t, envelope, len(body))
	})
}

// textsAreBounded asserts the limits of an error message: at most 50 texts, each with at most 1000 bytes of names before it,
// and three bytes for each invalid byte of UTF-8.
func textsAreBounded(t *testing.T, envelope wire.Envelope, size int) {
	t.Helper()

	const names = 50 * 1010

	if got := len(envelope.Message()) + len(envelope.Hint()); got > 2*3*size+names {
		t.Errorf("a message of %d bytes from a body of %d", got, size)
	}

	fields := envelope.Fields()
	if len(fields) > 50 {
		t.Errorf("%d fields have a text", len(fields))
	}

	total := 0

	for field, text := range fields {
		if text == "" {
			t.Errorf("the field %q has no text", field)
		}

		total += len(text)
	}

	if total > 3*size+len(fields)*names {
		t.Errorf("fields of %d bytes from a body of %d", total, size)
	}

	if status, failed := envelope.Failure(200); status < 200 || status > 599 || !failed && status != 200 {
		t.Errorf("the status is %d, and a failure is %t", status, failed)
	}
}

func assertNoCanary(t *testing.T, err error) {
	t.Helper()

	if err != nil && (strings.Contains(err.Error(), "canary") || len(err.Error()) > 500) {
		t.Errorf("the error repeats the body: %v", err)
	}
}
