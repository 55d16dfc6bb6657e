package delivery

import (
	"slices"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// Covers reports whether a webhook is called for a transaction. The caller holds the lock of the store.
func Covers(w state.Webhook, t state.Transaction, store *state.Store) bool {
	return w.Active && coversEvent(w, t) && w.Covers(t.BankAccountID) && coversVirtualAccount(w, t, store) && coversCode(w, t, store)
}

func coversEvent(w state.Webhook, t state.Transaction) bool {
	switch w.EventType {
	case sepay.EventTypeInOnly:
		return t.Incoming()
	case sepay.EventTypeOutOnly:
		return !t.Incoming()
	default:
		return true
	}
}

// coversVirtualAccount applies only_va and va_mode as the dashboard describes them: only_va requires a virtual account, and
// one of the list if there is a list; va_mode list does the same, none excludes virtual accounts, and all has no condition.
// How SePay combines contradicting values is not documented: here both conditions apply.
func coversVirtualAccount(w state.Webhook, t state.Transaction, store *state.Store) bool {
	listed := func() bool {
		return slices.ContainsFunc(w.BankSubAccountIDs, func(id int64) bool { return store.SubAccountNumber(id) == *t.SubAccount })
	}

	virtual := t.SubAccount != nil

	switch {
	case w.VAMode == sepay.VAModeNone && virtual:
		return false
	case w.VAMode == sepay.VAModeList:
		return virtual && listed()
	case w.OnlyVA && len(w.BankSubAccountIDs) > 0:
		return virtual && listed()
	case w.OnlyVA:
		return virtual
	}

	return true
}

// coversCode applies skip_if_no_code and prefix_filters, which have an effect only if the company recognizes payment codes.
// Whether a transaction without a code passes prefix_filters is not documented: here it does not.
func coversCode(w state.Webhook, t state.Transaction, store *state.Store) bool {
	if !store.RecognizesCodes() {
		return true
	}

	if t.Code == nil {
		return !w.SkipIfNoCode && len(w.PrefixFilters) == 0
	}

	return len(w.PrefixFilters) == 0 ||
		slices.ContainsFunc(w.PrefixFilters, func(prefix string) bool { return strings.HasPrefix(*t.Code, prefix) })
}
