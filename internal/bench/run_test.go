package bench

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
)

func TestTheBenchmarkComparesWhatItSays(t *testing.T) {
	t.Parallel()

	if os.Getenv("TF_ACC") == "" {
		t.Skip("whole commands need TF_ACC=1; `make test` sets what they need")
	}

	tool, err := Tool()
	if err != nil {
		t.Fatal(err)
	}

	directory, programs := t.TempDir(), map[string]string{}

	for _, name := range []string{Provider, Uncoalesced} {
		if programs[name], err = Build(t.Context(), directory, name); err != nil {
			t.Fatal(err)
		}
	}

	const webhooks = 30

	options := Options{Latencies: []time.Duration{0}, Rounds: 1}

	programs, err = meter(t.Context(), directory, programs)
	if err != nil {
		t.Fatal(err)
	}

	progress := func(step string) { t.Log(step) }

	all, err := plans(t.Context(), options, directory, tool, programs, webhooks, progress)
	if err != nil {
		t.Fatal(err)
	}

	for _, test := range []struct {
		scenario
		least, most int
	}{
		{scenario{webhooks: webhooks, program: Provider, floor: true}, 0, 0},
		{scenario{webhooks: webhooks, program: Provider}, 1, 2},
		{scenario{webhooks: webhooks, program: Uncoalesced}, webhooks, webhooks},
	} {
		got := find(all, test.scenario).samples
		if len(got) != 1 {
			t.Fatalf("%v was measured %d times", test.scenario, len(got))
		}

		if got[0].requests < test.least || got[0].requests > test.most || got[0].wall <= 0 {
			t.Errorf("%v gives %+v", test.scenario, got[0])
		}

		if runtime.GOOS == "linux" && got[0].memory < 1e6 {
			t.Errorf("the providers took %d bytes at their peak", got[0].memory)
		}

		if got[0].provider <= 0 || got[0].provider >= got[0].cpu {
			t.Errorf("the providers took %s of %s", got[0].provider, got[0].cpu)
		}
	}

	// The programs may be of different commits: each has a state of its own. Every plan has to be empty.
	programs[Base] = programs[Uncoalesced]

	kinds := allSecrets()
	if !proof.Full() {
		kinds = kinds[2:3]
	}

	found, err := costs(t.Context(), options, directory, tool, programs, 3, kinds, progress)
	if err != nil {
		t.Fatal(err)
	}

	if len(found) != 2*len(kinds) {
		t.Fatalf("%d costs were measured", len(found))
	}

	for _, cost := range found {
		if least(cost.base) <= 0 || least(cost.provider) <= 0 {
			t.Errorf("%s of secrets %s: %+v", cost.command, cost.secrets.name, cost)
		}
	}
}

func TestCostsAreTheMinimumOfAllRunsNextToThoseOfTheBase(t *testing.T) {
	t.Parallel()

	costing := func(milliseconds ...int) []sample {
		samples := make([]sample, len(milliseconds))
		for i, cost := range milliseconds {
			samples[i] = sample{provider: time.Duration(cost) * time.Millisecond, memory: int64(cost) * 1e5}
		}

		return samples
	}

	var out bytes.Buffer

	kinds := allSecrets()

	err := writeCosts(&out, []cost{
		{100, kinds[1], "plan", costing(2000, 4000), costing(900, 700, 1000)},
		{100, kinds[2], "plan", nil, costing(1400)},
	}, "9aa0297")
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{
		"| 100 | plain | plan | 0.70 s | 7.0 ms | 2.00 s | 20.0 ms | 0.35 | 1.00 | 90.0 MB | 200.0 MB | 0.45 | 3 |",
		"| 100 | write-only, generated | plan | 1.40 s | 14.0 ms | – | – | – | 2.00 | 140.0 MB | – | – | 1 |",
	} {
		if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSlowScenariosAreMeasuredLessOften(t *testing.T) {
	t.Parallel()

	options := Options{Latencies: []time.Duration{0, 100 * time.Millisecond}, Rounds: 5, Limited: true}

	for _, test := range []struct{ webhooks, scenarios, plans int }{{1, 7, 27}, {300, 6, 16}, {1000, 6, 10}} {
		all := scenariosOf(options, test.webhooks)
		plans := 0

		for _, scenario := range all {
			plans += scenario.rounds
		}

		if len(all) != test.scenarios || plans != test.plans {
			t.Errorf("%d webhooks: %d scenarios and %d plans, want %d and %d", test.webhooks, len(all), plans, test.scenarios, test.plans)
		}
	}
}

func TestResultsAreMediansAndRatiosInATable(t *testing.T) {
	t.Parallel()

	sampled := func(walls ...time.Duration) []sample {
		samples := make([]sample, len(walls))
		for i, wall := range walls {
			samples[i] = sample{wall: wall, cpu: wall / 2, provider: wall / 4, requests: 2 + i, connections: 1, memory: 31_000_000}
		}

		return samples
	}

	var out bytes.Buffer

	err := writePlans(&out, []measured{
		{scenario{webhooks: 1, program: Provider, floor: true, rounds: 1}, sampled(time.Second)},
		{scenario{webhooks: 1, program: Provider, rounds: 3}, sampled(9*time.Second, time.Second, 2*time.Second)},
		{scenario{webhooks: 1, latency: 20 * time.Millisecond, program: Provider, rounds: 1}, sampled(3 * time.Second)},
		{scenario{webhooks: 1, program: Uncoalesced, limited: true, rounds: 1}, sampled(4 * time.Second)},
	})
	if err != nil {
		t.Fatal(err)
	}

	want := []string{
		"| webhooks | latency | provider | requests | 429 | connections | wall time | of the floor | of 0 ms | processor time | of it the provider | peak memory | plans |",
		"| 1 | any | `-refresh=false` | 2 | 0 | 1 | 1.00 s | 1.00 | 1.00 | 0.50 s | 0.25 s | 31.0 MB | 1 |",
		"| 1 | 0 ms | coalesced | 4 | 0 | 1 | 2.00 s | 2.00 | 1.00 | 1.00 s | 0.50 s | 31.0 MB | 3 |",
		"| 1 | 20 ms | coalesced | 2 | 0 | 1 | 3.00 s | 3.00 | 1.50 | 1.50 s | 0.75 s | 31.0 MB | 1 |",
		"| 1 | 3 a second | uncoalesced | 2 | 0 | 1 | 4.00 s | 4.00 | – | 2.00 s | 1.00 s | 31.0 MB | 1 |",
	}

	var got []string

	for line := range strings.Lines(out.String()) {
		// Columns are padded, and a line of dashes follows the header.
		if !strings.HasPrefix(line, "| -") {
			got = append(got, strings.Join(strings.Fields(line), " "))
		}
	}

	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
