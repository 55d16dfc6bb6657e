package examples_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	// replacementVariable makes this test's program a provider, "random" or "aws", with what the example of a rotation uses
	// of it.
	replacementVariable = "SEPAY_EXAMPLES_PROVIDER"
	// storeVariable names the file in which "aws" keeps the secret. Where that is a directory, it fails.
	storeVariable = "SEPAY_EXAMPLES_STORE"
)

func serveReplacement(name string) error {
	return providerserver.Serve(context.Background(), func() provider.Provider { return replacement{name} },
		providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/" + name})
}

type replacement struct{ name string }

func (p replacement) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}

func (p replacement) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p replacement) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p replacement) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p replacement) Resources(context.Context) []func() resource.Resource {
	if p.name != "aws" {
		return nil
	}

	return []func() resource.Resource{
		func() resource.Resource {
			return &awsResource{typeName: "_secretsmanager_secret", attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
				"name": schema.StringAttribute{Required: true},
			}}
		},
		func() resource.Resource {
			return &awsResource{typeName: "_secretsmanager_secret_version", writes: true, attributes: map[string]schema.Attribute{
				"id":                       schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
				"secret_id":                schema.StringAttribute{Required: true},
				"secret_string_wo":         schema.StringAttribute{Optional: true, WriteOnly: true, Sensitive: true},
				"secret_string_wo_version": schema.Int64Attribute{Optional: true},
			}}
		},
	}
}

func (p replacement) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	if p.name != "random" {
		return nil
	}

	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return randomPassword{} }}
}

// randomPassword is another value each time that it is opened.
type randomPassword struct{}

type passwordModel struct {
	Length  types.Int64  `tfsdk:"length"`
	Special types.Bool   `tfsdk:"special"`
	Result  types.String `tfsdk:"result"`
}

func (randomPassword) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_password"
}

func (randomPassword) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralschema.Schema{Attributes: map[string]ephemeralschema.Attribute{
		"length":  ephemeralschema.Int64Attribute{Required: true},
		"special": ephemeralschema.BoolAttribute{Optional: true},
		"result":  ephemeralschema.StringAttribute{Computed: true, Sensitive: true},
	}}
}

func (randomPassword) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model passwordModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)

	text := ""
	for int64(len(text)) < model.Length.ValueInt64() {
		text += rand.Text()
	}

	model.Result = types.StringValue(text[:model.Length.ValueInt64()])
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
}

// awsResource keeps its plan as its state, and writes the secret, if it has one, to the store.
type awsResource struct {
	typeName   string
	attributes map[string]schema.Attribute
	writes     bool
}

func (r *awsResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + r.typeName
}

func (r *awsResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: r.attributes}
}

func (r *awsResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), r.typeName)...)

	var secret types.String

	if r.writes {
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("secret_string_wo"), &secret)...)

		if err := storeSecret(secret.ValueString()); err != nil {
			resp.Diagnostics.AddError("Cannot write the secret", err.Error())
		}
	}
}

func (r *awsResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var secret types.String

	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("secret_string_wo"), &secret)...)

	if err := storeSecret(secret.ValueString()); err != nil {
		resp.Diagnostics.AddError("Cannot write the secret", err.Error())

		return
	}

	resp.State.Raw = req.Plan.Raw
}

func (r *awsResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r *awsResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func storeSecret(secret string) error {
	if secret == "" {
		return errors.New("there is no secret")
	}

	return os.WriteFile(os.Getenv(storeVariable), []byte(secret), 0o600)
}
