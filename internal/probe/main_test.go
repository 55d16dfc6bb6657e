package probe

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// childVariable makes the test binary run the command, for tests that kill it.
const childVariable = "SEPAY_PROBE_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(runProcess(os.Args[1:], "test", 0))
	}

	os.Exit(m.Run())
}
