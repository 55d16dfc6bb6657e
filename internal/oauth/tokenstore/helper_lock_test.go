//go:build unix

package tokenstore

import (
	"os"
	"strings"
	"testing"
)

func TestHelperLocksAreInTheTemporaryDirectoryWhereThereIsNoHome(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")

	if places := helperLocks(); len(places) != 1 || !strings.HasPrefix(places[0], os.TempDir()) {
		t.Errorf("the locks are in %v", places)
	}
}
