//go:build unix

package acceptance_test

import (
	"bytes"
	"net/http"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAccAStoppedCreateIsFinishedByTheNextApply(t *testing.T) {
	t.Parallel()

	for name, fault := range map[string]simulator.Fault{
		"stopped before SePay has created it": {DelayBefore: 1500 * time.Millisecond},
		"stopped after SePay has created it":  {DelayAfter: 1500 * time.Millisecond},
		// Longer than the provider waits, and longer than Terraform waits for the provider.
		"stopped and without a response": {DelayAfter: 20 * time.Second},
	} {
		if !proof.Full() && fault.DelayBefore > 0 {
			continue
		}

		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, webhook("shop"))

			fault.Method, fault.Path, fault.Times = http.MethodPost, "/api/v1/webhooks", 1
			sepay.Fail(fault)

			output := stopped(t, cli, func() bool { return len(sepay.RequestsTo(http.MethodPost, "/api/v1/webhooks")) > 0 })
			mentions(t, output, "Interrupt received")

			cli.Apply()
			cli.PlanEmpty()

			if got := only(t, sepay); got.Name != "Shop" {
				t.Errorf("SePay has %v", got)
			}
		})
	}
}

// TestAccAStoppedCommandWaitsForTheToken: the response comes long after Terraform would have killed a provider that has no
// call to end, and the next command goes on with what it brought.
func TestAccAStoppedCommandWaitsForTheToken(t *testing.T) {
	t.Parallel()

	for name, configuration := range map[string]string{
		"a resource":       webhook("shop"),
		"a shared request": `data "sepay_user" "first" {}` + "\n" + `data "sepay_user" "second" {}` + "\n" + webhook("shop"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, configuration)
			sepay.Fail(simulator.Fault{Method: http.MethodPost, Path: "/oauth/token", DelayAfter: 6 * time.Second, Times: 1})

			output := stopped(t, cli, func() bool { return len(sepay.RequestsTo(http.MethodPost, "/oauth/token")) > 0 })
			mentions(t, output, "Interrupt received")

			cli.Apply()
			cli.PlanEmpty()
			only(t, sepay)
			signedIn(t, sepay, 1)
		})
	}
}

func TestAccAStoppedApplyOfManyLeavesNoOrphan(t *testing.T) {
	t.Parallel()

	sepay, cli := start(t, `
resource "sepay_webhook" "many" {
  count = 30

  name            = "Shop ${count.index}"
  webhook_url     = "https://shop.example.com/${count.index}"
  event_type      = "All"
  authen_type     = "No_Authen"
  bank_account_id = 19
}
`, simulator.WithLatency(200*time.Millisecond))

	stopped(t, cli, func() bool { return len(sepay.Webhooks()) >= 5 })

	if got := len(sepay.Webhooks()); got == 30 {
		t.Error("the apply was not stopped in its middle")
	}

	sepay.SetLatency(0)
	cli.Apply()
	cli.PlanEmpty()

	if got := len(sepay.Webhooks()); got != 30 {
		t.Errorf("SePay has %d webhooks, want 30", got)
	}
}

// stopped runs an apply, presses Ctrl-C once a condition holds, and returns what was printed.
func stopped(t *testing.T, cli *acctest.CLI, when func() bool) string {
	t.Helper()

	var output bytes.Buffer

	command := cli.Command(t.Context(), "apply", "-auto-approve")
	command.Stdout, command.Stderr = &output, &output
	interruptible(command)

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	if !await(when) {
		t.Error("what the interrupt waits for has not happened")
	}

	if err := pressControlC(command); err != nil {
		t.Error(err)
	}

	err := command.Wait()
	cli.Printed(output.Bytes())
	t.Logf("the stopped apply ended with %v", err)

	return output.String()
}

// interruptible gives a command a process group of its own, as a shell does.
func interruptible(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// pressControlC signals the whole group, the providers included, as a terminal does.
func pressControlC(command *exec.Cmd) error {
	return syscall.Kill(-command.Process.Pid, syscall.SIGINT)
}
