package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// APIPath is the prefix of the API below the base URL.
const APIPath = "/api/v1"

// call is one request on its way to a handler.
type call struct {
	request *http.Request
	dialect Dialect
	record  *Request
	id      int64      // of {id} in the path
	form    url.Values // of the body, for the OAuth pages
}

type handler func(*Simulator, *call) answer

type route struct {
	method, pattern string
	scope           string // "" where no bearer token is asked for
	handle          handler
}

func routes() []route {
	return []route{
		{"GET", "/oauth/authorize", "", askConsent},
		{"POST", "/oauth/authorize", "", takeConsent},
		{"POST", "/oauth/token", "", exchangeToken},
		{"GET", APIPath + "/webhooks", sepay.ScopeWebhookRead, listWebhooks},
		{"POST", APIPath + "/webhooks", sepay.ScopeWebhookWrite, createWebhook},
		{"GET", APIPath + "/webhooks/{id}", sepay.ScopeWebhookRead, readWebhook},
		{"PATCH", APIPath + "/webhooks/{id}", sepay.ScopeWebhookWrite, updateWebhook},
		{"DELETE", APIPath + "/webhooks/{id}", sepay.ScopeWebhookDelete, deleteWebhook},
		{"GET", APIPath + "/bank-accounts", sepay.ScopeBankAccountRead, listBankAccounts},
		{"GET", APIPath + "/bank-accounts/{id}", sepay.ScopeBankAccountRead, readBankAccount},
		{"GET", APIPath + "/bank-accounts/{id}/sub-accounts", sepay.ScopeBankAccountRead, listSubAccounts},
		{"GET", APIPath + "/me", sepay.ScopeProfile, readMe},
		{"GET", APIPath + "/company", sepay.ScopeCompany, readCompany},
		{"GET", APIPath + "/transactions", sepay.ScopeTransactionRead, listTransactions},
		{"GET", APIPath + "/transactions/{id}", sepay.ScopeTransactionRead, readTransaction},
	}
}

// matchPath tells whether a path fits a pattern, in which {id} stands for one segment and a slash at the end for everything
// below. The empty pattern fits every path.
func matchPath(pattern, path string) bool {
	if pattern == "" {
		return true
	}

	if strings.HasSuffix(pattern, "/") {
		return strings.HasPrefix(path, pattern)
	}

	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}

	for i := range want {
		if want[i] != have[i] && (want[i] != "{id}" || have[i] == "") {
			return false
		}
	}

	return true
}

// idIn returns the segment that {id} stands for; 0 is the id of nothing.
func idIn(pattern, path string) int64 {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i := range want {
		if want[i] == "{id}" {
			if id, err := strconv.ParseInt(have[i], 10, 64); err == nil {
				return id
			}
		}
	}

	return 0
}

// dispatch finds the handler of a call, lets nobody in who may not, and runs it.
func (s *Simulator) dispatch(c *call) answer {
	path := c.request.URL.Path
	known := false

	for _, r := range s.routes {
		if !matchPath(r.pattern, path) {
			continue
		}

		known = true

		if r.method != c.request.Method {
			continue
		}

		c.id = idIn(r.pattern, path)

		if r.scope != "" {
			if refused := s.authorize(c, r.scope); refused != nil {
				return *refused
			}
		}

		return r.handle(s, c)
	}

	if known {
		return refusal(http.StatusMethodNotAllowed, "Method not allowed")
	}

	return notFound()
}

// authorize checks the bearer token. A missing scope is not named: the service says no more than that it is forbidden.
func (s *Simulator) authorize(c *call, scope string) *answer {
	header := c.request.Header.Get("Authorization")
	scheme, value, _ := strings.Cut(header, " ")
	token, problem := s.grants.lookUp(value)

	switch {
	case header == "":
		problem = bearerMissing
	case scheme != "Bearer":
		problem = bearerNotVerified
	}

	if problem != oauthOK {
		refused := unauthorized(problem, c.dialect)

		return &refused
	}

	if slices.Contains(token.scopes, scope) {
		return nil
	}

	refused := forbidden()

	return &refused
}
