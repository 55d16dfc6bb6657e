package neterror

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestNetworkErrorsAreInPlainLanguage(t *testing.T) {
	t.Parallel()

	for want, err := range map[string]error{
		"the response ended too early":                                io.ErrUnexpectedEOF,
		"none within 2s: the response ended too early":                fmt.Errorf("none within 2s: %w", io.ErrUnexpectedEOF),
		"the connection was closed without a response":                io.EOF,
		"malformed HTTP response":                                     errors.New("net/http: HTTP/1.x transport connection broken: malformed HTTP response"),
		"the response was aborted (HTTP/2 INTERNAL_ERROR)":            errors.New("stream error: stream ID 5; INTERNAL_ERROR; received from peer"),
		"the connection was ended (HTTP/2 GOAWAY, ENHANCE_YOUR_CALM)": errors.New("http2: Transport received GOAWAY from server ErrCode:ENHANCE_YOUR_CALM"),
		"server gave HTTP response to HTTPS client":                   errors.New("http: server gave HTTP response to HTTPS client"),
		"dial tcp 127.0.0.1:1: connect: connection refused":           errors.New("dial tcp 127.0.0.1:1: connect: connection refused"),
	} {
		if got := Describe(err); got != want {
			t.Errorf("%q is %q, want %q", err, got, want)
		}
	}
}
