package sepay

// keySet is a set of keys, one bit each.
type keySet uint64

// shape knows which keys objects have when they are read singly, to tell whether rows of the list may stand in for
// them.
type shape[T any] struct {
	// keys returns the keys that stood in the answer.
	keys func(T) keySet
	// kind is what decides which secrets an object has.
	kind func(T) string
	// secrets returns the keys of the secrets of a kind.
	secrets func(kind string) keySet
	// varying are the keys that objects have or not, each for itself.
	varying keySet

	// always are the keys that single reads have shown, but for the varying ones.
	always keySet
	// seen has the keys that single reads have shown, by kind.
	seen map[string]keySet
}

// known tells whether any single read was seen.
func (s *shape[T]) known() bool { return len(s.seen) > 0 }

// learn takes the object of a single read.
func (s *shape[T]) learn(single T) {
	if s.seen == nil {
		s.seen = map[string]keySet{}
	}

	keys := s.keys(single)
	s.always |= keys &^ s.varying
	s.seen[s.kind(single)] |= keys
}

// covers tells whether the row of an object has all keys of its single read.
func (s *shape[T]) covers(row, single T) bool { return s.keys(single)&^s.keys(row) == 0 }

// lacking tells whether a row certainly leaves out what a single read would have.
func (s *shape[T]) lacking(row T) bool {
	kind := s.kind(row)
	expected := s.always | s.seen[kind]&s.secrets(kind)

	return expected&^s.keys(row) != 0
}

// proves tells whether a row is as good as a single read: it has what those of its kind have, or, where none of its kind
// was seen, at least shows the secret that a list might leave out.
func (s *shape[T]) proves(row T) bool {
	if !s.known() || s.lacking(row) {
		return false
	}

	kind := s.kind(row)
	_, seen := s.seen[kind]

	return seen || s.secrets(kind)&^s.keys(row) == 0
}

// Bits of the keys of a webhook that webhookShape has to name.
const (
	keyAPIKey keySet = 1 << iota
	keySecretKey
	keyOAuth2AccessTokenURL
	keyOAuth2ClientID
	keyOAuth2ClientSecret
	keyBankAccountIDs
	keyAlertChannelIDs
)

func webhookShape() shape[Webhook] {
	oauth2 := keyOAuth2AccessTokenURL | keyOAuth2ClientID | keyOAuth2ClientSecret

	return shape[Webhook]{
		keys: webhookKeys,
		kind: func(w Webhook) string { return w.AuthenType.Or("") },
		secrets: func(kind string) keySet {
			switch kind {
			case AuthenTypeAPIKey:
				return keyAPIKey
			case AuthenTypeHMAC:
				return keySecretKey
			case AuthenTypeOAuth2:
				return oauth2
			default:
				return 0
			}
		},
		varying: keyAPIKey | keySecretKey | oauth2 | keyBankAccountIDs | keyAlertChannelIDs,
	}
}

func webhookKeys(w Webhook) keySet {
	return keysOf(
		w.APIKey.Present(), w.SecretKey.Present(), w.OAuth2AccessTokenURL.Present(), w.OAuth2ClientID.Present(),
		w.OAuth2ClientSecret.Present(), w.BankAccountIDs.Present(), w.AlertChannelIDs.Present(),
		w.Name.Present(), w.WebhookURL.Present(), w.EventType.Present(), w.AuthenType.Present(),
		w.RequestContentType.Present(), w.IsVerifyPayment.Present(), w.SkipIfNoCode.Present(), w.Active.Present(),
		w.OnlyVA.Present(), w.BankMode.Present(), w.BankAccountID.Present(), w.VAMode.Present(),
		w.BankSubAccountIDs.Present(), w.PrefixFilters.Present(), w.RetryConditions.Present(),
		w.AlertThreshold.Present(), w.AlertEventTypes.Present(), w.CreatedAt.Present(),
	)
}

func bankAccountShape() shape[BankAccount] {
	return shape[BankAccount]{
		keys: func(a BankAccount) keySet {
			return keysOf(
				a.Label.Present(), a.AccountHolderName.Present(), a.Accumulated.Present(), a.Active.Present(), a.CreatedAt.Present(),
				a.Bank.ShortName.Present(), a.Bank.FullName.Present(), a.Bank.Code.Present(), a.Bank.BIN.Present(),
				a.Bank.IconURL.Present(), a.Bank.LogoURL.Present(),
			)
		},
		kind:    func(BankAccount) string { return "" },
		secrets: func(string) keySet { return 0 },
	}
}

func keysOf(present ...bool) keySet {
	var keys keySet

	for i, there := range present {
		if there {
			keys |= 1 << i
		}
	}

	return keys
}
