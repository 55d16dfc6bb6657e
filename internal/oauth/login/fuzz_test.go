package login

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

const (
	ourState = "ourstate0123456789abcdef"
	// foreignCode replaces each $ in a query: no message may contain the code, and no page the markup.
	foreignCode = "<canary>def50200foreigncode0123456789"
)

// FuzzCallback sends a callback to a waiting sign-in. Without the state of the sign-in, it has no effect; with it, it returns its
// code unchanged, or an error. The output in the terminal and the page is short, and has no control characters, no markup and no
// code.
func FuzzCallback(f *testing.F) {
	for _, seed := range []string{
		"code=$&state=" + ourState, "code=$&state=other", "code=$", "error=access_denied&error_description=$&state=" + ourState,
		"error=invalid_scope&hint=`webhook:read`+$", "error=invalid_scope&hint=%27company%27&state=" + ourState, "error=%1b[31m%e2%80%ae&state=",
		"state=" + ourState, "state=" + ourState + "&state=other&code=a&code=$", "code=%00&state=" + ourState, "error=%25s%25d$&state=" + ourState,
		"http://127.0.0.1:8765/callback?code=$&state=" + ourState + "#fragment", "\"<code=a>\"", "", "&;=", "error=invalid_request&state=" + ourState,
		"error=" + strings.Repeat("long", 1000) + "&error_description=" + strings.Repeat("..", 2000),
	} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		line := strings.ReplaceAll(text, "$", url.QueryEscape(foreignCode))

		query, ok := pastedQuery(line)
		if ok {
			if again, ok := pastedQuery("http://127.0.0.1:8765/callback?" + query.Encode()); !ok || again.Encode() != query.Encode() {
				t.Errorf("%q is parsed as %v, and its whole address as %v", line, query, again)
			}
		} else if query, _ = url.ParseQuery(line); query == nil {
			return
		}

		var terminal strings.Builder

		s := &signIn{
			options: Options{
				ClientID: "client-1", RedirectURL: "http://127.0.0.1:8765/callback", Scopes: []string{"webhook:read", "company"}, Out: &terminal,
				AuthorizeURL: "https://my.sepay.vn/oauth/authorize",
			},
			env: system.Environment{Sleep: func(ctx context.Context, _ time.Duration) error {
				<-ctx.Done()

				return ctx.Err()
			}},
			msg: messages{tokenstore.NewMessages("client-1", "")},
		}
		server := &callbackServer{states: &states{printed: ourState}, callbacks: make(chan callback), listening: true}

		ctx, stop := context.WithCancel(t.Context())
		defer stop()

		var pages []page

		go func() {
			server.callbacks <- callback{query: query, showPage: func(p page) {
				pages = append(pages, p)

				stop()
			}}
		}()

		got, err := s.await(ctx, server)
		ours := query.Get("state") == ourState

		switch {
		case !ours && (got.code != "" || !errors.Is(err, context.Canceled) || len(pages) != 1):
			t.Errorf("%v returns %q, %v and %d pages", query, got.code, err, len(pages))
		case ours && (err == nil) != (query.Get("error") == "" && query.Get("code") != ""), ours && err == nil && got.code != query.Get("code"):
			t.Errorf("%v returns %q, %v", query, got.code, err)
		}

		if ours && err != nil {
			pages = append(pages, s.failedPage(err))
			terminal.WriteString(err.Error())
		}

		for _, p := range pages {
			shown := httptest.NewRecorder()
			p.show(shown)

			if html := shown.Body.String(); strings.Contains(html, "<canary>") {
				t.Errorf("a page contains markup of the callback: %s", html)
			}
		}

		expectPrintable(t, terminal.String())
	})
}

// expectPrintable asserts that a text is safe to print on a terminal.
func expectPrintable(t *testing.T, text string) {
	t.Helper()

	if length := utf8.RuneCountInString(text); length > 3*2_000+4_000 || !utf8.ValidString(text) {
		t.Errorf("%d characters, valid: %t", length, utf8.ValidString(text))
	}

	if strings.Contains(text, "foreigncode0123456789") {
		t.Errorf("a code is shown: %s", text)
	}

	for _, char := range text {
		if char != '\n' && (unicode.IsControl(char) || unicode.Is(unicode.Cf, char)) {
			t.Errorf("%q has a control character", text)

			return
		}
	}
}
