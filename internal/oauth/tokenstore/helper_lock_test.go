//go:build unix

package tokenstore

import (
	"os"
	"strings"
	"testing"
)

func TestHelperLocksUseTheTemporaryDirectoryWithoutAHome(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")

	if dirs := helperLocks(); len(dirs) != 1 || !strings.HasPrefix(dirs[0], os.TempDir()) {
		t.Errorf("the locks are in %v", dirs)
	}
}
