//go:build linux

package hostile_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"time"
)

// behavior is what a service does instead of a proper response.
type behavior struct {
	name string
	// harmless names the operations that may succeed, because they do not need what is wrong, or "all".
	harmless string
	// tls behaviors are those of a service with HTTP/2.
	tls bool
	// foreignName has the service show a certificate for another name.
	foreignName bool
	respond     func(s *service, w http.ResponseWriter, r *http.Request)
}

// text responds with 200 and a fixed body.
func text(kind, body string) func(*service, http.ResponseWriter, *http.Request) {
	return func(_ *service, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(body))
	}
}

func status(code int, body string, header ...string) func(*service, http.ResponseWriter, *http.Request) {
	return func(_ *service, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")

		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}

		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// redirect sends the client elsewhere, or to itself.
func redirect(code int, away bool) func(*service, http.ResponseWriter, *http.Request) {
	return func(s *service, w http.ResponseWriter, r *http.Request) {
		target := r.URL.Path
		if away {
			target = s.elsewhere + "/api/v1/webhooks"
		}

		w.Header().Set("Location", target)
		w.WriteHeader(code)
	}
}

// endless sends the beginning and then the same piece until the client leaves, at full speed or with pauses.
func endless(begin, piece string, pause time.Duration) func(*service, http.ResponseWriter, *http.Request) {
	return func(_ *service, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, err := w.Write([]byte(begin))

		for err == nil && r.Context().Err() == nil {
			if pause > 0 {
				_ = http.NewResponseController(w).Flush()

				select {
				case <-time.After(pause):
				case <-r.Context().Done():
				}
			}

			_, err = w.Write([]byte(piece))
		}
	}
}

func silence(_ *service, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// raw writes to the connection below HTTP/1.1 and closes it.
func raw(reset bool, pieces ...string) func(*service, http.ResponseWriter, *http.Request) {
	return func(_ *service, w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}

		for _, piece := range pieces {
			if _, err := c.Write([]byte(piece)); err != nil {
				break
			}
		}

		if tcp, ok := c.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}

		_ = c.Close()
	}
}

// changed responds as SePay, with a change in each object of the data, or in the token response.
func changed(change func(row map[string]any)) func(*service, http.ResponseWriter, *http.Request) {
	return func(s *service, w http.ResponseWriter, r *http.Request) {
		recorder := s.genuine(r)

		var body map[string]any
		if json.Unmarshal(recorder.Body.Bytes(), &body) == nil {
			switch data := body["data"].(type) {
			case map[string]any:
				change(data)
			case []any:
				for _, row := range data {
					if object, ok := row.(map[string]any); ok {
						change(object)
					}
				}
			default:
				change(body)
			}
		}

		replaced, err := json.Marshal(body)
		if err != nil {
			panic(err)
		}

		maps.Copy(w.Header(), recorder.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorder.Code)
		// What JSON cannot say is written in its place.
		_, _ = w.Write(unquoted(replaced))
	}
}

// verbatim marks a text that is written without its quotes.
const verbatim = "VERBATIM:"

func unquoted(body []byte) []byte {
	before, rest, found := bytes.Cut(body, []byte(`"`+verbatim))
	if !found {
		return body
	}

	text, after, _ := bytes.Cut(rest, []byte(`"`))

	return append(append(bytes.Clone(before), text...), unquoted(after)...)
}

