package probe

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// noWebhookToRead is the finding of a run that only reads, in an account without a webhook.
func (o *observations) noWebhookToRead() finding {
	if o.write {
		return o.needsWrite()
	}

	return notAsked("the account has no webhook to read; needs --write")
}

func newKeys() []string {
	return []string{"prefix_filters", "va_mode", "bank_mode", "alert_threshold", "alert_event_types"}
}

// form2026 reports whether a webhook has any of the keys of 2026.
func form2026(webhook map[string]any) bool {
	return slices.ContainsFunc(newKeys(), func(key string) bool { return has(webhook, key) })
}

func has(object map[string]any, key string) bool {
	_, ok := object[key]

	return ok
}

func judgeForm(o *observations) finding {
	webhook := o.read()
	if webhook == nil {
		return o.noWebhookToRead()
	}

	var present []string

	for _, key := range newKeys() {
		if has(webhook, key) {
			present = append(present, key)
		}
	}

	switch len(present) {
	case 0:
		return answered("2025")
	case len(newKeys()):
		return answered("2026")
	}

	return another(o.readExchange(), "of the keys of 2026 only "+strings.Join(present, ", "))
}

func (o *observations) readExchange() *exchange {
	if o.webhook.created.record() != nil {
		return o.webhook.created
	}

	return o.existing
}

// judgeTypes checks the id and the flags of one object.
func judgeTypes(o *observations) finding {
	for _, candidate := range []struct {
		from   *exchange
		object map[string]any
		flags  []string
	}{
		{o.webhook.created, o.webhook.created.record(), []string{"active", "only_va", "is_verify_payment", "skip_if_no_code"}},
		{o.existing, o.existing.record(), []string{"active", "only_va", "is_verify_payment", "skip_if_no_code"}},
		{o.webhooks, first(o.webhooks.rows("data")), []string{"active"}},
		{o.accounts, first(o.accounts.rows("data")), []string{"active"}},
	} {
		var types []string

		for _, key := range candidate.flags {
			if has(candidate.object, key) {
				types = append(types, scalarType(candidate.object[key]))
			}
		}

		if len(types) == 0 || !has(candidate.object, "id") {
			continue
		}

		slices.Sort(types)
		types = slices.Compact(types)

		switch flags, id := strings.Join(types, alternative), scalarType(candidate.object["id"]); {
		case flags == typeBoolean && id == typeInteger:
			return answered("native")
		case flags == typeInteger && id == typeInteger:
			return answered("zero_one")
		case flags == typeDigits && id == typeDigits:
			return answered("strings")
		default:
			return another(candidate.from, fmt.Sprintf("flags are %s, the id is %s", flags, id))
		}
	}

	return o.noWebhookToRead()
}

func first(rows []map[string]any) map[string]any {
	if len(rows) == 0 {
		return nil
	}

	return rows[0]
}

func judgeRetryDefault(o *observations) finding {
	webhook := o.webhook.created.record()
	if webhook == nil {
		return o.needsWrite()
	}

	value, present := webhook["retry_conditions"]

	switch value := value.(type) {
	case nil:
		if present {
			return answered("null")
		}
	case []any:
		if len(value) == 0 {
			return answered("empty")
		}
	case map[string]any:
		on, known := onOff(value[retryNon2xx])

		switch {
		case known && on:
			return answered("on")
		case known:
			return answered("off")
		}
	}

	return another(o.webhook.created, "retry_conditions is in another form")
}

// judgeZone compares created_at with the time of the create. Vietnam's time is seven hours before UTC all the year.
func judgeZone(o *observations) finding {
	webhook := o.webhook.created.record()
	if webhook == nil {
		return o.needsWrite()
	}

	const vietnam, tolerance = 7 * time.Hour, 30 * time.Minute

	written, err := time.Parse(dateTime, text(webhook["created_at"]))
	if err != nil {
		return another(o.webhook.created, "created_at is "+scalarType(webhook["created_at"])+" in another form")
	}

	offset := written.Sub(o.webhook.create.sent.UTC())

	switch {
	case offset.Abs() < tolerance:
		return answered("utc")
	case (offset - vietnam).Abs() < tolerance:
		return answered("vietnam")
	}

	return another(o.webhook.created, fmt.Sprintf("created_at is %s from UTC", offset.Round(time.Hour)))
}

// judgeRows compares the keys of a row of the list with those of the webhook.
func judgeRows(o *observations) finding {
	webhook, row := o.existing.record(), o.existingRow
	from := o.webhooks

	if webhook == nil {
		webhook = o.webhook.created.record()

		for _, list := range []*exchange{o.webhook.list, o.webhooks} {
			if row = first(list.rows("data")); row != nil {
				from = list

				break
			}
		}
	}

	if webhook == nil || row == nil {
		return o.noWebhookToRead()
	}

	var lacking []string

	for _, key := range slices.Sorted(maps.Keys(webhook)) {
		if !has(row, key) && !slices.Contains([]string{"api_key", "secret_key"}, key) && !strings.HasPrefix(key, "oauth2_") {
			lacking = append(lacking, key)
		}
	}

	if len(lacking) == 0 {
		return answered("whole")
	}

	if has(row, "request_content_type") || has(row, "is_verify_payment") {
		return another(from, "rows lack some keys")
	}

	return answered("brief")
}

func judgeOrder(o *observations) finding {
	list := o.webhooks
	if o.webhook.list != nil {
		list = o.webhook.list
	}

	var ids []int64

	for _, row := range list.rows("data") {
		if id, ok := integer(row["id"]); ok {
			ids = append(ids, id)
		}
	}

	descending := slices.Clone(ids)
	slices.Reverse(descending)

	switch {
	case !list.succeeded():
		return undetermined(refusal("the list of webhooks", list))
	case len(ids) < 2:
		return undetermined("the account has fewer than two webhooks, and the probe creates one only")
	case slices.IsSorted(ids):
		return answered("ascending")
	case slices.IsSorted(descending):
		return answered("descending")
	}

	return another(list, "neither ascending nor descending by id")
}
