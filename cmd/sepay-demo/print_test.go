package main

import (
	"slices"
	"strings"
	"testing"
)

func TestTheSummaryKeepsTheChanges(t *testing.T) {
	t.Parallel()

	const plan = `
Terraform used the selected providers to generate the following execution
plan. Resource actions are indicated with the following symbols:
  ~ update in-place

Terraform will perform the following actions:

  # sepay_webhook.payments will be updated in-place
  ~ resource "sepay_webhook" "payments" {
      ~ active     = false -> true
      + created_at = (known after apply)
        # (12 unchanged attributes hidden)
    }

  # sepay_webhook.old will be destroyed
  - resource "sepay_webhook" "old" {
      - active = true -> null
    }

Plan: 0 to add, 1 to change, 1 to destroy.

Changes to Outputs:
      + id = 23

Warning: Something to know

  on main.tf line 3
`

	want := []string{
		"  # sepay_webhook.payments will be updated in-place",
		"      ~ active     = false -> true",
		"  # sepay_webhook.old will be destroyed",
		"Plan: 0 to add, 1 to change, 1 to destroy.",
		"Warning: Something to know",
	}

	if got := summarize(plan); !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSettingsOfTheUserAreRemovedFromTheEnvironment(t *testing.T) {
	t.Parallel()

	got := scrubbed([]string{"HOME=/home/me", "SEPAY_CLIENT_ID=real", "TF_LOG=trace", "TF_CLI_ARGS=-x", "PATH=/bin"})
	if want := []string{"HOME=/home/me", "PATH=/bin"}; !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
