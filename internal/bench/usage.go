package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// MeteredName is the file name of the program that the meter runs.
	MeteredName = "metered-provider"
	// UsageName is the file to which the meter adds what each process cost.
	UsageName = "usage.jsonl"
)

// Usage is what a provider process cost.
type Usage struct {
	// CPU is the processor time in user and system mode.
	CPU time.Duration
	// Memory is the peak of the resident memory in bytes, 0 where the system does not report it.
	Memory int64
}

// UsageOf returns what a process that has ended cost.
func UsageOf(state *os.ProcessState) Usage {
	return Usage{CPU: state.UserTime() + state.SystemTime(), Memory: peakMemory(state)}
}

// takeUsage returns what the provider processes of a command cost, the processor time of all and the memory of the
// hungriest, and forgets them.
func takeUsage(directory string) (total Usage, err error) {
	path := filepath.Join(directory, UsageName)

	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Usage{}, nil
	}

	if err != nil {
		return Usage{}, err
	}

	for line := range bytes.Lines(content) {
		var one Usage
		if err := json.Unmarshal(line, &one); err != nil {
			return Usage{}, err
		}

		total.CPU += one.CPU
		total.Memory = max(total.Memory, one.Memory)
	}

	return total, os.Remove(path)
}
