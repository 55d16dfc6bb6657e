package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watchMemory follows the children of a process until the function that it returns is called, which returns the highest
// peak of any one of them in bytes.
func watchMemory(ctx context.Context, pid int) (peak func() int64) {
	ctx, stop := context.WithCancel(ctx)
	highest := make(chan int64, 1)

	go func() {
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()

		var found int64

		for {
			select {
			case <-ctx.Done():
				highest <- found

				return
			case <-ticker.C:
				for _, child := range children(pid) {
					found = max(found, peakOf(child))
				}
			}
		}
	}()

	return func() int64 {
		stop()

		return <-highest
	}
}

// children returns the processes that any thread of a process has started.
func children(pid int) []string {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}

	var all []string

	for _, file := range files {
		// A thread that has ended meanwhile has no children.
		if content, err := os.ReadFile(file); err == nil {
			all = append(all, strings.Fields(string(content))...)
		}
	}

	return all
}

// peakOf returns the peak of a provider process. A process that has just been forked is none yet: it still shares the
// memory of its parent.
func peakOf(pid string) int64 {
	if path, err := os.Readlink("/proc/" + pid + "/exe"); err != nil || filepath.Base(path) != programName {
		return 0
	}

	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}

	for line := range bytes.Lines(status) {
		fields := strings.Fields(string(line))
		if len(fields) == 3 && fields[0] == "VmHWM:" {
			kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
			if err == nil {
				return kilobytes << 10
			}
		}
	}

	return 0
}
