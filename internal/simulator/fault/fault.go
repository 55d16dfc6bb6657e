// Package fault injects faults into requests to the simulator: closed connections, delays, statuses and distorted bodies.
package fault

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

// Drop says when a connection is closed.
type Drop string

const (
	// DropNever keeps the connection.
	DropNever Drop = ""
	// DropBeforeCommit closes it before the request has had any effect.
	DropBeforeCommit Drop = "before_commit"
	// DropAfterCommit closes it after the request has had its effect and before the response.
	DropAfterCommit Drop = "after_commit"
	// DropHalfway closes it in the middle of the response.
	DropHalfway Drop = "halfway"
)

// Fault is a fault on a route. The zero value of each field changes nothing.
type Fault struct {
	// Method and Path select the requests; empty selects all. In Path, {id} matches one segment, and a slash at the end
	// for everything below.
	Method string
	Path   string
	// Skip is the number of requests that pass first; Times is the number of requests that are hit after them, 0 for all.
	Skip, Times int

	// DelayBefore and DelayAfter wait before and after the request has its effect. They continue when the client
	// disconnects, as in the real service.
	DelayBefore, DelayAfter time.Duration
	Drop                    Drop

	// Status replaces the response. The request has no effect, unless Commit is set.
	Status int
	Commit bool
	// Header is added to the response.
	Header http.Header
	// Body replaces the body. Without it, a Status has the usual body: none for 500, an HTML page for 502 and
	// the other statuses of a proxy, JSON for others; 429 also has a Retry-After of one second.
	Body string
	// ContentType replaces the one of the response.
	ContentType string
	// Prefix comes before the body: a byte order mark, or a warning of the server's language.
	Prefix string
	// Rewrite changes the body last.
	Rewrite func([]byte) []byte
}

// ID names a fault that was added.
type ID int

// List holds faults, which are tried in the order in which they were added: the first match is applied.
type List struct {
	mu   sync.Mutex
	last ID
	list []*armed
}

type armed struct {
	Fault

	id   ID
	seen int
	hits int
}

// Fail adds a fault and returns its id.
func (l *List) Fail(fault Fault) ID {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.last++
	l.list = append(l.list, &armed{Fault: fault, id: l.last})

	return l.last
}

// Hits returns how many requests a fault has hit.
func (l *List) Hits(id ID) int {
	l.mu.Lock()
	defer l.mu.Unlock()

	for _, fault := range l.list {
		if fault.id == id {
			return fault.hits
		}
	}

	return 0
}

// Clear removes every fault.
func (l *List) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.list = nil
}

// Take returns the fault that hits this request, or the zero Fault. A fault that skips a request still counts it.
func (l *List) Take(method, path string) Fault {
	l.mu.Lock()
	defer l.mu.Unlock()

	for _, fault := range l.list {
		if (fault.Method != "" && fault.Method != method) || !route.Match(fault.Path, path) {
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

// Visible reports whether the fault changes anything that a client can notice.
func (f *Fault) Visible() bool {
	return f.DelayBefore > 0 || f.DelayAfter > 0 || f.Drop != DropNever || f.Status != 0 || f.Body != "" ||
		f.ContentType != "" || f.Prefix != "" || f.Rewrite != nil || len(f.Header) > 0
}

// Distort changes a response as the fault says.
func (f *Fault) Distort(r response.Response) response.Response {
	if f.Status != 0 {
		committed := r.Committed
		r = responseTo(f.Status)
		r.Committed = committed
	}

	if f.Body != "" {
		r.Body = []byte(f.Body)
	}

	r.Header = maps.Clone(r.Header)
	if r.Header == nil {
		r.Header = http.Header{}
	}

	if f.ContentType != "" {
		r.Header.Set("Content-Type", f.ContentType)
	}

	for key, values := range f.Header {
		r.Header[http.CanonicalHeaderKey(key)] = slices.Clone(values)
	}

	if f.Prefix != "" {
		r.Body = slices.Concat([]byte(f.Prefix), r.Body)
	}

	if f.Rewrite != nil {
		r.Body = f.Rewrite(bytes.Clone(r.Body))
	}

	return r
}

// responseTo is the usual response with a status.
func responseTo(status int) response.Response {
	switch status {
	case http.StatusInternalServerError:
		return response.ServerError()
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		title := fmt.Sprintf("%d %s", status, http.StatusText(status))
		page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
			"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"

		return response.HTML(status, []byte(page))
	case http.StatusTooManyRequests:
		return response.Refusal(status, "Too many requests").WithHeader("Retry-After", "1")
	case http.StatusUnauthorized:
		return response.Unauthorized("Access token could not be verified")
	default:
		return response.Refusal(status, http.StatusText(status))
	}
}
