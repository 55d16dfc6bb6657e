package coalesce

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object struct {
	id      int64
	version int
}

var (
	errMissing  = errors.New("missing")
	errCanceled = errors.New("canceled")
)

// store is a fake service in memory.
type store struct {
	mu      sync.Mutex
	ids     []int64
	version map[int64]int
	latency time.Duration
	// last, if not 0, is the least number of the last page that pages report.
	last     int64
	failPage error

	ones, pages int
}

func newStore(count int64) *store {
	s := &store{version: map[int64]int{}}
	for id := range count {
		s.ids = append(s.ids, 59000+id)
	}

	return s
}

func (s *store) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()

	return s.ones + s.pages
}

func (s *store) one(ctx context.Context, id int64, onAttempt func()) (object, error) {
	onAttempt()

	if err := s.wait(ctx); err != nil {
		return object{}, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.ones++

	if !slices.Contains(s.ids, id) {
		return object{}, errMissing
	}

	return object{id, s.version[id]}, nil
}

func (s *store) page(ctx context.Context, number int64, onAttempt func()) (Page[object], error) {
	onAttempt()

	if err := s.wait(ctx); err != nil {
		return Page[object]{}, err
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	s.pages++

	if s.failPage != nil {
		return Page[object]{}, s.failPage
	}

	const size = 100

	count := int64(len(s.ids))
	page := Page[object]{Total: count, PerPage: size, Last: max((count+size-1)/size, s.last), Paginated: true}

	for _, id := range s.ids[min((number-1)*size, count):min(number*size, count)] {
		page.Rows = append(page.Rows, object{id, s.version[id]})
	}

	return page, nil
}

func (s *store) wait(ctx context.Context) error {
	select {
	case <-time.After(s.latency):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *store) reader() *Reader[object] {
	return New(Config[object]{
		One: s.one, Page: s.page, ID: func(t object) int64 { return t.id },
		Shape: Shape[object]{
			Keys: func(object) KeySet { return 1 }, Kind: func(object) string { return "" }, Secrets: func(string) KeySet { return 0 },
		},
		Canceled:         func(int64, bool, error) error { return errCanceled },
		Forbidden:        func(error) bool { return false },
		DeadlineExceeded: func(error) bool { return false },
	})
}

// refresh reads ids in random order, with the given parallelism.
func refresh(t *testing.T, r *Reader[object], ids []int64, parallelism int) {
	t.Helper()

	ids = slices.Clone(ids)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })

	next := make(chan int64)

	var group sync.WaitGroup

	for range parallelism {
		group.Go(func() {
			for id := range next {
				if got, err := r.Get(t.Context(), id); err != nil || got.id != id {
					t.Errorf("read %d, got %d, %v", id, got.id, err)
				}

				time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
			}
		})
	}

	for _, id := range ids {
		next <- id
	}

	close(next)
	group.Wait()
	// A page that no caller needs any more may still be in flight.
	time.Sleep(time.Second)
}

func TestARefreshStaysWithinItsRequestLimit(t *testing.T) {
	t.Parallel()

	for _, size := range []struct {
		all    int64
		wanted int
		most   int
	}{{1, 1, 1}, {300, 300, 4}, {1000, 1000, 11}, {3000, 2, 4}, {3000, 20, 40}} {
		for _, parallelism := range []int{1, 10, 50} {
			for _, last := range []int64{0, 1_000_000_000} {
				if last != 0 && size.wanted > 20 {
					continue
				}

				t.Run(fmt.Sprintf("%d of %d, %d at a time, last page %d", size.wanted, size.all, parallelism, last), func(t *testing.T) {
					t.Parallel()

					synctest.Test(t, func(t *testing.T) {
						s := newStore(size.all)
						s.last, s.latency = last, 20*time.Millisecond

						ids := slices.Clone(s.ids)
						rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
						refresh(t, s.reader(), ids[:size.wanted], parallelism)

						if got := s.requests(); got > size.most {
							t.Errorf("%d single reads and %d pages, want at most %d requests", s.ones, s.pages, size.most)
						}
					})
				})
			}
		}
	}
}

func TestAReadSeesEveryWriteThatCompletedBeforeIt(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(50)
		s.latency = 10 * time.Millisecond
		r := s.reader()

		refresh(t, r, s.ids, 10)

		for i, id := range s.ids {
			written := r.Writing()

			s.mu.Lock()
			s.version[id] = i + 1
			s.mu.Unlock()

			written(id, 0)

			if got, err := r.Get(t.Context(), id); err != nil || got.version != i+1 {
				t.Fatalf("read version %d of %d, %v, after version %d was written", got.version, id, err, i+1)
			}
		}
	})
}

