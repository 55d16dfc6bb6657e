package sepay

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// foreign404 is a proxy's response for an unknown path.
func foreign404(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("default backend - 404"))
}

const (
	listedWebhook = `{"data":[{"id":23,"name":"Shop"}]}`
	emptyList     = `{"status":"success","data":[],"meta":{"pagination":{"total":0,"per_page":100,"current_page":1,"last_page":1}}}`
)

func TestAWebhookCountsAsDeletedOnlyWhenTheListConfirmsIt(t *testing.T) {
	t.Parallel()

	foreign := func(w http.ResponseWriter, _ *http.Request, _ int) { foreign404(w) }
	tests := map[string]struct {
		single, list   handler
		deleted, found bool
		says           string
	}{
		"SePay says so twice":                  {single: status(404, `{}`), list: status(200, emptyList), deleted: true},
		"a proxy responds to the read only":    {single: foreign, list: status(200, emptyList), deleted: true},
		"a proxy responds to everything":       {single: foreign, list: foreign, says: "could not be read"},
		"the list is refused":                  {single: status(404, `{}`), list: status(403, `{}`), says: ScopeWebhookRead},
		"the list is a page of HTML":           {single: status(404, `{}`), list: status(200, `<html>`), says: "could not be read"},
		"the list is an error with status 200": {single: status(404, `{}`), list: status(200, `{"status":"success"}`), says: "could not be read"},
		"the list still has it":                {single: foreign, list: status(200, listedWebhook), says: "still has the webhook"},
		"the 404 was transient":                {single: first(2, foreign, status(200, oneWebhook)), list: status(200, listedWebhook), found: true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			underFakeTime(t, func(w http.ResponseWriter, r *http.Request, nth int) {
				if r.URL.Path == apiPath+"/webhooks" {
					test.list(w, r, nth)

					return
				}

				test.single(w, r, nth)
			}, func(b fakeTimeTest) {
				t, s, client := b.T, b.service, b.client

				got, err := client.KnownWebhook(t.Context(), 23, hook)
				if IsDeleted(err) != test.deleted || (err == nil) != test.found || test.found && got.ID != 23 {
					t.Errorf("%d, %v", got.ID, err)
				}

				if test.says != "" && (!strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "Nothing was changed")) {
					t.Errorf("%q is missing in: %v", test.says, err)
				}

				if query := s.log()[1].query; !strings.Contains(query, "webhook_url=https") {
					t.Errorf("the list was requested with %q", query)
				}
			})
		})
	}
}

func TestADeleteSucceedsOnlyWhenSePayConfirmsIt(t *testing.T) {
	t.Parallel()

	html := func(w http.ResponseWriter, _ *http.Request, _ int) { respond(w, 200, `<html>Sign in</html>`) }
	foreign := func(w http.ResponseWriter, _ *http.Request, _ int) { foreign404(w) }
	tests := map[string]struct {
		remove, single, list handler
		deleted              bool
		want                 []string
	}{
		"a message":                         {remove: status(200, `{"status":"success"}`), deleted: true, want: []string{"DELETE"}},
		"no content":                        {remove: status(204, ``), deleted: true, want: []string{"DELETE"}},
		"already deleted":                   {remove: status(404, `{}`), list: status(200, emptyList), deleted: true, want: []string{"DELETE", "GET"}},
		"a proxy responds":                  {remove: foreign, list: foreign, want: []string{"DELETE", "GET"}},
		"a proxy, and it exists":            {remove: foreign, list: status(200, listedWebhook), single: status(200, oneWebhook), want: []string{"DELETE", "GET", "GET"}},
		"a page of HTML, still there":       {remove: html, list: status(200, listedWebhook), single: status(200, oneWebhook), want: []string{"DELETE", "GET", "GET"}},
		"a page of HTML, and it is deleted": {remove: html, list: status(200, emptyList), deleted: true, want: []string{"DELETE", "GET"}},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			underFakeTime(t, func(w http.ResponseWriter, r *http.Request, nth int) {
				switch {
				case r.Method == http.MethodDelete:
					test.remove(w, r, nth)
				case r.URL.Path == apiPath+"/webhooks":
					test.list(w, r, nth)
				default:
					test.single(w, r, nth)
				}
			}, func(b fakeTimeTest) {
				t, s, client := b.T, b.service, b.client

				var methods []string

				err := client.DeleteWebhook(t.Context(), 23, hook)
				for _, request := range s.log() {
					methods = append(methods, request.method)
				}

				if (err == nil) != test.deleted || !slices.Equal(methods, test.want) {
					t.Errorf("%v after %q", err, s.lines())
				}
			})
		})
	}
}

func TestThePrincipalIsThatOfTheLastSuccessfulRequest(t *testing.T) {
	t.Parallel()

	_, client := serve(t, status(200, oneWebhook), func(cfg *Config) { cfg.Tokens = fixedToken("e30.eyJzdWIiOiI3In0.c2ln") })
	if before := client.Principal(); before != "" {
		t.Errorf("before the first request: %q", before)
	}

	if _, err := client.Webhook(t.Context(), 23); err != nil || len(client.Principal()) != 32 {
		t.Errorf("%q, %v", client.Principal(), err)
	}
}
