// Package api is the API under /api/v1 of the simulated SePay: it decodes requests strictly, and encodes responses in the
// current dialect.
package api

import (
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// API serves the state.
type API struct {
	store    *state.Store
	settings Settings
}

// Settings are what the API checks webhooks against.
type Settings struct {
	AlertChannels []int64 // the ids that exist
	// LoopbackReceivers accepts webhook URLs on loopback, which SePay refuses.
	LoopbackReceivers bool
}

// New returns an API for a state.
func New(store *state.Store, settings Settings) *API {
	return &API{store: store, settings: settings}
}

// Routes returns the routes of the API with their required scopes.
func (a *API) Routes() []route.Route {
	const path = route.APIPath

	return []route.Route{
		route.New(http.MethodGet, path+"/webhooks", sepay.ScopeWebhookRead, a.listWebhooks),
		route.New(http.MethodPost, path+"/webhooks", sepay.ScopeWebhookWrite, a.createWebhook),
		route.New(http.MethodGet, path+"/webhooks/{id}", sepay.ScopeWebhookRead, a.readWebhook),
		route.New(http.MethodPatch, path+"/webhooks/{id}", sepay.ScopeWebhookWrite, a.updateWebhook),
		route.New(http.MethodDelete, path+"/webhooks/{id}", sepay.ScopeWebhookDelete, a.deleteWebhook),
		route.New(http.MethodGet, path+"/bank-accounts", sepay.ScopeBankAccountRead, a.listBankAccounts),
		route.New(http.MethodGet, path+"/bank-accounts/{id}", sepay.ScopeBankAccountRead, a.readBankAccount),
		route.New(http.MethodGet, path+"/bank-accounts/{id}/sub-accounts", sepay.ScopeBankAccountRead, a.listSubAccounts),
		route.New(http.MethodGet, path+"/me", sepay.ScopeProfile, a.readMe),
		route.New(http.MethodGet, path+"/company", sepay.ScopeCompany, a.readCompany),
		route.New(http.MethodGet, path+"/transactions", sepay.ScopeTransactionRead, a.listTransactions),
		route.New(http.MethodGet, path+"/transactions/{id}", sepay.ScopeTransactionRead, a.readTransaction),
	}
}
