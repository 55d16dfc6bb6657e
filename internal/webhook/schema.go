package webhook

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// heldWhenUnset ends the description of each attribute that SePay fills in when the configuration leaves it out.
const heldWhenUnset = " If omitted, SePay chooses the value at creation, and the provider keeps the value of the last apply or " +
	"import: removing the attribute later changes nothing, and a change made in the dashboard shows as a difference."

// Ends of descriptions that name the page of SePay's documentation.
const (
	seeAPI      = " See [SePay: Webhooks API](" + sepay.DocsWebhooksAPI + ")."
	seeSettings = " See [SePay: creating a webhook](" + sepay.DocsWebhookSettings + ")."
)

// resourceSchema is the schema of the managed resource. Version 0 is the only one so far; UpgradeState is where a later
// version adds its way up.
func resourceSchema() schema.Schema {
	attributes := deliveryAttributes()
	for _, group := range []map[string]schema.Attribute{coverageAttributes(), alertAttributes(), authenticationAttributes()} {
		maps.Copy(attributes, group)
	}

	return schema.Schema{
		MarkdownDescription: "A webhook that SePay calls for each transaction on a bank account.\n\n" +
			"Attribute names are those of [SePay's Webhooks API](" + sepay.DocsWebhooksAPI + "). An update sends only what changed, " +
			"and no update replaces the webhook. After each write the provider reads the webhook back and compares what SePay " +
			"stored with what was requested.\n\n" +
			"Needs the scope `" + sepay.ScopeWebhookRead + "` for plan and import, `" + sepay.ScopeWebhookWrite + "` as well for " +
			"create and update, and `" + sepay.ScopeWebhookDelete + "` as well for destroy.",
		Attributes: attributes,
	}
}

func resourceIdentitySchema() identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.Int64Attribute{
				RequiredForImport: true,
				Description:       "The id that SePay gave the webhook.",
			},
		},
	}
}

// deliveryAttributes say what is delivered, when and where to.
func deliveryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.Int64Attribute{
			Computed:            true,
			MarkdownDescription: "The id that SePay gave the webhook.",
			PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
		},
		"created_at": schema.StringAttribute{
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
			MarkdownDescription: "When the webhook was created, in RFC 3339 with the offset of Vietnam, `+07:00`.",
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: fmt.Sprintf("A name for the webhook, 1 to %d characters.", sepay.NameMaxLength) + seeSettings,
			Validators:          []validator.String{stringvalidator.UTF8LengthBetween(1, sepay.NameMaxLength)},
		},
		"webhook_url": schema.StringAttribute{
			Required: true,
			MarkdownDescription: fmt.Sprintf("The absolute http or https URL that SePay calls, up to %d characters. Local "+
				"names, private and reserved addresses, user info and fragments are refused. Use https: deliveries contain "+
				"payments, and [SePay refuses plain http]("+sepay.DocsWebhookSecurity+") outside its test mode.",
				sepay.WebhookURLMaxLength),
			Validators: []validator.String{
				stringvalidator.UTF8LengthBetween(1, sepay.WebhookURLMaxLength), urlValidator{called: true, warnPlain: true},
			},
		},
		"event_type": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Which transactions are delivered: " + choices(sepay.EventTypes()) +
				" `Out_only` works with [Sacombank, TPBank and VietinBank](" + sepay.DocsWebhookAccounts + ") only, and there for " +
				"virtual accounts with a memo.",
			Validators: []validator.String{stringvalidator.OneOf(sepay.Values(sepay.EventTypes())...)},
		},
		"request_content_type": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString(sepay.ContentTypeJSON),
			MarkdownDescription: "The form of [a delivery](" + sepay.DocsWebhookDeliveries + "): " +
				choices(sepay.RequestContentTypes()) +
				" Default: `" + sepay.ContentTypeJSON + "`; removing the attribute restores the default.",
			Validators: []validator.String{stringvalidator.OneOf(sepay.Values(sepay.RequestContentTypes())...)},
		},
		"is_verify_payment": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether SePay counts a delivery as a verification of the payment. Default: `false`; " +
				"removing the attribute restores the default." + seeAPI,
		},
		"skip_if_no_code": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(false),
			MarkdownDescription: "Whether transactions without a payment code are skipped. It has an effect only while the " +
				"company's [payment code recognition](" + sepay.DocsWebhookPaymentCodes + ") is on. Default: `false`; " +
				"removing the attribute restores the default.",
		},
		"active": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
			MarkdownDescription: "Whether SePay sends deliveries. Default: `true`; removing the attribute restores the default. A " +
				"webhook that was switched off in the dashboard is planned to be switched on again." + seeAPI,
		},
		"prefix_filters": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			Default:     setdefault.StaticValue(tfvalue.StringSet(nil)),
			ElementType: types.StringType,
			MarkdownDescription: "Payment code prefixes to which deliveries are limited. They have an effect only while the " +
				"company's [payment code recognition](" + sepay.DocsWebhookPaymentCodes + ") is on. Empty means the same " +
				"as unset: no limit. Removing the attribute clears the filters.",
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
		},
		"retry_conditions": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "When SePay [retries a delivery](" + sepay.DocsWebhookRetries + "): " +
				choices(sepay.RetryConditions()) +
				" `[]` turns retries off." + heldWhenUnset,
			Validators: []validator.Set{
				setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(sepay.Values(sepay.RetryConditions())...)),
			},
		},
	}
}

