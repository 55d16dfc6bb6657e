package probe

import (
	"fmt"
	"slices"
	"strings"
)

// retryOn reports whether retry_conditions of a webhook has the condition, in an object of flags or in a list.
func retryOn(webhook map[string]any) bool {
	switch conditions := webhook["retry_conditions"].(type) {
	case map[string]any:
		on, _ := onOff(conditions[retryNon2xx])

		return on
	case []any:
		return slices.Contains(conditions, any(retryNon2xx))
	}

	return false
}

func prefixes(webhook map[string]any) int {
	list, _ := webhook["prefix_filters"].([]any)

	return len(list)
}

// aspects are the parts of one question with their variants.
type aspects []aspect

type aspect struct{ name, variant string }

// verdict returns the common variant of all parts; different variants are another shape.
func (a aspects) verdict(from *exchange) finding {
	if len(a) == 0 {
		return undetermined("no part of it could be tested")
	}

	var parts []string

	same := true

	for _, aspect := range a {
		same = same && aspect.variant == a[0].variant
		parts = append(parts, aspect.name+" "+aspect.variant)
	}

	if reason := strings.Join(parts, ", "); !same || a[0].variant == variantRefused {
		return another(from, reason)
	}

	return answered(a[0].variant)
}

const (
	variantObeyed  = "obeyed"
	variantIgnored = "ignored"
	variantRefused = "refused"
)

// judgePatch checks a changed authen_type, and lists that were emptied after a read had returned their elements.
func judgePatch(o *observations) finding {
	seen := o.webhook
	if seen.created == nil {
		return o.needsWrite()
	}

	var found aspects

	add := func(name, part string, read *exchange, obeyed bool) {
		accepted, tried := seen.accepted[part]

		switch {
		case !tried, accepted && read.record() == nil:
		case !accepted:
			found = append(found, aspect{name, variantRefused})
		case obeyed:
			found = append(found, aspect{name, variantObeyed})
		default:
			found = append(found, aspect{name, variantIgnored})
		}
	}

	add("authen_type", partAuthen, seen.authenRead, text(seen.authenRead.record()["authen_type"]) == authenOAuth2)
	add("retry_conditions", partRetryOff, seen.turnedOff, !retryOn(seen.turnedOff.record()))
	add("prefix_filters", partPrefixOff, seen.turnedOff, prefixes(seen.turnedOff.record()) == 0)

	return found.verdict(seen.authenRead)
}

// judgeText checks trailing spaces of a name and of a URL.
func judgeText(o *observations) finding {
	seen := o.webhook
	if seen.created.record() == nil {
		return o.needsWrite()
	}

	var found aspects

	add := func(name, sent string, value any) {
		switch kept := text(value); kept {
		case sent:
			found = append(found, aspect{name, "as_sent"})
		case strings.TrimSpace(sent):
			found = append(found, aspect{name, "trimmed"})
		default:
			found = append(found, aspect{name, "changed"})
		}
	}

	add("name", seen.name, seen.created.record()["name"])

	switch read := seen.url2Read.record(); {
	case read != nil:
		add("webhook_url", seen.newURL, read["webhook_url"])
	case seen.url2.refused():
		found = append(found, aspect{"webhook_url", variantRefused})
	}

	return found.verdict(seen.created)
}

// judgeVirtualAccounts checks only_va, sent alone while va_mode was none.
func judgeVirtualAccounts(o *observations) finding {
	seen := o.webhook
	read := seen.onlyVARead.record()
	on, _ := onOff(read["only_va"])

	switch mode := text(read["va_mode"]); {
	case seen.created.record() == nil, seen.turnedOn == nil:
		return o.needsWrite()
	case !form2026(seen.created.record()):
		return undetermined("the 2025 form has no va_mode")
	case text(seen.turnedOn.record()["va_mode"]) != vaNone:
		return undetermined("SePay does not accept va_mode none")
	case seen.onlyVA == nil:
		return o.needsWrite()
	case seen.onlyVA.refused():
		return another(seen.onlyVA, fmt.Sprintf("only_va alone is refused with status %d", seen.onlyVA.status))
	case seen.onlyVARead == nil:
		return o.needsWrite()
	case read == nil:
		return undetermined("the webhook could not be read after the update")
	case !on:
		return another(seen.onlyVARead, "only_va is ignored")
	case mode == vaNone:
		return answered("independent")
	}

	return answered("coupled")
}

// judgeUndocumented checks keys that no sample has.
func judgeUndocumented(o *observations) finding {
	var found aspects

	add := func(webhook map[string]any, keys ...string) {
		for _, key := range keys {
			variant := "absent"
			if _, present := webhook[key]; present {
				variant = "returned"
			}

			found = append(found, aspect{key, variant})
		}
	}

	seen := o.webhook
	after := seen.authenRead.record()

	if text(after["authen_type"]) == authenOAuth2 {
		add(after, "oauth2_access_token_url", "oauth2_client_id")
	}

	if form2026(after) {
		add(after, "bank_account_ids", "alert_channel_ids")
	}

	switch {
	case len(found) > 0:
		return found.verdict(seen.authenRead)
	case seen.authenRead != nil:
		return undetermined("the webhook neither has the 2026 form nor became one with OAuth2.0")
	case o.write:
		return o.needsWrite()
	case o.existing.record()["bank_account_ids"] != nil && o.existing.record()["alert_channel_ids"] != nil:
		return answered("returned").because("by one of the account's webhooks")
	}

	return notAsked("needs --write")
}
