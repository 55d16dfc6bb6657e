package acceptance_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestAccProvidersEndWithAKilledTerraform(t *testing.T) {
	t.Parallel()

	for name, fault := range map[string]simulator.Fault{
		"while SePay does not respond":  {Path: "/api/v1/bank-accounts", DelayBefore: time.Hour},
		"while a token is exchanged":    {Path: "/oauth/token", DelayAfter: time.Second},
		"before the token is exchanged": {Path: "/oauth/token", DelayBefore: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			sepay, cli := start(t, shop("")+`
data "sepay_bank_accounts" "all" {}
`)
			fault.Times = 1
			id := sepay.Fail(fault)

			command := cli.Command(t.Context(), "plan")
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}

			if !await(func() bool { return sepay.FaultHits(id) > 0 }) {
				t.Fatal("SePay was not asked")
			}

			providers := watchChildren(t, command)
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}

			_ = command.Wait()

			expectExit(t, providers)
			sepay.ClearFaults()

			// The token that was being exchanged is in the store: it is not exchanged again.
			cli.PlanChanges()

			if got := sepay.TokenCounters(); got.Calls != 1 || got.Replays != 0 {
				t.Errorf("token counters %+v", got)
			}
		})
	}
}

// watchChildren returns descriptors that become readable when a child of the command ends.
func watchChildren(t *testing.T, command *exec.Cmd) []unix.PollFd {
	t.Helper()

	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}

	var children []unix.PollFd

	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}

		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil || !strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", command.Process.Pid)) {
			continue
		}

		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			t.Skipf("no descriptors of processes here: %v", err)
		}

		t.Cleanup(func() { _ = unix.Close(fd) })

		children = append(children, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}

	if len(children) == 0 {
		t.Fatal("no provider is running")
	}

	return children
}

func expectExit(t *testing.T, processes []unix.PollFd) {
	t.Helper()

	for i := range processes {
		for {
			n, err := unix.Poll(processes[i:i+1], int(time.Minute.Milliseconds()))
			if err == unix.EINTR {
				continue
			}

			if err != nil || n != 1 {
				t.Errorf("a provider lives on a minute after Terraform was killed: %v", err)
			}

			break
		}
	}
}
