package webhook

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// secret describes one of the three secrets of a webhook: its attributes, and where it is in the model, in an
// response and in a body. Everything that treats secrets alike ranges over secrets().
type secret struct {
	plain, writeOnly, version string
	authenType                string
	meaning                   string

	of       func(*model) secretValues
	returned func(sepay.Webhook) sepay.Field[string]
	send     func(*sepay.WebhookBody, string)
	sent     func(sepay.WebhookBody) bool
}

// secretValues points at the three attributes of a secret within one model.
type secretValues struct {
	plain, writeOnly *types.String
	version          *types.Int64
}

// settled reports whether a state says that SePay has the configured secret.
func (v secretValues) settled() bool { return !v.plain.IsNull() || !v.version.IsNull() }

// value returns the secret of a configuration, "" where it is not set or not known.
func (v secretValues) value() string {
	if v.plain.IsNull() {
		return v.writeOnly.ValueString()
	}

	return v.plain.ValueString()
}

func secrets() []secret {
	return []secret{
		{
			plain: "api_key", writeOnly: "api_key_wo", version: "api_key_wo_version",
			authenType: sepay.AuthenTypeAPIKey,
			meaning:    "The key that [deliveries carry](" + sepay.DocsWebhookAuthentication + ").",
			of: func(m *model) secretValues {
				return secretValues{&m.APIKey, &m.APIKeyWO, &m.APIKeyWOVersion}
			},
			returned: func(w sepay.Webhook) sepay.Field[string] { return w.APIKey },
			send:     func(b *sepay.WebhookBody, value string) { b.APIKey = &value },
			sent:     func(b sepay.WebhookBody) bool { return b.APIKey != nil },
		},
		{
			plain: "secret_key", writeOnly: "secret_key_wo", version: "secret_key_wo_version",
			authenType: sepay.AuthenTypeHMAC,
			meaning:    "The key that SePay [signs deliveries](" + sepay.DocsWebhookAuthentication + ") with.",
			of: func(m *model) secretValues {
				return secretValues{&m.SecretKey, &m.SecretKeyWO, &m.SecretKeyWOVersion}
			},
			returned: func(w sepay.Webhook) sepay.Field[string] { return w.SecretKey },
			send:     func(b *sepay.WebhookBody, value string) { b.SecretKey = &value },
			sent:     func(b sepay.WebhookBody) bool { return b.SecretKey != nil },
		},
		{
			plain: "oauth2_client_secret", writeOnly: "oauth2_client_secret_wo", version: "oauth2_client_secret_wo_version",
			authenType: sepay.AuthenTypeOAuth2,
			meaning:    "The client secret that [SePay uses](" + sepay.DocsWebhookOAuth2 + ") at `oauth2_access_token_url`.",
			of: func(m *model) secretValues {
				return secretValues{&m.OAuth2ClientSecret, &m.OAuth2ClientSecretWO, &m.OAuth2ClientSecretWOVersion}
			},
			returned: func(w sepay.Webhook) sepay.Field[string] { return w.OAuth2ClientSecret },
			send:     func(b *sepay.WebhookBody, value string) { b.OAuth2ClientSecret = &value },
			sent:     func(b sepay.WebhookBody) bool { return b.OAuth2ClientSecret != nil },
		},
	}
}

// redact keeps the secrets of a configuration or a state out of errors and logs, also where this run does not send them:
// SePay may repeat what it has.
func (r *webhookResource) redact(models ...*model) {
	if r.client == nil {
		return
	}

	for _, m := range models {
		for _, secret := range secrets() {
			values := secret.of(m)
			r.client.Redact(values.plain.ValueString(), values.writeOnly.ValueString())
		}
	}
}

// secretsPath is where a message about a secret that is set points. Terraform quotes the line of the configuration that a
// message points at, and that line may contain a secret.
func secretsPath() path.Path { return path.Root("authen_type") }

// attributePath is where a message about a field of SePay's points, and false for a field that is no attribute. Fields
// and attributes have the same names.
func attributePath(field string) (path.Path, bool) {
	for _, secret := range secrets() {
		if field == secret.plain {
			return secretsPath(), true
		}
	}

	return path.Root(field), slices.ContainsFunc(attributes(&model{}), func(a attribute) bool { return a.name == field })
}
