package headless

import (
	"encoding/json"
	"errors"
	"os"
)

// Problems are the errors and warnings in the console of the page, and the exceptions of its scripts.
func (b *Browser) Problems() []string {
	b.mu.Lock()
	defer b.mu.Unlock()

	var all []string

	for _, event := range b.events {
		var said struct {
			Type  string `json:"type"`
			Entry struct {
				Level string `json:"level"`
			} `json:"entry"`
		}

		if json.Unmarshal(event.Params, &said) != nil {
			continue
		}

		switch {
		case event.Method == "Runtime.exceptionThrown",
			event.Method == "Runtime.consoleAPICalled" && (said.Type == "error" || said.Type == "warning"),
			event.Method == "Log.entryAdded" && (said.Entry.Level == "error" || said.Entry.Level == "warning"):
			all = append(all, string(event.Params))
		}
	}

	return all
}

// Requests are the addresses that the browser has requested.
func (b *Browser) Requests() []string {
	b.mu.Lock()
	defer b.mu.Unlock()

	var all []string

	for _, event := range b.events {
		var sent struct {
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}

		if event.Method == "Network.requestWillBeSent" && json.Unmarshal(event.Params, &sent) == nil {
			all = append(all, sent.Request.URL)
		}
	}

	return all
}

// Screenshot saves a picture of the page if SEPAY_TEST_SCREENSHOTS names a directory.
func (b *Browser) Screenshot(name string) {
	b.t.Helper()

	directory := os.Getenv("SEPAY_TEST_SCREENSHOTS")
	if directory == "" {
		return
	}

	var picture struct {
		Data []byte `json:"data"`
	}

	b.call(&picture, "Page.captureScreenshot", nil)

	if err := errors.Join(os.MkdirAll(directory, 0o700), os.WriteFile(directory+"/"+name+".png", picture.Data, 0o600)); err != nil {
		b.t.Error(err)
	}
}
