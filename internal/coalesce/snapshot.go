package coalesce

import (
	"time"
)

const (
	// snapshotIdle ends a refresh: within one, Terraform takes milliseconds between two reads.
	snapshotIdle = 5 * time.Second
	// snapshotAge is the maximum age of a row that is returned for a read.
	snapshotAge = 2 * time.Minute
	// Reads after writes wait until no write has begun for a while: the gap between the writes of a batch is Terraform's own
	// time for a resource, which depends on the machine. gapFirst is the initial value.
	gapLeast = 20 * time.Millisecond
	gapFirst = 100 * time.Millisecond
	gapMost  = 2 * time.Second
	// writeHold bounds how long a read waits for active writes, to share a page with their reads.
	writeHold = 5 * time.Second
)

// snapshot is what one refresh has read so far. Terraform's refresh reads each object once, and needs a consistent
// view of them. So a new snapshot begins when the view may have changed (this client wrote), when the refresh seems to be
// over (no reads for a while), and when it is certainly over (the same object is read again).
type snapshot[T any] struct {
	// begun is the sequence number of its beginning: all its requests were sent after it.
	begun int64
	// since is the time of its first read, used of its last.
	since, used time.Time
	rows        map[int64]T
	pages       map[int64]bool
	served      map[int64]bool
	asked       int
	// afterWrite reports that it began after a write. Few other reads are expected before the next write.
	afterWrite bool
	// broken is set when a page could not be read.
	broken bool
	// refused is an error that is the same for every object (Config.Forbidden), where objects may be asked for repeatedly.
	refused error
}

func newSnapshot[T any]() snapshot[T] {
	return snapshot[T]{rows: map[int64]T{}, pages: map[int64]bool{}, served: map[int64]bool{}}
}

func (s *snapshot[T]) use() {
	s.used = time.Now()
	if s.since.IsZero() {
		s.since = s.used
	}
}

// renew begins a new snapshot if the current one must not serve a read of id.
func (r *Reader[T]) renew(id int64) {
	s := &r.snapshot

	idle := len(r.pending) == 0 && time.Since(s.used) > snapshotIdle
	aged := time.Since(s.since) > snapshotAge
	again := s.served[id] && !r.cfg.AllowRepeats

	if !s.since.IsZero() && (idle || aged || again) {
		r.begin(false)
	}
}

// begin discards the rows. Callers that already wait may still get the results of requests in flight.
func (r *Reader[T]) begin(afterWrite bool) {
	r.snapshot = newSnapshot[T]()
	r.snapshot.begun, r.snapshot.afterWrite = r.next(), afterWrite
	r.snapshot.asked = len(r.pending)
	r.credit = min(r.credit, 2*len(r.pending))

	if len(r.pending) > 0 {
		r.snapshot.use()
	}
}

// writes tracks the writes of a client.
type writes struct {
	// active counts the writes in flight whose objects will be read afterwards.
	active int
	// begun and completed are the times of the last one.
	begun, completed time.Time
	// gap is how long reads wait for the next write after one has completed.
	gap time.Duration
	// holding reports that reads are being delayed.
	holding bool
	// callers is how many callers wrote or waited for a read at the same time. full reports that as many reads were released together,
	// short that fewer were: the gap may have been too short for the others.
	callers     int
	full, short bool
	// unread has the objects that were written and not read afterwards.
	unread map[int64]bool
	timer  *time.Timer
}

// begin records a write while a number of reads wait. A write that begins while reads are delayed shows that the gap is
// useful. One that begins after the release of too few reads shows that the gap was too short.
func (w *writes) begin(waiting int) {
	now := time.Now()

	switch {
	case w.holding:
		w.gap = min(max(w.gap, 2*now.Sub(w.begun)), gapMost)
	case w.short:
		w.gap = min(max(w.gap, 2*now.Sub(w.completed)), gapMost)
		w.short = false
	}

	w.active++
	w.begun = now

	if callers := w.active + waiting; callers > w.callers {
		w.callers, w.full = callers, false
	}
}

// left returns how long a number of reads still have to wait, of which the oldest began at a given time.
func (w *writes) left(asked time.Time, reads int) time.Duration {
	left := writeHold - time.Since(asked)

	switch {
	case w.active > 0:
		return left
	case w.full && reads > 1 && reads >= w.callers:
		// All callers of the previous batch wait.
		return 0
	default:
		return min(left, w.gap-time.Since(w.completed))
	}
}

// release ends the delay of a number of reads. If only one read waited, the next delay is shorter, so that sequential
// writes are hardly delayed.
func (w *writes) release(reads int) {
	if !w.holding {
		return
	}

	if reads < 2 {
		w.gap = max(w.gap/2, gapLeast)
	}

	w.short = reads < w.callers
	w.callers, w.full = reads, !w.short
	w.holding = false
}

func (w *writes) read(id int64) { delete(w.unread, id) }

func (w *writes) stopTimer() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
}

// Writing is called before a write whose object will be read afterwards. The returned function is called when the write
// has completed, with the object's id (0 if there is nothing to read) and the number of objects that the list has grown by.
// Reads in between wait briefly, to share a page with it.
func (r *Reader[T]) Writing() (written func(id, more int64)) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.begin(len(r.pending))

	return func(id, more int64) {
		r.mu.Lock()
		defer r.mu.Unlock()

		r.writes.active--
		r.writes.completed = time.Now()
		r.layout.grow(more)

		if id != 0 {
			r.writes.unread[id] = true
		}

		r.begin(true)
		r.plan()
	}
}

// Deleted is called when the deletion of an object has completed.
func (r *Reader[T]) Deleted(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()

	r.writes.read(id)
	r.layout.grow(-1)
	r.begin(true)
	r.plan()
}

// held reports whether the oldest of a number of reads still waits for writes that are active or about to begin, and
// schedules the next check. A waiting read starts no write, so that the writes of a batch come to an end, and one page
// serves the reads of all of them.
func (r *Reader[T]) held(oldest *pendingRead[T], reads int) bool {
	left := r.writes.left(oldest.asked, reads)
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
