//go:build linux

package hostile_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/proof"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

const (
	// canary is the secret of the webhook, which no message may show.
	canary = "canary-7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"

	mostMemory    = 64 << 20
	mostProcessor = 2 * time.Second
	// A token exchange may be tried twice, of a minute each: its response holds the only token that works.
	longest = 3 * time.Minute
)

func operations() []string {
	return []string{"read", "list", "create", "update", "delete", "token", "sign-in"}
}

// A service that misbehaves, whatever it is asked for, ends in a message that says so, within the time-out, without much
// memory or processor time, and no other host gets a request.
//
//nolint:paralleltest // The cases run at the same time, more of them than there are processors.
func TestAHostileServiceEndsInAClearMessage(t *testing.T) {
	t.Parallel()

	table := &table{}
	t.Cleanup(func() { table.print(t) })

	// Most of the time nothing happens but waiting for a time-out.
	turns, cases := make(chan struct{}, 6), sync.WaitGroup{}
	defer cases.Wait()

	for row, behavior := range behaviors() {
		for column, operation := range operations() {
			if !proof.Turn(row+column, len(operations())) {
				continue
			}

			turns <- struct{}{}

			cases.Go(func() {
				defer func() { <-turns }()

				t.Run(behavior.name+"/"+operation, func(t *testing.T) { table.add(behavior.name, operation, meet(t, behavior, operation)) })
			})
		}
	}
}

func meet(t *testing.T, behavior behavior, operation string) account {
	t.Helper()

	service, truth := startService(t, behavior, operation)
	credentials := truth.Credentials()
	r := role{
		Operation: operation, URL: service.URL, Control: service.control, Directory: t.TempDir(),
		ClientID: credentials.ClientID, RefreshToken: credentials.RefreshToken, AccessToken: truth.NewAccessToken(),
	}

	a := r.start(t, service, credentials.ClientSecret)

	switch {
	case service.hits.Load() == 0:
		t.Error("the service had no occasion to misbehave")
	case !a.Failed && !strings.Contains(behavior.harmless, operation) && behavior.harmless != "all":
		t.Errorf("it succeeded:\n%s", a.Text)
	}

	for _, problem := range unclear(a, append(truth.Secrets(), canary)) {
		t.Errorf("%s:\n%.3000q", problem, a.Text)
	}

	if n := service.strayed.Load(); n > 0 {
		t.Errorf("%d requests went elsewhere", n)
	}

	if a.Elapsed > longest {
		t.Errorf("it took %s", a.Elapsed)
	}

	if !raceDetector && a.Memory > mostMemory {
		t.Errorf("it took %d MB more memory", a.Memory>>20)
	}

	if !raceDetector && a.Processor > mostProcessor {
		t.Errorf("it took %s of the processor", a.Processor)
	}

	return a
}

// start runs a process of its own.
func (r role) start(t *testing.T, service *service, secret string) account {
	t.Helper()

	described, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 2*longest)
	defer cancel()

	command := exec.CommandContext(ctx, os.Args[0])
	command.Env = []string{
		roleVariable + "=" + string(described), "HOME=" + r.Directory, "TMPDIR=" + r.Directory, "PATH=" + os.Getenv("PATH"),
		"SEPAY_BASE_URL=" + r.URL, "SEPAY_CLIENT_ID=" + r.ClientID, "SEPAY_CLIENT_SECRET=" + secret,
		"SEPAY_TOKEN_STORE_PATH=" + filepath.Join(r.Directory, "store"),
	}

	if service.behavior.tls {
		command.Env = append(command.Env, "SSL_CERT_FILE="+service.trust(t, r.Directory))
	}

	printed, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}

	input, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	var output bytes.Buffer

	lines := bufio.NewReader(printed)

	for {
		line, err := lines.ReadString('\n')
		output.WriteString(line)

		if err != nil {
			break
		}

		if address := strings.TrimSpace(line); r.Operation == "sign-in" && strings.Contains(address, "/oauth/authorize?") {
			r.approve(t, service, address, input)
		}
	}

	if err := command.Wait(); err != nil {
		t.Fatalf("the process ended with %v:\n%.5000s", err, &output)
	}

	report, err := os.ReadFile(r.reportPath())
	if err != nil {
		t.Fatal(err)
	}

	var a account
	if err := json.Unmarshal(report, &a); err != nil {
		t.Fatal(err)
	}

	if r.Operation == "sign-in" {
		_, a.Text, _ = strings.Cut(output.String(), "Error: ")
		if a.Failed && len(a.Text) < 40 {
			a.Vague = append(a.Vague, output.String())
		}
	}

	return a
}

// approve is the person in the browser, who pastes the address that it ends at.
func (r role) approve(t *testing.T, service *service, address string, to io.Writer) {
	t.Helper()

	// The page is SePay's own. The service may have a certificate that only the process trusts.
	page := simulatedPage(t, service)

	redirect, err := simulator.Decide(t.Context(), page+strings.TrimPrefix(address, r.URL), true)
	if err != nil {
		t.Error(err)
	}

	_, _ = fmt.Fprintln(to, redirect)
}

// unclear lists what is wrong with what the user sees.
func unclear(a account, secrets []string) []string {
	problems := slices.Clone(a.Vague)

	for _, secret := range secrets {
		if secret != "" && strings.Contains(a.Text, secret) {
			problems = append(problems, "a secret is shown")
		}
	}

	if !utf8.ValidString(a.Text) {
		problems = append(problems, "it is not UTF-8")
	}

	if strings.ContainsFunc(a.Text, func(r rune) bool {
		return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp))
	}) {
		problems = append(problems, "it has control characters")
	}

	if len(a.Text) > 6000 {
		problems = append(problems, fmt.Sprintf("it has %d bytes", len(a.Text)))
	}

	// The words of Go's library are for those who write programs.
	jargon := regexp.MustCompile(`invalid character|json: |unexpected EOF|runtime error|goroutine |http2: |stream error|\bnil\b|%!`)
	if found := jargon.FindString(a.Text); found != "" {
		problems = append(problems, fmt.Sprintf("it says %q", found))
	}

	return problems
}

type table struct {
	mu    sync.Mutex
	lines []string
}

func (t *table) add(behavior, operation string, a account) {
	t.mu.Lock()
	defer t.mu.Unlock()

	outcome, _, _ := strings.Cut(a.Text, "\n")
	if !a.Failed {
		outcome = "success " + outcome
	}

	t.lines = append(t.lines, fmt.Sprintf("%s\t%s\t%.1f s\t%d MB\t%d ms\t%.110s", behavior, operation,
		a.Elapsed.Seconds(), a.Memory>>20, a.Processor.Milliseconds(), outcome))
}

func (t *table) print(tb testing.TB) {
	tb.Helper()

	slices.Sort(t.lines)

	var text strings.Builder

	writer := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(writer, "behavior\toperation\ttime\tmemory\tprocessor\toutcome")

	for _, line := range t.lines {
		_, _ = fmt.Fprintln(writer, line)
	}

	_ = writer.Flush()
	tb.Log("\n" + text.String())

	if directory := os.Getenv("SEPAY_TEST_REPORTS"); directory != "" {
		report := fmt.Sprintf("\n%s: %d cases\n%s", tb.Name(), len(t.lines), &text)
		if err := os.WriteFile(filepath.Join(directory, tb.Name()), []byte(report), 0o600); err != nil {
			tb.Error(err)
		}
	}
}
