package sepay

import (
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
)

// Bits of the keys of a webhook that webhookShape names.
const (
	keyAPIKey coalesce.KeySet = 1 << iota
	keySecretKey
	keyOAuth2AccessTokenURL
	keyOAuth2ClientID
	keyOAuth2ClientSecret
	keyBankAccountIDs
	keyAlertChannelIDs
)

func webhookShape() coalesce.Shape[Webhook] {
	oauth2 := keyOAuth2AccessTokenURL | keyOAuth2ClientID | keyOAuth2ClientSecret

	return coalesce.Shape[Webhook]{
		Keys: webhookKeys,
		Kind: func(w Webhook) string { return w.AuthenType.Or("") },
		Secrets: func(kind string) coalesce.KeySet {
			switch kind {
			case AuthenTypeAPIKey:
				return keyAPIKey
			case AuthenTypeHMAC:
				return keySecretKey
			case AuthenTypeOAuth2:
				return oauth2
			default:
				return 0
			}
		},
		Varying: keyAPIKey | keySecretKey | oauth2 | keyBankAccountIDs | keyAlertChannelIDs,
	}
}

func webhookKeys(w Webhook) coalesce.KeySet {
	return coalesce.KeysOf(
		w.APIKey.Present(), w.SecretKey.Present(), w.OAuth2AccessTokenURL.Present(), w.OAuth2ClientID.Present(),
		w.OAuth2ClientSecret.Present(), w.BankAccountIDs.Present(), w.AlertChannelIDs.Present(),
		w.Name.Present(), w.WebhookURL.Present(), w.EventType.Present(), w.AuthenType.Present(),
		w.RequestContentType.Present(), w.IsVerifyPayment.Present(), w.SkipIfNoCode.Present(), w.Active.Present(),
		w.OnlyVA.Present(), w.BankMode.Present(), w.BankAccountID.Present(), w.VAMode.Present(),
		w.BankSubAccountIDs.Present(), w.PrefixFilters.Present(), w.RetryConditions.Present(),
		w.AlertThreshold.Present(), w.AlertEventTypes.Present(), w.CreatedAt.Present(),
	)
}
