package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// output is a stream that several goroutines write to.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
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

func (o *output) has(words string) bool { return strings.Contains(o.String(), words) }

// testEnv is what a user of the commands has: a simulated SePay, a browser, and a token store.
type testEnv struct {
	t              *testing.T
	server         *simulator.Server
	redirect       string
	directory      string
	variables      map[string]string
	stdin          io.Reader
	stdout, stderr *output
	browse         func(ctx context.Context, address string) error
}

func newTestEnv(t *testing.T, options ...simulator.Option) *testEnv {
	t.Helper()

	redirect := freeRedirect(t)
	options = append(options, simulator.WithRedirectURIs(redirect, "https://app.example.com/back"))
	d := &testEnv{
		t: t, server: simulator.Start(t, options...),
		redirect: redirect, directory: filepath.Join(t.TempDir(), "store"),
		stdin: strings.NewReader(""), stdout: &output{}, stderr: &output{},
	}
	d.variables = map[string]string{
		"SEPAY_BASE_URL":         d.server.URL,
		"SEPAY_CLIENT_ID":        d.server.Credentials().ClientID,
		"SEPAY_CLIENT_SECRET":    d.server.Credentials().ClientSecret,
		"SEPAY_TOKEN_STORE_PATH": d.directory,
	}
	d.browse = d.userBrowser(true, func(redirect string) string { return redirect })
	t.Cleanup(d.expectNoSecrets)

	return d
}

// expectNoSecrets fails when a stream has a token; only --print-refresh-token may put one on standard output.
func (d *testEnv) expectNoSecrets() {
	for _, secret := range append(d.server.IssuedTokens(), d.server.Credentials().ClientSecret) {
		if strings.Contains(d.stderr.String()+d.stdout.String(), secret) {
			d.t.Errorf("a secret was printed:\n%s\n%s", d.stdout, d.stderr)
		}
	}
}

// userBrowser approves or denies in a browser, which then follows the redirect.
func (d *testEnv) userBrowser(approve bool, change func(redirect string) string) func(context.Context, string) error {
	return func(ctx context.Context, address string) error {
		redirect, err := decide(ctx, address, approve)
		if err != nil {
			return err
		}

		go func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, change(redirect), nil)
			if err != nil {
				return
			}

			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			if response, err := client.Do(request); err == nil {
				_ = response.Body.Close()
			}
		}()

		return nil
	}
}

// printedAddress is the address of SePay's consent page that the terminal shows.
func (d *testEnv) printedAddress() string {
	for line := range strings.Lines(d.stderr.String()) {
		if strings.Contains(line, "/oauth/authorize?") {
			return strings.TrimSpace(line)
		}
	}

	d.t.Errorf("no address was printed:\n%s", d.stderr)

	return ""
}

// decide follows the start address to SePay's consent page, and submits its form.
func decide(ctx context.Context, address string, approve bool) (redirect string, err error) {
	if strings.Contains(address, "/start/") {
		// The start address has a redirect, and no form.
		if address, err = simulator.Decide(ctx, address, approve); err != nil {
			return "", err
		}
	}

	return simulator.Decide(ctx, address, approve)
}

func freeRedirect(t *testing.T) string {
	t.Helper()

	// Not an ephemeral port, which another process could get first: those begin at 32768.
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10000+rand.N(20000))

		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err == nil {
			_ = listener.Close()

			return "http://" + address + "/callback"
		}
	}

	t.Fatal("no port is free")

	return ""
}

func (d *testEnv) run(ctx context.Context, args ...string) int {
	c := &command{
		version: "1.0.0", stdin: d.stdin, stdout: d.stdout, stderr: d.stderr,
		env: func(name string) string { return d.variables[name] }, browse: d.browse,
	}

	return c.run(ctx, args)
}

// login runs the login command with the registered redirect URL.
func (d *testEnv) login(args ...string) int {
	d.t.Helper()

	return d.run(d.t.Context(), append([]string{"login", "--redirect-url", d.redirect}, args...)...)
}

// expect compares the exit code and looks for words in what was printed.
func (d *testEnv) expect(got, want int, words ...string) {
	d.t.Helper()

	if got != want {
		d.t.Errorf("exit code %d, want %d:\n%s", got, want, d.stderr)
	}

	all := strings.Join(strings.Fields(d.stdout.String()+" "+d.stderr.String()), " ")
	for _, w := range words {
		if !strings.Contains(all, w) {
			d.t.Errorf("%q was not printed:\n%s", w, all)
		}
	}
}

// expectSignedIn gets an access token as the provider does, with only the client configured.
func (d *testEnv) expectSignedIn(key string) {
	d.t.Helper()

	store, err := tokenstore.OpenFile(d.directory)
	if err != nil {
		d.t.Fatal(err)
	}

	source, err := oauth.NewSource(oauth.Config{
		TokenURL: d.server.URL + "/oauth/token", ClientID: d.server.Credentials().ClientID,
		ClientSecret: d.server.Credentials().ClientSecret, Store: store, Key: key,
	})
	if err != nil {
		d.t.Fatal(err)
	}

	token, err := source.Token(d.t.Context(), "")
	if err != nil || !d.server.AccessTokenAlive(token) {
		d.t.Errorf("no valid access token: %v", err)
	}
}

func (d *testEnv) expectTokenRequests(want int) {
	d.t.Helper()

	if got := d.server.TokenCounters(); got.Calls != want || got.Replays != 0 {
		d.t.Errorf("token counters %s, want %d requests", fmt.Sprintf("%+v", got), want)
	}
}
