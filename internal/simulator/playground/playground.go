// Package playground is a web page of the simulated SePay: the webhooks as a dashboard shows them, accounts to which money
// can be sent, deliveries, and the requests of the provider. It is served to this machine only and loads nothing from outside.
package playground

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"embed"
	"html/template"
	"net/http"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/loopback"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// Path is the prefix of the page.
const Path = "/_ui/"

//go:embed page.tmpl style.css script.js
var files embed.FS

// Parts are the parts of the simulator that the page shows and changes.
type Parts struct {
	state.Dashboard

	Sender  *delivery.Sender
	Log     *journal.Log
	Dialect func() dialects.Dialect
	Receive func(state.Payment) (state.Transaction, error)
}

type page struct {
	Parts

	template *template.Template
	token    string // of the forms, against requests of other pages
	edits    edits
}

// Handler serves the page.
func Handler(parts Parts) http.Handler {
	p := &page{
		Parts: parts, token: rand.Text(),
		template: template.Must(template.New("page.tmpl").Funcs(functions(func(key string) string { return key })).
			ParseFS(files, "page.tmpl")),
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"{$}", chooseLanguage)
	mux.HandleFunc("GET "+Path+"{language}/{$}", p.show)
	mux.HandleFunc("GET "+Path+"version", p.version)
	mux.HandleFunc("GET "+Path+"style.css", file("style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET "+Path+"script.js", file("script.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("POST "+Path+"{language}/webhooks/{id}/{action}", p.acts(p.changeWebhook))
	mux.HandleFunc("POST "+Path+"{language}/payments", p.acts(p.pay))

	return loopback.Only(secured(mux))
}

func functions(translate func(string) string) template.FuncMap {
	return template.FuncMap{"t": translate, "code": code}
}

// secured allows the page to load only its own files, and forbids other pages to embed it.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "+
			"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// chooseLanguage redirects to the page in the language that the browser prefers.
func chooseLanguage(w http.ResponseWriter, r *http.Request) {
	language := "en"
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "vi") {
		language = "vi"
	}

	http.Redirect(w, r, Path+language+"/", http.StatusSeeOther)
}

func file(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		text, err := files.ReadFile(name)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)

			return
		}

		w.Header().Set("Content-Type", contentType)
		// The client may have disconnected.
		_, _ = w.Write(text)
	}
}

func (p *page) show(w http.ResponseWriter, r *http.Request) {
	language := r.PathValue("language")

	translate, known := translator(language)
	if !known {
		http.NotFound(w, r)

		return
	}

	var text bytes.Buffer

	shown, err := p.template.Clone()
	if err == nil {
		err = shown.Funcs(functions(translate)).Execute(&text, p.view(language, translate))
	}

	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)

		return
	}

	w.Header().Set("Content-Type", "text/html; charset=utf-8")

	_, _ = text.WriteTo(w)
}

// acts serves a form: it checks its token, performs the action, and shows the page again.
func (p *page) acts(do func(r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)

		if subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(p.token)) != 1 {
			http.Error(w, "the form is from another run of the simulator: load the page again", http.StatusForbidden)

			return
		}

		if err := do(r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)

			return
		}

		http.Redirect(w, r, Path+r.PathValue("language")+"/", http.StatusSeeOther)
	}
}
