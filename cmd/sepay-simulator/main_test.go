package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// launch runs the command until the test ends, and returns the variables that it wrote.
func launch(t *testing.T, arguments ...string) map[string]string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "sepay.env")
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	var printed strings.Builder

	go func() { ended <- run(ctx, append(arguments, "-env-file", path), &printed, &strings.Builder{}) }()

	t.Cleanup(func() {
		stop()

		if err := <-ended; err != nil {
			t.Errorf("the command ended with %v", err)
		}

		if written, err := os.ReadFile(path); err != nil || string(written) != printed.String() {
			t.Errorf("the file has %q, printed was %q, %v", written, printed.String(), err)
		}
	})

	deadline := time.Now().Add(10 * time.Second)

	for time.Now().Before(deadline) {
		if text, err := os.ReadFile(path); err == nil {
			variables := map[string]string{}

			for line := range strings.Lines(string(text)) {
				name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
				variables[name] = strings.Trim(value, "'")
			}

			return variables
		}

		time.Sleep(5 * time.Millisecond)
	}

	t.Fatal("the file did not appear")

	return nil
}

func TestCommandPrintsItsAddressAndTakesControlRequests(t *testing.T) {
	t.Parallel()

	variables := launch(t, "-seed-webhooks", "2", "-dialect", "U6=strings")
	for _, name := range []string{"SEPAY_BASE_URL", "SEPAY_CLIENT_ID", "SEPAY_CLIENT_SECRET", "SEPAY_REFRESH_TOKEN"} {
		if variables[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}

	base := variables["SEPAY_BASE_URL"]

	for _, step := range []struct{ method, path, body, want string }{
		{"get", "dialect", "", "U6=strings"},
		{"PATCH", "webhooks/59326", `{"name":"Changed"}`, `"name":"Changed"`},
		{"GET", "webhooks", "", `"name":"Changed"`},
	} {
		var printed strings.Builder

		arguments := []string{step.method, step.path}
		if step.body != "" {
			arguments = append(arguments, step.body)
		}

		if err := control(t.Context(), base, arguments, &printed); err != nil || !strings.Contains(printed.String(), step.want) {
			t.Errorf("%s %s: %s, %v", step.method, step.path, printed.String(), err)
		}
	}

	if err := control(t.Context(), base, []string{"GET", "webhooks/7"}, &strings.Builder{}); err == nil {
		t.Error("a webhook that does not exist gives no error")
	}
}

func TestCommandSpeaksTheDialectOfAReport(t *testing.T) {
	t.Parallel()

	report := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(report, []byte(`{"dialect":{"U1":"root","U6":"strings"}}`), 0o600); err != nil {
		t.Fatal(err)
	}

	variables := launch(t, "-dialect-file", report, "-dialect", "U6=zero_one,U4=204")

	var printed strings.Builder

	err := control(t.Context(), variables["SEPAY_BASE_URL"], []string{"GET", "dialect"}, &printed)
	if err != nil || printed.String() != `"U1=root,U4=204,U6=zero_one"`+"\n" {
		t.Error(printed.String(), err)
	}
}

func TestCommandDeliversToAReceiver(t *testing.T) {
	t.Parallel()

	arrived := make(chan string, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.Host + r.URL.Path + " " + r.Header.Get("Authorization")

		_, _ = io.WriteString(w, `{"success": true}`)
	}))
	t.Cleanup(receiver.Close)

	variables := launch(t, "-receiver", "Shop.example.com="+strings.TrimPrefix(receiver.URL, "http://"), "-traffic", "5ms")
	webhook := `{"name":"n","webhook_url":"https://shop.example.com/hook","event_type":"All","authen_type":"Api_Key","api_key":"k",` +
		`"bank_mode":"all","active":true,"skip_if_no_code":false}`

	if err := control(t.Context(), variables["SEPAY_BASE_URL"], []string{"POST", "webhooks", webhook}, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}

	if got := <-arrived; got != "shop.example.com/hook Apikey k" {
		t.Error(got)
	}
}

func TestCommandServesThePageWhenAsked(t *testing.T) {
	t.Parallel()

	for want, arguments := range map[int][]string{http.StatusOK: {"-ui"}, http.StatusNotFound: nil} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, launch(t, arguments...)["SEPAY_BASE_URL"]+"/_ui/en/", nil)
		if err != nil {
			t.Fatal(err)
		}

		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}

		_ = response.Body.Close()

		if response.StatusCode != want {
			t.Errorf("%v: HTTP %d", arguments, response.StatusCode)
		}
	}
}

func TestCommandRefusesBadArguments(t *testing.T) {
	t.Parallel()

	for name, arguments := range map[string][]string{
		"an address off loopback":       {"-addr", "0.0.0.0:0"},
		"an unknown dialect":            {"-dialect", "U1=strange"},
		"an invalid report":             {"-dialect-file", "main.go"},
		"a receiver off loopback":       {"-receiver", "shop.example.com=192.0.2.1:9000"},
		"a receiver without host":       {"-receiver", "127.0.0.1:9000"},
		"an unknown flag":               {"-nothing"},
		"an unwritable file":            {"-env-file", filepath.Join(t.TempDir(), "none", "sepay.env")},
		"an incomplete control command": {"control", "GET"},
	} {
		// A command that accepts its arguments runs until it is stopped.
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if err := run(ctx, arguments, &strings.Builder{}, &strings.Builder{}); err == nil {
			t.Errorf("%s is accepted", name)
		}

		cancel()
	}
}

func TestCommandListsTheDialects(t *testing.T) {
	t.Parallel()

	var printed strings.Builder
	if err := run(t.Context(), []string{"-dialect", "list"}, &printed, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}

	if !strings.Contains(printed.String(), "U15  paging: 100, 20, no_meta\n") {
		t.Error(printed.String())
	}
}
