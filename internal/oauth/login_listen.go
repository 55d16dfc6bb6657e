package oauth

import (
	"bufio"
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// callback is what the user came back with, from the listener or pasted.
type callback struct {
	query url.Values
	err   error
	reply func(error) // tells the browser how it went
}

// sameText compares in constant time.
func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// listen makes the ways back: the loopback listener if the redirect URL allows for one, and the user's own paste, which
// also serves a browser on another machine.
func (f *signIn) listen(ctx context.Context) (answers <-chan callback, done func(), err error) {
	callbacks := make(chan callback)

	redirect, err := url.Parse(f.options.RedirectURL)
	if err != nil {
		return nil, nil, f.msg.badRedirect(f.options.RedirectURL)
	}

	listening := redirect.Scheme == "http" && isLoopback(redirect.Hostname())
	done = func() {}

	if listening {
		if done, err = f.serve(ctx, redirect, callbacks); err != nil {
			return nil, nil, err
		}
	} else {
		f.sayf("%s is not on this machine: when the browser has arrived there, paste its whole address here and press Enter.\n",
			f.options.RedirectURL)
	}

	if f.options.In != nil {
		go f.readPasted(ctx, callbacks, listening)
	}

	return callbacks, done, nil
}

func (f *signIn) serve(ctx context.Context, redirect *url.URL, callbacks chan<- callback) (func(), error) {
	port := redirect.Port()
	if port == "" {
		port = "80"
	}

	address := net.JoinHostPort(redirect.Hostname(), port)

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, f.msg.cannotListen(address, err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		path := redirect.Path
		if path == "" {
			path = "/"
		}

		if r.URL.Path != path || r.Method != http.MethodGet {
			http.NotFound(w, r)

			return
		}

		verdict := make(chan error, 1)

		select {
		case callbacks <- callback{query: r.URL.Query(), reply: func(err error) { verdict <- err }}:
			answerBrowser(w, <-verdict)
		case <-r.Context().Done():
		case <-ctx.Done():
		}
	})

	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}

	go func() { _ = server.Serve(listener) }()

	return func() {
		// The browser should still get its page.
		ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer stop()

		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	}, nil
}

func answerBrowser(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")

	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintln(w, "The sign-in did not work. The terminal says why. You can close this page.")

		return
	}

	_, _ = fmt.Fprintln(w, "SePay has approved the access. The rest happens in the terminal. You can close this page.")
}

// readPasted waits for a line with the address that the browser arrived at. The end of input means that nobody will
// paste anything, which only matters when there is no other way back.
func (f *signIn) readPasted(ctx context.Context, callbacks chan<- callback, listening bool) {
	const longestLine = 64 << 10

	lines := bufio.NewScanner(io.LimitReader(f.options.In, longestLine))
	lines.Buffer(nil, longestLine)

	for lines.Scan() {
		query, ok := pastedQuery(lines.Text())
		if !ok {
			f.sayf("That has no code in it. Paste the whole address that the browser arrived at.\n")

			continue
		}

		select {
		case callbacks <- callback{query: query, reply: func(error) {}}:
		case <-ctx.Done():
		}

		return
	}

	if listening {
		return
	}

	select {
	case callbacks <- callback{err: f.msg.nothingPasted(), reply: func(error) {}}:
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
