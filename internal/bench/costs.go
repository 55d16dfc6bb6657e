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

// costs measures one size with each kind of secrets. The programs take turns at each command.
func costs(ctx context.Context, options Options, directory, tool string, programs map[string]string, webhooks int,
	progress func(string),
) ([]cost, error) {
	metered := map[string]string{}

	for _, program := range []string{Base, Provider} {
		if path, ok := programs[program]; ok {
			metered[program] = path
		}
	}

	var all []cost

	for i, secrets := range allSecrets() {
		space, err := newWorkspace(ctx, filepath.Join(directory, fmt.Sprintf("costs-%d-%d", webhooks, i)), tool, metered, webhooks, secrets)
		if err != nil {
			return nil, err
		}

		got, err := space.costs(ctx, options, webhooks, progress)

		space.close() //nolint:contextcheck // it closes when the context has ended too

		if err != nil {
			return nil, err
		}

		all = append(all, got...)
	}

	return all, nil
}

func (w *workspace) costs(ctx context.Context, options Options, webhooks int, progress func(string)) ([]cost, error) {
	var all []cost
	for _, command := range commands(webhooks) {
		all = append(all, cost{webhooks: webhooks, secrets: w.secrets, command: command})
	}

	for range rounds(options.Rounds, webhooks, 0) {
		for i := range all {
			for program, samples := range map[string]*[]sample{Base: &all[i].base, Provider: &all[i].provider} {
				if _, ok := w.programs[program]; !ok {
					continue
				}

				got, err := w.command(ctx, program, all[i].command)
				if err != nil {
					return nil, fmt.Errorf("%s, secrets %s: %w", program, w.secrets.name, err)
				}

				progress(fmt.Sprintf("%d webhooks, secrets %s, %s, %s: %s", webhooks, w.secrets.name, all[i].command, program,
					got.provider))

				*samples = append(*samples, got)
			}
		}
	}

	return all, nil
}

func (w *workspace) command(ctx context.Context, program, command string) (sample, error) {
	if command == "refresh" {
		return w.run(ctx, program, nil, "plan", "-refresh-only", "-lock=false", "-input=false", "-no-color")
	}

	return w.plan(ctx, program, nil)
}
