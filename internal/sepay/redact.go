package sepay

import (
	"fmt"
	"log/slog"
)

// Webhook and WebhookBody carry secrets. However they are printed, only what identifies them shows.

// String implements fmt.Stringer.
func (w Webhook) String() string { return fmt.Sprintf("webhook %d", w.ID) }

// GoString implements fmt.GoStringer.
func (w Webhook) GoString() string { return w.String() }

// LogValue implements slog.LogValuer.
func (w Webhook) LogValue() slog.Value { return slog.StringValue(w.String()) }

// String implements fmt.Stringer.
func (b WebhookBody) String() string { return "webhook body" }

// GoString implements fmt.GoStringer.
func (b WebhookBody) GoString() string { return b.String() }

// LogValue implements slog.LogValuer.
func (b WebhookBody) LogValue() slog.Value { return slog.StringValue(b.String()) }
