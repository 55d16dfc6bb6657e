package api

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

const (
	defaultPageSize = 20
	largestPageSize = 100
)

// page is the part of a list that a request asks for.
type page struct{ number, size int }

func pageOf(query url.Values, paging dialects.Paging) (page, response.Problems) {
	asked := page{number: 1, size: defaultPageSize}

	var found response.Problems

	for _, parameter := range []struct {
		key    string
		target *int
	}{{"page", &asked.number}, {"limit", &asked.size}} {
		if !query.Has(parameter.key) {
			continue
		}

		value, err := strconv.Atoi(query.Get(parameter.key))
		if err != nil || value < 1 {
			found.Add(parameter.key, "must be a positive integer")
		}

		*parameter.target = value
	}

	largest := largestPageSize
	if paging == dialects.Paging20 {
		largest = defaultPageSize
	}

	asked.size = min(asked.size, largest)

	return asked, found
}

// cut returns the items of the page; a page beyond the last is empty.
func cut[T any](p page, items []T) []T {
	from := min((p.number-1)*p.size, len(items))

	return items[from:min(from+p.size, len(items))]
}

// paged responds with one page of items in the envelope of the API, each rendered by render.
func paged[T any](c *route.Call, items []T, render func(T) map[string]any) response.Response {
	asked, found := pageOf(c.Request.URL.Query(), c.Dialect.Paging)
	if len(found) > 0 {
		return response.Invalid(found, c.Dialect)
	}

	rows := []any{}
	for _, item := range cut(asked, items) {
		rows = append(rows, render(item))
	}

	body := map[string]any{"status": "success", "data": response.Retype(rows, c.Dialect.Types)}

	if c.Dialect.Paging != dialects.PagingNoMeta {
		body["meta"] = response.Retype(map[string]any{"pagination": map[string]any{
			"total":        len(items),
			"per_page":     asked.size,
			"current_page": asked.number,
			"last_page":    max(1, (len(items)+asked.size-1)/asked.size),
		}}, c.Dialect.Types)
	}

	return response.JSON(http.StatusOK, body)
}
