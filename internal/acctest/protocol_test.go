package acctest

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// toyProvider has one resource whose objects live in memory.
type toyProvider struct {
	names map[int64]string
	// lie makes Create return a name other than the planned one.
	lie bool
	// fail makes Create return an error after it has created the object.
	fail bool
}

func (p *toyProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "toy"
}

func (p *toyProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (p *toyProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p *toyProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *toyProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &toyResource{p} }}
}

type toyResource struct{ *toyProvider }

type toyModel struct {
	ID     types.Int64  `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	Kind   types.String `tfsdk:"kind"`
	Secret types.String `tfsdk:"secret_wo"`
}

type toyIdentity struct {
	ID types.Int64 `tfsdk:"id"`
}

func (r *toyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "toy_widget"
}

func (r *toyResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.Int64Attribute{Computed: true},
		"name": schema.StringAttribute{Required: true},
		"kind": schema.StringAttribute{
			Optional: true, Computed: true,
			PlanModifiers: []planmodifier.String{
				stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace(),
			},
		},
		"secret_wo": schema.StringAttribute{Optional: true, WriteOnly: true},
	}}
}

func (r *toyResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest,
	resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.Int64Attribute{RequiredForImport: true},
	}}
}

func (r *toyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model toyModel

	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)

	id := int64(len(r.names) + 1)
	r.names[id] = model.Name.ValueString()
	model.ID = types.Int64Value(id)

	if model.Kind.IsUnknown() {
		model.Kind = types.StringValue("default")
	}

	if r.lie {
		model.Name = types.StringValue("another")
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, toyIdentity{ID: model.ID})...)

	if r.fail {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "No", "It failed.")
	}
}

func (r *toyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model toyModel

	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, toyIdentity{ID: model.ID})...)

	name, ok := r.names[model.ID.ValueInt64()]
	if !ok {
		resp.State.RemoveResource(ctx)

		return
	}

	model.Name, model.Kind = types.StringValue(name), types.StringValue("default")
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (r *toyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var model toyModel

	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	// Only the id was planned as unknown; it does not change.
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &model.ID)...)
	r.names[model.ID.ValueInt64()] = model.Name.ValueString()
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, toyIdentity{ID: model.ID})...)
}

func (r *toyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var id types.Int64

	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	delete(r.names, id.ValueInt64())
}

func (r *toyResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := int64(len(req.ID))
	if req.ID == "" {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
}

func serveToy(tb testing.TB, toy *toyProvider, options ...Option) *Server {
	tb.Helper()

	server, diagnostics := serve(tb, providerserver.NewProtocol6(toy)(), nil, options...)
	if diagnostics.HasErrors() {
		tb.Fatal(diagnostics)
	}

	return server
}

// recorder is a test that only records its failures.
type recorder struct {
	testing.TB

	failures []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, format)
	_ = args
}

func TestLifecycleOfAResource(t *testing.T) {
	t.Parallel()

	for name, options := range map[string][]Option{"with identity": nil, "without identity": {WithoutIdentity()}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			toy := &toyProvider{names: map[int64]string{}}
			managed := serveToy(t, toy, options...).Manage("toy_widget")
			managed.MustApply(map[string]any{"name": "a", "secret_wo": "s"})

			want := map[string]any{"id": int64(1), "name": "a", "kind": "default", "secret_wo": nil}
			if !reflect.DeepEqual(managed.Instance.Values, want) {
				t.Fatalf("state %v, want %v", managed.Instance.Values, want)
			}

			if hasIdentity := managed.Instance.Identity != nil; hasIdentity != (options == nil) {
				t.Fatalf("identity %v", managed.Instance.Identity)
			}

			managed.MustPlanEmpty(map[string]any{"name": "a", "secret_wo": "s"})

			toy.names[1] = "changed outside"

			plan, diagnostics := managed.Plan(map[string]any{"name": "a"})
			if diagnostics != nil && diagnostics.HasErrors() || plan.Action != Update || !contains(plan.Changes(), "name") {
				t.Fatalf("plan %+v, %v: want the drift of name as an update", plan, diagnostics)
			}

			managed.MustApply(map[string]any{"name": "b"})

			plan, _ = managed.Plan(map[string]any{"name": "b", "kind": "other"})
			if plan.Action != Replace || !reflect.DeepEqual(plan.ReplacedBy, []string{"kind"}) {
				t.Fatalf("plan %+v, want a replacement because of kind", plan)
			}

			delete(toy.names, 1)

			if plan, _ = managed.Plan(map[string]any{"name": "b"}); plan.Action != Create {
				t.Fatalf("plan %+v, want a create of the deleted object", plan)
			}

			managed.MustApply(map[string]any{"name": "b"})
			managed.MustDestroy()

			if len(toy.names) != 0 {
				t.Fatalf("left over: %v", toy.names)
			}
		})
	}
}

func TestValuesKnownOnlyAtApply(t *testing.T) {
	t.Parallel()

	server := serveToy(t, &toyProvider{names: map[int64]string{}})

	plan, _ := server.Plan("toy_widget", nil, map[string]any{"name": Unknown})
	if plan.Values["name"] != Unknown || plan.Action != Create {
		t.Fatalf("plan %+v, want an unknown name", plan)
	}

	instance, diagnostics := server.Apply(plan, map[string]any{"name": "known"})
	if diagnostics.HasErrors() || instance.Values["name"] != "known" {
		t.Fatalf("got %+v, %v", instance, diagnostics)
	}
}

func TestAProviderThatReturnsAnotherValueThanPlannedFailsTheTest(t *testing.T) {
	t.Parallel()

	watched := &recorder{TB: t}
	server := serveToy(watched, &toyProvider{names: map[int64]string{}, lie: true})
	server.Manage("toy_widget").Apply(map[string]any{"name": "a"})

	if len(watched.failures) != 1 {
		t.Fatalf("failures %v, want one", watched.failures)
	}
}

func TestAFailedCreateIsTaintedAndReplaced(t *testing.T) {
	t.Parallel()

	toy := &toyProvider{names: map[int64]string{}, fail: true}
	managed := serveToy(t, toy).Manage("toy_widget")

	diagnostics := managed.Apply(map[string]any{"name": "a"})
	if len(diagnostics.At("name")) != 1 || !diagnostics.Mentions("No", "It failed") || !managed.Instance.Tainted {
		t.Fatalf("got %v and %+v", diagnostics, managed.Instance)
	}

	toy.fail = false

	plan, _ := managed.Plan(map[string]any{"name": "a"})
	if plan.Action != Replace {
		t.Fatalf("plan %+v, want a replacement", plan)
	}

	if diagnostics := managed.ApplyPlan(plan, nil); diagnostics.HasErrors() || managed.Instance.Tainted || len(toy.names) != 1 {
		t.Fatalf("got %v, %+v, %v", diagnostics, managed.Instance, toy.names)
	}
}

func TestImportReadsTheObject(t *testing.T) {
	t.Parallel()

	server := serveToy(t, &toyProvider{names: map[int64]string{3: "found"}})

	for _, imported := range []func() (*Instance, Diagnostics){
		func() (*Instance, Diagnostics) { return server.Import("toy_widget", "xxx") },
		func() (*Instance, Diagnostics) {
			return server.ImportIdentity("toy_widget", map[string]any{"id": 3})
		},
	} {
		if instance, diagnostics := imported(); diagnostics.HasErrors() || instance.Values["name"] != "found" {
			t.Errorf("got %+v, %v", instance, diagnostics)
		}
	}

	if _, diagnostics := server.Import("toy_widget", "x"); !diagnostics.Mentions("Cannot import non-existent") {
		t.Errorf("got %v for a missing object", diagnostics)
	}
}

func TestWriteOnlyValuesAreAnErrorOnOlderTools(t *testing.T) {
	t.Parallel()

	server := serveToy(t, &toyProvider{}, WithoutWriteOnly())

	diagnostics := server.ValidateResource("toy_widget", map[string]any{"name": "a", "secret_wo": "s"})
	if len(diagnostics.At("secret_wo").Errors()) != 1 {
		t.Fatalf("got %v, want an error at secret_wo", diagnostics)
	}
}

func contains(texts []string, text string) bool {
	return strings.Contains(" "+strings.Join(texts, " ")+" ", " "+text+" ")
}

func TestGeneratedConfigurationLeavesOutWhatTheProviderComputes(t *testing.T) {
	t.Parallel()

	server := serveToy(t, &toyProvider{names: map[int64]string{3: "found"}})
	instance, _ := server.Import("toy_widget", "xxx")

	config, diagnostics := server.GenerateConfig("toy_widget", instance)
	want := map[string]any{"id": nil, "name": "found", "kind": "default", "secret_wo": nil}

	if diagnostics.HasErrors() || !reflect.DeepEqual(config, want) {
		t.Errorf("got %v, %v, want %v", config, diagnostics, want)
	}
}