func TestASecondReadOfAnObjectIsFresh(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(1)
		r := s.reader()

		for version := range 3 {
			s.version[s.ids[0]] = version

			if got, err := r.Get(t.Context(), s.ids[0]); err != nil || got.version != version {
				t.Errorf("read version %d, want %d, %v", got.version, version, err)
			}
		}
	})
}

func TestRequestsAreCanceledWhenAllCallersHaveLeft(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(300)
		s.latency = time.Hour
		r := s.reader()

		ctx, cancel := context.WithCancel(t.Context())

		var group sync.WaitGroup

		for _, id := range s.ids {
			group.Go(func() {
				if _, err := r.Get(ctx, id); !errors.Is(err, errCanceled) {
					t.Error(err)
				}
			})
		}

		synctest.Wait()
		cancel()

		start := time.Now()

		group.Wait()
		synctest.Wait()

		r.mu.Lock()
		defer r.mu.Unlock()

		if len(r.gets)+len(r.pages)+len(r.pending) != 0 || time.Since(start) != 0 {
			t.Errorf("%d single reads, %d pages, %d pending after %s", len(r.gets), len(r.pages), len(r.pending), time.Since(start))
		}
	})
}

func TestAFailedPageFailsNoRead(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(30)
		s.failPage = errors.New("broken")

		refresh(t, s.reader(), s.ids, 10)
	})
}

func TestAMissingObjectFailsOnlyItsOwnCallers(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(30)
		r := s.reader()

		var group sync.WaitGroup

		group.Go(func() {
			if _, err := r.Get(t.Context(), 1); !errors.Is(err, errMissing) {
				t.Error(err)
			}
		})
		refresh(t, r, s.ids, 10)
		group.Wait()
	})
}

func TestASharedValueIsReadOnceAndExpires(t *testing.T) {
	t.Parallel()

	for _, expires := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			reads := 0
			value := Shared[int]{Expires: expires, Fetch: func(context.Context) (int, error) {
				time.Sleep(time.Second)

				reads++

				return reads, nil
			}}

			var group sync.WaitGroup

			for range 20 {
				group.Go(func() { _, _ = value.Get(t.Context()) })
			}

			group.Wait()
			time.Sleep(10 * time.Second)

			got, err := value.Get(t.Context())
			if want := map[bool]int{true: 2, false: 1}[expires]; got != want || err != nil {
				t.Errorf("expires %t: the value of read %d, want %d, %v", expires, got, want, err)
			}
		})
	}
}

func TestASharedReadEndsOnlyWhenAllItsCallersHaveLeft(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		ended := 0
		value := Shared[int]{Fetch: func(ctx context.Context) (int, error) {
			<-ctx.Done()

			ended++

			return 0, ctx.Err()
		}}

		var leave [2]context.CancelFunc

		for i := range leave {
			var ctx context.Context

			ctx, leave[i] = context.WithCancel(t.Context())

			go func() {
				if _, err := value.Get(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("caller %d: %v", i, err)
				}
			}()
		}

		for i, want := range []int{0, 1} {
			synctest.Wait()
			leave[i]()
			synctest.Wait()

			if ended != want {
				t.Errorf("after %d callers have left, %d requests have ended, want %d", i+1, ended, want)
			}
		}
	})
}

