package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

func (a *API) listWebhooks(c *route.Call) response.Response {
	query := c.Request.URL.Query()
	active := query.Get("active")

	if active != "" && active != "0" && active != "1" {
		return response.Invalid(response.OneProblem("active", "must be 0 or 1"), c.Dialect)
	}

	a.store.Lock()
	defer a.store.Unlock()

	ids := make([]int64, 0, len(a.store.Webhooks.IDs()))

	for _, id := range a.store.Webhooks.IDs() {
		w, _ := a.store.Webhooks.Get(id)
		if strings.Contains(w.WebhookURL, query.Get("webhook_url")) &&
			(active == "" || (active == "1") == w.Active) &&
			(query.Get("api_key") == "" || query.Get("api_key") == w.APIKey) {
			ids = append(ids, id)
		}
	}

	if c.Dialect.ListOrder == dialects.ListOrderDescending {
		slices.Reverse(ids)
	}

	return paged(c, ids, func(id int64) map[string]any {
		w, _ := a.store.Webhooks.Get(id)

		return renderRow(w, c.Dialect)
	})
}

func (a *API) readWebhook(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	w, found := a.store.Webhooks.Get(c.ID)
	if !found {
		return missingWebhook(c.Dialect)
	}

	return response.Success(http.StatusOK, renderWebhook(w, c.Dialect), c.Dialect)
}

func (a *API) createWebhook(c *route.Call) response.Response {
	body, refused := jsonObject(c)
	if refused != nil {
		return *refused
	}

	a.store.Lock()
	defer a.store.Unlock()

	w := state.NewWebhook()

	found, refused := a.readBody(c, body, &w)
	if refused != nil {
		return *refused
	}

	missing := missingKeys(body, w.AuthenType, c.Dialect.Form)
	if found = append(missing, found...); len(found) > 0 {
		return response.Invalid(found, c.Dialect)
	}

	if c.Dialect.CreateActive == dialects.CreateActiveIgnored {
		w.Active = true
	}

	w.CreatedAt = a.store.Now()
	w.ID = a.store.Webhooks.Put(w)

	return createResponse(w, c.Dialect).Commit()
}

func (a *API) updateWebhook(c *route.Call) response.Response {
	body, refused := jsonObject(c)
	if refused != nil {
		return *refused
	}

	a.store.Lock()
	defer a.store.Unlock()

	before, exists := a.store.Webhooks.Get(c.ID)
	if !exists {
		return missingWebhook(c.Dialect)
	}

	if len(body) == 0 {
		return response.Invalid(response.OneProblem("body", "must have a key to update"), c.Dialect)
	}

	asked := before.Clone()

	found, refused := a.readBody(c, body, &asked)
	if refused != nil {
		return *refused
	}

	if c.Dialect.Names == dialects.NamesRefused && asked.Name != before.Name {
		found.Add("name", "cannot be changed")
	}

	if len(found) > 0 {
		return response.Invalid(found, c.Dialect)
	}

	kept := asked.Clone()
	if c.Dialect.Names == dialects.NamesIgnored {
		kept.Name = before.Name
	}

	if c.Dialect.Patch == dialects.PatchIgnored {
		revertIgnored(&kept, before, body)
	}

	a.store.Webhooks.Put(kept)

	return updateResponse(asked, c.Dialect).Commit()
}

func (a *API) deleteWebhook(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	if _, exists := a.store.Webhooks.Get(c.ID); !exists {
		return missingWebhook(c.Dialect)
	}

	a.store.Webhooks.Remove(c.ID)

	if c.Dialect.DeleteResponse == dialects.DeleteResponseNoContent {
		return response.Response{Status: http.StatusNoContent}.Commit()
	}

	return response.JSON(http.StatusOK, map[string]any{"status": "success", "message": "Webhook deleted"}).Commit()
}
