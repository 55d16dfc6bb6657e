package provider

import (
	"cmp"
	"context"
	"os"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// QuietLogs limits the log lines of the framework to Terraform's log level. By default the framework writes
// trace lines at nearly every step, and Terraform reads and drops each: half of the time of a plan of hundreds of webhooks.
// Call it before serving.
//
// Levels that the user set for the framework or for this provider take precedence.
func QuietLogs() {
	level := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")

	for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SEPAY"} {
		if os.Getenv(variable) == "" {
			// It fails only for a name or a value with a NUL.
			_ = os.Setenv(variable, level)
		}
	}
}

// log writes the lines of the client and of the token source to Terraform's log. Neither logs a secret: the masks are a second
// line of defense, for errors of libraries and for future mistakes.
type log struct {
	mu      sync.Mutex
	secrets []string
}

// mask redacts a secret in all later lines.
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
