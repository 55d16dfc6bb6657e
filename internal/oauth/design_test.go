//go:build unix

package oauth

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// TestDesignMatchesTheCode compares DESIGN.md with the code: its constants have the same values, and its failure table has
// each message about the state of a token.
func TestDesignMatchesTheCode(t *testing.T) {
	t.Parallel()

	design, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}

	for name, value := range map[string]time.Duration{
		"ExchangeTimeout": tokenendpoint.ExchangeTimeout, "ConnectTimeout": tokenendpoint.ConnectTimeout, "AmbiguousRetryDelay": tokenendpoint.AmbiguousRetryDelay,
		"MaxRetryAfter": tokenendpoint.MaxRetryAfter, "DefaultLockTimeout": tokenstore.DefaultLockTimeout, "freshTokenAge": freshTokenAge,
		"rejectionTTL": rejectionTTL, "MaxClockSkew": tokenstore.MaxClockSkew, "MaxExpiryMargin": tokenstore.MaxExpiryMargin,
		"HelperTimeout": tokenstore.HelperTimeout,
	} {
		if row := "| `" + name + "` | " + value.String() + " |"; !strings.Contains(string(design), row) {
			t.Errorf("DESIGN.md lacks the row %s", row)
		}
	}

	linked := map[string]bool{}
	for _, link := range regexp.MustCompile(`\((testdata/messages/[^)]*)\)`).FindAllStringSubmatch(string(design), -1) {
		linked[link[1]] = true

		if _, err := os.Stat(link[1]); err != nil {
			t.Errorf("DESIGN.md links to a message that does not exist: %v", err)
		}
	}

	messages, err := filepath.Glob("testdata/messages/*.golden")
	if err != nil || len(messages) == 0 {
		t.Fatalf("messages %v, %v", messages, err)
	}

	for _, message := range messages {
		// Messages of the browser sign-in are not about the state of a token.
		if !linked[message] && !strings.HasPrefix(filepath.Base(message), "login_") {
			t.Errorf("DESIGN.md's failure table has no row for %s", message)
		}
	}
}
