package provider

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

func TestNoSecretReachesTheLog(t *testing.T) {
	t.Parallel()

	var output bytes.Buffer

	log := &log{}
	log.mask("refresh-token-1")
	log.mask("access-token-1")
	log.debug(tflogtest.RootLogger(t.Context(), &output), "exchanged refresh-token-1",
		map[string]any{"error": "the proxy said: Bearer access-token-1"})

	if text := output.String(); !strings.Contains(text, "exchanged") || strings.Contains(text, "token-1") {
		t.Errorf("logged %s", text)
	}
}
