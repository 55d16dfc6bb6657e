// Command sepay-demo walks through the life of a webhook with the real Terraform or OpenTofu, the provider of this
// source tree, and a simulated SePay on loopback. It checks what each step claims. `make demo` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:])

	stop()

	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "\nInterrupted. Everything that the demo created is removed.")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "\nThe demo failed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) (err error) {
	flags := flag.NewFlagSet("sepay-demo", flag.ExitOnError)
	cli := flags.String("cli", "terraform", "`program` to run: a Terraform or an OpenTofu")
	source := flags.String("source", ".", "`directory` of the provider's source")
	pictureFile := flags.String("picture", "", "`file` for a picture of the scenes that show drift and repair, as SVG")
	playground := flags.Bool("playground", false, "serve a web page and a configuration to experiment with, instead of the demo")
	directory := flags.String("directory", "", "`directory` to work in, removed at the end (default: a temporary one)")

	// ExitOnError ends the program on an unknown flag.
	_ = flags.Parse(arguments)

	if *directory == "" {
		if *directory, err = os.MkdirTemp("", "sepay-demo."); err != nil {
			return fmt.Errorf("make a directory to work in: %w", err)
		}
	}

	defer func() { err = errors.Join(err, os.RemoveAll(*directory)) }()

	var options []simulator.Option
	if *playground {
		options = append(options, simulator.WithPage())
	}

	stage, err := newStage(ctx, *cli, *source, *directory, options...)
	if err != nil {
		// Errors of an interrupted build or start are not reported.
		if ctx.Err() != nil {
			return ctx.Err()
		}

		return err
	}
	defer stage.close() //nolint:contextcheck // the server is closed after an interrupt, too

	if *playground {
		return stage.playground(ctx)
	}

	recorded := &recorder{Writer: stage.out}
	stage.out = recorded

	for i, scene := range scenes() {
		recorded.recording = scene.pictured
		stage.announce(i+1, len(scenes()), scene)

		if err := scene.play(ctx, stage); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}

			return fmt.Errorf("in step %d: %w", i+1, err)
		}
	}

	if *pictureFile != "" {
		svg := picture("terraform plan finds a webhook that was changed in the dashboard, and apply repairs it", recorded.lines())
		if err := os.WriteFile(*pictureFile, svg, 0o644); err != nil {
			return fmt.Errorf("write the picture: %w", err)
		}
	}

	stage.sayf("\nThat was the demo. Nothing is left behind: %s is removed.", *directory)

	return nil
}
