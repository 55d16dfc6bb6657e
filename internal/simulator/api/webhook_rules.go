package api

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/loopback"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// sentKeys reports whether the request has a key. Requirements apply to the whole merged webhook; a key that conflicts with
// others is rejected only if this request sent it.
type sentKeys func(key string) bool

// checkWebhook returns all problems of a webhook as it would be stored. The caller holds the lock.
func (a *API) checkWebhook(w state.Webhook, sent sentKeys, form dialects.Form) response.Problems {
	var found response.Problems

	checkText(&found, "name", w.Name, sepay.NameMaxLength)
	a.checkURL(&found, "webhook_url", w.WebhookURL)
	checkEnumerations(&found, w, form)
	a.checkSecrets(&found, w, sent)
	a.checkAccounts(&found, w, sent)
	a.checkSubAccounts(&found, w, sent)
	a.checkAlerts(&found, w)

	return found
}

func checkText(found *response.Problems, field, value string, limit int) {
	switch {
	case strings.TrimSpace(value) == "":
		found.Add(field, "is required")
	case utf8.RuneCountInString(value) > limit:
		found.Add(field, "must have at most "+strconv.Itoa(limit)+" characters")
	}
}

func (a *API) checkURL(found *response.Problems, field, value string) {
	checkText(found, field, value, sepay.WebhookURLMaxLength)

	address, err := url.Parse(strings.TrimSpace(value))
	if err == nil && address.Port() != "" {
		_, err = strconv.ParseUint(address.Port(), 10, 16)
	}

	switch {
	case value == "":
	case err != nil || (address.Scheme != "https" && address.Scheme != "http") || address.Hostname() == "":
		found.Add(field, "must be an absolute http or https URL")
	case a.settings.LoopbackReceivers && loopback.Host(address.Hostname()):
	case !public(address.Hostname()):
		found.Add(field, "must not be a local or private address")
	}
}

// public reports whether the service would deliver to that host: not to localhost, not to a name without a dot, not to an
// address that is not routed on the internet.
func public(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		address = address.Unmap()

		return address.IsGlobalUnicast() && !address.IsPrivate()
	}

	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, suffix := range []string{".localhost", ".local", ".internal", ".localdomain"} {
		if strings.HasSuffix(host, suffix) {
			return false
		}
	}

	return strings.Contains(host, ".")
}

func checkEnumerations(found *response.Problems, w state.Webhook, form dialects.Form) {
	authenTypes, contentTypes := sepay.Values(sepay.AuthenTypes()), sepay.Values(sepay.RequestContentTypes())
	if form == dialects.Form2025 {
		authenTypes = without(authenTypes, sepay.AuthenTypeHMAC)
		contentTypes = without(contentTypes, sepay.ContentTypeForm)
	}

	checkOneOf(found, "event_type", w.EventType, sepay.Values(sepay.EventTypes()))
	checkOneOf(found, "authen_type", w.AuthenType, authenTypes)
	checkOneOf(found, "request_content_type", w.RequestContentType, contentTypes)
	checkOneOf(found, "bank_mode", w.BankMode, sepay.Values(sepay.BankModes()))
	checkOneOf(found, "va_mode", w.VAMode, sepay.Values(sepay.VAModes()))

	for _, condition := range w.RetryConditions {
		checkOneOf(found, "retry_conditions", condition, sepay.Values(sepay.RetryConditions()))
	}

	for _, event := range w.AlertEventTypes {
		checkOneOf(found, "alert_event_types", event, sepay.Values(sepay.AlertEventTypes()))
	}
}

func checkOneOf(found *response.Problems, field, value string, values []string) {
	switch {
	case value == "":
		found.Add(field, "is required")
	case !slices.Contains(values, value):
		found.Add(field, "must be one of "+strings.Join(values, ", "))
	}
}

func (a *API) checkSecrets(found *response.Problems, w state.Webhook, sent sentKeys) {
	for _, secret := range []struct{ field, value, authenType string }{
		{"api_key", w.APIKey, sepay.AuthenTypeAPIKey},
		{"secret_key", w.SecretKey, sepay.AuthenTypeHMAC},
		{"oauth2_access_token_url", w.OAuth2AccessTokenURL, sepay.AuthenTypeOAuth2},
		{"oauth2_client_id", w.OAuth2ClientID, sepay.AuthenTypeOAuth2},
		{"oauth2_client_secret", w.OAuth2ClientSecret, sepay.AuthenTypeOAuth2},
	} {
		switch {
		case w.AuthenType == secret.authenType && strings.TrimSpace(secret.value) == "":
			found.Add(secret.field, "is required for authen_type "+secret.authenType)
		case w.AuthenType != secret.authenType && sent(secret.field):
			found.Add(secret.field, "is for authen_type "+secret.authenType+" only")
		}
	}

	if w.AuthenType == sepay.AuthenTypeOAuth2 && w.OAuth2AccessTokenURL != "" {
		a.checkURL(found, "oauth2_access_token_url", w.OAuth2AccessTokenURL)
	}
}

func (a *API) checkAccounts(found *response.Problems, w state.Webhook, sent sentKeys) {
	switch w.BankMode {
	case sepay.BankModeMulti:
		if len(w.BankAccountIDs) == 0 {
			found.Add("bank_account_ids", "is required for bank_mode multi")
		}
	case sepay.BankModeSingle:
		if a.store.Account(w.BankAccountID) == nil {
			found.Add("bank_account_id", "must be the id of a bank account of the company")
		}
	}

	if w.BankMode != sepay.BankModeSingle && sent("bank_account_id") && w.BankAccountID != 0 {
		found.Add("bank_account_id", "is for bank_mode single only")
	}

	if w.BankMode != sepay.BankModeMulti && len(w.BankAccountIDs) > 0 && sent("bank_account_ids") {
		found.Add("bank_account_ids", "is for bank_mode multi only")
	}

	for _, id := range w.BankAccountIDs {
		if a.store.Account(id) == nil {
			found.Add("bank_account_ids", "has no bank account "+strconv.FormatInt(id, 10)+" in the company")
		}
	}
}

func (a *API) checkSubAccounts(found *response.Problems, w state.Webhook, sent sentKeys) {
	const field = "bank_sub_account_ids"

	used := w.OnlyVA || w.VAMode == sepay.VAModeList

	switch {
	case w.VAMode == sepay.VAModeList && len(w.BankSubAccountIDs) == 0:
		found.Add(field, "is required for va_mode list")
	case !used && len(w.BankSubAccountIDs) > 0 && sent(field):
		found.Add(field, "needs only_va or va_mode list")
	}

	if !used {
		return
	}

	for _, id := range w.BankSubAccountIDs {
		owner := a.store.OwnerOfSubAccount(id)

		if !w.Covers(owner) {
			found.Add(field, "has no sub-account "+strconv.FormatInt(id, 10)+" in the bank accounts of the webhook")
		}
	}
}

func (a *API) checkAlerts(found *response.Problems, w state.Webhook) {
	if w.AlertThreshold < sepay.AlertThresholdMin || w.AlertThreshold > sepay.AlertThresholdMax {
		found.Add("alert_threshold", "must be from 1 to 20")
	}

	for _, id := range w.AlertChannelIDs {
		if !slices.Contains(a.settings.AlertChannels, id) {
			found.Add("alert_channel_ids", "has no alert channel "+strconv.FormatInt(id, 10))
		}
	}
}

func without(values []string, value string) []string {
	return slices.DeleteFunc(values, func(v string) bool { return v == value })
}
