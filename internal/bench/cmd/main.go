// Command cmd measures whole commands and prints the results as Markdown:
//
//	go run ./internal/bench/cmd
//	go run ./internal/bench/cmd -webhooks 300 -latencies 0,100ms -rounds 9 -costs ''
//	go run ./internal/bench/cmd -webhooks '' -costs 300 -base 9aa0297
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/bench"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)

	webhooks := flags.String("webhooks", "1,100,300,1000", "sizes of the configurations")
	costs := flags.String("costs", "300,1000", "sizes of the configurations for which the cost of the provider alone is measured")
	base := flags.String("base", "", "the commit to compare the cost of the provider with; none where it is empty")
	latencies := flags.String("latencies", "0,20ms,100ms", "latencies of the service")
	rounds := flags.Int("rounds", 5, "how often each plan is made; large and slow ones are made less often")
	limited := flags.Bool("limited", true, "also plan against a service that allows three requests a second")
	quiet := flags.Bool("quiet", false, "say nothing of the progress")

	if err := flags.Parse(arguments); err != nil {
		return err
	}

	options := bench.Options{Rounds: *rounds, Limited: *limited, Base: *base}

	for _, sizes := range []struct {
		flag, text string
		into       *[]int
	}{{"webhooks", *webhooks, &options.Webhooks}, {"costs", *costs, &options.Costs}} {
		for text := range strings.FieldsFuncSeq(sizes.text, func(r rune) bool { return r == ',' }) {
			size, err := strconv.Atoi(text)
			if err != nil {
				return fmt.Errorf("-%s: %w", sizes.flag, err)
			}

			*sizes.into = append(*sizes.into, size)
		}
	}

	for text := range strings.SplitSeq(*latencies, ",") {
		latency, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("-latencies: %w", err)
		}

		options.Latencies = append(options.Latencies, latency)
	}

	progress := func(step string) { fmt.Fprintln(stderr, step) }
	if *quiet {
		progress = func(string) {}
	}

	return bench.Run(ctx, options, stdout, progress)
}
