package coalesce

import (
	"cmp"
	"math"
	"slices"
)

// layout estimates on which page of the list an object is. It decides only which page is read next,
// never what a read returns: it may be wrong, and it is kept across snapshots.
type layout struct {
	total, perPage int64
	// spans has the ids of the pages that were read, by page number.
	spans map[int64]span
	// descending and unsorted give the order of ids in the list, once directed reports that it is known.
	directed, descending, unsorted bool
}

// span is the range of the ids on one page.
type span struct{ first, last, count int64 }

// known reports whether any page was read.
func (l *layout) known() bool { return l.perPage > 0 }

func (l *layout) learn(number int64, ids []int64, total, perPage, last int64) {
	l.total, l.perPage = total, perPage
	if l.perPage <= 0 {
		l.perPage = max(int64(len(ids)), 1)
	}

	l.total = max(l.total, (last-1)*l.perPage+1)

	if len(ids) == 0 {
		delete(l.spans, number)

		return
	}

	if l.spans == nil {
		l.spans = map[int64]span{}
	}

	l.spans[number] = span{first: ids[0], last: ids[len(ids)-1], count: int64(len(ids))}

	if len(ids) > 1 {
		descending := ids[0] > ids[1]
		l.unsorted = l.unsorted || l.directed && descending != l.descending
		l.directed, l.descending = true, descending
		l.unsorted = l.unsorted || !slices.IsSortedFunc(ids, func(a, b int64) int { return cmp.Compare(l.key(a), l.key(b)) })
	}
}

// grow records that objects were created or deleted.
func (l *layout) grow(more int64) {
	if l.known() {
		l.total = max(l.total+more, 0)
	}
}

// key maps ids to numbers that increase along the list.
func (l *layout) key(id int64) int64 {
	if l.descending {
		return -id
	}

	return id
}

// find returns the page that an object is most likely on, among those that were not read yet, or 0 if it can be on none.
// certain reports that it is very unlikely to be on another page. The work depends on the number of pages that were read, not
// on the number of pages that the service reports.
func (l *layout) find(id int64, read map[int64]bool) (number int64, certain bool) {
	if !l.known() {
		return 1, false
	}

	from, to, guess := int64(1), l.pageOf(max(l.total, 1)-1), int64(1)
	if l.directed && !l.unsorted && len(l.spans) > 0 {
		from, to, guess, certain = l.bracket(id)
	}

	choices := to - from + 1

	for page := range read {
		if page >= from && page <= to {
			choices--
		}
	}

	if choices <= 0 {
		return 0, false
	}

	// The loop ends after at most as many steps as pages were read.
	for distance := int64(0); ; distance++ {
		for _, page := range []int64{guess - distance, guess + distance} {
			if page >= from && page <= to && !read[page] {
				return page, choices == 1 || certain && page == guess
			}
		}
	}
}

// anchor is a row whose index in the list is known.
type anchor struct {
	index, key int64
	// spacing is the mean difference of neighboring keys around it.
	spacing float64
	known   bool
}

// bracket returns the pages between which an object has to be in a sorted list, and the most likely one. certain
// reports that it is on another page only if the ids are spread very unevenly.
func (l *layout) bracket(id int64) (from, to, guess int64, certain bool) {
	key := l.key(id)
	end := max(l.total, 1) - 1
	low, high := l.around(key)

	var index float64

	switch {
	case low.known && high.known:
		share := float64(key-low.key) / max(float64(high.key-low.key), 1)
		index = float64(low.index) + share*float64(high.index-low.index)
	case low.known:
		index = float64(low.index) + float64(key-low.key)/low.spacing
		high.index = end
	default:
		index = float64(high.index) - float64(high.key-key)/high.spacing
	}

	from = l.pageOf(low.index)
	to = max(l.pageOf(min(high.index, end)), from)

	guess = min(max(l.pageOf(int64(index+0.5)), from), to)

	// The deviation of random ids from even spacing grows with the square root of the distance.
	distance := max(min(math.Abs(index-float64(low.index)), math.Abs(float64(high.index)-index)), 1)
	deviation := 3 * math.Sqrt(distance)
	certain = l.pageOf(int64(max(index-deviation, 0))) == guess && l.pageOf(int64(index+deviation)) == guess

	return from, to, guess, certain
}

// around returns the nearest known rows on both sides of a key.
func (l *layout) around(key int64) (low, high anchor) {
	for number, s := range l.spans {
		start := (number - 1) * l.perPage
		spacing := max(float64(l.key(s.last)-l.key(s.first))/float64(max(s.count-1, 1)), 1)

		for _, a := range []anchor{
			{start, l.key(s.first), spacing, true},
			{start + s.count - 1, l.key(s.last), spacing, true},
		} {
			if a.key <= key && (!low.known || a.key > low.key) {
				low = a
			}

			if a.key >= key && (!high.known || a.key < high.key) {
				high = a
			}
		}
	}

	return low, high
}

func (l *layout) pageOf(index int64) int64 { return index/l.perPage + 1 }
