package sepay

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/paging"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// operations are all requests except the create, which has its own tests.
func operations(t *testing.T, client *Client) map[string]func() error {
	t.Helper()

	return map[string]func() error{
		"read":          func() error { _, err := client.Webhook(t.Context(), 5); return err },
		"read a page":   func() error { _, err := webhooks().page(t.Context(), client, nil, 1, nil); return err },
		"list":          func() error { _, err := paging.Collect(client.Webhooks(t.Context(), WebhookFilter{})); return err },
		"list accounts": func() error { _, err := client.BankAccounts(t.Context()); return err },
		"update":        func() error { return client.UpdateWebhook(t.Context(), 5, WebhookBody{Name: new("x")}) },
		"delete":        func() error { return client.DeleteWebhook(t.Context(), 5, hook) },
	}
}

func TestAFailureInA200IsAFailure(t *testing.T) {
	t.Parallel()

	for body, status := range map[string]int{
		`{"status":403,"error":403,"messages":{"error":"No permission"}}`: 403,
		`{"status":"403","message":"No permission"}`:                      403,
		`{"status":400,"message":"No permission","data":{"id":5}}`:        400,
		`{"status":500}`: 500,
		`{"status":200,"error":404,"messages":{"error":"No webhook"}}`: 404,
		`{"success":false,"message":"No permission"}`:                  200,
		`{"success":"0"}`:                      200,
		`{"success":0,"data":{"id":5}}`:        200,
		`{"status":"error","message":"quota"}`: 200,
		`{"status":"Failed"}`:                  200,
		`{"status":false}`:                     200,
		`{"status":99999999}`:                  200,
		`{"error":"invalid_token","error_description":"expired","data":{"id":5}}`: 200,
		`{"error":{"code":7},"data":[{"id":5}]}`:                                  200,
		`{"error":true}`:                                                          200,
		`{"status":"success","error":["no"],"data":[{"id":5}]}`:                   200,
	} {
		s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 200, body) })

		for name, operation := range operations(t, client) {
			before := len(s.log())
			err := operation()

			var failure *APIError
			if deleted := name == "delete" && status == 404 && err == nil; !deleted && (!errors.As(err, &failure) || failure.Status != status) {
				t.Errorf("%s: %s: %v", name, body, err)
			}

			// A 404 is looked up in the list.
			if sent := len(s.log()) - before; sent != 1 && status != 404 {
				t.Errorf("%s: %s: %d requests", name, body, sent)
			}
		}
	}
}

func TestASuccessInAnyFormIsNoFailure(t *testing.T) {
	t.Parallel()

	for _, rest := range []string{
		`"status":"success"`, `"status":200`, `"status":"200","error":null`, `"status":201,"error":"","success":true`,
		`"error":false`, `"error":0`, `"error":[]`, `"error":{}`, `"error":"0"`, `"success":"1"`, `"success":null`, `"success":{"x":0}`,
		`"status":null,"messages":{"success":true}`, `"status":"Active"`,
	} {
		_, client := serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
			if r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "/5") {
				respond(w, 200, `{`+rest+`,"data":[{"id":5}]}`)
			} else {
				respond(w, 200, `{`+rest+`,"data":{"id":5}}`)
			}
		})

		for name, operation := range operations(t, client) {
			if err := operation(); err != nil {
				t.Errorf("%s: %s: %v", name, rest, err)
			}
		}
	}
}

// A failure in a 200 is retried, or gets a new token, like the status that it names.
func TestAFailureInA200IsHandledLikeItsStatus(t *testing.T) {
	t.Parallel()

	for status, requests := range map[int]int{401: 2, 429: 3, 503: 3, 500: 1, 403: 1} {
		underFakeTime(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			respond(w, 200, fmt.Sprintf(`{"status":%d,"message":"no"}`, status))
		}, func(b fakeTimeTest) {
			err := b.client.UpdateWebhook(b.Context(), 5, WebhookBody{Name: new("x")})
			if got := len(b.service.log()); err == nil || got != requests {
				b.Errorf("%d: %d requests, %v", status, got, err)
			}
		}, func(cfg *Config) { cfg.MaxRetries = 2 })
	}
}

// Nothing was created only if the status is about the request: after any other, the webhook is searched.
func TestACreateWithAFailureInA200IsLookedUp(t *testing.T) {
	t.Parallel()

	for body, looks := range map[string]bool{
		`{"status":422,"message":"name is taken"}`: false,
		`{"status":"error"}`:                       true,
		`{"success":false}`:                        true,
		`{"status":500}`:                           true,
		`<html>welcome</html>`:                     true,
	} {
		underFakeTime(t, func(w http.ResponseWriter, r *http.Request, _ int) {
			if r.Method == http.MethodPost {
				respond(w, 200, body)
			} else {
				respond(w, 200, `{"data":[]}`)
			}
		}, func(b fakeTimeTest) {
			_, err := b.client.CreateWebhook(b.Context(), WebhookBody{Name: new("x"), WebhookURL: new("https://shop.example/hook")})
			if looked := len(b.service.log()) > 1; err == nil || looked != looks {
				b.Errorf("%s: looked: %t, %v", body, looked, err)
			}
		})
	}
}

