package examples_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rotation applies the example of the guide: store and SePay have the same new secret afterwards. The providers for the password and for
// the store are replaced by small ones of this test.
func rotation(t *testing.T) {
	t.Helper()

	sepay, cli := reader(t)
	cli.Needs(11, 11)

	store := filepath.Join(t.TempDir(), "secret")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	overrides := fmt.Sprintf("%q = %q\n", "terraform-provider-sepay/sepay", filepath.Dir(cli.Provider(t.Context()).Path))

	for _, name := range []string{"random", "aws"} {
		directory := filepath.Join(cli.Home, name)
		script := fmt.Sprintf("#!/bin/sh\nexec env %s %s=%s %s=%q %q\n", exitAtOnce, replacementVariable, name, storeVariable, store, program)

		if err := os.Mkdir(directory, 0o700); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(filepath.Join(directory, "terraform-provider-"+name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}

		overrides += fmt.Sprintf("%q = %q\n", "hashicorp/"+name, directory)
	}

	settings := filepath.Join(cli.Home, "rotation.tfrc")
	text := "provider_installation {\n  dev_overrides {\n" + overrides + "  }\n  direct {}\n}\n"

	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}

	cli.Setenv("TF_CLI_CONFIG_FILE=" + settings)

	const page = "docs/guides/rotating-secrets.md"

	guide := blocks(t, page)
	cli.Write("main.tf", used(find(t, guide, "aws_secretsmanager_secret_version")))

	if command := used(find(t, guide, "secret_version=2")); strings.TrimSpace(command) != "terraform apply -var secret_version=2" {
		t.Fatalf("the guide rotates with %q", command)
	}

	inStore := func() string {
		secret, err := os.ReadFile(store)
		if err != nil {
			t.Fatal(err)
		}

		return string(secret)
	}
	atSePay := func() string { return sepay.Webhooks()[0].SecretKey }

	cli.Apply()

	first := inStore()
	if len(first) != 48 || atSePay() != first {
		t.Errorf("the store has a secret of %d characters, equal to SePay's: %v", len(first), atSePay() == first)
	}

	// Another password in each run changes nothing without another version.
	sepay.ResetRequests()
	cli.PlanEmpty()
	cli.Apply()

	if sent := sepay.RequestsTo(http.MethodPatch, "/api/v1/webhooks/"); len(sent) != 0 || inStore() != first {
		t.Errorf("an apply of the same version sent %d updates, secret in the store kept: %v", len(sent), inStore() == first)
	}

	// While the store cannot be written, SePay keeps the old secret.
	if err := os.Rename(store, store+".kept"); err != nil {
		t.Fatal(err)
	}

	if err := os.Mkdir(store, 0o700); err != nil {
		t.Fatal(err)
	}

	cli.MustExit(1, "apply", "-auto-approve", "-var", "secret_version=2")

	if atSePay() != first {
		t.Error("SePay got a secret that the receiver cannot read")
	}

	if err := os.Remove(store); err != nil {
		t.Fatal(err)
	}

	cli.Apply("-var", "secret_version=2")

	if second := inStore(); second == first || atSePay() != second {
		t.Errorf("after the rotation the secret is new: %v, and the same at SePay: %v", second != first, atSePay() == second)
	}

	cli.PlanEmpty("-var", "secret_version=2")
}
