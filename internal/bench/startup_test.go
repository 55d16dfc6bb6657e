package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// largest is the maximum size of a release, in bytes.
const largest = 22_000_000

// initialization is what a package does before main begins.
type initialization struct{ bytes, allocations int }

// initializations runs a program until it is initialized, and returns what each of its packages has done.
func initializations(ctx context.Context, path string, args ...string) (map[string]initialization, error) {
	command := exec.CommandContext(ctx, path, args...)
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")

	// The empty provider refuses to be started by hand, after its initialization.
	output, err := command.CombinedOutput()
	if len(output) == 0 {
		return nil, fmt.Errorf("run %s: %w", path, err)
	}

	found := map[string]initialization{}

	for line := range strings.Lines(string(output)) {
		var (
			name      string
			at, clock float64
			work      initialization
		)

		count, err := fmt.Sscanf(line, "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &name, &at, &clock, &work.bytes, &work.allocations)
		if err == nil && count == 5 {
			found[name] = work
		}
	}

	return found, nil
}

func sum(all map[string]initialization) (total initialization) {
	for _, one := range all {
		total.bytes += one.bytes
		total.allocations += one.allocations
	}

	return total
}

// TestTheProviderIsSmallAndDoesNothingBeforeMain counts what is paid three to five times for each command.
func TestTheProviderIsSmallAndDoesNothingBeforeMain(t *testing.T) {
	t.Parallel()

	directory := t.TempDir()

	provider, err := Build(t.Context(), directory, Provider)
	if err != nil {
		t.Fatal(err)
	}

	info, err := os.Stat(provider)
	if err != nil {
		t.Fatal(err)
	}

	t.Logf("the provider has %d bytes", info.Size())

	if info.Size() > largest {
		t.Errorf("the provider has %d bytes, want at most %d", info.Size(), largest)
	}

	ours, err := initializations(t.Context(), provider, "-version")
	if err != nil {
		t.Fatal(err)
	}

	for name, work := range ours {
		// A sentinel error or two is all that a package of ours may make.
		if strings.HasPrefix(name, "github.com/terraform-provider-sepay/") && (work.allocations > 10 || work.bytes > 1024) {
			t.Errorf("the initialization of %s makes %d allocations of %d bytes", name, work.allocations, work.bytes)
		}
	}

	empty, err := Build(t.Context(), directory, Empty)
	if err != nil {
		t.Fatal(err)
	}

	least, err := initializations(t.Context(), empty)
	if err != nil {
		t.Fatal(err)
	}

	// What we import may not do much more than the framework does anyway.
	all, framework := sum(ours), sum(least)
	t.Logf("the provider makes %d allocations of %d bytes, an empty one %d of %d", all.allocations, all.bytes,
		framework.allocations, framework.bytes)

	if framework.allocations == 0 || all.allocations > framework.allocations+200 || all.bytes > framework.bytes+100_000 {
		t.Errorf("initialization makes %d allocations of %d bytes, an empty provider %d of %d", all.allocations, all.bytes,
			framework.allocations, framework.bytes)
	}
}
