package webhook

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// ValidateConfig holds the rules across attributes. The framework has no validator for "required when another attribute
// equals", hence code. A rule waits while a value that it depends on is unknown: Terraform asks again once it is known.
func (r *webhookResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config model

	resp.Diagnostics.Append(decode(ctx, req.Config.Schema, req.Config.Raw, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	validateAuthentication(&config, &resp.Diagnostics)

	if req.ClientCapabilities.WriteOnlyAttributesAllowed {
		preferWriteOnly(&config, &resp.Diagnostics)
	}

	validateBanks(config, &resp.Diagnostics)
	validateVirtualAccounts(config, &resp.Diagnostics)
	warnOfBanks(config, &resp.Diagnostics)
}

func validateAuthentication(config *model, diags *diag.Diagnostics) {
	authenType := config.AuthenType
	if !oneOf(authenType, sepay.AuthenTypes()) {
		return
	}

	for _, secret := range secrets() {
		values := secret.of(config)

		if authenType.ValueString() != secret.authenType {
			forbidAt(diags, secretsPath(), secret.plain, values.plain, "authen_type", authenType.ValueString())
			forbidAt(diags, secretsPath(), secret.writeOnly, values.writeOnly, "authen_type", authenType.ValueString())
			forbid(diags, secret.version, values.version, "authen_type", authenType.ValueString())

			continue
		}

		requireOneSecret(diags, secret, values)
	}

	for _, attribute := range []struct {
		name  string
		value types.String
	}{
		{"oauth2_access_token_url", config.OAuth2AccessTokenURL},
		{"oauth2_client_id", config.OAuth2ClientID},
	} {
		if authenType.ValueString() != sepay.AuthenTypeOAuth2 {
			forbid(diags, attribute.name, attribute.value, "authen_type", authenType.ValueString())
		} else if attribute.value.IsNull() {
			diags.AddAttributeError(path.Root(attribute.name), "Missing "+attribute.name,
				fmt.Sprintf("authen_type = %q needs %s. Add it.", sepay.AuthenTypeOAuth2, attribute.name))
		}
	}
}

// preferWriteOnly recommends the write-only attribute if the tool supports it. The framework's validator for this points at the
// secret, see secretsPath.
func preferWriteOnly(config *model, diags *diag.Diagnostics) {
	for _, secret := range secrets() {
		if plain := secret.of(config).plain; !plain.IsNull() && !plain.IsUnknown() {
			diags.AddAttributeWarning(secretsPath(), secret.plain+" is stored in the state",
				fmt.Sprintf("Anyone who can read the state can read %s. Use %s instead, which reaches neither plan nor state. The warning "+
					"is shown at authen_type because Terraform would print the line of the secret.", secret.plain, secret.writeOnly))
		}
	}
}

func requireOneSecret(diags *diag.Diagnostics, secret secret, values secretValues) {
	set := func(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

	switch {
	case values.plain.IsNull() && values.writeOnly.IsNull():
		diags.AddAttributeError(path.Root(secret.plain), "Missing "+secret.plain,
			fmt.Sprintf("authen_type = %q needs a secret. Add %s, or %s on Terraform 1.11 and later.",
				secret.authenType, secret.plain, secret.writeOnly))
	case set(values.plain) && set(values.writeOnly):
		diags.AddAttributeError(secretsPath(), "Both "+secret.plain+" and "+secret.writeOnly,
			fmt.Sprintf("%s and %s are both set, and SePay keeps one secret. Remove one of them.", secret.plain, secret.writeOnly))
	}

	if set(values.version) && values.writeOnly.IsNull() {
		diags.AddAttributeError(path.Root(secret.version), secret.version+" without "+secret.writeOnly,
			fmt.Sprintf("%s counts the versions of %s, which is not set. Add %s or remove %s.",
				secret.version, secret.writeOnly, secret.writeOnly, secret.version))
	}
}

func validateBanks(config model, diags *diag.Diagnostics) {
	mode := config.BankMode
	if !mode.IsNull() && !oneOf(mode, sepay.BankModes()) {
		return
	}

	switch mode.ValueString() {
	case sepay.BankModeMulti:
		forbid(diags, "bank_account_id", config.BankAccountID, "bank_mode", mode.ValueString())

		if empty(config.BankAccountIDs) {
			diags.AddAttributeError(path.Root("bank_account_ids"), "Missing bank_account_ids",
				`bank_mode = "multi" covers the accounts of bank_account_ids. Add their ids, or choose another bank_mode.`)
		}
	case sepay.BankModeAll:
		forbid(diags, "bank_account_id", config.BankAccountID, "bank_mode", mode.ValueString())
		forbidSet(diags, "bank_account_ids", config.BankAccountIDs, `bank_mode = "all" covers every account`)
	default:
		if config.BankAccountID.IsNull() {
			diags.AddAttributeError(path.Root("bank_account_id"), "Missing bank_account_id",
				`The webhook covers one bank account when bank_mode is "single" or unset. Add bank_account_id, or set bank_mode `+
					`to "multi" or "all".`)
		}

		forbidSet(diags, "bank_account_ids", config.BankAccountIDs, `bank_mode is not "multi"`)
	}
}

func validateVirtualAccounts(config model, diags *diag.Diagnostics) {
	if !config.VAMode.IsNull() && !oneOf(config.VAMode, sepay.VAModes()) ||
		config.OnlyVA.IsUnknown() || config.BankSubAccountIDs.IsUnknown() {
		return
	}

	listed := !empty(config.BankSubAccountIDs)

	switch {
	case config.VAMode.ValueString() == sepay.VAModeList && !listed:
		diags.AddAttributeError(path.Root("bank_sub_account_ids"), "Missing bank_sub_account_ids",
			`va_mode = "list" covers the virtual accounts of bank_sub_account_ids. Add their ids, or choose another va_mode.`)
	case listed && config.VAMode.IsNull() && !config.OnlyVA.ValueBool(),
		listed && !config.VAMode.IsNull() && config.VAMode.ValueString() != sepay.VAModeList && !config.OnlyVA.ValueBool():
		diags.AddAttributeWarning(path.Root("bank_sub_account_ids"), "bank_sub_account_ids may have no effect",
			`SePay looks at bank_sub_account_ids with only_va = true or va_mode = "list". Set one of them, or remove the ids.`)
	case config.OnlyVA.ValueBool() && !listed && config.VAMode.IsNull():
		diags.AddAttributeWarning(path.Root("only_va"), "only_va without virtual accounts",
			`only_va = true delivers transactions on virtual accounts only, and none is named. Add bank_sub_account_ids, or set `+
				`va_mode = "all" to cover every virtual account.`)
	}
}

func warnOfBanks(config model, diags *diag.Diagnostics) {
	if config.EventType.ValueString() == sepay.EventTypeOutOnly {
		diags.AddAttributeWarning(path.Root("event_type"), "Few banks report money that goes out",
			"SePay learns of outgoing money from few banks only. Check in SePay's list of banks that yours is one of them, or "+
				`use event_type = "All".`)
	}
}

// oneOf reports whether a value is known and one of choices. Where it is none, its own validator says so, and what would
// follow from it is wrong advice.
func oneOf(value types.String, choices []sepay.Choice) bool {
	return slices.Contains(sepay.Values(choices), value.ValueString())
}

// forbid reports a value that has no meaning with the value of another attribute: it would be a difference at every plan.
func forbid(diags *diag.Diagnostics, name string, value attr.Value, because, equals string) {
	forbidAt(diags, path.Root(name), name, value, because, equals)
}

func forbidAt(diags *diag.Diagnostics, at path.Path, name string, value attr.Value, because, equals string) {
	if value.IsNull() || value.IsUnknown() {
		return
	}

	diags.AddAttributeError(at, name+" does not go with "+because,
		fmt.Sprintf("%s has no meaning with %s = %q. Remove %s, or change %s.", name, because, equals, name, because))
}

func forbidSet(diags *diag.Diagnostics, name string, value types.Set, because string) {
	if empty(value) || value.IsUnknown() {
		return
	}

	diags.AddAttributeError(path.Root(name), name+" does not go with bank_mode",
		fmt.Sprintf("%s is set, but %s. Remove %s, or set bank_mode = %q.", name, because, name, sepay.BankModeMulti))
}

// empty reports whether a set is known to have no element.
func empty(value types.Set) bool {
	return !value.IsUnknown() && len(value.Elements()) == 0
}
