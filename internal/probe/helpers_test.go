package probe

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

const loopbackRedirect = "http://127.0.0.1:8765/callback"

// service is a simulated SePay on a network in memory.
type service struct {
	*testing.T
	*simulator.Simulator

	dial func(ctx context.Context, network, address string) (net.Conn, error)
	http *http.Client
}

func newService(t *testing.T, dialect dialects.Dialect) *service {
	t.Helper()

	sim := simulator.New(simulator.WithDialect(dialect), simulator.WithRedirectURIs(loopbackRedirect))
	dial, stop := simulator.Pipe(sim)
	transport := &http.Transport{DialContext: dial, DisableKeepAlives: true}

	t.Cleanup(stop)

	return &service{T: t, Simulator: sim, dial: dial, http: &http.Client{
		Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// options returns the options of a complete run.
func (s *service) options() Options {
	client := s.Credentials()

	return Options{
		BaseURL: "http://sepay.test", UserAgent: "sepay-probe/test", Version: "test", Tokens: &knownToken{s.NewAccessToken()},
		Write: true, Confirm: func(context.Context, string) error { return nil },
		Client: Client{ID: client.ClientID, Secret: client.ClientSecret, RedirectURL: loopbackRedirect}, SignIn: s.signIn,
		dial: s.dial, interval: requestInterval,
	}
}

type knownToken struct{ value string }

func (t *knownToken) Token(_ context.Context, rejected string) (string, error) {
	if rejected != "" {
		return "", errors.New("the access token is refused")
	}

	return t.value, nil
}

// signIn acts as the user and the sign-in in the browser.
func (s *service) signIn(ctx context.Context, redeem func(context.Context, url.Values) Redeemed) error {
	client, verifier := s.Credentials(), strings.Repeat("verifier", 8)
	sum := sha256.Sum256([]byte(verifier))

	page, _, err := s.visit(ctx, http.MethodGet, "/oauth/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {client.ClientID}, "redirect_uri": {loopbackRedirect}, "scope": {"profile"},
		"state": {"s"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode(), nil)
	if err != nil {
		return err
	}

	_, rest, _ := strings.Cut(page, `name="request" value="`)
	id, _, _ := strings.Cut(rest, `"`)

	_, location, err := s.visit(ctx, http.MethodPost, "/oauth/authorize", url.Values{"request": {id}, "decision": {"approve"}})
	if err != nil {
		return err
	}

	target, err := url.Parse(location)
	if err != nil {
		return err
	}

	if got := redeem(ctx, url.Values{
		"grant_type": {"authorization_code"}, "code": {target.Query().Get("code")}, "redirect_uri": {loopbackRedirect},
		"client_id": {client.ClientID}, "client_secret": {client.ClientSecret}, "code_verifier": {verifier},
	}); !got.Granted {
		return errors.New("the code is refused")
	}

	return nil
}

func (s *service) visit(ctx context.Context, method, path string, form url.Values) (body, location string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, "http://sepay.test"+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", "", err
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	response, err := s.http.Do(request)
	if err != nil {
		return "", "", err
	}
	defer response.Body.Close()

	read, err := io.ReadAll(response.Body)

	return string(read), response.Header.Get("Location"), err
}

// answer finds the answer to a question.
func (r *Report) answer(id string) Answer {
	i := slices.IndexFunc(r.Answers, func(a Answer) bool { return a.ID == id })
	if i < 0 {
		return Answer{}
	}

	return r.Answers[i]
}
