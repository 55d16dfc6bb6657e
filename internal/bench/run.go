package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// starts is how often each program is started to see what a start costs: a few milliseconds, of which the machine's other
// work is a large share.
const starts = 200

// program is a built program with what its starts cost.
type program struct {
	name   string
	size   int64
	starts []start
}

// Run builds the programs, measures them, and writes the results to out as Markdown. progress is called for each step.
func Run(ctx context.Context, options Options, out io.Writer, progress func(string)) (err error) {
	tool, err := Tool()
	if err != nil {
		return err
	}

	directory, err := os.MkdirTemp("", "sepay-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)

	programs, err := buildAll(ctx, options, directory, progress)
	if err != nil {
		return err
	}

	meters, err := meter(ctx, directory, programs)
	if err != nil {
		return err
	}

	if err := writeMachine(ctx, out, tool); err != nil {
		return err
	}

	progress("start the programs")

	started, err := startAll(ctx, directory, programs)
	if err != nil {
		return err
	}

	if err := writeStarts(out, started); err != nil {
		return err
	}

	var costsOfAll []cost

	for _, webhooks := range options.Costs {
		got, err := costs(ctx, options, directory, tool, meters, webhooks, allSecrets(), progress)
		if err != nil {
			return fmt.Errorf("costs of %d webhooks: %w", webhooks, err)
		}

		costsOfAll = append(costsOfAll, got...)
	}

	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}

	if err := writeCosts(out, costsOfAll, options.Base); err != nil {
		return err
	}

	var all []measured

	for _, webhooks := range options.Webhooks {
		got, err := plans(ctx, options, directory, tool, meters, webhooks, progress)
		if err != nil {
			return fmt.Errorf("%d webhooks: %w", webhooks, err)
		}

		all = append(all, got...)
	}

	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}

	return writePlans(out, all)
}

// buildAll builds the programs that are compared and returns their paths.
func buildAll(ctx context.Context, options Options, directory string, progress func(string)) (programs map[string]string, err error) {
	programs = map[string]string{}

	for _, name := range []string{Provider, Uncoalesced, Empty} {
		progress("build " + name)

		if programs[name], err = Build(ctx, directory, name); err != nil {
			return nil, err
		}
	}

	if options.Base != "" {
		progress("build " + options.Base)

		if programs[Base], err = BuildBase(ctx, directory, options.Base); err != nil {
			return nil, err
		}
	}

	return programs, nil
}

// install copies the programs. How the linker happens to write a file decides in which pieces the system caches it, and the
// start of the same program then takes up to a tenth longer; an installation writes a file from its first byte to its last.
func install(directory string, paths map[string]string) (map[string]string, error) {
	installed := map[string]string{}

	for name, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}

		installed[name] = filepath.Join(directory, name)
		if err := os.WriteFile(installed[name], content, 0o700); err != nil {
			return nil, err
		}
	}

	return installed, nil
}

// startAll lets the programs take turns at starting.
func startAll(ctx context.Context, directory string, paths map[string]string) ([]program, error) {
	temporary := filepath.Join(directory, "starts")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return nil, err
	}

	paths, err := install(temporary, paths)
	if err != nil {
		return nil, err
	}

	var all []program

	for _, name := range []string{Empty, Base, Provider} {
		if paths[name] == "" {
			continue
		}

		info, err := os.Stat(paths[name])
		if err != nil {
			return nil, err
		}

		all = append(all, program{name: name, size: info.Size()})
	}

	for round := range starts {
		for turn := range all {
			// Each program follows each other one equally often.
			next := &all[(round+turn)%len(all)]

			got, err := firstResponse(ctx, paths[next.name], temporary)
			if err != nil {
				return nil, fmt.Errorf("start %s: %w", next.name, err)
			}

			next.starts = append(next.starts, got)
		}
	}

	return all, nil
}

// writeMachine says when and on what the results were made.
func writeMachine(ctx context.Context, out io.Writer, tool string) error {
	version, err := toolVersion(ctx, tool)
	if err != nil {
		return err
	}

	_, err = fmt.Fprintf(out, "%s, %s, %s on %s/%s, %d cores.\n\n", time.Now().UTC().Format(time.DateOnly), version,
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())

	return err
}
