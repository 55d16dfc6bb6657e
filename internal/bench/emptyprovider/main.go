// Command emptyprovider is a provider of the framework that offers nothing: what start-up costs at the least.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

func main() {
	server := providerserver.NewProtocol6(empty{})
	if err := tf6server.Serve("registry.terraform.io/terraform-provider-sepay/sepay", server); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

type empty struct{}

// Metadata implements provider.Provider.
func (empty) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "sepay"
}

// Schema implements provider.Provider.
func (empty) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure implements provider.Provider.
func (empty) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// DataSources implements provider.Provider.
func (empty) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources implements provider.Provider.
func (empty) Resources(context.Context) []func() resource.Resource { return nil }
