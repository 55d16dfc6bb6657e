// Command terraform-provider-sepay is the SePay provider for Terraform and OpenTofu. Terraform starts it without
// arguments; a user starts its commands, such as login.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/cli"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/parent"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
)

const address = "registry.terraform.io/terraform-provider-sepay/sepay"

// version is set by the linker of a release; see buildVersion for all other builds.
var version string

func main() {
	leaveNoCore()

	// Terraform starts a provider without arguments and with this variable, and runs this code three to
	// five times per command. A program that a provider starts inherits the variable, so arguments take precedence.
	if len(os.Args) > 1 || os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		os.Exit(run(os.Args[1:]))
	}

	// A provider ends when its Terraform was killed, because no other process would end it. A token that is being
	// exchanged is saved first.
	go func() {
		<-parent.Exited()

		system.FinishExchanges()
		os.Exit(1)
	}()

	os.Exit(serve())
}

// run is the command line for users.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	// A second signal ends the program immediately.
	context.AfterFunc(ctx, stop)

	return cli.Run(ctx, args, buildVersion(), func() int {
		stop()

		return serve(tf6server.WithManagedDebug())
	})
}

func serve(options ...tf6server.ServeOpt) int {
	provider.QuietLogs()
	provider.TuneCollector()

	// The schema is computed from here on, while the process listens.
	server := provider.NewServer(buildVersion(), provider.WithSchemaInAdvance())()
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }, options...)

	// Terraform may kill a stopped provider two seconds later. Until then, running token exchanges are saved.
	system.WaitForExchanges()

	if err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	return 0
}

// buildVersion returns the version of a release, else the version of the module that `go install` built, else "dev".
func buildVersion() string {
	if version != "" {
		return version
	}

	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}

	return "dev"
}
