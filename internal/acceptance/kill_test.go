//go:build unix

package acceptance_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// TestAccAKilledApplyAddsNoSecondWebhookSilently kills Terraform and its providers at random instants of a create.
func TestAccAKilledApplyAddsNoSecondWebhookSilently(t *testing.T) {
	t.Parallel()

	for i := range proof.Times(30, 2) {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			killed(t)
		})
	}
}

func killed(t *testing.T) {
	t.Helper()

	// Each request takes its time, so that the instant may be before, in and after each of them.
	sepay, cli := start(t, webhook("shop"), simulator.WithLatency(100*time.Millisecond))

	command := cli.Command(t.Context(), "apply", "-auto-approve")
	interruptible(command)

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	if !await(func() bool { return len(sepay.RequestsTo(http.MethodPost, "/api/v1/webhooks")) > 0 }) {
		t.Fatal("the apply has not begun to create")
	}

	time.Sleep(time.Duration(rand.Int64N(int64(700 * time.Millisecond))))

	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	_ = command.Wait()

	sepay.SetLatency(0)

	outcome := "the apply was complete"

	result := cli.Run("apply", "-auto-approve")
	output := result.Output

	if result.Code != 0 {
		outcome = "the webhook delivers, and the plan shows the import"

		mentions(t, output, "SePay already has this webhook", "import {")

		id := only(t, sepay).ID
		configure(cli, webhook("shop")+fmt.Sprintf("import {\n  to = sepay_webhook.shop\n  id = %q\n}\n", fmt.Sprint(id)))
		cli.Apply()
	} else if strings.Contains(output, "left over from an interrupted create") {
		outcome = "a leftover was named"
	}

	cli.PlanEmpty()

	active := 0

	for _, webhook := range sepay.Webhooks() {
		if webhook.Active {
			active++
		}
	}

	if active != 1 {
		t.Errorf("%d webhooks deliver, want 1: %v", active, sepay.Webhooks())
	}

	t.Log(outcome)
}

// TestAccAKilledApplyLeavesNoTraceOfASecret kills Terraform and its providers while a token is exchanged and while a webhook is
// created. SIGQUIT lets both write what all their goroutines do.
func TestAccAKilledApplyLeavesNoTraceOfASecret(t *testing.T) {
	t.Parallel()

	for _, path := range []string{"/oauth/token", "/api/v1/webhooks"} {
		for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGQUIT} {
			t.Run(fmt.Sprintf("%s at %s", signal, path), func(t *testing.T) {
				t.Parallel()

				sepay, cli := start(t, secretive(true))
				cli.Needs(11, 11)

				log := filepath.Join(cli.Home, "trace.log")
				cli.Setenv("TF_VAR_key="+hiddenKey, "TF_VAR_secret="+hiddenSecret, "TF_VAR_oauth="+hiddenOAuth,
					"TF_LOG=TRACE", "TF_LOG_PATH="+log)

				id := sepay.Fail(simulator.Fault{Method: http.MethodPost, Path: path, DelayAfter: time.Second, Times: 1})

				var output bytes.Buffer

				command := cli.Command(t.Context(), "apply", "-auto-approve")
				command.Stdout, command.Stderr = &output, &output
				interruptible(command)

				if err := command.Start(); err != nil {
					t.Fatal(err)
				}

				if !await(func() bool { return sepay.FaultHits(id) > 0 }) {
					t.Fatal("the apply has not come to that request")
				}

				if err := syscall.Kill(-command.Process.Pid, signal); err != nil {
					t.Error(err)
				}

				if command.Wait() == nil {
					t.Error("the apply was not killed")
				}

				cli.Printed(output.Bytes())

				if signal == syscall.SIGQUIT && !strings.Contains(output.String(), "goroutine") {
					t.Errorf("no goroutines were written:\n%s", output.String())
				}

				if info, err := os.Stat(log); err != nil || info.Size() == 0 {
					t.Errorf("there is no log: %v", err)
				}

				noneOf(t, cli, hiddenKey, hiddenSecret, hiddenOAuth)
			})
		}
	}
}
