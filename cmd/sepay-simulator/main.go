// Command sepay-simulator runs a SePay on loopback, for trying the provider without an account.
//
//	sepay-simulator -env-file sepay.env &
//	. ./sepay.env
//	sepay-simulator control GET webhooks
//	sepay-simulator control PATCH webhooks/59325 '{"active":false}'
//
// It delivers payments to receivers on loopback, as SePay delivers them to webhooks:
//
//	sepay-simulator -receiver shop.example.com=127.0.0.1:9000 -env-file sepay.env &
//	sepay-simulator control POST payments '{"bank_account_id":19,"amount":250000,"content":"DH123456"}'
//	sepay-simulator control GET deliveries
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)

	stop()

	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "sepay-simulator:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	if len(arguments) > 0 && arguments[0] == "control" {
		return control(ctx, os.Getenv("SEPAY_BASE_URL"), arguments[1:], stdout)
	}

	return serve(ctx, arguments, stdout, stderr)
}

func serve(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("sepay-simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)

	address := flags.String("addr", "127.0.0.1:0", "`address` of loopback to listen on; port 0 lets the system choose")
	dialectText := flags.String("dialect", "default", "variants to use, such as U1=root,U5=masked; `list` prints the questions")
	dialectFile := flags.String("dialect-file", "", "`report` of sepay-probe (JSON) whose dialect to use; -dialect takes precedence")
	latency := flags.Duration("latency", 0, "delay of every response")
	webhooks := flags.Int("seed-webhooks", 0, "`number` of initial webhooks")
	accessLife := flags.Duration("access-token-lifetime", time.Hour, "how long an access token lives")
	redirectURI := flags.String("redirect-uri", "", "an additional registered redirect `URI`")
	receivers := receiverFlag{}
	flags.Var(receivers, "receiver", "`HOST=ADDRESS`: deliver requests for https://HOST to this address on loopback (may be repeated)")
	loopback := flags.Bool("loopback-receivers", false, "accept webhook URLs on loopback, which SePay refuses, and deliver to them")
	retryMinute := flags.Duration("retry-minute", time.Minute, "length of a minute in the retry schedule of deliveries")
	traffic := flags.Duration("traffic", 0, "`interval` between generated payments; 0 disables them")
	page := flags.Bool("ui", false, "serve a web page to inspect and change the state; its address is printed")
	envFile := flags.String("env-file", "", "`file` for the variables to export, in addition to standard output")

	if err := flags.Parse(arguments); err != nil {
		return err
	}

	if *dialectText == "list" {
		return printDialects(stdout)
	}

	dialect, err := chosenDialect(*dialectFile, *dialectText)
	if err != nil {
		return err
	}

	options := []simulator.Option{
		simulator.WithDialect(dialect), simulator.WithLatency(*latency), simulator.WithAccessTokenLifetime(*accessLife),
	}
	if *redirectURI != "" {
		options = append(options, simulator.WithRedirectURI(*redirectURI))
	}

	for host, address := range receivers {
		options = append(options, simulator.WithReceiver(host, address))
	}

	if *page {
		options = append(options, simulator.WithPage())
	}

	if *loopback {
		options = append(options, simulator.WithLoopbackReceivers())
	}

	service := simulator.New(append(options, simulator.WithRetryMinute(*retryMinute))...)
	service.SeedWebhooks(*webhooks)

	server, err := simulator.Listen(ctx, *address, service)
	if err != nil {
		return err
	}
	defer server.Close() //nolint:contextcheck // it closes when the context has ended

	exports := exportLines(server.Environment())

	if *envFile != "" {
		if err := writeWhole(*envFile, exports); err != nil {
			return err
		}
	}

	if _, err := io.WriteString(stdout, exports); err != nil {
		return fmt.Errorf("print the variables: %w", err)
	}

	if *page {
		fmt.Fprintf(stderr, "The page is at %s\n", server.PageURL())
	}

	if *traffic > 0 {
		service.Traffic(ctx, *traffic)
	}

	<-ctx.Done()

	return nil
}

// receiverFlag collects receivers by host.
type receiverFlag map[string]string

// String implements flag.Value.
func (r receiverFlag) String() string { return fmt.Sprint(map[string]string(r)) }

// Set implements flag.Value.
func (r receiverFlag) Set(text string) error {
	host, address, err := delivery.ParseReceiver(text)
	if err == nil {
		r[host] = address
	}

	return err
}

func chosenDialect(file, text string) (dialect dialects.Dialect, err error) {
	if file != "" {
		if dialect, err = dialects.Load(file); err != nil {
			return dialect, err
		}
	}

	return dialect.With(text)
}

func printDialects(stdout io.Writer) error {
	for _, dimension := range dialects.Dimensions() {
		_, err := fmt.Fprintf(stdout, "%-4s %s: %s\n", dimension.ID, dimension.Question, strings.Join(dimension.Variants, ", "))
		if err != nil {
			return fmt.Errorf("print the dialects: %w", err)
		}
	}

	return nil
}

// exportLines returns variables as commands of a POSIX shell.
func exportLines(environment []string) string {
	var lines strings.Builder

	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		lines.WriteString("export " + name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'\n")
	}

	return lines.String()
}

// writeWhole creates the file atomically, so that a script can wait for it. It has secrets.
func writeWhole(path, text string) error {
	partial := path + ".partial"
	if err := os.WriteFile(partial, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write the variables: %w", err)
	}

	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("write the variables: %w", err)
	}

	return nil
}
