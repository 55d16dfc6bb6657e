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

// TestTheDesignIsWhatTheCodeDoes keeps DESIGN.md from drifting: its numbers are the code's, and each message about the life
// of a token has its row in the failure table.
func TestTheDesignIsWhatTheCodeDoes(t *testing.T) {
	t.Parallel()

	design, err := os.ReadFile("DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}

	for name, value := range map[string]time.Duration{
		"ExchangeTimeout": tokenendpoint.ExchangeTimeout, "ConnectTimeout": tokenendpoint.ConnectTimeout, "AmbiguousWait": tokenendpoint.AmbiguousWait,
		"MaxWait": tokenendpoint.MaxWait, "DefaultLockTimeout": tokenstore.DefaultLockTimeout, "freshTokenAge": freshTokenAge,
		"refusalMemory": refusalMemory, "ClockTolerance": tokenstore.ClockTolerance, "MaxMargin": tokenstore.MaxMargin,
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
			t.Errorf("DESIGN.md links to a message that TestMessages does not have: %v", err)
		}
	}

	messages, err := filepath.Glob("testdata/messages/*.golden")
	if err != nil || len(messages) == 0 {
		t.Fatalf("messages %v, %v", messages, err)
	}

	for _, message := range messages {
		// What the browser flow says is no state of a token.
		if !linked[message] && !strings.HasPrefix(filepath.Base(message), "login_") {
			t.Errorf("DESIGN.md's failure table has no row for %s", message)
		}
	}
}
