package coalesce

// plan starts the requests that the open needs call for.
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

// open returns the needs that no single read is under way for.
func (r *Reader[T]) open() []*need[T] {
	var open []*need[T]

	for _, n := range r.needs {
		if r.gets[n.id] == nil {
			open = append(open, n)
		}
	}

	return open
}

// step decides how an object is to be had: by a page of the list (its number), by a single read (0), or by what is
// under way (wait).
func (r *Reader[T]) step(wanted *need[T]) (number int64, wait bool) {
	if r.listAbandoned || r.snapshot.broken {
		return 0, false
	}

	if _, ok := r.snapshot.rows[wanted.id]; ok {
		// Its row is there, but whether rows have all that single reads have is yet to be seen from one.
		return 0, len(r.gets) > 0
	}

	alone := r.snapshot.asked+len(r.writes.unread) < 2
	if alone || len(r.gets) == 0 && !r.shape.known() {
		return 0, false
	}

	number, only := r.layout.find(wanted.id, r.snapshot.pages)

	switch {
	case number == 0:
		return 0, false
	case r.pages[number] != nil:
		return 0, true
	case !r.layout.known() && len(r.pages) > 0:
		return 0, true
	case r.snapshot.afterWrite && r.layout.known() && r.wantedOn(number) < 2:
		return 0, false
	case r.affordable(only):
		return number, false
	default:
		// A page that is under way may show where the object is.
		return 0, len(r.pages) > 0
	}
}

// affordable tells whether there is credit for a page, with a single read kept back for everybody who waits; certain
// tells that the object that the page is read for can be nowhere else.
func (r *Reader[T]) affordable(certain bool) bool {
	reserve := len(r.open())
	if certain {
		reserve--
	}

	return r.credit-1-reserve >= 0
}

// wantedOn counts the objects that are likely to be on a page: those that are waited for, and those that were written
// and whose reads are about to come.
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
