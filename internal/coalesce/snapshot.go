package coalesce

import (
	"time"
)

const (
	// snapshotIdle ends a refresh: between two reads of one, Terraform takes milliseconds.
	snapshotIdle = 5 * time.Second
	// snapshotAge bounds how old a row may be that answers a read.
	snapshotAge = 2 * time.Minute
	// Reads that follow writes gather until no write has begun for a while: the gap between the writes of a batch is
	// Terraform's own time for a resource, which depends on the machine. gapFirst is what is tried at first.
	gapLeast = 20 * time.Millisecond
	gapFirst = 100 * time.Millisecond
	gapMost  = 250 * time.Millisecond
	// writeHold bounds how long a read waits for writes that are under way, to share a page with their reads.
	writeHold = 5 * time.Second
)

// snapshot is what one refresh has read so far. Terraform's refresh asks for each object once, and wants one consistent
// picture of them. So a new snapshot begins when the picture may have changed (this client wrote), when a refresh
// seems to be over (nobody asked for a while), and when it certainly is (somebody asks for the same object again).
type snapshot[T any] struct {
	// begun is the sequence number that all its requests were sent after.
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
	// refused is an error that is the same for every object (Config.Forbidden), where objects may be asked for repeatedly.
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
func (r *Reader[T]) renew(id int64) {
	s := &r.snapshot

	idle := len(r.needs) == 0 && time.Since(s.used) > snapshotIdle
	aged := time.Since(s.since) > snapshotAge
	again := s.answered[id] && !r.cfg.Repeats

	if !s.since.IsZero() && (idle || aged || again) {
		r.begin(false)
	}
}

// begin drops what was read. Those who wait already may still be answered by requests that are under way.
func (r *Reader[T]) begin(afterWrite bool) {
	r.snapshot = newSnapshot[T]()
	r.snapshot.begun, r.snapshot.afterWrite = r.next(), afterWrite
	r.snapshot.asked = len(r.needs)
	r.credit = min(r.credit, 2*len(r.needs))

	if len(r.needs) > 0 {
		r.snapshot.use()
	}
}

// writes knows the writes of a client.
type writes struct {
	// underWay counts those whose objects will be read afterwards.
	underWay int
	// begun and answered are when the last of them was.
	begun, answered time.Time
	// gap is how long after an answer the next write is waited for.
	gap time.Duration
	// holding tells that reads are being held back.
	holding bool
	// unread has the objects that were written and not read since.
	unread map[int64]bool
	timer  *time.Timer
}

// begin notes a write. One that begins while reads are held back shows that the gap is worth its wait.
func (w *writes) begin() {
	now := time.Now()
	if w.holding {
		w.gap = min(max(w.gap, 2*now.Sub(w.begun)), gapMost)
	}

	w.underWay++
	w.begun = now
}

// left returns how long a read that was asked for at a given time still has to wait.
func (w *writes) left(asked time.Time) time.Duration {
	left := writeHold - time.Since(asked)
	if w.underWay == 0 {
		left = min(left, w.gap-time.Since(w.answered))
	}

	return left
}

// release ends the holding back of so many reads. Where a wait gathered nobody, the next one is shorter, so that writes
// that come one by one are hardly delayed.
func (w *writes) release(reads int) {
	if w.holding && reads < 2 {
		w.gap = max(w.gap/2, gapLeast)
	}

	w.holding = false
}

func (w *writes) read(id int64) { delete(w.unread, id) }

func (w *writes) stopTimer() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// Writing is called before a write whose object will be read afterwards; what it returns is called when the write was
// answered, with the object's id (0 when there is nothing to read) and by how many objects the list has grown. Reads
// that are asked for meanwhile wait a little, to share a page with it.
func (r *Reader[T]) Writing() (written func(id, more int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.begin()

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

// Deleted is called when the deletion of an object was answered.
func (r *Reader[T]) Deleted(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.read(id)
	r.layout.grow(-1)
	r.begin(true)
	r.plan()
}

// held tells whether the oldest of so many reads still waits for writes that are under way or about to begin, and looks
// again in time. Whoever waits here starts no write, so that the writes of a batch come to an end, and one page answers
// the reads of all of them.
func (r *Reader[T]) held(oldest *need[T], reads int) bool {
	left := r.writes.left(oldest.asked)
	if left <= 0 {
		r.writes.release(reads)

		return false
	}

	r.writes.holding = true
	r.writes.timer = time.AfterFunc(left, func() {
		r.mu.Lock()
		defer r.mu.Unlock()

		r.plan()
	})

	return true
}
