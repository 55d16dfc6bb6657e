package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/acctest"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

// TestNoCallReturnsBeforeTheTokenIsSaved: Terraform kills a provider two seconds after its last call has returned. Reads are
// shared, so that a call may wait for an exchange that another call began.
func TestNoCallReturnsBeforeTheTokenIsSaved(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)
	config := acctest.ProviderConfig(t, sepay)
	config["refresh_token"] = sepay.NewGrant()

	directory := filepath.Join(t.TempDir(), "tokens")
	config["token_store_path"] = directory

	server := acctest.NewServer(t, config)

	sepay.ResetRequests()
	sepay.Fail(simulator.Fault{Method: http.MethodPost, Path: "/oauth/token", DelayAfter: 3 * time.Second, Times: 1})

	var wg sync.WaitGroup

	for _, read := range []func(){
		func() { server.ReadDataSource("sepay_user", nil) },
		func() { server.ReadDataSource("sepay_user", nil) },
		func() { server.ReadDataSource("sepay_company", nil) },
		func() { server.ReadDataSource("sepay_webhooks", nil) },
		func() { server.OpenEphemeral("sepay_access_token", nil) },
		func() { server.List("sepay_webhook", nil, false, 0) },
	} {
		wg.Go(func() {
			read()

			if !saved(t, directory) {
				t.Error("a call returned before the token was saved")
			}
		})
	}

	for len(sepay.RequestsTo(http.MethodPost, "/oauth/token")) == 0 {
		time.Sleep(10 * time.Millisecond)
	}

	server.Stop()
	wg.Wait()

	if tokens := sepay.TokenCounters(); tokens.Calls != 1 || tokens.Replays != 0 {
		t.Errorf("token endpoint: %+v", tokens)
	}
}

// saved reports whether a store has the result of an exchange.
func saved(t *testing.T, directory string) bool {
	t.Helper()

	records, err := filepath.Glob(filepath.Join(directory, "*.json"))
	if err != nil || len(records) != 1 {
		t.Errorf("the store has the records %v, %v", records, err)

		return false
	}

	record, err := os.ReadFile(records[0])

	return err == nil && strings.Contains(string(record), `"generation": 1,`)
}
