package promise

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Outcome is what became of a test.
type Outcome struct {
	// Cases are those that the test says it tried, or its subtests that have none themselves; at least 1.
	Cases int
	// Failures are the failed ones among the subtests, or 1 for a test that failed by itself.
	Failures int
	// Skipped are the test itself or those of its subtests that were skipped.
	Skipped []string
	// Elapsed is the time from its start to its end, with what ran at the same time.
	Elapsed time.Duration
	// Ended is false for a test that began and whose program ended before it.
	Ended bool

	begun     time.Time
	said      int
	execs     int
	childless map[string]bool
	failed    map[string]bool
	leaves    int
}

// Outcomes collects what `go test -json` says of tests, by their names.
type Outcomes struct {
	Tests map[string]*Outcome
	// Broken are the packages that failed without a test that did: they do not build, or their program ended.
	Broken []string

	failing map[string]bool
}

// NewOutcomes returns an empty collection.
func NewOutcomes() *Outcomes {
	return &Outcomes{Tests: map[string]*Outcome{}, failing: map[string]bool{}}
}

// event is a line of `go test -json`, see `go doc test2json`.
type event struct {
	Time                                                  time.Time
	Action, Package, ImportPath, Test, Output, Key, Value string
}

// Read takes the output of `go test -json` to its end. What failing tests print goes to log.
func (o *Outcomes) Read(stream io.Reader, log io.Writer) error {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, 64<<20)

	printed := map[string][]string{}

	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			_, _ = fmt.Fprintln(log, lines.Text())

			continue
		}

		key := e.Package + "\x00" + e.Test

		switch e.Action {
		case "output", "build-output":
			if e.Action == "build-output" {
				_, _ = fmt.Fprint(log, e.Output)
			}

			printed[key] = append(printed[key], e.Output)
		case "fail":
			_, _ = fmt.Fprint(log, strings.Join(printed[key], ""))

			delete(printed, key)
		case "pass", "skip":
			delete(printed, key)
		}

		o.take(e)
	}

	return lines.Err()
}

func (o *Outcomes) take(e event) {
	if e.Test == "" {
		if e.Action == "fail" && !o.failing[e.Package] {
			o.Broken = append(o.Broken, e.Package)
		}

		return
	}

	name, _, isSubtest := strings.Cut(e.Test, "/")

	outcome := o.Tests[name]
	if outcome == nil {
		outcome = &Outcome{childless: map[string]bool{}, failed: map[string]bool{}}
		o.Tests[name] = outcome
	}

	n := 0

	switch e.Action {
	case "run", "cont":
		if !isSubtest {
			outcome.begun = e.Time
		} else if e.Action == "run" {
			outcome.begin(e.Test)
		}
	case "output":
		var since string
		if _, err := fmt.Sscanf(e.Output, "fuzz: elapsed: %s execs: %d", &since, &n); err == nil {
			outcome.execs = n
		}
	case "attr":
		if n, err := strconv.Atoi(e.Value); err == nil && e.Key == casesAttribute {
			outcome.said += n
		}
	case "skip":
		outcome.Skipped = append(outcome.Skipped, e.Test)
	case "fail":
		outcome.failed[e.Test] = true
		o.failing[e.Package] = true
	}

	if !isSubtest && (e.Action == "pass" || e.Action == "fail" || e.Action == "skip") {
		outcome.end(e.Time)
	}
}

// casesAttribute is the attribute that proof.Cases sets.
const casesAttribute = "cases"

// begin counts a subtest, and no longer the one that it is a part of.
func (o *Outcome) begin(name string) {
	o.leaves++
	o.childless[name] = true

	// What is before a slash may be a part of the name alone.
	parent := name[:strings.LastIndex(name, "/")]
	if o.childless[parent] {
		delete(o.childless, parent)

		o.leaves--
	}
}

// end is called twice for a fuzz target: for its seeds, and for what was made of them.
func (o *Outcome) end(at time.Time) {
	o.Ended = true
	o.Elapsed += at.Sub(o.begun)
	o.Cases = max(o.said, o.leaves+o.execs, 1)
	o.Failures = 0

	for failed := range o.failed {
		isParent := false

		for other := range o.failed {
			isParent = isParent || strings.HasPrefix(other, failed+"/")
		}

		if !isParent {
			o.Failures++
		}
	}
}
