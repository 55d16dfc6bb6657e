package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// span is a range of bytes in the original text.
type span struct{ from, to int }

// unescaped is a text with the original span of each byte.
type unescaped struct {
	bytes string
	spans []span
}

// folded is a text as characters for comparison, with their original spans.
type folded struct {
	runes []rune
	spans []span
}

// layer returns a text unchanged.
func layer(text string) unescaped {
	spans := make([]span, len(text))
	for i := range spans {
		spans[i] = span{i, i + 1}
	}

	return unescaped{text, spans}
}

func (u unescaped) fold() folded {
	var f folded

	for at := 0; at < len(u.bytes); {
		char, size := utf8.DecodeRuneInString(u.bytes[at:])

		f.runes = append(f.runes, fold(char))
		f.spans = append(f.spans, span{u.spans[at].from, u.spans[at+size-1].to})
		at += size
	}

	return f
}

// layers returns a text unchanged, and unescaped once, twice and so on.
func layers(text string) []folded {
	current := layer(text)
	all := []folded{current.fold()}

	for len(all) < maxLayers {
		next := current.unescape()
		if next.bytes == current.bytes {
			break
		}

		all, current = append(all, next.fold()), next
	}

	return all
}

// unescape resolves each escape of JSON, HTML and URLs once.
func (u unescaped) unescape() unescaped {
	var (
		text  strings.Builder
		spans []span
	)

	for at := 0; at < len(u.bytes); {
		plain, size := u.bytes[at:at+1], 1

		switch u.bytes[at] {
		case '\\':
			plain, size = unescapeJSON(u.bytes[at:])
		case '&':
			plain, size = unescapeHTML(u.bytes[at:])
		case '%':
			plain, size = unescapeURL(u.bytes[at:])
		}

		text.WriteString(plain)

		for range len(plain) {
			spans = append(spans, span{u.spans[at].from, u.spans[at+size-1].to})
		}

		at += size
	}

	return unescaped{text.String(), spans}
}

// The functions below return the meaning and the length, in bytes, of the escape at the beginning of a text.

func unescapeJSON(text string) (plain string, size int) {
	if first, ok := unicodeEscape(text); ok {
		if second, ok := unicodeEscape(text[6:]); ok && utf16.IsSurrogate(first) {
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				return string(pair), 12
			}
		}

		return string(first), 6
	}

	if len(text) > 1 {
		switch text[1] {
		case '"', '\'', '\\', '/':
			return text[1:2], 2
		case 'b', 'f', 'n', 'r', 't':
			return map[byte]string{'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}[text[1]], 2
		}
	}

	return text[:1], 1
}

func unicodeEscape(text string) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}

	code, err := strconv.ParseUint(text[2:6], 16, 16)

	return rune(code), err == nil
}

func unescapeHTML(text string) (plain string, size int) {
	// The longest name has 31 letters; numbers may have zeros before them.
	end := strings.IndexByte(text[:min(len(text), maxEscape)], ';') + 1
	if end > 0 {
		if plain = html.UnescapeString(text[:end]); plain != text[:end] && utf8.RuneCountInString(plain) <= 2 {
			return plain, end
		}
	}

	return text[:1], 1
}

func unescapeURL(text string) (plain string, size int) {
	if len(text) >= 3 {
		if code, err := strconv.ParseUint(text[1:3], 16, 8); err == nil {
			return string([]byte{byte(code)}), 3
		}
	}

	return text[:1], 1
}
