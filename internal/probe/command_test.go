package probe

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// output is a stream that several goroutines write to.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()

	return o.text.String()
}

// testEnv is what a user of the command has: a simulated SePay, a browser and a token store.
type testEnv struct {
	*testing.T

	server         *simulator.Server
	redirect       string
	directory      string // for reports
	variables      map[string]string
	stdin          io.Reader
	stdout, stderr *output
}

func newTestEnv(t *testing.T, options ...simulator.Option) *testEnv {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	redirect := "http://" + listener.Addr().String() + "/callback"
	_ = listener.Close()

	d := &testEnv{
		T: t, redirect: redirect, directory: t.TempDir(), stdin: strings.NewReader(""), stdout: &output{}, stderr: &output{},
		server: simulator.Start(t, append(options, simulator.WithRedirectURIs(redirect))...),
	}
	d.variables = map[string]string{
		"SEPAY_BASE_URL": d.server.URL, "SEPAY_CLIENT_ID": d.server.Credentials().ClientID,
		"SEPAY_CLIENT_SECRET": d.server.Credentials().ClientSecret, "SEPAY_TOKEN_STORE_PATH": filepath.Join(t.TempDir(), "store"),
	}

	return d
}

func (d *testEnv) run(args ...string) int {
	c := &command{
		version: "1.0.0", stdin: d.stdin, stdout: d.stdout, stderr: d.stderr, browse: d.browse,
		env: func(name string) string { return d.variables[name] },
	}

	return c.run(d.Context(), args)
}

// probe runs the command with a report in the directory of the testEnv.
func (d *testEnv) probe(args ...string) int {
	return d.run(append(args, "--redirect-url", d.redirect, "--output", filepath.Join(d.directory, "report"))...)
}

// browse approves in the browser, which follows redirects.
func (d *testEnv) browse(ctx context.Context, address string) error {
	page, err := simulator.Decide(ctx, address, true)
	if err == nil {
		page, err = simulator.Decide(ctx, page, true)
	}

	if err != nil {
		return err
	}

	go func() {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
		if err != nil {
			return
		}

		if response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()

	return nil
}

// signInForTheProvider stores a sign-in, as the provider's login does.
func (d *testEnv) signInForTheProvider() {
	d.Helper()

	store, err := tokenstore.OpenFile(d.variables["SEPAY_TOKEN_STORE_PATH"])
	if err != nil {
		d.Fatal(err)
	}

	if _, err = login.Run(d.Context(), login.Options{
		AuthorizeURL: d.server.URL + "/oauth/authorize", TokenURL: d.server.URL + "/oauth/token",
		ClientID: d.server.Credentials().ClientID, ClientSecret: d.server.Credentials().ClientSecret, RedirectURL: d.redirect,
		Scopes: []string{"bank-account:read", "transaction:read", "webhook:read", "webhook:write", "webhook:delete", "profile", "company"},
		Store:  store, OpenBrowser: d.browse,
	}); err != nil {
		d.Fatal(err)
	}
}

func (d *testEnv) expectGolden(name string, code int) {
	d.Helper()

	text := "exit code " + string(rune('0'+code)) + "\n--- standard output\n" + d.stdout.String() + "--- standard error\n" + d.stderr.String()

	for _, change := range []struct{ pattern, with string }{
		{regexp.QuoteMeta(strings.TrimPrefix(d.server.URL, "http://")), "SEPAY"},
		{regexp.QuoteMeta(d.directory), "DIRECTORY"},
		{`probe-[a-z2-7]{12}`, "probe-MARK"},
		{`1\.0\.0 \w+/\w+`, "1.0.0 SYSTEM"},
	} {
		text = regexp.MustCompile(change.pattern).ReplaceAllString(text, change.with)
	}

	expectGolden(d.T, name, text)
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()

	for name, args := range map[string][]string{"help": {"--help"}, "version": {"--version"}} {
		d := newTestEnv(t)
		code := d.run(args...)
		d.expectGolden(name, code)

		if code != exitOK || d.stderr.String() != "" {
			t.Errorf("%v: exit code %d, standard error %q", args, code, d.stderr)
		}
	}
}

// TestMistakesSendNothing compares the messages of invalid commands, and checks that no request was sent.
func TestMistakesSendNothing(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		args  []string
		unset string
		set   map[string]string
		code  int
	}{
		"mistake_option":       {args: []string{"--frobnicate"}, code: exitUsage},
		"mistake_argument":     {args: []string{"s3cr3t"}, code: exitUsage},
		"mistake_no_client":    {unset: "SEPAY_CLIENT_ID", code: exitUsage},
		"mistake_no_secret":    {unset: "SEPAY_CLIENT_SECRET", code: exitUsage},
		"mistake_unencrypted":  {args: []string{"--base-url", "http://my.sepay.vn"}, set: map[string]string{"SEPAY_ACCESS_TOKEN": "s3cr3t"}, code: exitUsage},
		"refused_store_none":   {set: map[string]string{"SEPAY_TOKEN_STORE": "none", "SEPAY_REFRESH_TOKEN": "s3cr3t"}, code: exitFailure},
		"refused_seed":         {set: map[string]string{"SEPAY_REFRESH_TOKEN": "s3cr3t"}, code: exitFailure},
		"refused_not_signed":   {code: exitFailure},
		"refused_url_of_write": {args: []string{"--write", "--url", "http://shop.example.com"}, set: map[string]string{"SEPAY_ACCESS_TOKEN": "s3cr3t"}, code: exitUsage},
	} {
		d := newTestEnv(t)
		delete(d.variables, test.unset)
		maps.Copy(d.variables, test.set)

		code := d.run(test.args...)
		if name != "refused_not_signed" { // it names the store's path
			d.expectGolden(name, code)
		}

		if code != test.code || strings.Contains(d.stdout.String()+d.stderr.String(), "s3cr3t") {
			t.Errorf("%s: exit code %d\n%s", name, code, d.stderr)
		}

		if requests := d.server.Requests(); len(requests) > 0 {
			t.Errorf("%s: sent %v", name, requests)
		}
	}
}

