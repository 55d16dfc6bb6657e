package acctest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

// Search returns the secrets that a text contains, in clear or encoded, with the text before them.
func Search(text string, secrets ...string) []string {
	var found []string

	for _, secret := range secrets {
		for name, form := range forms(secret) {
			if at := strings.Index(text, form); at >= 0 {
				found = append(found, fmt.Sprintf("the secret %.12s… in %s after %q", secret, name, text[max(0, at-80):at]))

				break
			}
		}
	}

	return found
}

// leastCoded is the minimum length of a secret for the search of its encoded forms: those of shorter ones are in any text.
const leastCoded = 6

// forms returns the encodings of a secret, by name. Encodings that do not change the secret are included once.
func forms(secret string) map[string]string {
	quoted, _ := json.Marshal(secret) //nolint:errchkjson // a string
	digits := hex.EncodeToString([]byte(secret))
	plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted))

	all := map[string]string{
		"JSON":                             strings.Trim(string(quoted), `"`),
		"JSON without HTML's escapes":      strings.Trim(plain, `"`),
		"JSON within JSON":                 strings.ReplaceAll(strings.Trim(plain, `"`), `\`, `\\`),
		"ASCII":                            strings.Trim(strconv.QuoteToASCII(secret), `"`),
		"HTML":                             html.EscapeString(secret),
		"HTML with names":                  strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(html.EscapeString(secret)),
		"a query":                          url.QueryEscape(secret),
		"a path":                           url.PathEscape(secret),
		"a query with %20":                 strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"),
		"hexadecimal digits":               digits,
		"hexadecimal digits in upper case": strings.ToUpper(digits),
		"UTF-16":                           wide(secret),
	}

	if len(secret) < leastCoded {
		return map[string]string{"clear": secret}
	}

	for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64 for URLs": base64.RawURLEncoding} {
		for before := range 3 {
			all[fmt.Sprintf("%s after %d bytes", name, before)] = within(encoding, secret, before)
		}
	}

	maps.DeleteFunc(all, func(_, form string) bool { return form == secret })

	all["clear"] = secret

	return all
}

// within returns the base64 digits of a secret at a position in a group of three bytes, without the digits that depend on
// neighboring bytes.
func within(encoding *base64.Encoding, secret string, before int) string {
	digits := encoding.EncodeToString([]byte(strings.Repeat(" ", before) + secret))
	start := (before*8 + 5) / 6
	end := (before + len(secret)) * 8 / 6

	return digits[start:end]
}

func wide(text string) string {
	var wide strings.Builder

	for _, character := range text {
		wide.Write([]byte{byte(character), byte(character >> 8)})
	}

	return wide.String()
}
