// Package redact prepares a service's text for error messages and logs: it replaces secrets, in every form in which a
// service may repeat them, and control characters.
package redact

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	// Marker replaces each secret.
	Marker = "(redacted)"
	// minFragment is the length, in characters, from which a fragment of a secret is redacted.
	minFragment = 8
	// maxLayers is how often a text is unescaped: escapes may be nested, such as JSON in HTML in a URL.
	maxLayers = 4
	// maxEscape is the maximum size, in bytes, of one character with that many escapes.
	maxEscape = 64
)

// Redactor removes secrets from texts. The zero value knows no secret. It is safe for concurrent use.
type Redactor struct {
	mu    sync.RWMutex
	known map[string]bool
	// runs has the folded runs of characters to redact, by their length in characters: a short secret as a whole, and of a
	// longer one each run of minFragment characters.
	runs map[int]map[string]bool
}

// New returns a redactor of the secrets.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)

	return r
}

// Add adds secrets. Empty ones and surrounding spaces are ignored.
func (r *Redactor) Add(secrets ...string) {
	for _, secret := range secrets {
		r.mu.RLock()
		known := r.known[secret]
		r.mu.RUnlock()

		if !known {
			r.learn(secret)
		}
	}
}

func (r *Redactor) learn(secret string) {
	r.mu.Lock()
	defer r.mu.Unlock()

	if r.known == nil {
		r.known, r.runs = map[string]bool{}, map[int]map[string]bool{}
	}

	r.known[secret] = true

	secret = strings.TrimSpace(secret)
	forms := layers(secret)

	// JSON has a replacement character for each byte that is not UTF-8, so that it cannot be part of an escape.
	if !utf8.ValidString(secret) {
		forms = append(forms, layers(string([]rune(secret)))...)
	}

	for _, form := range forms {
		size := min(len(form.runes), minFragment)
		if size > 0 && r.runs[size] == nil {
			r.runs[size] = map[string]bool{}
		}

		for at := 0; size > 0 && at+size <= len(form.runes); at++ {
			r.runs[size][string(form.runes[at:at+size])] = true
		}
	}
}

// Text returns text without the secrets, on one line, in at most limit characters; a text that was cut ends with "…".
// A secret is found in upper and lower case, escaped for JSON, HTML or a URL, or several of them, and cut to eight of
// its characters or more. Control characters and invisible format characters, such as those that reverse the direction
// of a text, are replaced. The work depends on limit, not on the length of the text.
func (r *Redactor) Text(text string, limit int) string {
	// The end of a text that is cut here may have a fragment of a secret that is too short to be found.
	maxBytes := (limit + minFragment) * maxEscape
	cut := len(text) > maxBytes

	if cut {
		text = text[:maxBytes]
	}

	secret := r.find(text)
	if cut {
		text = text[:limit*maxEscape]
	}

	var shown []rune

	for at, char := range text {
		switch {
		case !secret[at]:
			shown = append(shown, display(char))
		case at == 0 || !secret[at-1]:
			shown = append(shown, []rune(Marker)...)
		}
	}

	if len(shown) > limit || cut {
		shown = append(shown[:min(len(shown), max(limit-1, 0))], '…')
	}

	return string(shown)
}

// find reports for each byte of a text whether it belongs to a secret.
func (r *Redactor) find(text string) []bool {
	r.mu.RLock()
	defer r.mu.RUnlock()

	secret := make([]bool, len(text))
	if len(r.runs) == 0 {
		return secret
	}

	for _, form := range layers(text) {
		for size, runs := range r.runs {
			for at := range len(form.runes) - size + 1 {
				if runs[string(form.runes[at:at+size])] {
					for i := form.spans[at].from; i < form.spans[at+size-1].to; i++ {
						secret[i] = true
					}
				}
			}
		}
	}

	return secret
}

// display returns the character that is shown for char.
func display(char rune) rune {
	switch {
	case unicode.IsSpace(char):
		return ' '
	case unicode.IsControl(char), unicode.Is(unicode.Cf, char):
		return unicode.ReplacementChar
	default:
		return char
	}
}

// fold maps characters to one that differ only in case or in how they are displayed, and "+" to a space as in a query.
func fold(char rune) rune {
	if char == '+' {
		return ' '
	}

	return unicode.ToLower(unicode.ToUpper(display(char)))
}
