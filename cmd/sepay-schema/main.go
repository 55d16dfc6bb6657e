// Command sepay-schema prints the schemas of the provider as JSON. `make docs` generates the documentation from it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/provider"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/schemajson"
)

func main() {
	server := provider.NewServer("docs")()

	if err := schemajson.Write(context.Background(), os.Stdout, server, "sepay"); err != nil {
		fmt.Fprintln(os.Stderr, "sepay-schema:", err)
		os.Exit(1)
	}
}