// edited responds as SePay, with changed bytes.
func edited(edit func(body []byte) []byte) func(*service, http.ResponseWriter, *http.Request) {
	return func(s *service, w http.ResponseWriter, r *http.Request) {
		recorder := s.genuine(r)
		maps.Copy(w.Header(), recorder.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(edit(recorder.Body.Bytes()))
	}
}

// paged responds to each page with the same rows and that pagination.
func paged(pagination string) func(*service, http.ResponseWriter, *http.Request) {
	return text("application/json", `{"status":"success","data":[{"id":7,"name":"A"},{"id":7,"name":"B"}],"meta":{"pagination":{`+pagination+`}}}`)
}

func gzipBomb(_ *service, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Type", "application/json")

	writer := gzip.NewWriter(w)
	_, err := writer.Write([]byte(`{"data":"`))

	for zeros := make([]byte, 1<<20); err == nil; _, err = writer.Write(zeros) {
		for i := range zeros {
			zeros[i] = 'x'
		}
	}
}

// goAway ends an HTTP/2 connection with an error of its own, in the middle of a request.
func goAway(_ *service, _ http.ResponseWriter, r *http.Request) {
	_, _ = connection(r).Write([]byte{0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11})
	_ = connection(r).Close()
}

// resetStream begins an HTTP/2 response and resets its stream.
func resetStream(_ *service, w http.ResponseWriter, _ *http.Request) {
	_, _ = w.Write([]byte(`{"status":`))
	_ = http.NewResponseController(w).Flush()

	panic(http.ErrAbortHandler)
}

func behaviors() []behavior {
	deep := func(begin, end string) string {
		return `{"data":` + strings.Repeat(begin, 100_000) + strings.Repeat(end, 100_000) + `}`
	}
	ids := make([]int, 20_000)
	for i := range ids {
		ids[i] = i + 1
	}

	const bidi = "\u202e\u2066\x1b[31m\x07\u0000danger\u200b\u2028"

	return []behavior{
		{name: "endless rows", respond: endless(`{"data":[{"id":1}`, strings.Repeat(`,{"id":1}`, 1000), 0)},
		{name: "endless spaces", respond: endless(``, strings.Repeat(" ", 1<<16), 0)},
		{name: "slow drip", respond: endless(`{"data":"`, "x", 100*time.Millisecond)},
		{name: "silence", respond: silence},
		{name: "nested lists", respond: text("application/json", deep("[", "]"))},
		{name: "nested objects", respond: text("application/json", deep(`{"a":`, "}"))},
		{name: "page of 10 MB", respond: text("application/json", `{"data":[{"id":1,"name":"`+strings.Repeat("x", 10<<20)+`"}]}`)},
		{name: "gzip bomb", respond: gzipBomb},
		{name: "HTML", respond: text("text/html", "<html><script>alert(1)</script>Sign in</html>")},
		{name: "empty body", harmless: "delete", respond: text("application/json", "")},
		{name: "204", respond: status(http.StatusNoContent, ""), harmless: "all"},
		{name: "values of wrong types", harmless: "delete", respond: changed(func(row map[string]any) {
			for key := range row {
				row[key] = map[string]any{"x": []any{key}}
			}
		})},
		{name: "302 elsewhere", respond: redirect(http.StatusFound, true)},
		{name: "307 elsewhere", respond: redirect(http.StatusTemporaryRedirect, true)},
		{name: "308 to itself", respond: redirect(http.StatusPermanentRedirect, false)},
		{name: "invalid UTF-8", respond: text("application/json", "{\"data\":[{\"id\":\xff\xfe\xc0}]}")},
		{name: "duplicate ids over pages", harmless: "delete", respond: paged(`"total":900,"per_page":2,"current_page":1,"last_page":450`)},
		{name: "pages that point to themselves", harmless: "list delete", respond: paged(`"total":4,"per_page":2,"current_page":1,"last_page":2,"next_page":1`)},
		{name: "1e9 pages", harmless: "delete", respond: paged(`"total":2000000000,"per_page":2,"current_page":1,"last_page":1000000000`)},
		{name: "1e9 pages, as an exponent", harmless: "delete", respond: paged(`"total":2e9,"per_page":2,"current_page":1,"last_page":1e9`)},
		{name: "20,000 ids in a set", harmless: "all", respond: changed(func(row map[string]any) {
			row["bank_account_ids"], row["bank_sub_account_ids"] = ids, ids
		})},
		{name: "exponents", harmless: "delete sign-in", respond: changed(func(row map[string]any) {
			row["id"], row["expires_in"], row["access_token"] = verbatim+"1e400000000", verbatim+"1e400000000", verbatim+"1e400000000"
		})},
		{name: "NaN", harmless: "delete", respond: changed(func(row map[string]any) { row["id"], row["expires_in"] = verbatim+"NaN", verbatim+"NaN" })},
		{name: "control characters", harmless: "all", respond: changed(func(row map[string]any) { row["name"], row["scope"] = bidi, bidi })},
		{name: "control characters in an error", respond: status(http.StatusBadRequest,
			`{"status":400,"error":"`+strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(bidi, "\x1b", `\u001b`), "\x07", `\u0007`), "\x00", `\u0000`)+`"}`)},
		{name: "truncated", respond: edited(func(body []byte) []byte { return body[:len(body)/2] })},
		{name: "connection cut in the body", respond: raw(false, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"data\":[")},
		{name: "trailing JSON", harmless: "sign-in", respond: edited(func(body []byte) []byte { return append(bytes.TrimSpace(body), `{"data":[]}`...) })},
		{name: "connection reset", respond: raw(true)},
		{name: "no HTTP", respond: raw(false, "SSH-2.0-OpenSSH_9.6\r\n")},
		{name: "endless headers", respond: raw(false, "HTTP/1.1 200 OK\r\n", strings.Repeat("X-A: "+strings.Repeat("b", 1000)+"\r\n", 20_000))},
		{name: "endless informational responses", respond: raw(false, strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 100_000))},
		{name: "broken chunks", respond: raw(false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")},
		{name: "chunk of 2^63", respond: raw(false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{\"data\":")},
		{name: "200 with an error inside", respond: text("application/json", `{"status":403,"error":403,"messages":{"error":"No permission"}}`)},
		{name: "200 with an OAuth2 error inside", respond: text("application/json", `{"error":"server_error","error_description":"quota"}`)},
		{name: "Retry-After of years", respond: status(http.StatusTooManyRequests, `{"status":429}`, "Retry-After", "999999999")},
		{name: "Retry-After without end", respond: status(http.StatusServiceUnavailable, ``, "Retry-After", strings.Repeat("9", 5000))},
		{name: "401 each time", respond: status(http.StatusUnauthorized, `{"status":401,"error":"invalid_token"}`)},
		{name: "an echo of the request", respond: func(_ *service, w http.ResponseWriter, r *http.Request) {
			sent, _ := io.ReadAll(r.Body)

			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"message":%q,"error_description":%q}`, r.Header.Get("Authorization")+string(sent), sent)
		}},
		{name: "HTTP/2 GOAWAY", tls: true, respond: goAway},
		{name: "HTTP/2 RST_STREAM", tls: true, respond: resetStream},
		{name: "certificate of another name", tls: true, foreignName: true, respond: silence},
	}
}
