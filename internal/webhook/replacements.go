package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// replacementAge is how long a saved plan is expected to wait for its apply.
const replacementAge = 24 * time.Hour

// replacements remembers which webhooks a plan passed over because the configuration manages them, for the apply of that
// plan: a replacement with create_before_destroy creates the new webhook while the old one is still there. Terraform
// plans each create again during the apply, in another process and without saying which webhook it replaces, so
// that the processes share empty files in the user's cache directory. Where there is none, nothing is remembered.
type replacements struct{ directory, service string }

func openReplacements(service string) replacements {
	cache, err := os.UserCacheDir()
	if err != nil {
		return replacements{}
	}

	return replacements{filepath.Join(cache, "terraform-provider-sepay", "replacements"), service}
}

func (r replacements) file(id int64) string {
	sum := sha256.Sum256(fmt.Append(nil, r.service, "\x00", id))

	return filepath.Join(r.directory, hex.EncodeToString(sum[:16]))
}

// add remembers a webhook, and forgets those whose time is over. That it fails costs no more than a message of the apply
// that the webhook exists.
func (r replacements) add(id int64) {
	if r.directory == "" || os.MkdirAll(r.directory, 0o700) != nil {
		return
	}

	entries, _ := os.ReadDir(r.directory)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && time.Since(info.ModTime()) > replacementAge {
			_ = os.Remove(filepath.Join(r.directory, entry.Name()))
		}
	}

	_ = os.WriteFile(r.file(id), nil, 0o600)
}

func (r replacements) has(id int64) bool {
	if r.directory == "" {
		return false
	}

	info, err := os.Stat(r.file(id))

	return err == nil && time.Since(info.ModTime()) <= replacementAge
}
