package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// workspace is a directory with the configuration and the state of webhooks that a simulator of its own has too, so that
// a plan of it is empty.
type workspace struct {
	directory string
	tool      string
	sepay     *simulator.Server
	// programs are the paths of the built programs.
	programs map[string]string
}

// sample is what one command cost.
type sample struct {
	wall time.Duration
	// cpu is what the tool and its providers computed, which other work on the machine does not change much.
	cpu               time.Duration
	requests, refused int
	// connections is how many were opened.
	connections int
	// memory is the peak of the hungriest provider process in bytes, 0 where it is not known.
	memory int64
}

// newWorkspace seeds a simulator with webhooks and lets the tool read them into a state.
func newWorkspace(ctx context.Context, directory, tool string, programs map[string]string, webhooks int) (*workspace, error) {
	sepay, err := simulator.Listen(ctx, "127.0.0.1:0", simulator.New())
	if err != nil {
		return nil, err
	}

	w := &workspace{directory: directory, tool: tool, sepay: sepay, programs: programs}

	if err := w.fill(ctx, webhooks); err != nil {
		w.close() //nolint:contextcheck // it closes when the context has ended too

		return nil, err
	}

	return w, nil
}

func (w *workspace) close() { w.sepay.Close() }

func (w *workspace) fill(ctx context.Context, webhooks int) error {
	for _, name := range []string{"work", "home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(w.directory, name), 0o700); err != nil {
			return err
		}
	}

	for program, path := range w.programs {
		settings := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
			"terraform-provider-sepay/sepay", filepath.Dir(path))
		if err := os.WriteFile(w.settings(program), []byte(settings), 0o600); err != nil {
			return err
		}
	}

	state, err := stateOf(w.sepay.SeedWebhooks(webhooks))
	if err != nil {
		return err
	}

	for name, content := range map[string][]byte{"main.tf": configurationOf(webhooks), "terraform.tfstate": state} {
		if err := os.WriteFile(filepath.Join(w.directory, "work", name), content, 0o600); err != nil {
			return err
		}
	}

	// The state has the ids only. This adds everything else, as it does after an import.
	_, err = w.run(ctx, Provider, nil, "apply", "-refresh-only", "-auto-approve", "-no-color")

	return err
}

func (w *workspace) settings(program string) string {
	return filepath.Join(w.directory, "home", program+".tfrc")
}

// configurationOf declares what simulator.SeedWebhooks makes.
func configurationOf(webhooks int) []byte {
	return fmt.Appendf(nil, `terraform {
  required_providers {
    sepay = {
      source = "terraform-provider-sepay/sepay"
    }
  }
}

resource "sepay_webhook" "seeded" {
  count = %d

  name            = format("Seeded %%05d", count.index + 1)
  webhook_url     = format("https://shop.example.com/hooks/%%05d", count.index + 1)
  event_type      = "All"
  authen_type     = "No_Authen"
  bank_account_id = 19
}
`, webhooks)
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
	command.Dir = filepath.Join(w.directory, "work")
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

	peak := watchMemory(ctx, command.Process.Pid)
	err := command.Wait()
	wall := time.Since(started)
	memory := peak()

	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return sample{}, fmt.Errorf("%s ended with %d: %s", args[0], exit.ExitCode(), output.kept)
	}

	if err != nil {
		return sample{}, err
	}

	counters := w.sepay.Counters()

	return sample{
		wall: wall, cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime(),
		requests: counters.API, refused: counters.TooManyRequests, connections: counters.Connections - connections, memory: memory,
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
