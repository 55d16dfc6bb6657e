package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// workspace is a directory with the configuration and the states of webhooks that a simulator of its own has too, so that
// a plan is empty.
type workspace struct {
	directory string
	tool      string
	sepay     *simulator.Server
	// programs are the paths of the programs, with a meter in the place of each.
	programs map[string]string
	secrets  secrets
}

// sample is what one command cost.
type sample struct {
	wall time.Duration
	// cpu is what the tool and its providers computed, which other work on the machine does not change much; provider is
	// what the providers did.
	cpu, provider     time.Duration
	requests, refused int
	// connections is how many were opened.
	connections int
	// memory is the peak of the hungriest provider process in bytes, 0 where it is not known.
	memory int64
}

// newWorkspace seeds a simulator with webhooks and lets the tool read them into a state for each program, whose private
// parts may differ.
func newWorkspace(
	ctx context.Context, directory, tool string, programs map[string]string, webhooks int, secrets secrets,
) (*workspace, error) {
	server, err := simulator.Listen(ctx, "127.0.0.1:0", simulator.New())
	if err != nil {
		return nil, err
	}

	w := &workspace{directory: directory, tool: tool, sepay: server, programs: programs, secrets: secrets}

	if err := w.fill(ctx, webhooks); err != nil {
		w.close() //nolint:contextcheck // it closes when the context has ended too

		return nil, err
	}

	return w, nil
}

func (w *workspace) close() { w.sepay.Close() }

func (w *workspace) fill(ctx context.Context, webhooks int) error {
	for _, name := range []string{"home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.directory, name), 0o700); err != nil {
			return err
		}
	}

	state, err := stateOf(w.seed(webhooks))
	if err != nil {
		return err
	}

	for program, path := range w.programs {
		settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
			"terraform-provider-sepay/sepay", filepath.Dir(path))

		if err := os.MkdirAll(w.work(program), 0o700); err != nil {
			return err
		}

		for file, content := range map[string][]byte{
			w.settings(program):                                 []byte(settings),
			filepath.Join(w.work(program), "main.tf"):           configurationOf(webhooks, w.secrets),
			filepath.Join(w.work(program), "terraform.tfstate"): state,
		} {
			if err := os.WriteFile(file, content, 0o600); err != nil {
				return err
			}
		}

		// The state has the ids only. This adds everything else, as it does after an import.
		if _, err := w.run(ctx, program, nil, "apply", "-auto-approve", "-no-color"); err != nil {
			return err
		}
	}

	return nil
}

// seed gives the simulator the webhooks of the configuration.
func (w *workspace) seed(webhooks int) []int64 {
	ids := w.sepay.SeedWebhooks(webhooks)

	for i, id := range ids {
		if w.secrets.argument == "" {
			break
		}

		webhook, _ := w.sepay.Webhook(id)
		webhook.AuthenType, webhook.APIKey = sepay.AuthenTypeAPIKey, w.secrets.value(i)
		w.sepay.PutWebhook(webhook)
	}

	return ids
}

func (w *workspace) settings(program string) string {
	return filepath.Join(w.directory, program+".tfrc")
}

func (w *workspace) work(program string) string { return filepath.Join(w.directory, "work", program) }

// configurationOf declares the webhooks of SeedWebhooks.
func configurationOf(webhooks int, secrets secrets) []byte {
	authentication := `  authen_type     = "No_Authen"`

	var values strings.Builder

	if secrets.argument != "" {
		authentication = fmt.Sprintf("  authen_type     = %q\n  %s = local.secrets[count.index]", sepay.AuthenTypeAPIKey, secrets.argument)

		for i := range webhooks {
			fmt.Fprintf(&values, "    %q,\n", secrets.value(i))
		}
	}

	return fmt.Appendf(nil, `terraform {
  required_providers {
    sepay = {
      source = "terraform-provider-sepay/sepay"
    }
  }
}

locals {
  secrets = [
%s  ]
}

resource "sepay_webhook" "seeded" {
  count = %d

  name            = format("Seeded %%05d", count.index + 1)
  webhook_url     = format("https://shop.example.com/hooks/%%05d", count.index + 1)
  event_type      = "All"
%s
  bank_account_id = 19
}
`, values.String(), webhooks, authentication)
}

// stateOf is a state that knows nothing but the ids.
func stateOf(ids []int64) ([]byte, error) {
	instances := make([]map[string]any, len(ids))
	for i, id := range ids {
		instances[i] = map[string]any{"index_key": i, "schema_version": 0, "attributes": map[string]any{"id": id}}
	}

	return json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.5.0", "serial": 1, "lineage": "bench", "outputs": map[string]any{},
		"resources": []map[string]any{{
			"mode": "managed", "type": "sepay_webhook", "name": "seeded", "instances": instances,
			"provider": `provider["registry.terraform.io/terraform-provider-sepay/sepay"]`,
		}},
	})
}

// plan measures a plan, which has to be empty.
func (w *workspace) plan(ctx context.Context, program string, environment []string, args ...string) (sample, error) {
	return w.run(ctx, program, environment,
		append([]string{"plan", "-detailed-exitcode", "-lock=false", "-input=false", "-no-color"}, args...)...)
}

func (w *workspace) run(ctx context.Context, program string, environment []string, args ...string) (sample, error) {
	command := exec.CommandContext(ctx, w.tool, args...)
	command.Dir = w.work(program)
	command.Env = append(append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(w.directory, "home"), "TMPDIR=" + filepath.Join(w.directory, "tmp"),
		"TF_CLI_CONFIG_FILE=" + w.settings(program), "CHECKPOINT_DISABLE=1", "SEPAY_REQUESTS_PER_SECOND=0",
	}, w.sepay.Environment()...), environment...)

	var output tail

	command.Stdout, command.Stderr = &output, &output
	connections := w.sepay.Counters().Connections

	w.sepay.ResetRequests()

	started := time.Now()
	if err := command.Start(); err != nil {
		return sample{}, err
	}

	err := command.Wait()
	wall := time.Since(started)

	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return sample{}, fmt.Errorf("%s ended with %d: %s", args[0], exit.ExitCode(), output.kept)
	}

	if err != nil {
		return sample{}, err
	}

	usage, err := takeUsage(filepath.Dir(w.programs[program]))
	if err != nil {
		return sample{}, err
	}

	counters := w.sepay.Counters()

	return sample{
		wall: wall, cpu: UsageOf(command.ProcessState).CPU, provider: usage.CPU,
		requests: counters.API, refused: counters.TooManyRequests, connections: counters.Connections - connections, memory: usage.Memory,
	}, nil
}

// tail keeps the end of an output.
type tail struct{ kept []byte }

// Write implements io.Writer.
func (t *tail) Write(part []byte) (int, error) {
	t.kept = append(t.kept, part...)
	t.kept = t.kept[max(0, len(t.kept)-4000):]

	return len(part), nil
}
