package bench

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// median of values, the lower of the two in the middle; the zero value for none.
func median[T cmp.Ordered](values []T) T {
	if len(values) == 0 {
		var none T

		return none
	}

	return slices.Sorted(slices.Values(values))[(len(values)-1)/2]
}

// of is one figure of every sample.
func of[S, T any](samples []S, figure func(S) T) []T {
	figures := make([]T, len(samples))
	for i, sample := range samples {
		figures[i] = figure(sample)
	}

	return figures
}

func (m measured) wall() time.Duration {
	return median(of(m.samples, func(s sample) time.Duration { return s.wall }))
}

// writePlans writes the table of plans.
func writePlans(out io.Writer, all []measured) error {
	rows := [][]string{{
		"webhooks", "latency", "provider", "requests", "429", "connections", "wall time", "of the floor", "of 0 ms",
		"processor time", "of it the provider", "peak memory", "plans",
	}}

	for _, m := range all {
		most := func(figure func(sample) int) string {
			return fmt.Sprint(slices.Max(of(m.samples, figure)))
		}

		rows = append(rows, []string{
			fmt.Sprint(m.webhooks), m.service(), m.name(),
			most(func(s sample) int { return s.requests }),
			most(func(s sample) int { return s.refused }),
			most(func(s sample) int { return s.connections }),
			fmt.Sprintf("%.2f s", m.wall().Seconds()),
			ratio(m.wall(), find(all, scenario{webhooks: m.webhooks, program: Provider, floor: true}).wall()),
			ratio(m.wall(), find(all, scenario{webhooks: m.webhooks, program: m.program, floor: m.floor}).wall()),
			fmt.Sprintf("%.2f s", median(of(m.samples, func(s sample) time.Duration { return s.cpu })).Seconds()),
			fmt.Sprintf("%.2f s", median(of(m.samples, func(s sample) time.Duration { return s.provider })).Seconds()),
			megabytes(median(of(m.samples, func(s sample) int64 { return s.memory }))),
			fmt.Sprint(len(m.samples)),
		})
	}

	return writeTable(out, rows)
}

// find returns what was measured for a scenario, whatever its rounds.
func find(all []measured, wanted scenario) measured {
	for _, m := range all {
		wanted.rounds = m.rounds
		if m.scenario == wanted {
			return m
		}
	}

	return measured{}
}

func (s scenario) name() string {
	if s.floor {
		return "`-refresh=false`"
	}

	return s.program
}

func (s scenario) service() string {
	switch {
	case s.limited:
		return "3 a second"
	case s.floor:
		return "any"
	default:
		return fmt.Sprintf("%d ms", s.latency.Milliseconds())
	}
}

func ratio[T time.Duration | int64](a, b T) string {
	if b == 0 {
		return "–"
	}

	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}

	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// writeStarts writes the table of start-up.
func writeStarts(out io.Writer, all []program) error {
	rows := [][]string{{"provider", "size", "first response", "of the empty one", "processor time", "of the empty one", "starts"}}

	figures := func(p program) (wall, cpu time.Duration) {
		return median(of(p.starts, func(s start) time.Duration { return s.wall })),
			median(of(p.starts, func(s start) time.Duration { return s.cpu }))
	}

	var empty program

	for _, p := range all {
		if p.name == Empty {
			empty = p
		}
	}

	leastWall, leastCPU := figures(empty)

	for _, p := range all {
		wall, cpu := figures(p)
		rows = append(rows, []string{
			p.name, megabytes(p.size), milliseconds(wall), ratio(wall, leastWall), milliseconds(cpu), ratio(cpu, leastCPU),
			fmt.Sprint(len(p.starts)),
		})
	}

	return writeTable(out, rows)
}

func milliseconds(d time.Duration) string {
	if d == 0 {
		return "–"
	}

	return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
}

// writeTable writes a table of Markdown whose first row is the header. Columns are as wide as their widest cell.
func writeTable(out io.Writer, rows [][]string) error {
	widths := make([]int, len(rows[0]))

	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}

	lines := make([]string, 0, len(rows)+1)

	for i, row := range rows {
		cells := make([]string, len(row))
		for j, cell := range row {
			cells[j] = cell + strings.Repeat(" ", widths[j]-len([]rune(cell)))
		}

		lines = append(lines, "| "+strings.Join(cells, " | ")+" |")

		if i == 0 {
			for j := range cells {
				cells[j] = strings.Repeat("-", widths[j])
			}

			lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
		}
	}

	_, err := fmt.Fprintf(out, "%s\n", strings.Join(lines, "\n"))

	return err
}
