//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory returns the peak of the resident memory of a process in bytes.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)

	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin" || runtime.GOOS == "ios":
		return usage.Maxrss
	default:
		// The other systems count in kilobytes. On 32 bits it is no int64.
		return int64(usage.Maxrss) << 10 //nolint:unconvert // see above
	}
}
