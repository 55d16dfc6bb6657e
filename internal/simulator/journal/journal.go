// Package journal is the simulator's log of requests. It keeps no token and no form value.
package journal

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

// Request is one request that reached the simulator.
type Request struct {
	// Time is when it arrived, Responded when its response was ready to be sent, zero while it is being served.
	Time, Responded time.Time
	Method, Path    string
	Query           url.Values
	Proto           string
	UserAgent       string
	// Scheme is the one of the Authorization header: "", "Bearer", or "Basic".
	Scheme string
	// Generation is the number of the access token of the request: the first one issued is 1. It is 0 for none, and for one
	// that the simulator did not issue.
	Generation int
	// Body has the raw values of a JSON object's keys; nil if it is not an object.
	Body map[string]json.RawMessage
	// FormKeys are the keys of a form, sorted. Their values are secrets and are not kept, but for grant_type.
	FormKeys  []string
	GrantType string
	// Status is the status of the response, 0 when the connection was cut before.
	Status int
	// Committed reports whether the request changed the state, whatever the response says.
	Committed bool
	// Faulty reports whether a Fault or the rate limit affected it.
	Faulty bool
}

// String shows no value of the body.
func (r Request) String() string {
	return fmt.Sprintf("%s %s %v -> %d", r.Method, r.Path, r.Keys(), r.Status)
}

// GoString is String, so that %#v shows no secret either.
func (r Request) GoString() string { return r.String() }

// Keys returns the keys of the JSON body, sorted.
func (r Request) Keys() []string { return slices.Sorted(maps.Keys(r.Body)) }

// Has reports whether the JSON body has a key.
func (r Request) Has(key string) bool {
	_, ok := r.Body[key]

	return ok
}

// Is reports whether the request went to that method and path pattern; an empty one matches all.
func (r Request) Is(method, pattern string) bool {
	return (method == "" || r.Method == method) && route.Match(pattern, r.Path)
}

// Counters count everything since the simulator was made or Reset was called; connections and tokens are never reset.
type Counters struct {
	Requests        int `json:"requests"`
	API             int `json:"api"` // requests below /api/v1
	TooManyRequests int `json:"too_many_requests"`
	MaxInFlight     int `json:"max_in_flight"`
	Connections     int `json:"connections"` // only behind a Server
}

// Log holds the requests since the last reset. Its zero value is empty.
type Log struct {
	mu          sync.Mutex
	requests    []*Request
	inFlight    int
	maxInFlight int
	connections int
}

// Begin adds a request that has arrived.
func (l *Log) Begin(r *http.Request) *Request {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	entry := &Request{
		Time: time.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Proto: r.Proto,
		UserAgent: r.UserAgent(), Scheme: scheme,
	}

	l.mu.Lock()
	defer l.mu.Unlock()

	l.requests = append(l.requests, entry)
	l.inFlight++
	l.maxInFlight = max(l.maxInFlight, l.inFlight)

	return entry
}

// Change edits an entry that tests may be reading.
func (l *Log) Change(edit func()) {
	l.mu.Lock()
	defer l.mu.Unlock()

	edit()
}

// End completes an entry with the status that is sent; 0 is a connection that was cut.
func (l *Log) End(entry *Request, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()

	entry.Status = status
	entry.Responded = time.Now()
	l.inFlight--
}

// Connected counts a connection.
func (l *Log) Connected() { l.Change(func() { l.connections++ }) }

// Requests returns the requests since the last reset in the order of their arrival, but not those to the control API.
func (l *Log) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()

	requests := make([]Request, len(l.requests))
	for i, request := range l.requests {
		requests[i] = *request
		requests[i].Body = maps.Clone(request.Body)
	}

	return requests
}

// RequestsTo returns the requests to a method and path pattern; an empty one matches all.
func (l *Log) RequestsTo(method, pattern string) []Request {
	return slices.DeleteFunc(l.Requests(), func(r Request) bool { return !r.Is(method, pattern) })
}

// Reset empties the log.
func (l *Log) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.requests = nil
	l.maxInFlight = l.inFlight
}

// Counters returns the counters.
func (l *Log) Counters() Counters {
	var counters Counters

	l.mu.Lock()
	defer l.mu.Unlock()

	counters.Requests = len(l.requests)
	counters.MaxInFlight = l.maxInFlight
	counters.Connections = l.connections

	for _, request := range l.requests {
		if strings.HasPrefix(request.Path, route.APIPath+"/") {
			counters.API++
		}

		if request.Status == http.StatusTooManyRequests {
			counters.TooManyRequests++
		}
	}

	return counters
}
