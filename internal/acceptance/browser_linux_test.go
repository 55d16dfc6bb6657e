package acceptance_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest/headless"
)

func TestAccTheBrowserIsStartedWithoutSecrets(t *testing.T) {
	t.Parallel()

	cli, sepay, redirect := signIn(t)
	path, started := fakeStarter(t)
	cli.Setenv("DISPLAY=:99", "PATH="+path, "SEPAY_ACCESS_TOKEN="+sepay.NewAccessToken())

	s := openSession(t, cli, "login", "--redirect-url", redirect)
	address, environment := started()

	if strings.Contains(address, "state") || !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Errorf("the browser was started with %s", address)
	}

	for _, secret := range append(sepay.IssuedTokens(), sepay.Credentials().ClientSecret) {
		if strings.Contains(environment, secret) {
			t.Errorf("the browser's environment has a secret:\n%s", environment)
		}
	}

	// Ctrl-C is for this program; the browser is in a group of its own.
	s.types("\x03")
	s.ends(130, "Interrupted")
}

func TestAccTheSignInInChromium(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		button, title, text string
		code, calls         int
	}{
		"approve": {"approve", "Signed in to SePay", "Account: Nguyễn Văn Đức (d…@example.com)", 0, 1},
		"deny":    {"deny", "The access was refused in the browser", "The user denied the request", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			browser := headless.Start(t)
			cli, sepay, redirect := signIn(t)
			path, started := fakeStarter(t)
			cli.Setenv("DISPLAY=:99", "PATH="+path)

			s := openSession(t, cli, "login", "--redirect-url", redirect)
			address, _ := started()

			browser.Resize(640, 400)
			browser.Open(address)
			browser.Screenshot(name + "-consent")

			if text := headless.Eval[string](browser, "document.body.innerText"); !strings.Contains(text, "asks for access") {
				t.Fatalf("the browser shows:\n%s", text)
			}

			browser.Press("button[value=" + test.button + "]")
			browser.Screenshot(name + "-after")

			text := headless.Eval[string](browser, "document.body.innerText")
			if title := headless.Eval[string](browser, "document.title"); title != test.title || !strings.Contains(text, test.text) ||
				!strings.Contains(text, "close this page") {
				t.Errorf("the page %q shows:\n%s", title, text)
			}

			if size := headless.Eval[float64](browser, "parseFloat(getComputedStyle(document.querySelector('p')).fontSize)"); size < 18 {
				t.Errorf("the text has %v pixels", size)
			}

			if n := headless.Eval[int](browser, "document.scripts.length + document.querySelectorAll('[src],link').length"); n != 0 {
				t.Errorf("the page has %d scripts and outside resources", n)
			}

			for _, request := range browser.Requests() {
				if !strings.HasPrefix(request, sepay.URL) && !strings.HasPrefix(request, "http://127.0.0.1:") {
					t.Errorf("the browser asked for %s", request)
				}
			}

			s.ends(test.code)

			if calls := sepay.TokenCounters().Calls; calls != test.calls {
				t.Errorf("%d token calls, want %d", calls, test.calls)
			}
		})
	}
}
