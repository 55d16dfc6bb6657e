// Command cmd reads what `go test -json` prints, and prints a table of the promises in PROMISES.md with the tests that
// prove them. It fails when one of those tests failed, was skipped or did not run, or when any other test failed. With -partial
// those that did not run are of packages that were not tested.
//
//	go test -json ./... | go run ./internal/proof/cmd
//
// With -fuzz-targets it lists the fuzz targets instead, as "directory name".
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof/promise"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "proof:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

func run(arguments []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("proof", flag.ContinueOnError)
	flags.SetOutput(stderr)

	root := flags.String("root", ".", "the directory of the module")
	targets := flags.Bool("fuzz-targets", false, "list the fuzz targets")
	partial := flags.Bool("partial", false, "only some packages were tested: a test that did not run breaks no promise")

	if err := flags.Parse(arguments); err != nil {
		return err
	}

	if *targets {
		return listTargets(*root, stdout)
	}

	text, err := os.ReadFile(*root + "/PROMISES.md")
	if err != nil {
		return err
	}

	promises, err := promise.Parse(string(text))
	if err != nil {
		return err
	}

	outcomes := promise.NewOutcomes()
	if err := outcomes.Read(stdin, stderr); err != nil {
		return err
	}

	_, _ = fmt.Fprintln(stdout)

	if broken := promise.Print(stdout, promises, outcomes, *partial); len(broken) > 0 {
		return fmt.Errorf("%d problems:\n  %s", len(broken), strings.Join(broken, "\n  "))
	}

	return nil
}

func listTargets(root string, stdout io.Writer) error {
	declared, err := promise.Declared(root)
	if err != nil {
		return err
	}

	var lines []string

	for name, directories := range declared {
		for _, directory := range directories {
			if strings.HasPrefix(name, "Fuzz") {
				lines = append(lines, directory+" "+name)
			}
		}
	}

	slices.Sort(lines)

	for _, line := range lines {
		_, _ = fmt.Fprintln(stdout, line)
	}

	return nil
}
