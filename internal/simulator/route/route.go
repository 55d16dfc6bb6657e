// Package route maps requests to handlers.
package route

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
)

// APIPath is the prefix of the API below the base URL.
const APIPath = "/api/v1"

// Call is one request for a handler. Its body has been read.
type Call struct {
	Request *http.Request
	Dialect dialects.Dialect
	ID      int64                      // of {id} in the path
	Form    url.Values                 // the body as a form, for the OAuth pages
	Object  map[string]json.RawMessage // the body as a JSON object; nil if it is not one
}

// Handler serves a call.
type Handler func(*Call) response.Response

// Route is a method and a path pattern with the handler that serves them.
type Route struct {
	Method, Pattern string
	Scope           string
	Handle          Handler
}

// New returns a route; scope is "" if no bearer token is required.
func New(method, pattern, scope string, handle Handler) Route {
	return Route{Method: method, Pattern: pattern, Scope: scope, Handle: handle}
}

// Find returns the route of a request and sets the id of the call. known reports whether the path exists with any method.
func Find(routes []Route, c *Call) (found *Route, known bool) {
	path := c.Request.URL.Path

	for i := range routes {
		if !Match(routes[i].Pattern, path) {
			continue
		}

		known = true

		if routes[i].Method == c.Request.Method {
			c.ID = idIn(routes[i].Pattern, path)

			return &routes[i], true
		}
	}

	return nil, known
}

// Match reports whether a path matches a pattern, in which {id} matches one segment and a slash at the end everything
// below. The empty pattern matches every path.
func Match(pattern, path string) bool {
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

// idIn returns the number in the segment that {id} matches; 0 is the id of no object.
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
