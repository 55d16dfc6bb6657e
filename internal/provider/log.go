package provider

import (
	"cmp"
	"context"
	"os"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// QuietLogs lets the framework write no more log lines than Terraform was asked to show. Left alone it writes one for
// nearly every step at the finest level, and Terraform reads each of them and drops it: half of what a plan of hundreds
// of webhooks costs. Call it before serving.
//
// A level that somebody set for this provider or for the framework by its own variable stays.
func QuietLogs() {
	level := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")

	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SEPAY"} {
		if os.Getenv(variable) == "" {
			// It fails for a name or a value with a NUL only.
			_ = os.Setenv(variable, level)
		}
	}
}

// log is how the client and the token source write to Terraform's log. Neither logs a secret; the masks are there for what
// others put into an error, and for the mistakes of later.
type log struct {
	mu      sync.Mutex
	secrets []string
}

// mask keeps one more secret out of the log.
func (l *log) mask(secret string) {
	l.mu.Lock()
	defer l.mu.Unlock()

	l.secrets = append(l.secrets, secret)
}

func (l *log) debug(ctx context.Context, message string, fields map[string]any) {
	l.mu.Lock()
	secrets := slices.Clone(l.secrets)
	l.mu.Unlock()

	ctx = tflog.MaskMessageStrings(ctx, secrets...)
	tflog.Debug(tflog.MaskAllFieldValuesStrings(ctx, secrets...), message, fields)
}
