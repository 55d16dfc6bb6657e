package simulator

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/control"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/playground"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

// exchange is one request with its entry in the log.
type exchange struct {
	route.Call

	record *journal.Request
}

// ServeHTTP implements http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, control.Path) {
		s.control.ServeHTTP(w, r)

		return
	}

	if s.page != nil && strings.HasPrefix(r.URL.Path, playground.Path) {
		s.page.ServeHTTP(w, r)

		return
	}

	dialect, latency := s.current()
	e := &exchange{Call: route.Call{Request: r, Dialect: dialect}, record: s.journal.Begin(r)}

	if strings.HasPrefix(r.URL.Path, APIPath+"/") && !s.window.admit(dialect.RateLimit) {
		s.pause(latency)
		s.journal.Change(func() { e.record.Faulty = true })
		s.finish(w, e, response.TooManyRequests(dialect.RateLimit))

		return
	}

	hit := s.faults.Take(r.Method, r.URL.Path)
	if err := s.readRequest(w, e); err != nil {
		s.finish(w, e, response.BadRequest("The body could not be read."))

		return
	}

	s.pause(latency + hit.DelayBefore)

	if hit.Drop == fault.DropBeforeCommit {
		s.cut(e)
	}

	var reply response.Response
	if hit.Status == 0 || hit.Commit {
		reply = s.dispatch(e)
	}

	s.journal.Change(func() { e.record.Committed, e.record.Faulty = reply.Committed, hit.Visible() })
	s.pause(hit.DelayAfter)

	if hit.Drop == fault.DropAfterCommit {
		s.cut(e)
	}

	reply = hit.Distort(reply)
	if hit.Drop == fault.DropHalfway {
		s.sendHalf(w, e, reply)
	}

	s.finish(w, e, reply)
}

// dispatch finds the handler of a request, checks whether the client may call it, and calls it.
func (s *Simulator) dispatch(e *exchange) response.Response {
	found, known := route.Find(s.routes, &e.Call)

	switch {
	case !known:
		return response.NotFound()
	case found == nil:
		return response.Refusal(http.StatusMethodNotAllowed, "Method not allowed")
	}

	if found.Scope != "" {
		if refused := s.auth.Authorize(&e.Call, found.Scope); refused != nil {
			return *refused
		}
	}

	return found.Handle(&e.Call)
}

// readRequest reads the body and logs it without secrets.
func (s *Simulator) readRequest(w http.ResponseWriter, e *exchange) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, e.Request.Body, control.LargestBody))
	if err != nil {
		return err
	}

	if strings.HasPrefix(e.Request.URL.Path, "/oauth/") {
		if e.Form, err = url.ParseQuery(string(body)); err != nil {
			return err
		}
	} else if json.Unmarshal(body, &e.Object) != nil {
		e.Object = nil // the handler rejects it
	}

	generation := s.auth.Generation(e.Request.Header)

	s.journal.Change(func() {
		e.record.Generation = generation
		e.record.Body = e.Object
		e.record.FormKeys = slices.Sorted(maps.Keys(e.Form))
		e.record.GrantType = e.Form.Get("grant_type")
	})

	return nil
}

// pause waits, even when the client gives up, until the simulator is closed.
func (s *Simulator) pause(delay time.Duration) {
	if delay <= 0 {
		return
	}

	timer := time.NewTimer(delay)
	defer timer.Stop()

	select {
	case <-timer.C:
	case <-s.closing:
	}
}

// finish completes the log before it sends the response, so that the log has the request when the client has the response.
func (s *Simulator) finish(w http.ResponseWriter, e *exchange, reply response.Response) {
	s.journal.End(e.record, reply.Status)
	reply.Send(w)
}

// cut closes the connection without a response.
func (s *Simulator) cut(e *exchange) {
	s.journal.Change(func() { e.record.Faulty = true })
	s.journal.End(e.record, 0)
	panic(http.ErrAbortHandler)
}

// sendHalf sends the header of the whole response and half of its body, and closes the connection.
func (s *Simulator) sendHalf(w http.ResponseWriter, e *exchange, reply response.Response) {
	s.journal.End(e.record, reply.Status)

	maps.Copy(w.Header(), reply.Header)

	w.Header().Set("Content-Length", "1000000")
	w.WriteHeader(reply.Status)
	_, _ = w.Write(reply.Body[:len(reply.Body)/2])
	// Flush the buffer before closing the connection.
	_ = http.NewResponseController(w).Flush()

	panic(http.ErrAbortHandler)
}
