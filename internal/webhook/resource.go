// Package webhook offers SePay's webhooks: the managed resource, the data sources, and the list resource.
package webhook

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/apidiag"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfclient"
)

const typeName = "_webhook"

// webhookResource is the managed resource sepay_webhook.
type webhookResource struct {
	client  *sepay.Client
	digests *Digests
}

var (
	_ resource.ResourceWithConfigure      = (*webhookResource)(nil)
	_ resource.ResourceWithIdentity       = (*webhookResource)(nil)
	_ resource.ResourceWithImportState    = (*webhookResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*webhookResource)(nil)
	_ resource.ResourceWithUpgradeState   = (*webhookResource)(nil)
	_ resource.ResourceWithValidateConfig = (*webhookResource)(nil)
)

// NewResource returns a factory of the managed resource sepay_webhook. The framework makes one for each call of Terraform;
// digests is what all of them share.
func NewResource(digests *Digests) func() resource.Resource {
	return func() resource.Resource { return &webhookResource{digests: digests} }
}

// Metadata implements resource.Resource.
func (r *webhookResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + typeName
}

// Schema implements resource.Resource.
func (r *webhookResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema()
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *webhookResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = resourceIdentitySchema()
}

// UpgradeState implements resource.ResourceWithUpgradeState. There has been one version of the schema so far.
func (r *webhookResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{}
}

// Configure implements resource.ResourceWithConfigure.
func (r *webhookResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.client = tfclient.Client(req.ProviderData, &resp.Diagnostics)
}

// Create implements resource.Resource.
func (r *webhookResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan model

	resp.Diagnostics.Append(decode(ctx, req.Config.Schema, req.Config.Raw, &config)...)
	resp.Diagnostics.Append(decode(ctx, req.Plan.Schema, req.Plan.Raw, &plan)...)

	if resp.Diagnostics.HasError() {
		return
	}

	r.redact(&config)

	body := changes(plan, model{})
	resp.Diagnostics.Append(r.addSecret(ctx, &body, config, &plan, model{}, resp.Private)...)

	id, err := r.client.CreateWebhook(ctx, body)
	if err != nil {
		apidiag.ByField(&resp.Diagnostics, fmt.Sprintf("create webhook %q", plan.Name.ValueString()), err, attributePath)

		return
	}

	// The webhook exists, switched off. Whatever happens next, its id must reach the state. An error before it is switched
	// on taints the resource: the next apply replaces a webhook that never delivered anything.
	state := concluded(plan, refreshed(model{}, sepay.Webhook{ID: id}))
	resp.Diagnostics.Append(saveIdentity(ctx, state.ID, resp.Identity)...)
	resp.Diagnostics.Append(encode(ctx, &resp.State.Raw, state)...)
	resp.Diagnostics.Append(r.rememberSecret(ctx, body, config, plan, resp.Private)...)
	resp.Diagnostics.Append(rememberPrincipal(ctx, resp.Private, r.client.Principal())...)

	if err := r.client.EnableWebhook(ctx, id, body); err != nil {
		apidiag.ByField(&resp.Diagnostics, fmt.Sprintf("complete webhook %d, which was created and is still switched off; the "+
			"next apply replaces it", id), err, attributePath)

		return
	}

	got, err := r.client.Webhook(ctx, id)
	if err != nil {
		// An error would taint the resource, and the next apply would replace a webhook that works.
		resp.Diagnostics.Append(apidiag.Warning(fmt.Sprintf("Webhook %d was created, but could not be read back", id), err))

		return
	}

	for _, difference := range body.Differences(got) {
		at, _ := attributePath(difference.Key)
		resp.Diagnostics.AddAttributeWarning(at, "SePay stored another "+difference.Key,
			ignored(id, difference)+" The next plan shows the difference, and applying it tries again.")
	}

	state = concluded(plan, refreshed(plan, got))
	resp.Diagnostics.Append(r.rememberShown(ctx, config, plan, got, resp.Private)...)
	resp.Diagnostics.Append(storePrivate(ctx, resp.Private, heldKey, heldOf(state))...)
	resp.Diagnostics.Append(encode(ctx, &resp.State.Raw, state)...)
}

// Read implements resource.Resource.
func (r *webhookResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var prior model

	resp.Diagnostics.Append(decode(ctx, req.State.Schema, req.State.Raw, &prior)...)

	if resp.Diagnostics.HasError() {
		return
	}

	// First of all: tools before Terraform 1.12 never store the identity, and without one the framework rejects the response
	// that the webhook was deleted.
	resp.Diagnostics.Append(saveIdentity(ctx, prior.ID, resp.Identity)...)

	r.redact(&prior)

	id := prior.ID.ValueInt64()
	r.client.ManageWebhook(id)

	got, err := r.read(ctx, prior)

	switch {
	case sepay.IsDeleted(err):
		resp.Diagnostics.Append(sameAccount(ctx, resp.Private, id, r.client.Principal())...)

		if !resp.Diagnostics.HasError() {
			resp.State.RemoveResource(ctx)
		}

		return
	case sepay.IsNotFound(err) && prior.WebhookURL.IsNull():
		resp.Diagnostics.Append(missingImport(id, err))

		return
	case err != nil:
		resp.Diagnostics.Append(apidiag.Error(fmt.Sprintf("read webhook %d", id), err))

		return
	}

	resp.Diagnostics.Append(rememberPrincipal(ctx, resp.Private, r.client.Principal())...)

	next := refreshed(prior, got)
	resp.Diagnostics.Append(r.refreshSecrets(ctx, &next, prior, got, resp.Private)...)
	resp.Diagnostics.Append(refreshHeld(ctx, prior, next, resp.Private)...)
	resp.Diagnostics.Append(encode(ctx, &resp.State.Raw, next)...)
}

