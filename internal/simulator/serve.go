package simulator

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// largestBody is what a request may have in bytes.
const largestBody = 1 << 20

// ServeHTTP implements http.Handler.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPath) {
		s.control.ServeHTTP(w, r)

		return
	}

	c := &call{request: r, record: s.journal.begin(r)}
	s.mu.Lock()
	c.dialect = s.dialect
	latency := s.latency
	s.mu.Unlock()

	if strings.HasPrefix(r.URL.Path, APIPath+"/") && !s.window.admit(c.dialect.RateLimit) {
		s.pause(latency)
		s.journal.change(func() { c.record.Faulty = true })
		s.finish(w, c, tooManyRequests(c.dialect.RateLimit))

		return
	}

	fault := s.faults.take(r.Method, r.URL.Path)
	if err := s.readRequest(w, c); err != nil {
		s.finish(w, c, badRequest("The body could not be read."))

		return
	}

	s.pause(latency + fault.DelayBefore)

	if fault.Drop == DropBeforeCommit {
		s.cut(c)
	}

	var a answer
	if fault.Status == 0 || fault.Commit {
		a = s.dispatch(c)
	}

	s.journal.change(func() { c.record.Committed, c.record.Faulty = a.committed, fault.hits() })
	s.pause(fault.DelayAfter)

	if fault.Drop == DropAfterCommit {
		s.cut(c)
	}

	a = fault.distort(a)
	if fault.Drop == DropHalfway {
		s.sendHalf(w, c, a)
	}

	s.finish(w, c, a)
}

// readRequest reads the body and writes down what tests may know of it.
func (s *Simulator) readRequest(w http.ResponseWriter, c *call) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, c.request.Body, largestBody))
	if err != nil {
		return err
	}

	_, token, _ := strings.Cut(c.request.Header.Get("Authorization"), " ")
	bearer, _ := s.grants.lookUp(token)

	var object map[string]json.RawMessage

	if strings.HasPrefix(c.request.URL.Path, "/oauth/") {
		if c.form, err = url.ParseQuery(string(body)); err != nil {
			return err
		}
	} else if json.Unmarshal(body, &object) != nil {
		object = nil // the handler refuses it
	}

	s.journal.change(func() {
		c.record.Generation = bearer.generation
		c.record.Body = object
		c.record.FormKeys = sortedKeys(c.form)
		c.record.GrantType = c.form.Get("grant_type")
	})

	return nil
}

// pause waits, however impatient the client is, until the simulator is closed.
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

// finish writes the log before the answer, so that whoever has the answer finds the request in the log.
func (s *Simulator) finish(w http.ResponseWriter, c *call, a answer) {
	s.journal.end(c.record, a.status)
	a.send(w)
}

// cut ends the connection without an answer.
func (s *Simulator) cut(c *call) {
	s.journal.change(func() { c.record.Faulty = true })
	s.journal.end(c.record, 0)
	panic(http.ErrAbortHandler)
}

// sendHalf announces the whole answer, sends half of it, and ends the connection.
func (s *Simulator) sendHalf(w http.ResponseWriter, c *call, a answer) {
	half := a
	half.body = a.body[:len(a.body)/2]
	s.journal.end(c.record, a.status)

	maps.Copy(w.Header(), half.header)

	w.Header().Set("Content-Length", "1000000")
	w.WriteHeader(half.status)
	_, _ = w.Write(half.body)
	// What is buffered must leave before the connection does.
	_ = http.NewResponseController(w).Flush()

	panic(http.ErrAbortHandler)
}
