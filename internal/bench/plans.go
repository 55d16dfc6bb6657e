package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// Options say what is measured.
type Options struct {
	// Webhooks are the sizes of the configurations, Latencies those of the service.
	Webhooks  []int
	Latencies []time.Duration
	// Costs are the sizes of the configurations for which the cost of the provider alone is measured, and Base the commit to
	// compare it with, "" for none.
	Costs []int
	Base  string
	// Rounds is how often each plan is made. Large or slow ones are made less often.
	Rounds int
	// Limited adds plans against a service that allows three requests a second, with the provider's default limit.
	Limited bool
}

// scenario is one line of the table of plans.
type scenario struct {
	webhooks int
	latency  time.Duration
	program  string
	// floor plans without a refresh: what Terraform itself costs.
	floor bool
	// limited lets the service refuse more than three requests a second.
	limited bool
	rounds  int
}

// measured is a scenario with what its rounds cost.
type measured struct {
	scenario

	samples []sample
}

// scenariosOf lists what is measured for one size. The floor sends no request, so that its latency does not matter.
func scenariosOf(options Options, webhooks int) []scenario {
	all := []scenario{{webhooks: webhooks, program: Provider, floor: true, rounds: rounds(options.Rounds, webhooks, 0)}}

	for _, program := range []string{Provider, Uncoalesced} {
		for _, latency := range options.Latencies {
			slowest := time.Duration(0)
			if program == Uncoalesced {
				// Ten parallel reads.
				slowest = time.Duration(webhooks/10) * latency
			}

			all = append(all, scenario{
				webhooks: webhooks, latency: latency, program: program, rounds: rounds(options.Rounds, webhooks, slowest),
			})
		}
	}

	if options.Limited {
		all = append(all, scenario{webhooks: webhooks, program: Provider, limited: true, rounds: 1})

		// More would wait for minutes, to show what a division by three shows, too.
		if webhooks <= 100 {
			all = append(all, scenario{webhooks: webhooks, program: Uncoalesced, limited: true, rounds: 1})
		}
	}

	return all
}

// rounds makes fewer rounds of what takes long.
func rounds(most, webhooks int, waits time.Duration) int {
	switch {
	case webhooks >= 1000 && waits > 5*time.Second:
		return 1
	case webhooks >= 1000:
		return min(most, 2)
	case webhooks >= 300:
		return min(most, 3)
	default:
		return most
	}
}

// plans measures all scenarios of one size. They take turns, so that whatever else the machine does meets all alike.
func plans(ctx context.Context, options Options, directory, tool string, programs map[string]string, webhooks int,
	progress func(string),
) ([]measured, error) {
	space, err := newWorkspace(ctx, filepath.Join(directory, fmt.Sprint(webhooks)), tool, programs, webhooks, secrets{})
	if err != nil {
		return nil, err
	}
	defer space.close() //nolint:contextcheck // it closes when the context has ended too

	var all []measured
	for _, scenario := range scenariosOf(options, webhooks) {
		all = append(all, measured{scenario: scenario})
	}

	for round := range options.Rounds {
		for i := range all {
			if round >= all[i].rounds {
				continue
			}

			got, err := space.measure(ctx, all[i].scenario)
			if err != nil {
				return nil, err
			}

			progress(fmt.Sprintf("%d webhooks, %s, %s, floor %t, limited %t: %s, %d requests", webhooks, all[i].program,
				all[i].latency, all[i].floor, all[i].limited, got.wall.Round(time.Millisecond), got.requests))

			all[i].samples = append(all[i].samples, got)
		}
	}

	return all, nil
}

func (w *workspace) measure(ctx context.Context, s scenario) (sample, error) {
	var (
		environment, args []string
		dialect           dialects.Dialect
	)

	if s.limited {
		dialect.RateLimit = dialects.RateLimitThree
		environment = []string{"SEPAY_REQUESTS_PER_SECOND=3"}
	}

	if s.floor {
		args = []string{"-refresh=false"}
	}

	w.sepay.SetLatency(s.latency)
	w.sepay.SetDialect(dialect)

	return w.plan(ctx, s.program, environment, args...)
}
