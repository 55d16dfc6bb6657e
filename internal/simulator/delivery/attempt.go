package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

const (
	// timeout is how long a receiver may take to respond.
	timeout = 30 * time.Second
	// largestResponse is how much of a response is read, in bytes.
	largestResponse = 64 << 10
)

// attempt sends one request to a receiver. If the webhook uses OAuth2, a token is requested first, at every attempt: whether
// SePay caches tokens is not documented.
func (s *Sender) attempt(w state.Webhook, p payload, number int) Attempt {
	made := Attempt{Number: number, At: s.clock.Now()}
	began := time.Now()

	ctx, cancel := context.WithTimeout(s.context, timeout)
	defer cancel()

	status, body, err := s.post(ctx, w, p)
	made.Milliseconds = time.Since(began).Milliseconds()
	made.Status = status

	switch {
	case err != nil:
		made.Problem = label(err)
	case status != http.StatusOK && status != http.StatusCreated:
		made.Problem = "HTTP " + strconv.Itoa(status)
	case !succeeded(body):
		made.Problem = `HTTP ` + strconv.Itoa(status) + ` without {"success": true}`
	default:
		made.Delivered = true
	}

	return made
}

// retries reports whether a failed attempt is retried: if the webhook has the condition, and the receiver could not be
// reached or responded with a status other than 2xx. A 2xx without success is a failure, but is not retried.
func retries(w state.Webhook, made Attempt) bool {
	reached := made.Status >= http.StatusOK && made.Status < http.StatusMultipleChoices

	return slices.Contains(w.RetryConditions, sepay.RetryNon2xx) && !reached
}

func succeeded(body []byte) bool {
	var response struct {
		Success bool `json:"success"`
	}

	return json.Unmarshal(body, &response) == nil && response.Success
}

// errToken reports that the receiver's authorization server issued no token.
var errToken = errors.New("no access token")

// label names an error as SePay's delivery log does, without texts of the receiver.
func label(err error) string {
	switch {
	case errors.Is(err, errToken), errors.Is(err, errNoReceiver):
		return err.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "Timeout"
	default:
		return "Connection Refused"
	}
}

func (s *Sender) post(ctx context.Context, w state.Webhook, p payload) (status int, body []byte, err error) {
	raw, contentType, err := p.encode(w.RequestContentType)
	if err != nil {
		return 0, nil, err
	}

	header := http.Header{"Content-Type": {contentType}, "User-Agent": {"SePay-Simulator"}}

	switch w.AuthenType {
	case sepay.AuthenTypeAPIKey:
		header.Set("Authorization", "Apikey "+w.APIKey)
	case sepay.AuthenTypeHMAC:
		timestamp := strconv.FormatInt(s.clock.Now().Unix(), 10)
		header.Set("X-SePay-Timestamp", timestamp)
		header.Set("X-SePay-Signature", "sha256="+sign(w.SecretKey, timestamp, raw))
	case sepay.AuthenTypeOAuth2:
		token, err := s.token(ctx, w)
		if err != nil {
			return 0, nil, err
		}

		header.Set("Authorization", "Bearer "+token)
	}

	return s.send(ctx, w.WebhookURL, header, raw)
}

// sign returns the signature over "{timestamp}.{raw body}" in hexadecimal digits.
func sign(secret, timestamp string, body []byte) string {
	code := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(code, "%s.%s", timestamp, body)

	return hex.EncodeToString(code.Sum(nil))
}

// token requests an access token at the receiver's token URL, in the form that SePay publishes.
func (s *Sender) token(ctx context.Context, w state.Webhook) (string, error) {
	request, err := json.Marshal(map[string]string{"clientId": w.OAuth2ClientID, "clientSecret": w.OAuth2ClientSecret})
	if err != nil {
		return "", fmt.Errorf("token request: %w", err)
	}

	header := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"SePay-Simulator"}}

	status, body, err := s.send(ctx, w.OAuth2AccessTokenURL, header, request)
	if err != nil {
		return "", fmt.Errorf("%w: %s", errToken, label(err))
	}

	var response struct {
		Data struct {
			AccessToken  string      `json:"accessToken"`
			RefreshToken string      `json:"refreshToken"`
			ExpiredIn    json.Number `json:"expiredIn"`
		} `json:"data"`
	}

	// All three are required.
	if json.Unmarshal(body, &response) != nil || response.Data.AccessToken == "" || response.Data.RefreshToken == "" ||
		response.Data.ExpiredIn == "" {
		return "", fmt.Errorf("%w: HTTP %d without data.accessToken, data.refreshToken and data.expiredIn", errToken, status)
	}

	return response.Data.AccessToken, nil
}

// send posts a body to the receiver of an address.
func (s *Sender) send(ctx context.Context, address string, header http.Header, body []byte) (status int, text []byte, err error) {
	to, err := s.target(address)
	if err != nil {
		return 0, nil, err
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("delivery: %w", err)
	}

	request.Header = header
	request.Host = to.host

	response, err := s.client.Do(request)
	if err != nil {
		return 0, nil, fmt.Errorf("delivery: %w", err)
	}
	defer response.Body.Close()

	text, err = io.ReadAll(io.LimitReader(response.Body, largestResponse))
	if err != nil {
		return 0, nil, fmt.Errorf("delivery: %w", err)
	}

	return response.StatusCode, text, nil
}