// coverageAttributes say which bank accounts and virtual accounts the webhook covers.
func coverageAttributes() map[string]schema.Attribute {
	ids := func() []validator.Set {
		return []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueInt64sAre(int64validator.AtLeast(1))}
	}

	return map[string]schema.Attribute{
		"bank_mode": schema.StringAttribute{
			Optional: true,
			Computed: true,
			MarkdownDescription: "[Which bank accounts](" + sepay.DocsWebhookSettings + ") the webhook covers: " +
				choices(sepay.BankModes()) +
				" Unset means one account, that of `bank_account_id`. Leave it unset if SePay answers that the field is unknown.",
			Validators: []validator.String{stringvalidator.OneOf(sepay.Values(sepay.BankModes())...)},
		},
		"bank_account_id": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "The id of the bank account that the webhook covers. Required when `bank_mode` is `" +
				sepay.BankModeSingle + "` or unset, and not allowed otherwise." + seeAPI,
			Validators: []validator.Int64{int64validator.AtLeast(1)},
		},
		"bank_account_ids": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			Default:     setdefault.StaticValue(tfvalue.Int64Set(nil)),
			ElementType: types.Int64Type,
			MarkdownDescription: "The ids of the bank accounts that the webhook covers. Required with `bank_mode = \"" +
				sepay.BankModeMulti + "\"`, and not allowed otherwise. Kept as configured where SePay does not return it. " +
				"With several accounts, SePay's API has no virtual accounts per account: choose them in the " +
				"dashboard, or declare a webhook for each account." + seeAPI,
			Validators: ids(),
		},
		"va_mode": schema.StringAttribute{
			Optional: true,
			Computed: true,
			MarkdownDescription: "Which [virtual accounts](" + sepay.DocsWebhookAccounts + ") the webhook covers: " +
				choices(sepay.VAModes()) + heldWhenUnset +
				" Removing `list` together with `bank_sub_account_ids` restores `all`.",
			Validators: []validator.String{stringvalidator.OneOf(sepay.Values(sepay.VAModes())...)},
		},
		"only_va": schema.BoolAttribute{
			Optional: true,
			Computed: true,
			MarkdownDescription: "Whether only transactions on [virtual accounts](" + sepay.DocsWebhookAccounts + ") are delivered." +
				heldWhenUnset,
		},
		"bank_sub_account_ids": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			Default:     setdefault.StaticValue(tfvalue.Int64Set(nil)),
			ElementType: types.Int64Type,
			MarkdownDescription: "The ids of the [virtual accounts](" + sepay.DocsWebhookAccounts + ") that the webhook " +
				"covers, with `only_va = true` or `va_mode = \"" +
				sepay.VAModeList + "\"`. Empty means the same as unset. Removing the attribute clears the list.",
			Validators: ids(),
		},
	}
}

// alertAttributes say when SePay notifies the owner that deliveries fail.
func alertAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"alert_threshold": schema.Int64Attribute{
			Optional: true,
			Computed: true,
			MarkdownDescription: fmt.Sprintf("The number of failed deliveries in a row after which SePay sends [an alert]("+
				sepay.DocsWebhookAlerts+"), %d to %d.",
				sepay.AlertThresholdMin, sepay.AlertThresholdMax) + heldWhenUnset,
			Validators: []validator.Int64{int64validator.Between(sepay.AlertThresholdMin, sepay.AlertThresholdMax)},
		},
		"alert_event_types": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			ElementType: types.StringType,
			MarkdownDescription: "What SePay sends [an alert](" + sepay.DocsWebhookAlerts + ") for: " +
				choices(sepay.AlertEventTypes()) + heldWhenUnset,
			Validators: []validator.Set{
				setvalidator.NoNullValues(), setvalidator.ValueStringsAre(stringvalidator.OneOf(sepay.Values(sepay.AlertEventTypes())...)),
			},
		},
		"alert_channel_ids": schema.SetAttribute{
			Optional:    true,
			Computed:    true,
			Default:     setdefault.StaticValue(tfvalue.Int64Set(nil)),
			ElementType: types.Int64Type,
			MarkdownDescription: "The ids of the channels that alerts go to; create [the " +
				"channels](" + sepay.DocsWebhookAlerts + ") in SePay's dashboard. Kept as configured where SePay does not " +
				"return it. Removing the attribute clears the list.",
			Validators: []validator.Set{setvalidator.NoNullValues(), setvalidator.ValueInt64sAre(int64validator.AtLeast(1))},
		},
	}
}

// choices renders an enumeration for a description.
func choices(list []sepay.Choice) string {
	parts := make([]string, len(list))
	for i, choice := range list {
		parts[i] = "`" + choice.Value + "` (" + choice.Meaning + ")"
	}

	return strings.Join(parts, ", ") + "."
}
