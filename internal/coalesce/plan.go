package coalesce

// plan starts requests for the open reads.
func (r *Reader[T]) plan() {
	r.writes.stopTimer()

	open := r.open()
	if len(open) == 0 || r.held(open[0], len(open)) {
		return
	}

	for _, wanted := range open {
		number, wait := r.step(wanted)

		switch {
		case wait:
		case number == 0:
			r.startGet(wanted)
		default:
			r.startPage(wanted, number)
		}
	}
}

// open returns the pending reads without a single read in flight.
func (r *Reader[T]) open() []*pendingRead[T] {
	var open []*pendingRead[T]

	for _, n := range r.pending {
		if r.gets[n.id] == nil {
			open = append(open, n)
		}
	}

	return open
}

// step decides how to read an object: with a page of the list (its number), with a single read (0), or with a request
// that is already in flight (wait).
func (r *Reader[T]) step(wanted *pendingRead[T]) (number int64, wait bool) {
	if r.listAbandoned || r.snapshot.broken {
		return 0, false
	}

	if _, ok := r.snapshot.rows[wanted.id]; ok {
		// The row exists, but it is not yet known whether rows have all keys of single reads.
		return 0, len(r.gets) > 0
	}

	alone := r.snapshot.asked+len(r.writes.unread) < 2
	if alone || len(r.gets) == 0 && !r.shape.known() {
		return 0, false
	}

	number, certain := r.layout.find(wanted.id, r.snapshot.pages)

	switch {
	case number == 0:
		return 0, false
	case r.pages[number] != nil:
		return 0, true
	case !r.layout.known() && len(r.pages) > 0:
		return 0, true
	case r.snapshot.afterWrite && r.layout.known() && r.wantedOn(number) < 2:
		return 0, false
	case r.affordable(certain):
		return number, false
	default:
		// A page that is in flight may show where the object is.
		return 0, len(r.pages) > 0
	}
}

// affordable reports whether there is credit for a page after one single read is reserved for each open read;
// certain reports that the page has the object, which then needs no reserve.
func (r *Reader[T]) affordable(certain bool) bool {
	reserve := len(r.open())
	if certain {
		reserve--
	}

	return r.credit-1-reserve >= 0
}

// wantedOn counts the objects that are likely to be on a page: the open reads, and the objects that were written
// and will be read next.
func (r *Reader[T]) wantedOn(number int64) int {
	count := 0

	for _, n := range r.open() {
		if page, _ := r.layout.find(n.id, r.snapshot.pages); page == number {
			count++
		}
	}

	for id := range r.writes.unread {
		if page, _ := r.layout.find(id, r.snapshot.pages); page == number {
			count++
		}
	}

	return count
}
