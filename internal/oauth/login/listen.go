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

// callback is what the user came back with, from the listener or pasted.
type callback struct {
	query url.Values
	err   error
	reply func(page) // shows the browser how it went
}

// callbackServer is where the browser leaves from and comes back to.
type callbackServer struct {
	states    *states
	callbacks chan callback
	listening bool   // the redirect URL leads here
	startURL  string // where the browser is started, or ""
	close     func()
}

// listen listens for the browser. A redirect URL elsewhere needs the listener only to start the browser.
func (f *signIn) listen(ctx context.Context) (*callbackServer, error) {
	d := &callbackServer{
		states: newStates(), callbacks: make(chan callback), close: func() {},
		listening: f.redirect.Scheme == "http" && tokenendpoint.IsLoopback(f.redirect.Hostname()),
	}

	address := "127.0.0.1:0"

	if d.listening {
		port := f.redirect.Port()
		if port == "" {
			port = "80"
		}

		address = net.JoinHostPort(f.redirect.Hostname(), port)
	} else if f.options.OpenBrowser == nil {
		return d, nil
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		if d.listening {
			return nil, f.msg.cannotListen(address, err)
		}

		// The address is printed; opening it by hand is all that is lost.
		return d, nil
	}

	startPath := "/start/" + rand.Text()
	d.startURL = "http://" + listener.Addr().String() + startPath

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+startPath, f.start(d))

	if d.listening {
		// "/" would be a pattern for every path.
		mux.HandleFunc("/", f.callback(ctx, d))
	}

	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	go func() { _ = server.Serve(listener) }()

	d.close = func() {
		// The browser should still get its page.
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer stop()

		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	}

	return d, nil
}

// start sends the browser on to SePay, once.
func (f *signIn) start(d *callbackServer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		state := d.states.start()
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

func (f *signIn) callback(ctx context.Context, d *callbackServer) http.HandlerFunc {
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
		case d.callbacks <- callback{query: r.URL.Query(), reply: func(p page) { pages <- p }}:
			(<-pages).show(w)
		case <-r.Context().Done():
		case <-ctx.Done():
		}
	}
}

// readPasted waits for a line with the address that the browser arrived at. The end of input means that nobody will
// paste anything, which only matters when there is no other way back.
func (f *signIn) readPasted(ctx context.Context, d *callbackServer) {
	const longestLine = 64 << 10

	lines := bufio.NewScanner(f.options.In)
	lines.Buffer(nil, longestLine)

	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}

		query, ok := pastedQuery(lines.Text())
		if !ok {
			f.printf("That has no code in it. Paste the whole address that the browser arrived at.\n")

			continue
		}

		select {
		case d.callbacks <- callback{query: query, reply: func(page) {}}:
		case <-ctx.Done():
			return
		}
	}

	if d.listening {
		return
	}

	select {
	case d.callbacks <- callback{err: f.msg.nothingPasted(lines.Err()), reply: func(page) {}}:
	case <-ctx.Done():
	}
}

// pastedQuery reads the parameters out of an address, or out of its query alone.
func pastedQuery(line string) (url.Values, bool) {
	line = strings.Trim(strings.TrimSpace(line), `"'<>`)
	if _, after, found := strings.Cut(line, "?"); found {
		line = after
	}

	line, _, _ = strings.Cut(line, "#")
	query, err := url.ParseQuery(line)

	return query, err == nil && (query.Get("code") != "" || query.Get("error") != "")
}
