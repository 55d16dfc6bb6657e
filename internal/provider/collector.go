package provider

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

const (
	// collectorPercent is how much a process allocates between two collections, in percent of its live heap. Go's default is
	// 100: a provider, with a small heap and many allocations, then spends a third of its time collecting.
	collectorPercent = 400
	// memoryGoal is the size in bytes up to which the process grows instead of collecting. Beyond it, the
	// process collects as often as with Go's default.
	memoryGoal = 96 << 20
)

// TuneCollector makes the garbage collector of a provider process run less often, within a memory limit. Call it before
// serving. Where the user set GOGC or GOMEMLIMIT, it changes neither.
func TuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}

	debug.SetGCPercent(collectorPercent)
	debug.SetMemoryLimit(memoryGoal)
	afterEachCollection(func() { followLiveHeap(memoryGoal) })
}

// followLiveHeap sets the memory limit to what the live heap of the last collection needs. It derives the size of that heap
// from the runtime's next target, without the limit, which may lower the target. runtime/metrics has the figure itself, but
// each start of a process would pay for the initialization of that package.
func followLiveHeap(goal uint64) {
	debug.SetMemoryLimit(math.MaxInt64)

	var stats runtime.MemStats

	runtime.ReadMemStats(&stats)

	debug.SetMemoryLimit(memoryLimit(stats.NextGC/(100+collectorPercent)*100, goal))
}

// memoryLimit is the soft limit for a process with the given live heap. A limit below twice the live heap would make
// the collector run constantly.
func memoryLimit(live, goal uint64) int64 {
	limit := max(goal, 2*live+goal/8)

	return int64(min(limit, math.MaxInt64))
}

// afterEachCollection calls do soon after each garbage collection, which frees an unreferenced object.
func afterEachCollection(do func()) {
	runtime.AddCleanup(new([64]byte), func(do func()) {
		do()
		afterEachCollection(do)
	}, do)
}
