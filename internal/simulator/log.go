package simulator

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
)

// Request is one request that reached the simulator.
type Request struct {
	// Time is when it arrived, Answered when its answer was ready to be sent; zero while it is being served.
	Time, Answered time.Time
	Method, Path   string
	Query          url.Values
	Proto          string
	UserAgent      string
	// Scheme is the one of the Authorization header: "", "Bearer", or "Basic".
	Scheme string
	// Generation tells which access token came: the first that the simulator issued is 1. It is 0 for none and for one that
	// the simulator never issued.
	Generation int
	// Body has the raw values of a JSON object's keys; nil when the body was none.
	Body map[string]json.RawMessage
	// FormKeys are the keys of a form, sorted. Their values are secrets and are not kept, but for grant_type.
	FormKeys  []string
	GrantType string
	// Status is what was answered, 0 when the connection was cut before.
	Status int
	// Committed tells whether the request changed the state, whatever was answered.
	Committed bool
	// Faulty tells whether a Fault or the rate limit had a hand in it.
	Faulty bool
}

// String shows no value of the body.
func (r Request) String() string {
	return fmt.Sprintf("%s %s %v -> %d", r.Method, r.Path, r.Keys(), r.Status)
}

// GoString is String, so that %#v shows no secret either.
func (r Request) GoString() string { return r.String() }

// Keys returns the keys that stood in the JSON body, sorted.
func (r Request) Keys() []string { return sortedKeys(r.Body) }

// Has tells whether a key stood in the JSON body at all.
func (r Request) Has(key string) bool {
	_, ok := r.Body[key]

	return ok
}

// Is tells whether the request went to that method and path pattern; an empty one fits all.
func (r Request) Is(method, pattern string) bool {
	return (method == "" || r.Method == method) && matchPath(pattern, r.Path)
}

// Counters count everything since the simulator was made or ResetRequests was called; connections and tokens are never reset.
type Counters struct {
	Requests        int           `json:"requests"`
	API             int           `json:"api"` // requests below /api/v1
	TooManyRequests int           `json:"too_many_requests"`
	MaxInFlight     int           `json:"max_in_flight"`
	Connections     int           `json:"connections"` // only behind a Server
	Tokens          TokenCounters `json:"tokens"`
}

type journal struct {
	mu          sync.Mutex
	requests    []*Request
	inFlight    int
	maxInFlight int
	connections int
}

func (j *journal) begin(r *http.Request) *Request {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	entry := &Request{
		Time: time.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Proto: r.Proto,
		UserAgent: r.UserAgent(), Scheme: scheme,
	}

	j.mu.Lock()
	defer j.mu.Unlock()

	j.requests = append(j.requests, entry)
	j.inFlight++
	j.maxInFlight = max(j.maxInFlight, j.inFlight)

	return entry
}

// change edits an entry that tests may be reading.
func (j *journal) change(edit func()) {
	j.mu.Lock()
	defer j.mu.Unlock()

	edit()
}

func (j *journal) end(entry *Request, status int) {
	j.mu.Lock()
	defer j.mu.Unlock()

	entry.Status = status
	entry.Answered = time.Now()
	j.inFlight--
}

// Requests returns the requests since the last reset in the order of their arrival, but not those to the control API.
func (s *Simulator) Requests() []Request {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()

	requests := make([]Request, len(s.journal.requests))
	for i, request := range s.journal.requests {
		requests[i] = *request
		requests[i].Body = maps.Clone(request.Body)
	}

	return requests
}

// RequestsTo returns the requests to a method and path pattern; an empty one fits all.
func (s *Simulator) RequestsTo(method, pattern string) []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return !r.Is(method, pattern) })
}

// ResetRequests empties the log.
func (s *Simulator) ResetRequests() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()

	s.journal.requests = nil
	s.journal.maxInFlight = s.journal.inFlight
}

// Counters returns what was counted.
func (s *Simulator) Counters() Counters {
	counters := Counters{Tokens: s.TokenCounters()}

	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()

	counters.Requests = len(s.journal.requests)
	counters.MaxInFlight = s.journal.maxInFlight
	counters.Connections = s.journal.connections

	for _, request := range s.journal.requests {
		if strings.HasPrefix(request.Path, APIPath+"/") {
			counters.API++
		}

		if request.Status == http.StatusTooManyRequests {
			counters.TooManyRequests++
		}
	}

	return counters
}