// A list may leave out the secrets of objects, which differ by kind: a row replaces the read of an object only if it has the
// secret of its kind, or a read of that kind has shown that there is none.
func TestARowWithoutTheSecretOfItsKindDoesNotReplaceARead(t *testing.T) {
	t.Parallel()

	const name, secret = KeySet(1), KeySet(2)

	type object struct {
		kind string
		keys KeySet
	}

	s := shape[object]{Shape: Shape[object]{
		Keys: func(o object) KeySet { return o.keys }, Kind: func(o object) string { return o.kind },
		Secrets: func(kind string) KeySet {
			if kind == "open" {
				return 0
			}

			return secret
		},
		Varying: secret,
	}}

	if s.replacesRead(object{"open", name}) {
		t.Error("a row replaces the first read")
	}

	s.learn(object{"open", name})

	for _, step := range []struct {
		row  object
		want bool
	}{
		{object{"open", name}, true},
		{object{"open", 0}, false},
		{object{"key", name}, false},
		{object{"key", name | secret}, true},
	} {
		if got := s.replacesRead(step.row); got != step.want {
			t.Errorf("the row %v replaces a read: %t", step.row, got)
		}
	}

	// Single reads of this kind lack the secret too.
	s.learn(object{"key", name})

	if !s.replacesRead(object{"key", name}) {
		t.Error("a row like a read does not replace it")
	}
}

// writing writes ids and reads each back, so many at a time, on a machine that needs up to pause for each step.
func writing(t *testing.T, s *store, r *Reader[object], ids []int64, parallelism int, pause time.Duration) {
	t.Helper()

	next := make(chan int64)
	step := func() { time.Sleep(rand.N(pause)) }

	var group sync.WaitGroup

	for range parallelism {
		group.Go(func() {
			for id := range next {
				step()

				written := r.Writing()

				time.Sleep(s.latency)
				written(id, 0)
				step()

				if _, err := r.Get(t.Context(), id); err != nil {
					t.Error(err)
				}

				step()
			}
		})
	}

	for _, id := range ids {
		next <- id
	}

	close(next)
	group.Wait()
}

func TestWhatABatchOfWritesCostsDoesNotDependOnTheMachine(t *testing.T) {
	t.Parallel()

	for _, pause := range []time.Duration{time.Millisecond, 20 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond, time.Second} {
		for _, parallelism := range []int{10, 50} {
			t.Run(fmt.Sprintf("%d at a time, steps of up to %s", parallelism, pause), func(t *testing.T) {
				t.Parallel()

				synctest.Test(t, func(t *testing.T) {
					s := newStore(100)
					s.latency = 20 * time.Millisecond

					writing(t, s, s.reader(), s.ids, parallelism, pause)

					if s.requests() > 30 {
						t.Errorf("%d single reads and %d pages for 100 writes, want at most 30 requests", s.ones, s.pages)
					}

					// A page that no caller needs any more may still be in flight.
					time.Sleep(time.Second)
				})
			})
		}
	}
}

func TestWritesWaitForNobodyWhoDoesNotCome(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := newStore(130)
		s.latency = 20 * time.Millisecond
		r := s.reader()

		for _, test := range []struct {
			ids         []int64
			parallelism int
			most        time.Duration
		}{
			// Ten batches of a write and a page each, and one wait before the first of them.
			{s.ids[:100], 10, time.Second},
			// The waits for the others of the batch become short.
			{s.ids[100:110], 1, 1200 * time.Millisecond},
			{s.ids[110:], 1, 20 * (s.latency + gapLeast + s.latency + 3*time.Millisecond)},
		} {
			start := time.Now()

			writing(t, s, r, test.ids, test.parallelism, time.Millisecond)

			if took := time.Since(start); took > test.most {
				t.Errorf("%d writes, %d at a time, took %s, want at most %s", len(test.ids), test.parallelism, took, test.most)
			}
		}

		time.Sleep(time.Second)
	})
}
