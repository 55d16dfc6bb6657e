package probe

import "strings"

// judgeSecrets compares what is read with the key that was sent. Without a webhook of the probe's own, only a mask tells.
func judgeSecrets(o *observations) finding {
	webhook := o.read()
	if webhook == nil {
		return o.noWebhookToRead()
	}

	if o.webhook.created.record() != nil {
		value, present := webhook["api_key"]

		return secretForm(value, present, o.webhook.apiKey, o.webhook.created)
	}

	key := map[string]string{authenAPIKey: "api_key", authenHMAC: "secret_key"}[text(webhook["authen_type"])]
	if key == "" {
		return notAsked("no webhook of the account has a key; needs --write")
	}

	value, present := webhook[key]

	if stored, ok := value.(string); ok {
		return maskForm(stored, o.existing).because("by one of the account's webhooks")
	}

	return secretForm(value, present, "", o.existing).because("by one of the account's webhooks")
}

// maskForm says how a secret is read that the probe does not know. Keys have at least 16 characters.
func maskForm(read string, from *exchange) finding {
	runes := []rune(read)
	hidden := string(runes[:max(0, len(runes)-4)])

	switch {
	case len(runes) == 4:
		return told("suffix")
	case len(runes) < 12:
		return another(from, "the secret is read as "+mask(read, read))
	case strings.Trim(hidden, "*") == "":
		return told("masked")
	case strings.Trim(hidden, "•") == "":
		return told("dotted")
	case len(runes) == 12 && string(runes[4:8]) == "****":
		return told("edges")
	case len(runes) >= 16 && !strings.ContainsAny(read, "*•"):
		return told("clear")
	}

	return another(from, "the secret is read as "+mask(read, read))
}

// secretForm says how a secret is read that was sent.
func secretForm(value any, present bool, sent string, from *exchange) finding {
	const shown = 4

	read, isText := value.(string)
	tail := sent[max(0, len(sent)-shown):]

	switch {
	case !present:
		return told("absent")
	case value == nil:
		return told("null")
	case !isText:
		return another(from, "the secret is read as "+scalarType(value))
	case read == sent:
		return told("clear")
	case read == tail:
		return told("suffix")
	case read == strings.Repeat("*", len(sent)-len(tail))+tail:
		return told("masked")
	case read == strings.Repeat("•", len(sent)-len(tail))+tail:
		return told("dotted")
	case read == sent[:shown]+strings.Repeat("*", shown)+tail:
		return told("edges")
	}

	return another(from, "the secret is read as "+mask(read, sent))
}

// mask describes a masked secret: s for characters of the secret, and the mask as it is.
func mask(read, sent string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("*•●·.…xX-", r):
			return r
		case strings.ContainsRune(sent, r):
			return 's'
		default:
			return '?'
		}
	}, read)
}
