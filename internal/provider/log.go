package provider

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

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