func TestAnUnreadableResponseHasStatusContentTypeAndNextStep(t *testing.T) {
	t.Parallel()

	deep := func(begin, end string) string { return strings.Repeat(begin, 9900) + strings.Repeat(end, 9900) }
	rows := func(count int) string { return `{"data":[` + strings.Repeat(`{"id":1},`, count) + `{"id":1}]}` }
	ids := func(count int) string {
		return `{"data":[{"id":1,"bank_account_ids":[` + strings.Repeat("1,", count) + `1]}]}`
	}

	tests := map[string]struct {
		body, kind string
		want       string
		only       string // the only operation that it applies to, "" for all
	}{
		"HTML":         {"<html>Sign in</html>", "text/html; charset=utf-8", "SePay responded with 200 OK, but with text/html instead of JSON, perhaps from a proxy. Check base_url", ""},
		"no kind":      {"welcome", " ", "but with a text instead of JSON", ""},
		"half":         {`{"data":[{"id":5`, "application/json", "but with application/json instead of JSON", ""},
		"two":          {`{"data":[]} {}`, "application/json", "instead of JSON", ""},
		"a list":       {`[{"id":5}]`, "application/json", "instead of JSON", ""},
		"deep lists":   {`{"data":` + deep("[", "]") + `}`, "application/json", "nested more than 32 levels", ""},
		"deep objects": {`{"data":` + deep(`{"a":`, "}") + `}`, "application/json", "nested more than 32 levels", ""},
		"deep message": {`{"status":400,"messages":` + deep(`{"a":`, "}") + `}`, "application/json", "nested more than 32 levels", ""},
		"values":       {`{"data":[{"id":1,"x":[` + strings.Repeat("[],", 250_000) + `[]]}]}`, "application/json", "more than 250000 values", ""},
		"500,000 rows": {rows(500_000), "application/json", "more than 250000 values", ""},
		"20,000 rows":  {rows(20_000), "application/json", "the page has more than 10000 rows", "list"},
		"20,000 ids":   {ids(20_000), "application/json", "a list of more than 2000 elements is not read", "list"},
		"large":        {`{"data":"` + strings.Repeat("x", 9<<20) + `"}`, "application/json", "more than 8 MB", ""},
		"no data":      {`{}`, "application/json", "it has no data", "list"},
		"no number":    {`{"data":[],"meta":{"pagination":{"total":7,"last_page":1e9}}}`, "application/json", "pagination: \"last_page\"", "list"},
		"zero id":      {`{"data":[{"id":0}]}`, "application/json", "it is not positive", "list"},
		"negative id":  {`{"data":[{"id":-9223372036854775808}]}`, "application/json", "it is not positive", "list"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
				w.Header().Set("Content-Type", test.kind)
				_, _ = w.Write([]byte(test.body))
			})

			for operation, call := range operations(t, client) {
				if test.only != "" && test.only != operation {
					continue
				}

				before := len(s.log())
				err := call()

				if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "SePay responded with 200 OK") {
					t.Errorf("%s: %v", operation, err)
				}

				if err != nil && (strings.Contains(err.Error(), "..") || strings.HasSuffix(err.Error(), ".") || len(err.Error()) > 700) {
					t.Errorf("%s: %v", operation, err)
				}

				want := 1
				if operation == "delete" {
					// One more request reads whether it was deleted.
					want = 2
				}

				if sent := len(s.log()) - before; sent != want {
					t.Errorf("%s: %d requests, want %d", operation, sent, want)
				}
			}
		})
	}
}

// The cost of an error body depends only on its length.
func TestALargeErrorCostsLittleMemory(t *testing.T) {
	t.Parallel()

	nested := `{"message":{"a":` + strings.Repeat(`{"a":`, 9900) + `"x"` + strings.Repeat("}", 9902)
	wide := `{"messages":{` + strings.Repeat(`"`+strings.Repeat("k", 1000)+`":"v",`, 5000) + `"a":"b"}}`
	long := `{"message":"` + strings.Repeat("%2525", 1<<20) + `"}`

	for _, body := range []string{nested, wide, long} {
		_, client := serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 400, body) })

		// Other tests allocate at the same time: the bound is generous, and the smallest of some attempts counts.
		least := uint64(1 << 63)

		for range 3 {
			var before, after runtime.MemStats

			runtime.ReadMemStats(&before)

			if err := client.UpdateWebhook(t.Context(), 5, WebhookBody{Name: new("x")}); err == nil || len(err.Error()) > 4000 {
				t.Errorf("error of %d bytes", len(fmt.Sprint(err)))
			}

			runtime.ReadMemStats(&after)

			least = min(least, after.TotalAlloc-before.TotalAlloc)
		}

		if least > 200<<20 {
			t.Errorf("%d MB were allocated for %.40s…", least>>20, body)
		}
	}
}

