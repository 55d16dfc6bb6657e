package examples_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const oldSecret = "whsec_of_last_year_0123456789abcdef"

// receiver is one of examples/receivers, running.
type receiver struct {
	url   string
	lines chan string
}

// startReceiver runs a receiver until the test ends.
func startReceiver(t *testing.T, program, file, authentication string) *receiver {
	t.Helper()

	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("no %s here", program)
	}

	command := exec.CommandContext(t.Context(), path, filepath.Join(root, "examples/receivers", file))
	command.Env = append(os.Environ(), "PORT=0", "AUTHENTICATION="+authentication, "WEBHOOK_SECRETS="+signingSecret+","+oldSecret,
		"WEBHOOK_CLIENT_ID=deliveries")
	command.Stderr = os.Stderr

	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err := command.Start(); err != nil {
		t.Fatal(err)
	}

	r := &receiver{lines: make(chan string, 100)}

	go func() {
		defer close(r.lines)

		for lines := bufio.NewScanner(output); lines.Scan(); {
			r.lines <- lines.Text()
		}
	}()

	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})

	port, found := strings.CutPrefix(<-r.lines, "listening on ")
	if !found {
		t.Fatal("the receiver does not start")
	}

	r.url = "http://127.0.0.1:" + port

	return r
}

// post sends a body and returns the status and the response.
func (r *receiver) post(t *testing.T, path, contentType, body string, header http.Header) (status int, returned string) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}

	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", contentType)

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()

	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}

	return response.StatusCode, string(text)
}

// paid is a delivery of a payment in each content type.
func paid(t *testing.T, id int) map[string]string {
	t.Helper()

	fields := map[string]string{"id": strconv.Itoa(id), "transferType": "in", "transferAmount": "50000", "content": "DH1709 chuyển tiền"}
	encoded := url.Values{}

	var form bytes.Buffer

	parts := multipart.NewWriter(&form)

	for name, value := range fields {
		encoded.Set(name, value)

		if err := parts.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}

	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}

	text, err := json.Marshal(map[string]any{"id": id, "transferType": "in", "transferAmount": 50000, "content": fields["content"]})
	if err != nil {
		t.Fatal(err)
	}

	return map[string]string{
		"application/json":                  string(text),
		"application/x-www-form-urlencoded": encoded.Encode(),
		parts.FormDataContentType():         form.String(),
	}
}

