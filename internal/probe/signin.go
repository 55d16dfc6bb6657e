package probe

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/login"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// browserSignIn is the provider's own sign-in in the browser. Its token endpoint is a loopback address of this program, which
// exchanges the code itself: the responses are part of the report, and the tokens stay in memory. The sign-in stores
// dummy tokens in a directory that is deleted at the end.
func (c *command) browserSignIn(o Options) SignIn {
	return func(ctx context.Context, redeem func(context.Context, url.Values) Redeemed) error {
		directory, err := os.MkdirTemp("", program)
		if err != nil {
			return fmt.Errorf("prepare the sign-in: %w", err)
		}
		defer os.RemoveAll(directory)

		store, err := tokenstore.OpenFile(directory)
		if err != nil {
			return err
		}

		tokenURL, stop, err := serveTokenEndpoint(ctx, redeem)
		if err != nil {
			return err
		}
		defer stop()

		options := login.Options{
			AuthorizeURL: o.BaseURL + "/oauth/authorize", TokenURL: tokenURL, ClientID: o.Client.ID, ClientSecret: o.Client.Secret,
			RedirectURL: o.Client.RedirectURL, Scopes: []string{"profile"}, PKCE: true, Store: store, UserAgent: o.UserAgent,
			In: c.stdin, Out: c.stderr,
		}

		if !c.flags.noBrowser {
			options.OpenBrowser = c.browse
		}

		_, err = login.Run(ctx, options)

		return err
	}
}

// serveTokenEndpoint serves a token endpoint on loopback that redeems codes.
func serveTokenEndpoint(
	ctx context.Context, redeem func(context.Context, url.Values) Redeemed,
) (address string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("prepare the sign-in: %w", err)
	}

	server := &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || r.URL.Path != "/oauth/token" || r.ParseForm() != nil {
				http.NotFound(w, r)

				return
			}

			respond(w, redeem(r.Context(), r.PostForm))
		}),
	}

	go func() { _ = server.Serve(listener) }()

	return "http://" + listener.Addr().String() + "/oauth/token", func() { _ = server.Close() }, nil
}

// respond sends the result of the exchange to the sign-in, without the tokens.
func respond(w http.ResponseWriter, result Redeemed) {
	const madeUp = "not-a-token"

	status, body := http.StatusOK, map[string]string{
		"access_token": madeUp, "refresh_token": madeUp, "token_type": "Bearer", "expires_in": "60",
	}

	if !result.Granted {
		status, body = result.Status, map[string]string{"error": result.Code}
		if status < http.StatusBadRequest {
			status = http.StatusBadGateway
		}
	}

	encoded, err := json.Marshal(body)
	if err != nil {
		status = http.StatusInternalServerError
	}

	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encoded) // the sign-in detects an incomplete response
}
