//go:build linux

package hostile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/cli"
)

const roleVariable = "SEPAY_TEST_HOSTILE_ROLE"

// role is what a process of its own does.
type role struct {
	Operation, URL, Control, Directory  string
	ClientID, RefreshToken, AccessToken string
}

// account is what the process reports at its end.
type account struct {
	Failed bool
	// Text is all that the user sees.
	Text string
	// Vague are errors without a detail.
	Vague []string
	// Memory in bytes and Processor are what the operation took, without the preparation.
	Memory    int64
	Processor time.Duration
	Elapsed   time.Duration
}

func (r role) reportPath() string { return r.Directory + "/report.json" }

func TestMain(m *testing.M) {
	text := os.Getenv(roleVariable)
	if text == "" {
		remove := acctest.OwnCache()
		code := m.Run()

		remove()
		os.Exit(code)
	}

	var r role
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		panic(err)
	}

	report, err := json.Marshal(r.play())
	if err == nil {
		err = os.WriteFile(r.reportPath(), report, 0o600)
	}

	if err != nil {
		panic(err)
	}
}

// bed is a testing.TB outside of a test.
type bed struct{ testing.TB }

func (bed) Helper()                                {}
func (bed) Context() context.Context               { return context.Background() }
func (bed) Fatalf(format string, arguments ...any) { panic(fmt.Sprintf(format, arguments...)) }
func (bed) Fatal(arguments ...any)                 { panic(fmt.Sprint(arguments...)) }
func (bed) Errorf(format string, arguments ...any) { panic(fmt.Sprintf(format, arguments...)) }
func (bed) Error(arguments ...any)                 { panic(fmt.Sprint(arguments...)) }

func (r role) play() account {
	operation := r.prepare()

	// Everything is loaded and nothing is left over: what comes now is the operation's own.
	runtime.GC()
	r.arm()

	memory, processor, begin := peak(), used(), time.Now()
	a := operation()
	a.Memory, a.Processor, a.Elapsed = peak()-memory, used()-processor, time.Since(begin)

	return a
}

// prepare does what the operation needs while the service still behaves, and returns it.
func (r role) prepare() func() account {
	if r.Operation == "sign-in" {
		return func() account {
			code := cli.Run(context.Background(), []string{
				"login", "--no-browser", "--redirect-url", "https://app.example.com/back",
			}, "1.0.0", nil)

			// The parent process has the output.
			return account{Failed: code != 0}
		}
	}

	settings := map[string]any{
		"base_url": r.URL, "requests_per_second": 0, "request_timeout": "2s", "max_retries": 1,
		"client_id": r.ClientID, "client_secret": os.Getenv("SEPAY_CLIENT_SECRET"), "refresh_token": r.RefreshToken,
		"token_store_path": r.Directory + "/store",
	}
	if r.Operation != "token" {
		settings["access_token"] = r.AccessToken
	}

	config := map[string]any{
		"name": "Shop", "webhook_url": "https://shop.example.com/sepay", "event_type": "In_only", "authen_type": "Api_Key",
		"api_key": canary, "bank_account_id": 19,
	}
	managed := acctest.NewServer(bed{}, settings).Manage("sepay_webhook")

	if r.Operation == "read" || r.Operation == "update" || r.Operation == "delete" {
		managed.MustApply(config)
	}

	server := acctest.NewServer(bed{}, settings)
	managed = managed.On(server)

	return func() account {
		var said acctest.Diagnostics

		switch r.Operation {
		case "read":
			said = managed.Refresh()
		case "list":
			_, said = server.ReadDataSource("sepay_webhooks", map[string]any{})
		case "create":
			said = managed.Apply(config)
		case "update":
			config["name"] = "Renamed"
			said = managed.Apply(config)
		case "delete":
			said = managed.Destroy()
		case "token":
			_, said = server.ReadDataSource("sepay_user", map[string]any{})
		}

		a := account{Failed: said.HasErrors(), Text: said.String()}

		for _, diagnostic := range said.Errors() {
			if len(diagnostic.Detail) < 20 || diagnostic.Summary == "" {
				a.Vague = append(a.Vague, diagnostic.String())
			}
		}

		return a
	}
}

// arm makes the service misbehave from now on.
func (r role) arm() {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, r.Control, nil)
	if err != nil {
		panic(err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}

	_ = response.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

// peak is the peak memory of this process, in bytes.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}

	match := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)

	kilobytes, err := strconv.ParseInt(string(bytes.TrimSpace(match[1])), 10, 64)
	if err != nil {
		panic(err)
	}

	return kilobytes << 10
}

// used is the processor time of this process.
func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}

	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
