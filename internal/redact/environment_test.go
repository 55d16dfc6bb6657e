package redact

import (
	"slices"
	"testing"
)

func TestHelperDoesNotSeeTheProvidersSecrets(t *testing.T) {
	t.Parallel()

	kept := WithoutSecretVariables([]string{
		"PATH=/bin", "SEPAY_CLIENT_SECRET=abc", "SEPAY_REFRESH_TOKEN=def", "SEPAY_ACCESS_TOKEN=ghi", "VAULT_TOKEN=y",
		"TF_VAR_client_secret=abc", "SEPAY_WEBHOOK_SECRET_KEY=jkl", "SEPAY_API_KEY=mno", "SEPAY_CLIENT_ID=c", "EMPTY=",
		"SEPAY_TOKEN_STORE=helper", "SEPAY_TOKEN_STORE_KEY=ci", "SEPAY_TOKEN_HELPER=x", "sepay_client_secret=pqr",
	})
	if want := []string{
		"PATH=/bin", "VAULT_TOKEN=y", "SEPAY_CLIENT_ID=c", "EMPTY=",
		"SEPAY_TOKEN_STORE=helper", "SEPAY_TOKEN_STORE_KEY=ci", "SEPAY_TOKEN_HELPER=x",
	}; !slices.Equal(kept, want) {
		t.Errorf("the helper's environment is %v", kept)
	}
}
