package login

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// page is the page that the browser shows at the end: only text, without scripts or external resources.
type page struct {
	status     int
	title      string
	paragraphs []string
}

const pageStyle = `body{font:1.25rem/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem;color:#1a1a1a;` +
	`background:#fff}h1{font-size:1.75rem;line-height:1.25}p{overflow-wrap:anywhere}` +
	`@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}}`

func (p page) show(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer") // the address of this page contains the code
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	w.WriteHeader(p.status)
	_, _ = w.Write([]byte(p.html()))
}

func (p page) html() string {
	var text strings.Builder

	fmt.Fprintf(&text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"+
		"<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%[1]s</h1>\n", html.EscapeString(p.title), pageStyle)

	for _, paragraph := range p.paragraphs {
		fmt.Fprintf(&text, "<p>%s</p>\n", html.EscapeString(paragraph))
	}

	text.WriteString("</body>\n</html>\n")

	return text.String()
}

func (f *signIn) signedInPage(result Result) page {
	p := page{status: http.StatusOK, title: "Signed in to SePay"}

	if account := result.Account.String(); account != "" {
		p.paragraphs = append(p.paragraphs, "Account: "+account,
			"If this is not your account, run \"terraform-provider-sepay logout\", and sign in again.")
	}

	return p.withParagraph("Terraform can now use this sign-in. You can close this page and return to the terminal.")
}

func (f *signIn) failedPage(err error) page {
	p := page{status: http.StatusBadRequest, title: "The sign-in failed"}

	if failure, ok := errors.AsType[*diagnostic.Error](err); ok {
		p.title = failure.Summary
		p.paragraphs = strings.Split(strings.ReplaceAll(failure.Detail, "`", "\""), "\n")
	}

	return p.withParagraph("The terminal shows the same message. You can close this page.")
}

func (p page) withParagraph(text string) page {
	p.paragraphs = append(p.paragraphs, text)

	return p
}
