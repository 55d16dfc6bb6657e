package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// watched is the output of a running command that a test waits for.
type watched struct{ text chan string }

func (w watched) Write(text []byte) (int, error) {
	w.text <- string(text)

	return len(text), nil
}

// TestAccThePlayground follows the instructions of the playground.
func TestAccThePlayground(t *testing.T) {
	t.Parallel()

	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || cli == "" {
		t.Skip("TF_ACC and TF_ACC_TERRAFORM_PATH are not set")
	}

	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()

	s, err := newStage(ctx, cli, filepath.Join("..", ".."), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()

	printed := watched{make(chan string, 10)}
	s.out = printed
	ended := make(chan error, 1)

	playing, end := context.WithCancel(ctx)
	go func() { ended <- s.playground(playing) }()

	instructions := <-printed.text
	exported := regexp.MustCompile(`\. (\./\S+)`).FindStringSubmatch(instructions)

	if exported == nil || !strings.Contains(instructions, "cd "+s.directory) {
		t.Fatalf("it prints: %s", instructions)
	}

	// A shell reads the variables, as the user's does.
	s.environment = scrubbed(os.Environ())
	tool := s.cli
	s.cli = "sh"

	for _, command := range []string{"init", "apply -auto-approve", "plan -detailed-exitcode"} {
		done, err := s.execute(ctx, []string{"-c", `. ` + exported[1] + ` && "` + tool + `" ` + command + ` -input=false`})
		if err != nil || done.exitCode != 0 {
			t.Fatalf("%s: exit code %d, %v\n%s", command, done.exitCode, err, done.output)
		}
	}

	webhook, err := s.onlyWebhook()
	if err != nil {
		t.Fatal(err)
	}

	if shop, _, err := s.pay(ctx, 1000); shop != 1 || err != nil {
		t.Errorf("the shop got %d payments, %v", shop, err)
	}

	if err := s.sepay.ChangeWebhook(webhook.ID, map[string]any{"active": false}); err != nil {
		t.Fatal(err)
	}

	done, err := s.execute(ctx, []string{"-c", `. ` + exported[1] + ` && "` + tool + `" plan -detailed-exitcode -input=false`})
	if err != nil || done.exitCode != 2 {
		t.Errorf("exit code %d, %v\n%s", done.exitCode, err, done.output)
	}

	end()

	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}
