package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// control sends one request to the control API of a running simulator and prints the response, so that shell scripts need no HTTP
// client.
func control(ctx context.Context, baseURL string, arguments []string, stdout io.Writer) error {
	if len(arguments) < 2 || len(arguments) > 3 {
		return errors.New("usage: sepay-simulator control METHOD PATH [BODY], such as control GET webhooks")
	}

	if baseURL == "" {
		return errors.New("SEPAY_BASE_URL is not set; export the lines that the simulator prints when it starts")
	}

	body := ""
	if len(arguments) == 3 {
		body = arguments[2]
	}

	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()

	request, err := http.NewRequestWithContext(ctx, strings.ToUpper(arguments[0]),
		strings.TrimSuffix(baseURL, "/")+"/_control/"+strings.TrimPrefix(arguments[1], "/"), strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}
	defer response.Body.Close()

	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("control: %w", err)
	}

	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("control: %s: %s", response.Status, strings.TrimSpace(string(text)))
	}

	if _, err := stdout.Write(text); err != nil {
		return fmt.Errorf("control: %w", err)
	}

	return nil
}
