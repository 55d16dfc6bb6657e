package simulator

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Decide acts as a user in a browser: it opens the authorization page, presses Approve or Deny, and returns the address that
// the page redirects to, without following it. If the authorization request fails with a redirect, Decide returns that
// redirect; if it fails with an error page, Decide returns an error.
func Decide(ctx context.Context, authorizeURL string, approve bool) (redirect string, err error) {
	text, redirect, err := visit(ctx, http.MethodGet, authorizeURL, nil)
	if err != nil || redirect != "" {
		return redirect, err
	}

	_, rest, found := strings.Cut(text, `name="request" value="`)
	id, _, closed := strings.Cut(rest, `"`)

	if !found || !closed {
		return "", errors.New("the authorization page has no form")
	}

	decision := "deny"
	if approve {
		decision = "approve"
	}

	target, err := url.Parse(authorizeURL)
	if err != nil {
		return "", fmt.Errorf("authorization address: %w", err)
	}

	target.RawQuery = ""

	_, redirect, err = visit(ctx, http.MethodPost, target.String(),
		url.Values{"request": {html.UnescapeString(id)}, "decision": {decision}})

	return redirect, err
}

// visit sends one request and returns the page, or where the response redirects to.
func visit(ctx context.Context, method, address string, form url.Values) (text, redirect string, err error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", "", fmt.Errorf("authorization page: %w", err)
	}

	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")

	browser := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}

	response, err := browser.Do(request)
	if err != nil {
		return "", "", fmt.Errorf("authorization page: %w", err)
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", "", fmt.Errorf("authorization page: %w", err)
	}

	if response.StatusCode >= http.StatusBadRequest {
		return "", "", fmt.Errorf("authorization page: %s: %s", response.Status, body)
	}

	return string(body), response.Header.Get("Location"), nil
}
