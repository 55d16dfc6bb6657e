package bench

import (
	"context"
	"fmt"
	"path/filepath"
)

// secrets are what the webhooks of a configuration authenticate with.
type secrets struct {
	name string
	// argument is that of the secret, "" for none.
	argument string
	// format makes the secret of the webhook with an index.
	format string
}

// value is a secret for each index that no other has.
func (s secrets) value(index int) string { return fmt.Sprintf(s.format, index, index) }

func allSecrets() []secrets {
	const (
		// Hexadecimal digits as a generator makes them, but the same in each run.
		generated = "whsec_%04x1d7be93a58c2f60e4b7d19a3%04x5ce8"
		madeUp    = "secret %d of the shop (%d)"
	)

	return []secrets{
		{name: "none"},
		{"plain", "api_key", generated},
		{"write-only, generated", "api_key_wo", generated},
		{"write-only, made up", "api_key_wo", madeUp},
	}
}

// cost is a line of the table of costs: what a command costs the provider alone.
type cost struct {
	webhooks int
	secrets  secrets
	command  string
	// base is for the earlier commit, and empty where there is none.
	base, provider []sample
}

// commands are what is measured of a configuration. A plan includes a refresh.
func commands(webhooks int) []string {
	if webhooks >= 1000 {
		return []string{"plan"}
	}

	return []string{"plan", "refresh"}
}

// costs measures one size with the given kinds of secrets. Kinds, programs and commands take turns, because their figures are
// compared with each other.
func costs(ctx context.Context, options Options, directory, tool string, programs map[string]string, webhooks int,
	kinds []secrets, progress func(string),
) ([]cost, error) {
	metered := map[string]string{}

	for _, program := range []string{Base, Provider} {
		if path, ok := programs[program]; ok {
			metered[program] = path
		}
	}

	var (
		all    []cost
		spaces []*workspace
	)

	defer func() { //nolint:contextcheck // they close when the context has ended too
		for _, space := range spaces {
			space.close()
		}
	}()

	for i, secrets := range kinds {
		space, err := newWorkspace(ctx, filepath.Join(directory, fmt.Sprintf("costs-%d-%d", webhooks, i)), tool, metered, webhooks, secrets)
		if err != nil {
			return nil, err
		}

		spaces = append(spaces, space)

		for _, command := range commands(webhooks) {
			all = append(all, cost{webhooks: webhooks, secrets: secrets, command: command})
		}
	}

	for range costRounds(options.Rounds, webhooks) {
		for i := range all {
			if err := spaces[i/len(commands(webhooks))].cost(ctx, &all[i], progress); err != nil {
				return nil, err
			}
		}
	}

	return all, nil
}

// costRounds makes more rounds than of plans, whose figures are medians: what counts is the lowest of all runs, and three
// runs of less than a second differ too much to compare kinds of secrets.
func costRounds(most, webhooks int) int {
	if webhooks >= 1000 {
		return rounds(most, webhooks, 0)
	}

	return 2*most - 1
}

// cost adds a run of each program.
func (w *workspace) cost(ctx context.Context, c *cost, progress func(string)) error {
	for program, samples := range map[string]*[]sample{Base: &c.base, Provider: &c.provider} {
		if _, ok := w.programs[program]; !ok {
			continue
		}

		got, err := w.command(ctx, program, c.command)
		if err != nil {
			return fmt.Errorf("%s, secrets %s: %w", program, w.secrets.name, err)
		}

		progress(fmt.Sprintf("%d webhooks, secrets %s, %s, %s: %s", c.webhooks, w.secrets.name, c.command, program, got.provider))

		*samples = append(*samples, got)
	}

	return nil
}

func (w *workspace) command(ctx context.Context, program, command string) (sample, error) {
	if command == "refresh" {
		return w.run(ctx, program, nil, "plan", "-refresh-only", "-lock=false", "-input=false", "-no-color")
	}

	return w.plan(ctx, program, nil)
}