func TestAnAbsurdPaginationCostsFewRequests(t *testing.T) {
	t.Parallel()

	for _, pagination := range []string{
		`"total":1000000000000000000,"per_page":1,"current_page":1,"last_page":1000000000`,
		`"total":9223372036854775807,"per_page":9223372036854775807,"current_page":1,"last_page":9223372036854775807`,
		`"total":-5,"per_page":-1,"current_page":-1,"last_page":1e9`,
		`"total":"999999999999999999","per_page":"2","current_page":1,"last_page":"999999999999"`,
	} {
		underFakeTime(t, func(w http.ResponseWriter, r *http.Request, _ int) {
			if id, ok := strings.CutPrefix(r.URL.Path, apiPath+"/webhooks/"); ok {
				respond(w, 200, `{"data":{"id":`+id+`}}`)

				return
			}

			page := r.URL.Query().Get("page")
			respond(w, 200, `{"data":[{"id":90`+page+`1},{"id":90`+page+`9}],"meta":{"pagination":{`+pagination+`}}}`)
		}, func(b fakeTimeTest) {
			t, s, client := b.T, b.service, b.client

			inParallel(10, 100, func(i int) {
				if got, err := client.Webhook(t.Context(), int64(1_000_000_000*(i+1))); err != nil || got.ID == 0 {
					t.Error(err)
				}
			})

			_ = transport.Pause(t.Context(), time.Second)

			// Twice the cost of single reads, and the pages that seemed certain to have the objects.
			if got := len(s.log()); got > 200+10 {
				t.Errorf("%s: %d requests for 100 reads", pagination, got)
			}
		})
	}
}

func TestAnEndlessListIsAnError(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		rows     int
		want     string
		requests int
	}{
		"short pages": {1, "more than 1000 pages", 1000},
		"long pages":  {9000, "more than 100000 rows", 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s, client := serve(t, func(w http.ResponseWriter, _ *http.Request, nth int) {
				rows := make([]string, test.rows)
				for i := range rows {
					rows[i] = fmt.Sprintf(`{"id":%d}`, nth*test.rows+i)
				}

				respond(w, 200, `{"data":[`+strings.Join(rows, ",")+`],"meta":{"pagination":{"total":1000000000,"last_page":1000000000}}}`)
			})

			_, err := paging.Collect(client.Webhooks(t.Context(), WebhookFilter{}))
			if err == nil || !strings.Contains(err.Error(), test.want) || len(s.log()) != test.requests {
				t.Errorf("%d requests, %v", len(s.log()), err)
			}
		})
	}
}

func TestANumberIsBounded(t *testing.T) {
	t.Parallel()

	for number, ok := range map[string]bool{
		"18067000.00": true, `"-1.5e3"`: true, "1E+10": true, "0e0": true,
		"1e400000000": false, "1e-400000000": false, `"1e-999999999999999999999"`: false, "0e400000000": false, `"inf"`: false,
		`"0x1p4"`: false, strings.Repeat("1", 101): false,
	} {
		_, err := wire.Decode(parsed(t, `{"id":1,"accumulated":`+number+`}`), "bank account", decodeBankAccount)
		if (err == nil) != ok {
			t.Errorf("%.40s: %v", number, err)
		}
	}
}

func TestAnAbsurdRetryAfterIsAnErrorInDays(t *testing.T) {
	t.Parallel()

	for _, header := range []string{"99999999", "1e400", "1e308", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		underFakeTime(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", header)
			respond(w, 429, `{"message":"Too many requests."}`)
		}, func(b fakeTimeTest) {
			_, first := b.client.Me(b.Context())
			_, second := b.client.Me(b.Context())

			for _, err := range []error{first, second} {
				text := fmt.Sprint(err)
				if stepped, ok := errors.AsType[interface {
					error
					NextStep() string
				}](err); ok {
					text += " " + stepped.NextStep()
				}

				if !strings.Contains(text, " days") || !strings.Contains(text, "lower requests_per_second") || strings.Contains(text, "network") {
					b.Errorf("%s: %s", header, text)
				}
			}

			if len(b.service.log()) != 1 {
				b.Errorf("%d requests", len(b.service.log()))
			}
		})
	}
}
