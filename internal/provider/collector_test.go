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

func TestTheMemoryLimitFollowsEachCollection(t *testing.T) {
	t.Parallel()

	done := make(chan bool, 1)

	afterEachCollection(func() {
		select {
		case done <- true:
		default:
		}
	})

	for range 3 {
		for collected := false; !collected; {
			runtime.GC()

			select {
			case collected = <-done:
			default:
				runtime.Gosched()
			}
		}
	}

	if liveHeap() == 0 {
		t.Error("the size of the heap is not known")
	}
}
