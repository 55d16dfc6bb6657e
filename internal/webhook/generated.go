package webhook

import (
	"slices"
	"strings"
)

const (
	// generatedLength is the least number of characters of a secret that counts as generated: 32 hexadecimal digits are
	// 128 bits.
	generatedLength = 32

	lower   = "abcdefghijklmnopqrstuvwxyz"
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	decimal = "0123456789"
)

// generated reports whether secret is certain enough to be the output of a generator, such as `openssl rand -hex 32` or
// `openssl rand -base64 32`, so that its digest need not be slow. A prefix that ends in an underscore, such as whsec_, may
// precede it.
//
// The rule is narrow: up to four in a hundred generated secrets fail it and have a slow digest, which does no harm. It must
// refuse what people make up. So it wants the alphabet of hexadecimal or base64, which rules out spaces and most
// punctuation, and the mixture of a generator, which words, dates, rows of a keyboard and repeated parts do not have.
func generated(secret string) bool {
	return mixed(secret) || mixed(secret[strings.LastIndex(secret, "_")+1:])
}

func mixed(secret string) bool {
	text := strings.TrimRight(secret, "=")
	if len(text) < generatedLength || repetitive(text) || !strings.ContainsAny(text, decimal) {
		return false
	}

	// In what is generated, two neighbors are of different kinds in 47 of 100 places of hexadecimal, and in 62 of base64
	// without its punctuation. In words of five letters whose first letters are capitals it is 40, in longer ones less.
	words := strings.NewReplacer("+", "", "/", "", "-", "", "_", "").Replace(text)
	percent := 100 * switches(words) / max(1, len(words)-1)

	switch {
	case consistsOf(text, decimal+"abcdef"), consistsOf(text, decimal+"ABCDEF"):
		return percent >= 20 && distinct(text) >= 10
	case consistsOf(text, lower+upper+decimal+"+/"), consistsOf(text, lower+upper+decimal+"-_"):
		return percent >= 45 && distinct(text) >= 16 && strings.ContainsAny(text, lower) && strings.ContainsAny(text, upper)
	default:
		return false
	}
}

// repetitive reports what chance makes in less than one of a hundred secrets: six characters that occur twice, or six in a
// row that count up, count down or are the same.
func repetitive(text string) bool {
	const window = 6

	seen := map[string]bool{}

	for i := range len(text) - window + 1 {
		part := text[i : i+window]
		if seen[part] || steady(part) {
			return true
		}

		seen[part] = true
	}

	return false
}

// steady reports whether each character of part is as far from the one before, by one at most.
func steady(part string) bool {
	step := int(part[1]) - int(part[0])

	for i := 2; i < len(part); i++ {
		if int(part[i])-int(part[i-1]) != step {
			return false
		}
	}

	return -1 <= step && step <= 1
}

// consistsOf reports whether alphabet has every character of text.
func consistsOf(text, alphabet string) bool { return strings.Trim(text, alphabet) == "" }

// distinct counts the different characters of text.
func distinct(text string) int {
	seen := map[rune]bool{}
	for _, character := range text {
		seen[character] = true
	}

	return len(seen)
}

// switches counts the places of text at which the kind of character changes: lower case, upper case, digit.
func switches(text string) int {
	kind := func(i int) int {
		return slices.IndexFunc([]string{lower, upper, decimal}, func(alphabet string) bool {
			return strings.IndexByte(alphabet, text[i]) >= 0
		})
	}

	count := 0

	for i := 1; i < len(text); i++ {
		if kind(i) != kind(i-1) {
			count++
		}
	}

	return count
}
