package acctest

import (
	"fmt"
	"os"
	"sync/atomic"
)

// OwnCache gives the providers in this process a cache directory of their own: what they remember there for the next process
// must not reach the next run of the tests. Call it in TestMain, and remove afterwards. On macOS the directory of the user stays.
func OwnCache() (remove func()) {
	directory, err := os.MkdirTemp("", "sepay-cache-")
	if err != nil {
		panic(err)
	}

	for _, variable := range []string{"XDG_CACHE_HOME", "LocalAppData"} {
		if err := os.Setenv(variable, directory); err != nil {
			panic(err)
		}
	}

	return func() { _ = os.RemoveAll(directory) }
}

// NextAddress returns an address for base_url that no other test of this process has, because a process remembers by the address
// of the service. Nothing listens there: it is for NewPipedServer.
func NextAddress() string {
	n := addresses.Add(1)

	return fmt.Sprintf("http://127.%d.%d.%d:1", n>>16&255, n>>8&255, n&255)
}

var addresses atomic.Int64
