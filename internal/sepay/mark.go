package sepay

import (
	"crypto/rand"
	"strings"
	"unicode/utf8"
)

// A mark identifies the webhook of a create: POST appends it to the name, and PATCH removes it when the webhook is switched on.
// It is random, so a webhook that has the mark of a create was created by it.
const (
	markStart  = " [tf-"
	markEnd    = "]"
	markLength = 10 // characters of base32: 50 bits
)

func newMark() string { return markStart + strings.ToLower(rand.Text()[:markLength]) + markEnd }

// withMark appends a mark to a name, which is shortened if both together are too long.
func withMark(name, mark string) string {
	if room := NameMaxLength - utf8.RuneCountInString(mark); utf8.RuneCountInString(name) > room {
		name = string([]rune(name)[:room])
	}

	return name + mark
}

// splitMark returns a name without its mark, and false if it has none.
func splitMark(name string) (string, bool) {
	start := len(name) - len(markStart) - markLength - len(markEnd)
	if start < 0 || !strings.HasPrefix(name[start:], markStart) || !strings.HasSuffix(name, markEnd) {
		return name, false
	}

	random := name[start+len(markStart) : len(name)-len(markEnd)]

	if strings.Trim(random, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return name, false
	}

	return name[:start], true
}

// Leftover reports whether a webhook remains from a create that was interrupted before it switched the webhook on. Such a
// webhook delivers nothing.
func (w Webhook) Leftover() bool {
	_, marked := splitMark(w.Name.Or(""))

	return marked && !w.Active.Or(true)
}

// unfinished reports whether a webhook has the mark of a create and is known to be switched on: SePay ignored active in the create,
// or the name in the update after it.
func (w Webhook) unfinished() bool {
	_, marked := splitMark(w.Name.Or(""))

	return marked && w.Active.Or(false)
}
