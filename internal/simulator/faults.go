package simulator

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Drop says at which moment a connection is cut.
type Drop string

const (
	// DropNever leaves the connection alone.
	DropNever Drop = ""
	// DropBeforeCommit cuts it before the request has had any effect.
	DropBeforeCommit Drop = "before_commit"
	// DropAfterCommit cuts it after the request has had its effect and before anything is answered.
	DropAfterCommit Drop = "after_commit"
	// DropHalfway cuts it in the middle of the answer.
	DropHalfway Drop = "halfway"
)

// Fault is something that goes wrong on a route. The zero value of each field changes nothing.
type Fault struct {
	// Method and Path choose the requests; empty chooses all. In Path, {id} stands for one segment, and a slash at the end
	// for everything below.
	Method string
	Path   string
	// Skip lets so many of them pass first; Times is how many are hit after that, 0 for all.
	Skip, Times int

	// DelayBefore and DelayAfter wait before and after the request has its effect. They go on when the client gives up, as
	// the real service would.
	DelayBefore, DelayAfter time.Duration
	Drop                    Drop

	// Status is answered instead of what the request would have got. The request has no effect, unless Commit is set.
	Status int
	Commit bool
	// Header is added to the answer.
	Header http.Header
	// Body replaces the body. Without it a Status has the body that the service gives it: 500 none, 502 and the other
	// statuses of a proxy an HTML page, 429 a Retry-After of one second too, and others JSON.
	Body string
	// ContentType replaces the one of the answer.
	ContentType string
	// Prefix stands before the body: a byte order mark, or a warning of the server's language.
	Prefix string
	// Rewrite changes the body at last.
	Rewrite func([]byte) []byte
}

// FaultID names a fault that was added.
type FaultID int

// faults are tried in the order in which they were added; the first that fits is the one.
type faults struct {
	mu   sync.Mutex
	last FaultID
	list []*armed
}

type armed struct {
	Fault

	id   FaultID
	seen int
	hits int
}

// Fail adds a fault and returns its id.
func (s *Simulator) Fail(fault Fault) FaultID {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()

	s.faults.last++
	s.faults.list = append(s.faults.list, &armed{Fault: fault, id: s.faults.last})

	return s.faults.last
}

// FaultHits returns how many requests a fault has hit.
func (s *Simulator) FaultHits(id FaultID) int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()

	for _, fault := range s.faults.list {
		if fault.id == id {
			return fault.hits
		}
	}

	return 0
}

// ClearFaults removes every fault.
func (s *Simulator) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()

	s.faults.list = nil
}

// take returns the fault that hits this request, or the zero Fault. A fault that lets a request pass still counts it.
func (f *faults) take(method, path string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()

	for _, fault := range f.list {
		if (fault.Method != "" && fault.Method != method) || !matchPath(fault.Path, path) {
			continue
		}

		fault.seen++
		if fault.seen <= fault.Skip || (fault.Times > 0 && fault.hits >= fault.Times) {
			continue
		}

		fault.hits++

		return fault.Fault
	}

	return Fault{}
}

func (f *Fault) hits() bool {
	return f.DelayBefore > 0 || f.DelayAfter > 0 || f.Drop != DropNever || f.Status != 0 || f.Body != "" ||
		f.ContentType != "" || f.Prefix != "" || f.Rewrite != nil || len(f.Header) > 0
}

// distort changes an answer as the fault says.
func (f *Fault) distort(a answer) answer {
	if f.Status != 0 {
		committed := a.committed
		a = faultAnswer(f.Status)
		a.committed = committed
	}

	if f.Body != "" {
		a.body = []byte(f.Body)
	}

	a.header = maps.Clone(a.header)
	if a.header == nil {
		a.header = http.Header{}
	}

	if f.ContentType != "" {
		a.header.Set("Content-Type", f.ContentType)
	}

	for key, values := range f.Header {
		a.header[http.CanonicalHeaderKey(key)] = slices.Clone(values)
	}

	if f.Prefix != "" {
		a.body = slices.Concat([]byte(f.Prefix), a.body)
	}

	if f.Rewrite != nil {
		a.body = f.Rewrite(bytes.Clone(a.body))
	}

	return a
}

// faultAnswer is the answer that goes with a status.
func faultAnswer(status int) answer {
	switch status {
	case http.StatusInternalServerError:
		return serverError()
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		title := fmt.Sprintf("%d %s", status, http.StatusText(status))
		page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
			"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"

		return htmlAnswer(status, []byte(page))
	case http.StatusTooManyRequests:
		return refusal(status, "Too many requests").withHeader("Retry-After", "1")
	case http.StatusUnauthorized:
		return unauthorized(bearerNotVerified, Dialect{BearerHint: BearerHintCause})
	default:
		return refusal(status, http.StatusText(status))
	}
}
