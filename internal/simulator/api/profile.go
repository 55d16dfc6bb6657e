package api

import (
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
)

func (a *API) readMe(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	return response.Success(http.StatusOK, a.store.User, c.Dialect)
}

func (a *API) readCompany(c *route.Call) response.Response {
	a.store.Lock()
	defer a.store.Unlock()

	if role := a.store.Company["role"]; role != "Admin" && role != "SuperAdmin" {
		return response.Forbidden()
	}

	return response.Success(http.StatusOK, a.store.Company, c.Dialect)
}
