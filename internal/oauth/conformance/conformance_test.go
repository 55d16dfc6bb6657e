package conformance

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
)

// The test binary is also the provider process of these tests.
const childVariable = "SEPAY_CONFORMANCE_CHILD"

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		os.Exit(child(text))
	}

	os.Exit(m.Run())
}

// child asks for one token, as a provider process does, and prints it to the test.
func child(text string) int {
	server, dir, _ := strings.Cut(text, " ")

	s, err := newSource(server, dir, clientSecret)
	if err == nil {
		var token string
		if token, err = s.Token(context.Background(), ""); err == nil {
			fmt.Print(token)

			return 0
		}
	}

	fmt.Print(err)

	return 1
}

func newSource(server, dir, secret string) (*oauth.Source, error) {
	store, err := oauth.OpenFileStore(dir)
	if err != nil {
		return nil, err
	}

	return oauth.NewSource(oauth.Config{TokenURL: server + "/oauth/token", ClientID: clientID, ClientSecret: secret, Store: store})
}

// signIn runs the browser sign-in against a server whose access tokens live for this long, and returns its first
// refresh token.
func signIn(t *testing.T, accessLife time.Duration) (s *authorizationServer, dir, refreshToken string) {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	redirect := "http://" + listener.Addr().String() + "/callback"

	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}

	s, dir = startServer(t, redirect, accessLife), t.TempDir()

	store, err := oauth.OpenFileStore(dir)
	if err != nil {
		t.Fatal(err)
	}

	if err := os.Chmod(dir, 0o700); err != nil { //nolint:gosec // a directory
		t.Fatal(err)
	}

	result, err := oauth.Login(t.Context(), oauth.LoginOptions{
		AuthorizeURL: s.URL + "/oauth/authorize", TokenURL: s.URL + "/oauth/token",
		ClientID: clientID, ClientSecret: clientSecret, RedirectURL: redirect,
		Scopes: []string{"offline", "webhook:read"}, Store: store, OpenBrowser: browse,
	})
	if err != nil {
		t.Fatalf("Login: %v", err)
	}

	return s, dir, string(result.RefreshToken)
}

func browse(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}

	go func() {
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()

	return nil
}

func TestEachProcessRotatesTheTokenOnce(t *testing.T) {
	t.Parallel()

	// No access token lives long enough to be used by the next process.
	s, dir, _ := signIn(t, 10*time.Second)

	for range 5 {
		source, err := newSource(s.URL, dir, clientSecret)
		if err != nil {
			t.Fatal(err)
		}

		token, err := source.Token(t.Context(), "")
		if err != nil || !s.alive(t, token) {
			t.Fatalf("no living token: %v", err)
		}
	}

	if calls, refused := s.calls.Load(), s.refused.Load(); calls != 6 || refused != 0 {
		t.Errorf("%d calls, %d refused; want 6 (1 code, 5 rotations) and 0", calls, refused)
	}
}

func TestManyProcessesMakeOneCallWhereReuseRevokesAll(t *testing.T) {
	t.Parallel()

	s, dir, _ := signIn(t, time.Hour)
	forget(t, dir)

	var wg sync.WaitGroup

	for range 12 {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this test itself
			cmd.Env = append(os.Environ(), childVariable+"="+s.URL+" "+dir)

			out, err := cmd.Output()
			if err != nil || !s.alive(t, string(out)) {
				t.Errorf("a process has no living token: %v", err)
			}
		})
	}

	wg.Wait()

	if calls, refused := s.calls.Load(), s.refused.Load(); calls != 2 || refused != 0 {
		t.Errorf("%d calls, %d refused; want 2 (1 code, 1 rotation) and 0", calls, refused)
	}
}

// forget makes the stored access token look expired.
func forget(t *testing.T, dir string) {
	t.Helper()

	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}

	for _, entry := range entries {
		path := dir + "/" + entry.Name()

		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}

		year := fmt.Sprintf(`"expires_at": "%d`, time.Now().UTC().Year())
		if err := os.WriteFile(path, []byte(strings.Replace(string(data), year, `"expires_at": "2001`, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReuseBySomebodyElseIsReported(t *testing.T) {
	t.Parallel()

	s, dir, first := signIn(t, 10*time.Second)

	source, err := newSource(s.URL, dir, clientSecret)
	if err != nil {
		t.Fatal(err)
	}

	if _, err := source.Token(t.Context(), ""); err != nil {
		t.Fatal(err)
	}

	// A thief sends the spent token: the server revokes everything that came from it.
	response, err := http.PostForm(s.URL+"/oauth/token", url.Values{ //nolint:noctx // a stranger
		"grant_type": {"refresh_token"}, "refresh_token": {first}, "client_id": {clientID}, "client_secret": {clientSecret},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	if response.StatusCode == http.StatusOK {
		t.Fatal("the server does not detect reuse")
	}

	_, err = source.Token(t.Context(), "")
	expectCode(t, err, oauth.CodeRefused)

	calls := s.calls.Load()
	_, err = source.Token(t.Context(), "")
	expectCode(t, err, oauth.CodeRefused)

	if s.calls.Load() != calls {
		t.Error("a refused token was sent again")
	}
}

func TestWrongClientSecretSpendsNothing(t *testing.T) {
	t.Parallel()

	s, dir, _ := signIn(t, 10*time.Second)

	wrong, err := newSource(s.URL, dir, "wrong")
	if err != nil {
		t.Fatal(err)
	}

	_, err = wrong.Token(t.Context(), "")
	expectCode(t, err, oauth.CodeClientRejected)

	right, err := newSource(s.URL, dir, clientSecret)
	if err != nil {
		t.Fatal(err)
	}

	if token, err := right.Token(t.Context(), ""); err != nil || !s.alive(t, token) {
		t.Errorf("the token was spent: %v", err)
	}
}

func expectCode(t *testing.T, err error, code oauth.Code) {
	t.Helper()

	var failure *oauth.Error
	if !errors.As(err, &failure) || failure.Code != code {
		t.Errorf("got %v, want an error of the kind %s", err, code)
	}
}
