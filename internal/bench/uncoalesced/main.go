// Command uncoalesced is the provider that sends a request for every read, for benchmarks to compare with.
package main

import (
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
)

func main() {
	provider.QuietLogs()
	provider.TuneCollector()

	server := provider.NewServer("bench", provider.WithoutCoalescing())
	if err := tf6server.Serve("registry.terraform.io/terraform-provider-sepay/sepay", server); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}
