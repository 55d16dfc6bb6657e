package probe

import "strings"

// judgeSecrets compares the returned key with the one that was sent. Without its own webhook, the probe only recognizes masks.
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

// maskForm returns the form of a secret that the probe does not know. Keys have at least 16 characters.
func maskForm(read string, from *exchange) finding {
	runes := []rune(read)
	hidden := string(runes[:max(0, len(runes)-4)])

	switch {
	case len(runes) == 4:
		return answered("suffix")
	case len(runes) < 12:
		return another(from, "the secret is read as "+mask(read, read))
	case strings.Trim(hidden, "*") == "":
		return answered("masked")
	case strings.Trim(hidden, "•") == "":
		return answered("dotted")
	case len(runes) == 12 && string(runes[4:8]) == "****":
		return answered("edges")
	case len(runes) >= 16 && !strings.ContainsAny(read, "*•"):
		return answered("clear")
	}

	return another(from, "the secret is read as "+mask(read, read))
}

// secretForm returns the form of a secret that the probe sent.
func secretForm(value any, present bool, sent string, from *exchange) finding {
	const shown = 4

	read, isText := value.(string)
	tail := sent[max(0, len(sent)-shown):]

	switch {
	case !present:
		return answered("absent")
	case value == nil:
		return answered("null")
	case !isText:
		return another(from, "the secret is read as "+scalarType(value))
	case read == sent:
		return answered("clear")
	case read == tail:
		return answered("suffix")
	case read == strings.Repeat("*", len(sent)-len(tail))+tail:
		return answered("masked")
	case read == strings.Repeat("•", len(sent)-len(tail))+tail:
		return answered("dotted")
	case read == sent[:shown]+strings.Repeat("*", shown)+tail:
		return answered("edges")
	}

	return another(from, "the secret is read as "+mask(read, sent))
}

// mask describes a masked secret: s for each character of the secret, and the mask unchanged.
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
