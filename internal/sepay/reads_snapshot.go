package sepay

import (
	"time"
)

const (
	// snapshotIdle ends a refresh: between two reads of one, Terraform takes milliseconds.
	snapshotIdle = 5 * time.Second
	// snapshotAge bounds how old a row may be that answers a read.
	snapshotAge = 2 * time.Minute
	// writeGap is how soon after a write's answer the next write begins when Terraform has more of them at hand.
	writeGap = 20 * time.Millisecond
	// writeHold bounds how long a read waits for writes that are under way, to share a page with their reads.
	writeHold = 5 * time.Second
)

// snapshot is what one refresh has read so far. Terraform's refresh asks for each object once, and wants one consistent
// picture of them. So a new snapshot begins when the picture may have changed (this client wrote), when a refresh
// seems to be over (nobody asked for a while), and when it certainly is (somebody asks for the same object again).
type snapshot[T any] struct {
	// begun is the moment that all its requests were sent after.
	begun int64
	// since is when the first read was asked of it, used is when it last served one.
	since, used time.Time
	rows        map[int64]T
	pages       map[int64]bool
	answered    map[int64]bool
	asked       int
	// afterWrite tells that it begins with the reads that follow writes. Few others will come before the next write.
	afterWrite bool
	// broken is set when a page could not be read.
	broken bool
	// refused is SePay's 403, where objects may be asked for again and again.
	refused error
}

func newSnapshot[T any]() snapshot[T] {
	return snapshot[T]{rows: map[int64]T{}, pages: map[int64]bool{}, answered: map[int64]bool{}}
}

func (s *snapshot[T]) use() {
	s.used = time.Now()
	if s.since.IsZero() {
		s.since = s.used
	}
}

// renew begins a new snapshot if the one there is must not answer a read of id.
func (r *reader[T]) renew(id int64) {
	s := &r.snapshot

	idle := len(r.needs) == 0 && time.Since(s.used) > snapshotIdle
	aged := time.Since(s.since) > snapshotAge
	again := s.answered[id] && !r.repeats

	if !s.since.IsZero() && (idle || aged || again) {
		r.begin(false)
	}
}

// begin drops what was read. Those who wait already may still be answered by requests that are under way.
func (r *reader[T]) begin(afterWrite bool) {
	r.snapshot = newSnapshot[T]()
	r.snapshot.begun, r.snapshot.afterWrite = r.next(), afterWrite
	r.snapshot.asked = len(r.needs)
	r.credit = min(r.credit, 2*len(r.needs))

	if len(r.needs) > 0 {
		r.snapshot.use()
	}
}

// writes knows the writes of a client that are under way.
type writes struct {
	// underWay counts those whose objects will be read afterwards.
	underWay int
	// answered is when the last of them was answered.
	answered time.Time
	// unread has the objects that were written and not read since.
	unread map[int64]bool
	timer  *time.Timer
}

func (w *writes) read(id int64) { delete(w.unread, id) }

func (w *writes) stopTimer() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// writing is called before a write whose object will be read afterwards; what it returns is called when the write was
// answered, with the object's id (0 when there is nothing to read) and by how many objects the list has grown. Reads
// that are asked for meanwhile wait a little, to share a page with it.
func (r *reader[T]) writing() (written func(id, more int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.underWay++

	return func(id, more int64) {
		r.mu.Lock()
		defer r.mu.Unlock()

		r.writes.underWay--
		r.writes.answered = time.Now()
		r.layout.grow(more)

		if id != 0 {
			r.writes.unread[id] = true
		}

		r.begin(true)
		r.plan()
	}
}

// deleted is called when the deletion of an object was answered.
func (r *reader[T]) deleted(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.read(id)
	r.layout.grow(-1)
	r.begin(true)
	r.plan()
}

// held tells whether the oldest read still waits for writes that are under way or about to begin, and looks again in
// time. Whoever waits here starts no write, so that the writes of a batch come to an end, and one page answers the reads
// of all of them.
func (r *reader[T]) held(oldest *need[T]) bool {
	left := writeHold - time.Since(oldest.asked)
	if r.writes.underWay == 0 {
		left = min(left, writeGap-time.Since(r.writes.answered))
	}

	if left <= 0 {
		return false
	}

	r.writes.timer = time.AfterFunc(left, func() {
		r.mu.Lock()
		defer r.mu.Unlock()

		r.plan()
	})

	return true
}
