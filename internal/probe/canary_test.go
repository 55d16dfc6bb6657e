package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// recorder records every body that the service sends.
type recorder struct {
	next http.RoundTripper

	mu     sync.Mutex
	bodies [][]byte
	sent   []string // bodies and headers of requests
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte

	if request.Body != nil {
		body, _ = io.ReadAll(request.Body)
		request.Body = io.NopCloser(bytes.NewReader(body))
	}

	response, err := r.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}

	got, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(got))

	r.mu.Lock()
	defer r.mu.Unlock()

	r.bodies = append(r.bodies, got)
	r.sent = append(r.sent, string(body), request.Header.Get("Authorization"), request.URL.Path)

	return response, err
}

// values are the scalars in a JSON value that are long enough to be recognized.
func values(value any) []string {
	var found []string

	switch value := value.(type) {
	case map[string]any:
		for _, item := range value {
			found = append(found, values(item)...)
		}
	case []any:
		for _, item := range value {
			found = append(found, values(item)...)
		}
	case string:
		found = append(found, value)
	case json.Number:
		found = append(found, value.String())
	}

	return slices.DeleteFunc(found, func(value string) bool { return len(value) < 4 })
}

// TestTheReportHasNoDataOfTheAccount runs against an account with data everywhere, also in unexpected places, and searches
// the report for every value of every request and response.
func TestTheReportHasNoDataOfTheAccount(t *testing.T) {
	t.Parallel()

	const (
		person, number, phone = "Trần Canary Điều", "0071000888888", "0909123456"
		secret                = "whsec_canarycanarycanarycanary00"
	)

	for _, dialect := range []dialects.Dialect{
		{},
		{Types: dialects.TypesStrings, BankAccountForm: dialects.BankAccountFormLegacy, UpdateResponse: dialects.UpdateResponseObject},
		{Secrets: dialects.SecretsEdges, CreateResponse: dialects.CreateResponseObject, BankAccountForm: dialects.BankAccountFormQuickStart},
		{Validation: dialects.Validation422, SpentRefresh: dialects.SpentRefreshAlive, Names: dialects.NamesIgnored},
	} {
		for _, write := range []bool{false, true} {
			simulated(t, dialect, func(s *service) {
				t := s.T

				s.ChangeUser(map[string]any{"email": "canary@shop.vn", "first_name": person, "phone": phone})
				s.ChangeCompany(map[string]any{
					"full_name": "Công ty Canary", "tax_code": "0312345678",
					// A service that uses data as keys.
					number: map[string]any{"balance": 18067000}, "Công ty Canary": true, "canary@shop.vn": 1, "TranCanary": person,
					"congtycanary": "Công ty Canary", "secret": secret, secret: "x",
				})
				s.PutWebhook(simulator.Webhook{
					Name: "Canary shop", WebhookURL: "https://canary.shop.vn/hook?token=canary123", EventType: "All",
					AuthenType: "HMAC_SHA256", SecretKey: secret, BankAccountID: 19,
				})
				s.Fail(simulator.Fault{Path: simulator.APIPath + "/webhooks", Method: http.MethodGet, Header: http.Header{
					"X-" + number: {"1"}, "X-Canary-Shop": {"1"}, "X-Served-By": {person},
				}})
				s.Fail(simulator.Fault{Path: simulator.APIPath + "/transactions", Body: `{"status":"` + person + `","error":"` + number +
					`","data":{"` + phone + `":[{"` + person + `":"` + number + `"}]}}`})

				options := s.options()
				options.Write = write

				recorded := recordWith(&options)

				report, err := Run(t.Context(), options)
				if err != nil {
					t.Fatal(err)
				}

				asJSON, err := report.JSON()
				if err != nil {
					t.Fatal(err)
				}

				everything := string(asJSON) + report.Markdown()
				for _, value := range append(recorded.values(), append(s.IssuedTokens(), s.Credentials().ClientID, s.Credentials().ClientSecret,
					person, number, phone, secret, "canary", "Canary", "18067000", "probe-", "127.0.0.1", "sepay.test", "shop.vn")...) {
					if strings.Contains(everything, value) {
						t.Errorf("write %t: the report has %q", write, value)
					}
				}

				if !strings.Contains(everything, otherKey) || !strings.Contains(everything, "tax_code") {
					t.Error("the report does not say that there are other keys, or hides a harmless one")
				}
			})
		}
	}
}

// recordWith records the requests and responses of a run.
func recordWith(options *Options) *recorder {
	r := &recorder{}
	options.transport = func(next http.RoundTripper) http.RoundTripper {
		r.next = next

		return r
	}

	return r
}

// values returns the values of all responses, except for those of the API itself.
func (r *recorder) values() []string {
	public := wordSet(`success error Json All In_only Out_only No_Authen Api_Key OAuth2.0 HMAC_SHA256 all list none single multi
		failure recovery active Admin Bearer access_denied invalid_grant invalid_request invalid_client invalid_scope NumberOnly 3600`)

	var found []string

	for _, body := range r.bodies {
		value, err := parseJSON(body)
		if err != nil {
			continue
		}

		for _, value := range values(value) {
			if !public[value] {
				found = append(found, value)
			}
		}
	}

	for _, sent := range r.sent {
		if token, bearer := strings.CutPrefix(sent, "Bearer "); bearer && token != program {
			found = append(found, token)
		}
	}

	return found
}

func TestShapesHaveTypesAndNoValues(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		`{"id":1,"amount":1.50,"on":true,"none":null,"name":"x","empty":"","number":"0071","at":"2025-02-25 19:59:48","day":"2025-02-25"}`: `{"amount":"number","at":"string (date and time)","day":"string (date)","empty":"string (empty)","id":"integer","name":"string","none":"null","number":"string (digits)","on":"boolean"}`,
		`[{"a":1},{"a":"x","b":[]},{"b":[1]}]`: `[{"a":"integer | string","b":["integer"]}]`,
		`[1,{"a":1},[2]]`:                      `["integer | list | object"]`,
		`[]`:                                   `[]`,
		`{"0071":1,"0072":"x"}`:                `{"(another key)":"integer | string"}`,
	} {
		value, err := parseJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}

		got, err := json.Marshal(newNames().shape(value))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, want %s, %v", text, got, want, err)
		}
	}
}

func TestHeadersAreShownByNameUnlessTheNameIsData(t *testing.T) {
	t.Parallel()

	n := newNames()
	n.learn(map[string]any{"name": "Canary Shop", "status": "Retry", "message": "Date"})

	got := n.headers(http.Header{"Date": {"x"}, "Retry-After": {"1"}, "X-Canary-Shop": {"1"}, "X-0071000888888": {"1"}, "X-Served-By": {"x"}})
	if want := []string{"Date", "Retry-After", "X-Served-By"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
