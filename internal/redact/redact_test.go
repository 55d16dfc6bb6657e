package redact

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const limit = 1000

// escapes are the encodings in which a service may repeat a text.
func escapes() map[string]func(string) string {
	toJSON := func(text string) string {
		encoded, err := json.Marshal(text)
		if err != nil {
			panic(err)
		}

		return string(encoded[1 : len(encoded)-1])
	}

	// PHP escapes non-ASCII characters as UTF-16: characters beyond the first 65,536 take two escapes.
	asciiOnly := func(text string) string {
		var all strings.Builder

		for _, unit := range utf16.Encode([]rune(text)) {
			if unit < utf8.RuneSelf {
				all.WriteByte(byte(unit))
			} else {
				fmt.Fprintf(&all, `\u%04x`, unit)
			}
		}

		return all.String()
	}

	numeric := func(format string) func(string) string {
		return func(text string) string {
			var all strings.Builder
			for _, char := range text {
				fmt.Fprintf(&all, format, char)
			}

			return all.String()
		}
	}

	return map[string]func(string) string{
		"plain":       func(text string) string { return text },
		"upper case":  strings.ToUpper,
		"JSON":        toJSON,
		"PHP's JSON":  func(text string) string { return asciiOnly(strings.ReplaceAll(toJSON(text), "/", `\/`)) },
		"HTML":        html.EscapeString,
		"HTML, hex":   numeric("&#x%X;"),
		"HTML, digit": numeric("&#%d;"),
		"query":       url.QueryEscape,
		"path":        url.PathEscape,
		"lower hex":   func(text string) string { return strings.ToLower(url.QueryEscape(text)) },
		"every byte": func(text string) string {
			var all strings.Builder
			for i := range len(text) {
				fmt.Fprintf(&all, "%%%02x", text[i])
			}

			return all.String()
		},
		"addslashes": strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`).Replace,
	}
}

func TestASecretIsFoundInEveryForm(t *testing.T) {
	t.Parallel()

	secrets := []string{
		"whsec_1", `p&s<"'>/w\rd`, "khóa bí mật ở đây", "a b+c%20d&amp;e", "tab\tand\nline", "😀 smile ☕ and tea", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.sig-_",
	}

	for first, outer := range escapes() {
		for second, inner := range escapes() {
			for _, secret := range secrets {
				if first == "upper case" {
					continue // it would break the escapes
				}

				text := "before " + outer(inner(secret)) + " after"

				if got := New("other", secret).Text(text, limit); got != "before (redacted) after" {
					t.Errorf("%s of %s: %q of %q", first, second, got, text)
				}
			}
		}
	}
}

func TestACutSecretIsFound(t *testing.T) {
	t.Parallel()

	secret := `0123456789&abc"def/ghijklm`
	redactor := New(secret)

	for name, escape := range escapes() {
		for cut := minFragment; cut < len(secret); cut++ {
			for _, part := range []string{secret[:cut], secret[len(secret)-cut:]} {
				if got := redactor.Text("near "+escape(part)+"…", limit); got != "near (redacted)…" {
					t.Errorf("%s: %q of %q", name, got, escape(part))
				}
			}
		}
	}

	if got := redactor.Text("012 ijklm", limit); got != "012 ijklm" {
		t.Errorf("too short for a secret: %q", got)
	}
}

func TestOtherTextIsUnchanged(t *testing.T) {
	t.Parallel()

	text := `Tài khoản "0071" không hợp lệ: 100% of <b>\n &amp; &bogus; %zz \u00 &#; &`
	for _, redactor := range []*Redactor{New(), New("", "  "), New("whsec_1"), {}} {
		if got := redactor.Text(text, limit); got != text {
			t.Errorf("%q", got)
		}
	}
}

func TestControlCharactersAreReplaced(t *testing.T) {
	t.Parallel()

	got := New().Text("a\x1b[31mred\x1b]0;title\x07 b\r\nc\u202egnp.exe\u2066\u200b\ufeff\u009b \u2028d", limit)
	if want := "a�[31mred�]0;title� b  c�gnp.exe���� \u0020d"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestATextIsCutAfterItsSecretsAreRedacted(t *testing.T) {
	t.Parallel()

	redactor := New("whsec_0123456789")

	for length := range 40 {
		got := redactor.Text(strings.Repeat("x", length)+"whsec_0123456789"+strings.Repeat("y", 40), 20)
		if strings.Contains(got, "w") || utf8.RuneCountInString(got) > 20 || !strings.HasSuffix(got, "…") {
			t.Errorf("%q", got)
		}
	}

	if got := redactor.Text("12345", 5); got != "12345" {
		t.Errorf("%q", got)
	}
}

// Only the beginning is searched, and its end may be within a secret.
func TestAHugeTextIsCutBeforeItIsSearched(t *testing.T) {
	t.Parallel()

	secret := "whsec_0123456789"
	redactor := New(secret)

	for length := range 100 {
		for name, escape := range escapes() {
			start := strings.Repeat(secret, 3*maxEscape) // much longer than its redacted form
			got := redactor.Text(start[:len(start)-length]+escape(secret)+strings.Repeat(escape(secret), 1000), 30)

			if strings.ContainsAny(strings.ReplaceAll(got, Marker, ""), "wW%&0123456789") {
				t.Fatalf("%s, %d: %q", name, length, got)
			}
		}
	}

	var before, after runtime.MemStats

	runtime.ReadMemStats(&before)
	redactor.Text(strings.Repeat("%2525", 4<<20), limit)
	runtime.ReadMemStats(&after)

	// Other tests allocate at the same time.
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 512<<20 {
		t.Errorf("%d bytes were allocated", allocated)
	}
}

func FuzzText(f *testing.F) {
	f.Add("before ", "whsec_0123456789", " after")
	f.Add(`\`, `"quoted" & <b>`, `"`)
	f.Add("%2", "5%41%2541%41", "41")
	f.Add("&am", "p;amp;x", ";\u202e")
	f.Add("\xff", "p\xffss", "\xfe")
	f.Add("0", "%2%d0\x8c", "2")

	f.Fuzz(func(t *testing.T, before, secret, after string) {
		secret = strings.TrimSpace(secret)
		needle := foldText(secret)

		if needle == "" {
			return
		}

		redactor := New(secret)

		for name, escape := range escapes() {
			// The spaces prevent the secret from continuing an escape of the text before it.
			got := redactor.Text(before+" "+escape(secret)+" "+after, limit)

			if utf8.RuneCountInString(got) > limit || !utf8.ValidString(got) {
				t.Fatalf("%s: %q is too long or invalid", name, got)
			}

			for _, char := range got {
				if unicode.IsControl(char) || unicode.Is(unicode.Cf, char) {
					t.Fatalf("%s: %q has a control character", name, got)
				}
			}

			for piece := range strings.SplitSeq(got, Marker) {
				unquoted := piece
				_ = json.Unmarshal([]byte(`"`+piece+`"`), &unquoted)

				unescaped, err := url.QueryUnescape(piece)
				if err != nil {
					unescaped = piece
				}

				for _, form := range []string{piece, html.UnescapeString(piece), unquoted, unescaped} {
					if len(needle) >= minFragment && strings.Contains(foldText(form), needle) || strings.Contains(foldText(piece), needle) {
						t.Fatalf("%s: %q shows %q (%q)", name, got, secret, form)
					}
				}
			}
		}
	})
}

func foldText(text string) string { return strings.Map(fold, text) }
