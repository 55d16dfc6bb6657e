package redact

import (
	"strings"
	"testing"
)

func TestTheOutputOfAHelperIsShownWithoutSecrets(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("aB3_", 12)

	for text, want := range map[string]string{
		"short is hunter2!":                        "short is (redacted)!",
		"token=" + long + ", code 7":               "token=(redacted) code 7",
		"+ printf \"" + long + "\"\n\x1b[31mred":   "+ printf \"(redacted)\" \ufffd[31mred",
		"/var/lib/" + long + "/file is locked":     "/var/lib/" + long + "/file is locked",
		"got /Ab3xZ9+q/7Fk2LmPq0 from vault":       "got (redacted) from vault",
		"got /qWeRtYuIoPasDfGhJkL from vault":      "got (redacted) from vault",
		"X-Vault-Token: hvs.CAESIJ":                "X-Vault-Token: (redacted)",
		"+ TOKEN=abc vault kv get":                 "+ TOKEN=(redacted) vault kv get",
		"Authorization: Bearer s3":                 "Authorization: Bearer (redacted)",
		`{"refresh_token":"abc"}`:                  `{"refresh_token":(redacted)`,
		"id s.t4Kx0pQ7":                            "id (redacted)",
		"token: not found":                         "token: not found",
		"AccessDeniedException: User: arn:aws:iam": "AccessDeniedException: User: arn:aws:iam",
		"GET https://vault.example.com/v1/secret/data/sepay: 403, ResourceNotFoundException": "GET https://vault.example.com/v1/" +
			"secret/data/sepay: 403, ResourceNotFoundException",
		"arn:aws:secretsmanager:eu-west-1:123456789012:x at 10.0.0.1:8200": "arn:aws:secretsmanager:eu-west-1:123456789012:x at 10.0.0.1:8200",
		"/usr/bin/base64: invalid input, sha256sum of x86_64":              "/usr/bin/base64: invalid input, sha256sum of x86_64",
		"permission denied on /home/runner/.local/state/terraform":         "permission denied on /home/runner/.local/state/terraform",
	} {
		if got := Untrusted(text, "hunter2"); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
