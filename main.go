// Command terraform-provider-sepay is the SePay provider for Terraform and OpenTofu. Terraform starts it; a person starts
// its subcommands login and status.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/cli"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
)

const address = "registry.terraform.io/terraform-provider-sepay/sepay"

// version is set by the linker of a release; see buildVersion for all other builds.
var version string

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && (args[0] == "login" || args[0] == "status") {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()

		return cli.Run(ctx, args, buildVersion())
	}

	flags := flag.NewFlagSet("terraform-provider-sepay", flag.ExitOnError)
	debuggable := flags.Bool("debug", false, "serve for a debugger and print the TF_REATTACH_PROVIDERS value to set")
	printVersion := flags.Bool("version", false, "print the version and end")

	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "Terraform and OpenTofu start this program. By hand it knows the subcommands login and status, and:")
		flags.PrintDefaults()
	}

	// ExitOnError ends the program on an unknown flag.
	_ = flags.Parse(args)

	if *printVersion {
		fmt.Println(buildVersion())

		return 0
	}

	provider.QuietLogs()

	var options []tf6server.ServeOpt
	if *debuggable {
		options = append(options, tf6server.WithManagedDebug())
	}

	err := tf6server.Serve(address, provider.NewServer(buildVersion()), options...)

	// Whoever stops a provider may kill it two seconds later. Until then, and if nobody does, what was exchanged is saved.
	oauth.WaitForExchanges()

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