// read reads a webhook that the state has. Right after an import the state has nothing but the id: a webhook that was
// never seen cannot be deleted.
func (r *webhookResource) read(ctx context.Context, prior model) (sepay.Webhook, error) {
	if prior.WebhookURL.IsNull() {
		return r.client.Webhook(ctx, prior.ID.ValueInt64())
	}

	return r.client.KnownWebhook(ctx, prior.ID.ValueInt64(), prior.WebhookURL.ValueString())
}

// Update implements resource.Resource.
func (r *webhookResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, prior model

	resp.Diagnostics.Append(decode(ctx, req.Config.Schema, req.Config.Raw, &config)...)
	resp.Diagnostics.Append(decode(ctx, req.Plan.Schema, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(decode(ctx, req.State.Schema, req.State.Raw, &prior)...)

	if resp.Diagnostics.HasError() {
		return
	}

	resp.Diagnostics.Append(saveIdentity(ctx, prior.ID, resp.Identity)...)

	r.redact(&config, &prior)

	body := changes(plan, prior)
	resp.Diagnostics.Append(r.addSecret(ctx, &body, config, &plan, prior, resp.Private)...)

	id := prior.ID.ValueInt64()

	if body != (sepay.WebhookBody{}) {
		if err := r.client.UpdateWebhook(ctx, id, body); err != nil {
			r.updateError(ctx, &resp.Diagnostics, prior, err)

			return
		}
	}

	got, err := r.client.Webhook(ctx, id)
	if err != nil {
		r.updateError(ctx, &resp.Diagnostics, plan, err)

		return
	}

	read := refreshed(plan, got)

	if differences := body.Differences(got); len(differences) > 0 {
		for _, difference := range differences {
			at, _ := attributePath(difference.Key)
			resp.Diagnostics.AddAttributeError(at, "SePay ignored the change of "+difference.Key,
				ignored(id, difference)+" Change it in SePay's dashboard, or replace the webhook with "+
					"`terraform apply -replace`; then plan again.")
		}

		// The state has what SePay has, with the prior secrets, because it is unknown which one SePay kept.
		truth := refreshed(prior, got)
		resp.Diagnostics.Append(r.refreshSecrets(ctx, &truth, prior, got, resp.Private)...)
		resp.Diagnostics.Append(encode(ctx, &resp.State.Raw, truth)...)

		return
	}

	state := concluded(plan, read)
	resp.Diagnostics.Append(r.rememberSecret(ctx, body, config, plan, resp.Private)...)
	resp.Diagnostics.Append(r.rememberShown(ctx, config, plan, got, resp.Private)...)
	resp.Diagnostics.Append(storePrivate(ctx, resp.Private, heldKey, heldOf(state))...)
	resp.Diagnostics.Append(encode(ctx, &resp.State.Raw, state)...)
}

// Delete implements resource.Resource. A webhook that no longer exists counts as deleted.
func (r *webhookResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var prior model

	resp.Diagnostics.Append(decode(ctx, req.State.Schema, req.State.Raw, &prior)...)

	if resp.Diagnostics.HasError() {
		return
	}

	r.redact(&prior)

	id := prior.ID.ValueInt64()
	if err := r.client.DeleteWebhook(ctx, id, prior.WebhookURL.ValueString()); err != nil {
		resp.Diagnostics.Append(apidiag.Error(fmt.Sprintf("delete webhook %d", id), err))
	}
}

// updateError reports a failed update. known is the webhook as SePay has it.
func (r *webhookResource) updateError(ctx context.Context, diags *diag.Diagnostics, known model, err error) {
	id := known.ID.ValueInt64()

	if sepay.IsNotFound(err) {
		if _, readErr := r.read(ctx, known); sepay.IsDeleted(readErr) {
			diags.AddError(fmt.Sprintf("Webhook %d no longer exists", id), "The webhook was deleted outside Terraform after the plan was "+
				"made. Plan again: the new plan creates it anew.")

			return
		}
	}

	apidiag.ByField(diags, fmt.Sprintf("update webhook %d", id), err, attributePath)
}

func ignored(id int64, difference sepay.Difference) string {
	if difference.Secret {
		return fmt.Sprintf("SePay accepted the write of webhook %d, but kept another %s than it was asked to.", id, difference.Key)
	}

	return fmt.Sprintf("SePay accepted the write of webhook %d, but did not store %s as asked: asked for %s, kept %s.",
		id, difference.Key, difference.Sent, difference.Stored)
}

// saveIdentity does nothing where the caller knows no identity.
func saveIdentity(ctx context.Context, id types.Int64, identity *tfsdk.ResourceIdentity) diag.Diagnostics {
	if identity == nil {
		return nil
	}

	return identity.SetAttribute(ctx, path.Root("id"), id)
}
