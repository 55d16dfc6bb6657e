package acceptance_test

import (
	"strings"
	"testing"
)

func TestAccTheDebugLogShowsEachRequest(t *testing.T) {
	t.Parallel()

	_, cli := start(t, `data "sepay_user" "current" {}`)

	if output := cli.MustRun("plan"); strings.Contains(output, "SePay responded") {
		t.Errorf("the log was not requested:\n%s", output)
	}

	cli.Setenv("TF_LOG_PROVIDER=DEBUG")

	if output := cli.MustRun("plan"); !strings.Contains(output, "SePay responded") || !strings.Contains(output, "/me") {
		t.Errorf("the log does not show the request:\n%s", output)
	}
}
