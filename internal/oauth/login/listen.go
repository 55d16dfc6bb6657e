package login

import (
	"bufio"
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

// callback is an authorization response, from the listener or pasted by the user.
type callback struct {
	query    url.Values
	err      error
	showPage func(page) // shows the result in the browser
}

// callbackServer serves the start address of the browser and the redirect URL.
type callbackServer struct {
	states    *states
	callbacks chan callback
	listening bool   // it serves the redirect URL
	startURL  string // the address for the browser, or ""
	close     func()
}

// listen starts the callback server. If the redirect URL is not on this machine, the server only starts the browser.
func (f *signIn) listen(ctx context.Context) (*callbackServer, error) {
	server := &callbackServer{
		states: newStates(), callbacks: make(chan callback), close: func() {},
		listening: f.redirect.Scheme == "http" && tokenendpoint.IsLoopback(f.redirect.Hostname()),
	}

	address := "127.0.0.1:0"

	if server.listening {
		port := f.redirect.Port()
		if port == "" {
			port = "80"
		}

		address = net.JoinHostPort(f.redirect.Hostname(), port)
	} else if f.options.OpenBrowser == nil {
		return server, nil
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		if server.listening {
			return nil, f.msg.cannotListen(address, err)
		}

		// The user can still open the printed address.
		return server, nil
	}

	startPath := "/start/" + rand.Text()
	server.startURL = "http://" + listener.Addr().String() + startPath

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+startPath, f.start(server))

	if server.listening {
		// The handler checks the path, because the pattern of a redirect URL without a path would match every path.
		mux.HandleFunc("/", f.callback(ctx, server))
	}

	httpServer := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	go func() { _ = httpServer.Serve(listener) }()

	server.close = func() {
		// Let the browser receive its page.
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer stop()

		if httpServer.Shutdown(ctx) != nil {
			_ = httpServer.Close()
		}
	}

	return server, nil
}

// start redirects the browser to SePay, once.
func (f *signIn) start(server *callbackServer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		state := server.states.start()
		if state == "" {
			failure := f.msg.startedTwice()
			f.printf("\n%s\n\n%s\n", failure.Summary, failure.Detail)
			f.failedPage(failure).show(w)

			return
		}

		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, f.authorizeURL(state), http.StatusFound)
	}
}

func (f *signIn) callback(ctx context.Context, server *callbackServer) http.HandlerFunc {
	path := f.redirect.Path
	if path == "" {
		path = "/"
	}

	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path || r.Method != http.MethodGet {
			http.NotFound(w, r)

			return
		}

		pages := make(chan page, 1)

		select {
		case server.callbacks <- callback{query: r.URL.Query(), showPage: func(p page) { pages <- p }}:
			(<-pages).show(w)
		case <-r.Context().Done():
		case <-ctx.Done():
		}
	}
}

// readPasted reads lines until one has the address from the browser. The end of the input is an error only if the program does
// not listen on the redirect URL.
func (f *signIn) readPasted(ctx context.Context, server *callbackServer) {
	const maxLineLength = 64 << 10

	lines := bufio.NewScanner(f.options.In)
	lines.Buffer(nil, maxLineLength)

	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}

		query, ok := pastedQuery(lines.Text())
		if !ok {
			f.printf("The input contains no code. Paste the whole address from the browser.\n")

			continue
		}

		select {
		case server.callbacks <- callback{query: query, showPage: func(page) {}}:
		case <-ctx.Done():
			return
		}
	}

	if server.listening {
		return
	}

	select {
	case server.callbacks <- callback{err: f.msg.nothingPasted(lines.Err()), showPage: func(page) {}}:
	case <-ctx.Done():
	}
}

// pastedQuery returns the parameters of a pasted address or query. It reports false without a code or an error.
func pastedQuery(line string) (url.Values, bool) {
	line = strings.Trim(strings.TrimSpace(line), `"'<>`)
	if _, after, found := strings.Cut(line, "?"); found {
		line = after
	}

	line, _, _ = strings.Cut(line, "#")
	query, err := url.ParseQuery(line)

	return query, err == nil && (query.Get("code") != "" || query.Get("error") != "")
}
