package promise

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Print writes a row for each test of each promise, and one for all other tests. It returns what breaks a promise: also a test
// that did not run, unless partial says that not all packages were tested.
func Print(to io.Writer, promises []Promise, outcomes *Outcomes, partial bool) (broken []string) {
	writer := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(writer, "promise\ttest\tcases\tfailures\ttime")

	named := map[string]bool{}
	cases, failures := 0, 0

	for _, promise := range promises {
		title := promise.Title

		for _, name := range promise.Tests {
			outcome := outcomes.Tests[name]
			if problem := outcome.problem(); problem != "" && (outcome != nil || !partial) {
				broken = append(broken, fmt.Sprintf("%s: %s %s", promise.Title, name, problem))
			}

			if outcome == nil {
				_, _ = fmt.Fprintf(writer, "%s\t%s\tnot run\t-\t-\n", title, name)
			} else {
				_, _ = fmt.Fprintf(writer, "%s\t%s\t%d\t%d\t%s\n", title, name, outcome.Cases, outcome.Failures, seconds(outcome.Elapsed))

				if !named[name] {
					cases, failures = cases+outcome.Cases, failures+outcome.Failures
				}
			}

			named[name], title = true, ""
		}
	}

	others, otherCases, otherFailures := 0, 0, 0

	for name, outcome := range outcomes.Tests {
		if named[name] {
			continue
		}

		others, otherCases, otherFailures = others+1, otherCases+outcome.Cases, otherFailures+outcome.Failures

		if outcome.Failures > 0 || !outcome.Ended {
			broken = append(broken, fmt.Sprintf("%s %s", name, outcome.problem()))
		}
	}

	_, _ = fmt.Fprintf(writer, "(none)\t%d other tests\t%d\t%d\t\n", others, otherCases, otherFailures)
	_, _ = fmt.Fprintf(writer, "all\t%d tests\t%d\t%d\t\n", len(outcomes.Tests), cases+otherCases, failures+otherFailures)
	_ = writer.Flush()

	for _, name := range outcomes.Broken {
		broken = append(broken, name+" does not build, or ended before its tests")
	}

	return broken
}

func (o *Outcome) problem() string {
	switch {
	case o == nil:
		return "did not run"
	case o.Failures > 0:
		return fmt.Sprintf("failed in %d of %d cases", o.Failures, o.Cases)
	case !o.Ended:
		return "did not end"
	case len(o.Skipped) > 0:
		return "was skipped: " + strings.Join(o.Skipped, ", ")
	}

	return ""
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
