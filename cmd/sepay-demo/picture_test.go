package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestThePictureShowsEachLineAndIsWellFormed(t *testing.T) {
	t.Parallel()

	svg := string(picture("Drift & repair", []string{
		"4/8 Someone edits the webhook", "  $ terraform plan", "", `  |       ~ webhook_url = "a" -> "b"`, "  ok: found <both>",
	}))

	decoder := xml.NewDecoder(strings.NewReader(svg))
	text := ""

	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}

		if err != nil {
			t.Fatalf("the picture is not well-formed: %v\n%s", err, svg)
		}

		if data, ok := token.(xml.CharData); ok {
			text += strings.ReplaceAll(string(data), "\u00a0", " ")
		}
	}

	for _, want := range []string{"Drift & repair", `~ webhook_url = "a" -> "b"`, "ok: found <both>", "$ terraform plan"} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture does not show %q:\n%s", want, text)
		}
	}
}
