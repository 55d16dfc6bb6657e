package redact

import (
	"strings"
	"unicode"
)

const maxUntrusted = 2000

// Untrusted prepares the text of another program for an error message: one line, without control characters, without the
// secrets, and without anything else that looks like a token. A helper under `set -x` prints secrets that the provider does
// not know, such as those of its own service.
func Untrusted(text string, secrets ...string) string {
	words := strings.Fields(New(secrets...).Text(text, maxUntrusted))
	named := false

	for i, word := range words {
		plain := isPlainWord(word)

		switch {
		case strings.Contains(word, Marker):
		case named && !plain:
			words[i] = Marker
		default:
			words[i] = withoutTokens(withoutValue(word))
		}

		named = namesSecret(word) && (strings.HasSuffix(word, ":") || strings.HasSuffix(word, "=") || strings.HasPrefix(word, "-") ||
			strings.EqualFold(word, "bearer") || strings.EqualFold(word, "basic"))
	}

	return strings.Join(words, " ")
}

// isPlainWord reports whether a word looks like a word of a sentence.
func isPlainWord(word string) bool {
	const longestWord = 14

	word = strings.TrimRight(word, ".,:;!?)")

	return len(word) <= longestWord && strings.IndexFunc(word[min(len(word), 1):], func(r rune) bool { return !unicode.IsLower(r) }) < 0
}

func namesSecret(name string) bool {
	name = strings.ToLower(name)
	if strings.Contains(name, "/") {
		return false
	}

	for _, part := range []string{
		"token", "secret", "passw", "authorization", "credential", "api_key", "apikey", "api-key", "bearer", "basic",
	} {
		if strings.Contains(name, part) {
			return true
		}
	}

	return false
}

// withoutValue redacts what a word assigns to the name of a secret: TOKEN=x, "token":"x".
func withoutValue(word string) string {
	at := strings.IndexAny(word, "=:")
	if at < 0 || at == len(word)-1 || !namesSecret(word[:at]) || strings.HasPrefix(word[at:], "://") {
		return word
	}

	return word[:at+1] + Marker
}

// withoutTokens redacts each run of token characters in a word that looks like a token.
func withoutTokens(word string) string {
	var shown strings.Builder

	for len(word) > 0 {
		run := strings.IndexFunc(word, func(r rune) bool { return !isTokenRune(r) })
		if run < 0 {
			run = len(word)
		}

		if looksLikeToken(word[:run]) {
			shown.WriteString(Marker)
		} else {
			shown.WriteString(word[:run])
		}

		rest := word[run:]
		next := strings.IndexFunc(rest, isTokenRune)

		if next < 0 {
			next = len(rest)
		}

		shown.WriteString(rest[:next])
		word = rest[next:]
	}

	return shown.String()
}

func isTokenRune(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+/=_.-", r))
}

// looksLikeToken reports whether a run of token characters has a part that looks like neither a name nor a word.
func looksLikeToken(run string) bool {
	for part := range strings.FieldsFuncSeq(run, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if isRandom(part) {
			return true
		}
	}

	const longestRun = 40

	return len(run) >= longestRun && !strings.ContainsAny(run, "/.")
}

// isRandom judges letters and digits by how often they alternate, and letters alone by how often upper case follows lower
// case: more often than in a name such as AccessDeniedException.
func isRandom(part string) bool {
	const (
		shortest, longest = 5, 30
		long              = 16
		camel             = 6
	)

	if len(part) < shortest {
		return false
	}

	changes, humps, digits := 0, 0, 0

	var last rune

	for i, r := range part {
		if unicode.IsDigit(r) {
			digits++
		}

		if i > 0 && unicode.IsDigit(r) != unicode.IsDigit(last) {
			changes++
		}

		if unicode.IsUpper(r) && unicode.IsLower(last) {
			humps++
		}

		last = r
	}

	const alternates = 3

	switch {
	case changes >= alternates, changes > 1 && len(part) >= long:
		return true
	case digits == len(part):
		return false
	}

	return humps == 0 && len(part) >= longest || len(part) >= 2*shortest && humps*camel >= len(part)
}
