package sepay

import (
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/coalesce"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

// presentKeys returns a function that returns the keys of an object that SePay returned.
func presentKeys[T any]() func(T) coalesce.KeySet {
	keys := wire.Keys[T]()

	return func(object T) coalesce.KeySet { return coalesce.KeySet(keys(object)) }
}

// webhookShape describes which keys a webhook has: its secrets depend on authen_type.
func webhookShape() coalesce.Shape[Webhook] {
	keys, null := presentKeys[Webhook](), Null[string]()
	apiKey, secretKey := keys(Webhook{APIKey: null}), keys(Webhook{SecretKey: null})
	oauth2 := keys(Webhook{OAuth2AccessTokenURL: null, OAuth2ClientID: null, OAuth2ClientSecret: null})

	return coalesce.Shape[Webhook]{
		Keys: keys,
		Kind: func(w Webhook) string { return w.AuthenType.Or("") },
		Secrets: func(kind string) coalesce.KeySet {
			switch kind {
			case AuthenTypeAPIKey:
				return apiKey
			case AuthenTypeHMAC:
				return secretKey
			case AuthenTypeOAuth2:
				return oauth2
			default:
				return 0
			}
		},
		Varying: apiKey | secretKey | oauth2 | keys(Webhook{BankAccountIDs: Null[[]int64](), AlertChannelIDs: Null[[]int64]()}),
	}
}
