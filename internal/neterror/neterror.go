// Package neterror describes connection errors in plain language.
package neterror

import "strings"

// Describe returns the text of an error of net/http without programming terms. Other texts are unchanged.
func Describe(err error) string {
	text := err.Error()

	for _, prefix := range []string{"net/http: HTTP/1.x transport connection broken: ", "net/http: ", "http: ", "http2: "} {
		text = strings.Replace(text, prefix, "", 1)
	}

	if before, after, found := strings.Cut(text, "stream error: stream ID "); found {
		_, after, _ = strings.Cut(after, "; ")
		reason, _, _ := strings.Cut(after, ";")

		return before + "the response was aborted (HTTP/2 " + reason + ")"
	}

	if before, after, found := strings.Cut(text, "Transport received GOAWAY from server ErrCode:"); found {
		return before + "the connection was ended (HTTP/2 GOAWAY, " + after + ")"
	}

	if before, found := strings.CutSuffix(text, "unexpected EOF"); found {
		return before + "the response ended too early"
	}

	if before, found := strings.CutSuffix(text, "EOF"); found {
		return before + "the connection was closed without a response"
	}

	return text
}
