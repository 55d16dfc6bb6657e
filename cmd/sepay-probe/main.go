// Command sepay-probe tests how a real SePay behaves where its documentation is silent, and writes a report. See README.md.
package main

import (
	"os"
	"runtime/debug"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/probe"
)

// version is set by the linker of a release.
var version string

func main() { os.Exit(probe.Main(os.Args[1:], buildVersion())) }

func buildVersion() string {
	if version != "" {
		return version
	}

	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}

	return "dev"
}
