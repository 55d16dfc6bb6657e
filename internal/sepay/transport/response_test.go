package transport

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsReadInEveryForm(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":        {http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		"fraction":       {http.Header{"Retry-After": {"0.5"}}, 500 * time.Millisecond},
		"date":           {http.Header{"Retry-After": {"Tue, 01 Sep 2026 12:00:30 GMT"}}, 30 * time.Second},
		"past date":      {http.Header{"Retry-After": {"Tue, 01 Sep 2026 11:00:00 GMT"}}, 0},
		"SePay's header": {http.Header{"X-Sepay-Userapi-Retry-After": {"2"}}, 2 * time.Second},
		"nonsense":       {http.Header{"Retry-After": {"soon"}}, 0},
		"absent":         {http.Header{}, 0},
	}

	for name, test := range tests {
		if got := retryAfter(test.header, now); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
