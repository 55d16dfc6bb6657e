package bench

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// least is the lowest processor time of the provider: whatever else the machine does only adds to it.
func least(samples []sample) time.Duration {
	if len(samples) == 0 {
		return 0
	}

	return slices.Min(of(samples, func(s sample) time.Duration { return s.provider }))
}

func memoryOf(samples []sample) int64 {
	return median(of(samples, func(s sample) int64 { return s.memory }))
}

// writeCosts writes the table of what each command costs the provider.
func writeCosts(out io.Writer, all []cost, commit string) error {
	if commit == "" {
		commit = "base"
	}

	rows := [][]string{{
		"webhooks", "secrets", "command", "processor time", "a webhook", commit, "a webhook", "of " + commit, "of plain", "peak memory",
		commit, "of " + commit, "runs",
	}}

	for _, c := range all {
		plain := slices.IndexFunc(all, func(other cost) bool {
			return other.webhooks == c.webhooks && other.command == c.command && other.secrets.name == "plain"
		})

		var leastOfPlain time.Duration
		if plain >= 0 {
			leastOfPlain = least(all[plain].provider)
		}

		memory, memoryOfBase := memoryOf(c.provider), memoryOf(c.base)

		row := []string{fmt.Sprint(c.webhooks), c.secrets.name, c.command}
		for _, samples := range [][]sample{c.provider, c.base} {
			row = append(row, seconds(least(samples)), milliseconds(least(samples)/time.Duration(c.webhooks)))
		}

		rows = append(rows, append(row,
			ratio(least(c.provider), least(c.base)), ratio(least(c.provider), leastOfPlain),
			megabytes(memory), megabytes(memoryOfBase), ratio(memory, memoryOfBase), fmt.Sprint(len(c.provider))))
	}

	return writeTable(out, rows)
}

func seconds(d time.Duration) string {
	if d == 0 {
		return "–"
	}

	return fmt.Sprintf("%.2f s", d.Seconds())
}
