package provider

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// collectorSettings returns the current settings.
func collectorSettings() (percent int, limit int64) {
	percent = debug.SetGCPercent(100)
	debug.SetGCPercent(percent)

	return percent, debug.SetMemoryLimit(-1)
}

func TestTheCollectorIsTunedUnlessTheUserTunedIt(t *testing.T) {
	percent, limit := collectorSettings()

	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})

	for _, variable := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			t.Setenv(variable, "50")

			TuneCollector()

			if gotPercent, gotLimit := collectorSettings(); gotPercent != percent || gotLimit != limit {
				t.Errorf("%d percent and a limit of %d, where the user set %s", gotPercent, gotLimit, variable)
			}
		})
	}

	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")

	TuneCollector()

	if gotPercent, gotLimit := collectorSettings(); gotPercent != collectorPercent || gotLimit < memoryGoal || gotLimit == math.MaxInt64 {
		t.Errorf("%d percent and a limit of %d", gotPercent, gotLimit)
	}
}

// A limit below what the process needs would make it collect all the time.
func TestTheMemoryLimitExceedsTheLiveHeap(t *testing.T) {
	t.Parallel()

	const mebibyte = 1 << 20

	for _, test := range []struct{ live, want uint64 }{
		{0, 96}, {10, 96}, {42, 96}, {50, 112}, {100, 212}, {1000, 2012},
	} {
		if got := memoryLimit(test.live*mebibyte, 96*mebibyte); got != int64(test.want*mebibyte) {
			t.Errorf("with a live heap of %d MiB the limit is %d MiB, want %d", test.live, got/mebibyte, test.want)
		}
	}

	if got := memoryLimit(math.MaxUint64/2, 96*mebibyte); got < 0 {
		t.Errorf("the limit is %d", got)
	}
}

func TestTheMemoryLimitFollowsTheLiveHeap(t *testing.T) {
	percent, limit := collectorSettings()

	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})

	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")

	TuneCollector()

	// limitAt collects until the limit is the one for the given live heap, which other goroutines of the test may exceed.
	limitAt := func(live uint64) {
		t.Helper()

		for range 1000 {
			runtime.GC()

			if _, got := collectorSettings(); got >= memoryLimit(live, memoryGoal) && got <= memoryLimit(live+live/4+16<<20, memoryGoal) {
				return
			}

			runtime.Gosched()
		}

		_, got := collectorSettings()
		t.Errorf("with a live heap of %d MiB the limit is %d MiB, want about %d", live>>20, got>>20, memoryLimit(live, memoryGoal)>>20)
	}

	large := make([]byte, 60<<20)

	limitAt(60 << 20)
	runtime.KeepAlive(large)

	large = make([]byte, 120<<20)

	limitAt(120 << 20)
	runtime.KeepAlive(large)

	limitAt(1)
}
