//go:build unix

package probe

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// victim is a probe in its own process that is killed or interrupted at one of its requests.
type victim struct {
	*simulator.Simulator

	address string
	process *exec.Cmd
	output  strings.Builder
	started chan struct{} // closed when process is known
	ended   chan struct{} // closed when the process has ended
}

// strikePoint is a request, counted from 1, before or after SePay has processed it.
type strikePoint struct {
	request int
	after   bool
}

// startVictim starts a probe. strike is called once, at the strikePoint; it returns whether the request gets a response.
func startVictim(t *testing.T, dialect dialects.Dialect, at strikePoint, strike func(*victim) (respond bool)) *victim {
	t.Helper()

	d := &victim{Simulator: simulator.New(simulator.WithDialect(dialect)), started: make(chan struct{}), ended: make(chan struct{})}
	d.SeedWebhooks(2)

	var (
		mu      sync.Mutex
		counted int
	)

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		counted++
		hit := counted == at.request
		mu.Unlock()

		if !hit {
			d.ServeHTTP(w, r)

			return
		}

		<-d.started

		if at.after {
			recorded := httptest.NewRecorder()
			d.ServeHTTP(recorded, r)

			if strike(d) {
				w.WriteHeader(recorded.Code)
				_, _ = w.Write(recorded.Body.Bytes())
			}

			return
		}

		if strike(d) {
			d.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)

	d.address = server.URL

	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}

	d.process = exec.CommandContext(t.Context(), program, "--write", "--output", filepath.Join(t.TempDir(), "report"))
	d.process.Stdin = strings.NewReader("write to " + strings.TrimPrefix(server.URL, "http://") + "\n")
	d.process.Stdout, d.process.Stderr = &d.output, &d.output
	d.process.Env = []string{
		childVariable + "=1", "SEPAY_BASE_URL=" + server.URL, "SEPAY_ACCESS_TOKEN=" + d.NewAccessToken(),
		"SEPAY_TOKEN_STORE_PATH=" + t.TempDir(),
	}

	if err := d.process.Start(); err != nil {
		t.Fatal(err)
	}

	close(d.started)

	go func() {
		_ = d.process.Wait()

		close(d.ended)
	}()

	return d
}

// kill ends the process with SIGKILL, as a system that is out of memory does.
func (d *victim) kill() bool {
	_ = d.process.Process.Kill()
	<-d.ended

	return false
}

// nextRun is a later, complete run of the probe.
func (d *victim) nextRun(t *testing.T) {
	t.Helper()

	report, err := Run(t.Context(), Options{
		BaseURL: d.address, UserAgent: "sepay-probe/test", Tokens: &knownToken{d.NewAccessToken()},
		Write: true, Confirm: func(context.Context, string) error { return nil },
	})
	if err != nil {
		t.Errorf("the next run: %v", err)

		return
	}

	if report.Requests > MaxRequests || report.answer("U4").Result != Answered {
		t.Errorf("the next run: %d requests, %+v", report.Requests, report.answer("U4"))
	}
}

// expectOthersUntouched fails when a write went to a webhook that is not the probe's, or one changed.
func (d *victim) expectOthersUntouched(t *testing.T, before []simulator.Webhook) {
	t.Helper()

	for _, webhook := range before {
		if now, found := d.Webhook(webhook.ID); !found || fmt.Sprintf("%+v", now) != fmt.Sprintf("%+v", webhook) {
			t.Errorf("%v was changed", webhook)
		}

		for _, request := range d.Requests() {
			if request.Method != http.MethodGet && strings.HasSuffix(request.Path, fmt.Sprintf("/%d", webhook.ID)) {
				t.Errorf("%v was sent to another's webhook", request)
			}
		}
	}
}

// TestKilledProbeLeavesNothingSwitchedOn kills the probe at 50 random points. The webhook that it leaves behind is switched off, and
// the next run deletes it.
func TestKilledProbeLeavesNothingSwitchedOn(t *testing.T) {
	t.Parallel()

	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	left := 0

	for range 50 {
		at := strikePoint{1 + random.IntN(fullRun), random.IntN(2) == 1}
		d := startVictim(t, dialects.Dialect{}, at, (*victim).kill)
		before := d.Webhooks()[:2]

		<-d.ended

		for _, webhook := range d.Webhooks()[2:] {
			left++

			if webhook.Active {
				t.Errorf("seed %d, %+v: %v is switched on", seed, at, webhook)
			}
		}

		d.nextRun(t)

		if webhooks := d.Webhooks(); len(webhooks) != 2 {
			t.Errorf("seed %d, %+v: left %v", seed, at, webhooks)
		}

		d.expectOthersUntouched(t, before)
	}

	if left < 10 {
		t.Errorf("seed %d: only %d of the killed runs had a webhook", seed, left)
	}
}

// TestNextRunDeletesALeftoverThatIsSwitchedOn is for a service that ignores active in a create.
func TestNextRunDeletesALeftoverThatIsSwitchedOn(t *testing.T) {
	t.Parallel()

	create := 5 // after the four reads

	d := startVictim(t, dialects.Dialect{CreateActive: dialects.CreateActiveIgnored}, strikePoint{create, true}, (*victim).kill)
	before := d.Webhooks()[:2]

	<-d.ended

	if webhooks := d.Webhooks(); len(webhooks) != 3 || !webhooks[2].Active {
		t.Fatalf("the webhooks are %v", webhooks)
	}

	d.nextRun(t)

	if webhooks := d.Webhooks(); len(webhooks) != 2 {
		t.Errorf("left %v", webhooks)
	}

	d.expectOthersUntouched(t, before)
}

// TestInterruptedProbeDeletesItsWebhook interrupts the probe at every request of a run.
func TestInterruptedProbeDeletesItsWebhook(t *testing.T) {
	t.Parallel()

	for n := 1; n <= fullRun; n++ {
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[n%3]
		d := startVictim(t, dialects.Dialect{}, strikePoint{n, n%2 == 0}, func(d *victim) bool {
			_ = d.process.Process.Signal(signal)

			return true
		})
		before := d.Webhooks()[:2]

		<-d.ended

		if webhooks := d.Webhooks(); len(webhooks) != 2 {
			t.Errorf("%v at request %d: left %v\n%s", signal, n, webhooks, d.output.String())
		}

		// A run that is faster than its signal is complete.
		if code := d.process.ProcessState.ExitCode(); code != exitInterrupted && code != exitOK {
			t.Errorf("%v at request %d: exit code %d\n%s", signal, n, code, d.output.String())
		}

		d.expectOthersUntouched(t, before)
	}
}