// TestASessionAsksEverything uses the provider's sign-in, confirms, and signs in once more.
func TestASessionAsksEverything(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.signInForTheProvider()
	d.server.SeedWebhooks(2)

	d.stdin = strings.NewReader("write to " + strings.TrimPrefix(d.server.URL, "http://") + "\n")

	if code := d.probe("--write", "--tokens"); code != exitOK {
		t.Fatalf("exit code %d:\n%s", code, d.stderr)
	}

	d.expectNoSecrets()

	asJSON, err := os.ReadFile(filepath.Join(d.directory, "report.json"))
	if err != nil {
		t.Fatal(err)
	}

	var report Report
	if err := json.Unmarshal(asJSON, &report); err != nil {
		t.Fatal(err)
	}

	expectAnswers(t, dialects.Dialect{}, &report)

	page, err := os.ReadFile(filepath.Join(d.directory, "report.md"))
	if err != nil || !strings.Contains(string(page), SendTo) {
		t.Errorf("%v:\n%s", err, page)
	}

	// The provider's own sign-in still works.
	d.stdout, d.stderr = &output{}, &output{}
	if code := d.probe(); code != exitOK || d.server.TokenCounters().Replays != 1 {
		t.Errorf("exit code %d, token counters %+v:\n%s", code, d.server.TokenCounters(), d.stderr)
	}
}

// TestSignInOfTokensWorksWithoutPKCE uses a service whose page drops the challenge.
func TestSignInOfTokensWorksWithoutPKCE(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t, simulator.WithDialect(dialects.Dialect{Challenge: dialects.ChallengeLost, SpentRefresh: dialects.SpentRefreshFamily}))
	d.signInForTheProvider()

	if code := d.probe("--tokens"); code != exitOK {
		t.Fatalf("exit code %d:\n%s", code, d.stderr)
	}

	asJSON, err := os.ReadFile(filepath.Join(d.directory, "report.json"))
	if err != nil || !strings.Contains(string(asJSON), `"O8": "lost"`) || !strings.Contains(string(asJSON), `"U10": "family"`) {
		t.Errorf("%v: %s", err, asJSON)
	}

	d.expectNoSecrets()
}

// TestDeclinedConfirmationWritesNothing types another text, or nothing.
func TestDeclinedConfirmationWritesNothing(t *testing.T) {
	t.Parallel()

	for name, typed := range map[string]string{"declined": "yes\n", "nobody": ""} {
		d := newTestEnv(t)
		d.variables["SEPAY_ACCESS_TOKEN"] = d.server.NewAccessToken()
		d.stdin = strings.NewReader(typed)

		code := d.probe("--write")
		d.expectGolden(name, code)

		if code != exitFailure {
			t.Errorf("exit code %d", code)
		}

		if slices.ContainsFunc(d.server.Requests(), func(r simulator.Request) bool { return r.Method != http.MethodGet }) {
			t.Errorf("written: %v", d.server.Requests())
		}

		if files, _ := os.ReadDir(d.directory); len(files) > 0 {
			t.Errorf("files: %v", files)
		}
	}
}

// expectNoSecrets checks the output and the files.
func (d *testEnv) expectNoSecrets() {
	d.Helper()

	everything := d.stdout.String() + d.stderr.String()

	for _, name := range []string{"report.md", "report.json"} {
		text, _ := os.ReadFile(filepath.Join(d.directory, name))
		everything += string(text)
	}

	for _, secret := range append(d.server.IssuedTokens(), d.server.Credentials().ClientSecret) {
		if strings.Contains(everything, secret) {
			d.Errorf("a secret was printed:\n%s", everything)
		}
	}
}