func sign(secret string, at time.Time, body string) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "." + body))

	return http.Header{
		"X-Sepay-Timestamp": {timestamp}, "X-Sepay-Signature": {"sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

func bearer(value string) http.Header { return http.Header{"Authorization": {value}} }

// TestTheReceiversAcceptOnlyAuthenticDeliveries sends each receiver true and forged deliveries, in each authentication and
// content type.
func TestTheReceiversAcceptOnlyAuthenticDeliveries(t *testing.T) {
	t.Parallel()

	for _, example := range []struct{ program, file string }{{"node", "receiver.mjs"}, {"python3", "receiver.py"}} {
		t.Run(example.file, func(t *testing.T) {
			t.Parallel()

			t.Run("HMAC", func(t *testing.T) {
				t.Parallel()
				checkHMAC(t, startReceiver(t, example.program, example.file, "hmac"))
			})
			t.Run("API key", func(t *testing.T) {
				t.Parallel()
				checkAPIKey(t, startReceiver(t, example.program, example.file, "api_key"))
			})
			t.Run("OAuth2", func(t *testing.T) {
				t.Parallel()
				checkOAuth2(t, startReceiver(t, example.program, example.file, "oauth2"))
			})
		})
	}
}

func checkHMAC(t *testing.T, r *receiver) {
	t.Helper()

	id := 100

	for contentType, body := range paid(t, id) {
		now := time.Now()

		for name, header := range map[string]http.Header{
			"no signature": {}, "another key": sign("whsec_guessed", now, body), "another body": sign(signingSecret, now, body+" "),
			"old": sign(signingSecret, now.Add(-6*time.Minute), body), "from the future": sign(signingSecret, now.Add(6*time.Minute), body),
			"no timestamp":        {"X-Sepay-Signature": sign(signingSecret, now, body)["X-Sepay-Signature"]},
			"a timestamp of text": {"X-Sepay-Signature": {"sha256=00"}, "X-Sepay-Timestamp": {"now"}},
		} {
			if status, returned := r.post(t, "/sepay", contentType, body, header); status != http.StatusUnauthorized {
				t.Errorf("%s, %s: %d %s", contentType, name, status, returned)
			}
		}
	}

	for _, secret := range []string{signingSecret, oldSecret} {
		for contentType := range paid(t, id) {
			id++
			r.takes(t, contentType, id, func(body string) http.Header { return sign(secret, time.Now(), body) })
		}
	}
}

func checkAPIKey(t *testing.T, r *receiver) {
	t.Helper()

	for _, value := range []string{"", "Apikey", "Apikey guessed", "Bearer " + signingSecret, signingSecret} {
		if status, returned := r.post(t, "/sepay", "application/json", paid(t, 1)["application/json"], bearer(value)); status != http.StatusUnauthorized {
			t.Errorf("%q: %d %s", value, status, returned)
		}
	}

	for at, key := range []string{signingSecret, oldSecret} {
		r.takes(t, "application/json", 200+at, func(string) http.Header { return bearer("Apikey " + key) })
	}
}

func checkOAuth2(t *testing.T, r *receiver) {
	t.Helper()

	for _, body := range []string{
		`{"clientId":"deliveries","clientSecret":"guessed"}`, `{"clientId":"other","clientSecret":"` + signingSecret + `"}`, `{}`, `[]`, `no`,
	} {
		if status, returned := r.post(t, "/oauth/token", "application/json", body, nil); status < http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, status, returned)
		}
	}

	status, returned := r.post(t, "/oauth/token", "application/json",
		`{"clientId":"deliveries","clientSecret":"`+signingSecret+`"}`, nil)

	var issued struct {
		Data struct {
			AccessToken  string `json:"accessToken"`
			RefreshToken string `json:"refreshToken"`
			ExpiredIn    int    `json:"expiredIn"`
		} `json:"data"`
	}

	if err := json.Unmarshal([]byte(returned), &issued); err != nil || status != http.StatusOK || issued.Data.RefreshToken == "" ||
		issued.Data.ExpiredIn != 3600 {
		t.Fatalf("%d %s, %v", status, returned, err)
	}

	for _, value := range []string{"", "Bearer ", "Bearer 99999999999.00", "Bearer 1." + issued.Data.AccessToken, "Apikey " + signingSecret} {
		if status, returned := r.post(t, "/sepay", "application/json", paid(t, 1)["application/json"], bearer(value)); status != http.StatusUnauthorized {
			t.Errorf("%q: %d %s", value, status, returned)
		}
	}

	r.takes(t, "application/json", 300, func(string) http.Header { return bearer("Bearer " + issued.Data.AccessToken) })
}

// takes delivers a payment twice, and expects that the receiver accepts both and processes one.
func (r *receiver) takes(t *testing.T, contentType string, id int, authenticate func(body string) http.Header) {
	t.Helper()

	for kind, body := range paid(t, id) {
		// The boundary of a multipart form is another one each time.
		if strings.Split(kind, ";")[0] != strings.Split(contentType, ";")[0] {
			continue
		}

		for range 2 {
			if status, returned := r.post(t, "/sepay", kind, body, authenticate(body)); status != http.StatusOK ||
				strings.ReplaceAll(returned, " ", "") != `{"success":true}` {
				t.Errorf("%s: %d %s", kind, status, returned)
			}
		}
	}

	want := fmt.Sprintf("payment %d: in 50000", id)
	if got := <-r.lines; got != want {
		t.Errorf("the receiver processed %q, want %q", got, want)
	}

	select {
	case more := <-r.lines:
		t.Errorf("the receiver processed the payment again: %q", more)
	default:
	}
}
