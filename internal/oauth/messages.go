package oauth

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// messages writes the errors and warnings of one configuration: each says what could not be done, why, and the next step.
type messages struct {
	clientID, key string
	seed          bool
	store         Store
}

func newMessages(cfg Config) messages {
	return messages{clientID: cfg.ClientID, key: cfg.Key, seed: cfg.RefreshToken != "", store: cfg.Store}
}

const (
	cannotSignIn = "Cannot sign in to SePay"
	signInOver   = "SePay sign-in has to be renewed"
	untouched    = "Nothing was refreshed, and the stored sign-in is not lost. "
	userTime     = "2006-01-02 15:04:05 MST"
)

// renew is the next step after the end of a chain. The spent seed must go, or it would be tried again.
func (m messages) renew() string {
	if m.seed {
		return "Authorize again: either set a new refresh_token (SEPAY_REFRESH_TOKEN), or remove it and run " +
			m.loginCommand() + "."
	}

	return "Authorize again: run " + m.loginCommand() + ", or set a new refresh_token (SEPAY_REFRESH_TOKEN)."
}

func (m messages) at(name string) string {
	return "The sign-in is stored in " + m.store.location(name) + "."
}

func (m messages) noHome(cause error) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: "No directory to keep the SePay sign-in in",
		Detail: fmt.Sprintf("The system names no home directory (%v), so there is no usual place for the token store. SePay "+
			"replaces the refresh token at each use, so it has to be kept somewhere. Set token_store_path "+
			"(SEPAY_TOKEN_STORE_PATH) to a directory that only this user can read, or set XDG_STATE_HOME or HOME.", cause),
		Err: cause,
	}
}

func (m messages) relativePath(dir string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: "token_store_path must be an absolute path",
		Detail: fmt.Sprintf("%q depends on the directory that Terraform is started in, so another run would not find the "+
			"sign-in. Set token_store_path (SEPAY_TOKEN_STORE_PATH) to an absolute path.", dir),
	}
}

func (m messages) missing(attribute, variable string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: cannotSignIn,
		Detail: fmt.Sprintf("No %s is configured. Set %s in the provider configuration or the environment variable %s.",
			attribute, attribute, variable),
	}
}

func (m messages) badTokenURL(reason string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: "The address for SePay tokens cannot be used",
		Detail: reason + " Set base_url (SEPAY_BASE_URL) to an https address; plain http is for the loopback interface only.",
	}
}

func (m messages) notSignedIn() *Error {
	where := ""
	if m.store != nil {
		where = " (looked in " + m.store.String() + ")"
	}

	return &Error{
		Code: CodeNotSignedIn, Summary: "Not signed in to SePay",
		Detail: fmt.Sprintf("No sign-in is stored for client %s%s, and no refresh_token is configured. Run this once on this "+
			"machine, as this user:\n\n  %s\n\nOr set refresh_token (SEPAY_REFRESH_TOKEN), or access_token "+
			"(SEPAY_ACCESS_TOKEN) for a single run.", m.clientID, where, m.bareLoginCommand()),
	}
}

func (m messages) severalRecords(found []stored) *Error {
	slices.SortFunc(found, func(a, b stored) int {
		return cmp.Or(cmp.Compare(a.record.Key, b.record.Key), cmp.Compare(a.Name, b.Name))
	})

	var list strings.Builder

	refused := 0

	for _, s := range found {
		key := s.record.Key
		if key == "" {
			key = "(no key, started from a refresh_token)"
		}

		used := "never used"
		if !s.record.ObtainedAt.IsZero() {
			used = "last renewed " + s.record.ObtainedAt.UTC().Format(userTime)
		}

		if s.record.dead() {
			used += ", refused by SePay"
			refused++
		}

		fmt.Fprintf(&list, "\n  - %s, %s, %s", key, used, m.store.location(s.Name))
	}

	if refused == len(found) {
		return &Error{
			Code: CodeSeveralRecords, Summary: signInOver,
			Detail: fmt.Sprintf("SePay refuses every sign-in that is stored for this client:%s\nRun this for the "+
				"configurations that name no key:\n\n  %s", list.String(), m.bareLoginCommand()),
		}
	}

	return &Error{
		Code: CodeSeveralRecords, Summary: "Several SePay sign-ins are stored for this client",
		Detail: fmt.Sprintf("The configuration names no key, and each of these has one or was started from a "+
			"refresh_token:%s\nSet token_store_key (SEPAY_TOKEN_STORE_KEY) to one of the keys. Or sign in without a key, for "+
			"every configuration that names none:\n\n  %s", list.String(), m.bareLoginCommand()),
	}
}

func (m messages) cannotRead(location string, cause error) *Error {
	var next string

	switch {
	case errors.Is(cause, errNewer):
		next = "Upgrade the provider to the version that wrote it, or set token_store_path (SEPAY_TOKEN_STORE_PATH) " +
			"to another directory."
	case isHelperError(cause):
		next = helperStep(cause, "get", "prints {} when nothing is stored")
	case errors.Is(cause, errUnreadable):
		next = "It was left as it is. Restore it from a backup, or move it away and authorize again " +
			"with " + m.loginCommand() + "."
	case errors.Is(cause, errUnsafe):
		next = "Someone else could read or plant tokens there. Set token_store_path (SEPAY_TOKEN_STORE_PATH) to a " +
			"directory that " +
			"belongs to this user alone (chmod 700)."
	default:
		next = "Make it readable for this user, and run again."
	}

	return &Error{
		Code: CodeStoreRead, Summary: "Cannot read the stored SePay sign-in",
		Detail: fmt.Sprintf("%s. %s%s", capitalized(located(location, cause)), untouched, next), Err: cause,
	}
}

// capitalized is a text that begins a sentence. A path stays as it is.
func capitalized(text string) string {
	if rest, ok := strings.CutPrefix(text, "the "); ok {
		return "The " + rest
	}

	return text
}

// located names the place in front of a cause that does not name it.
func located(location string, cause error) string {
	if text := cause.Error(); strings.Contains(text, location) {
		return text
	}

	return location + ": " + cause.Error()
}

func (m messages) foreignRecord(location string) *Error {
	return &Error{
		Code: CodeStoreRead, Summary: "The stored SePay sign-in belongs to another client",
		Detail: fmt.Sprintf("%s holds the sign-in of another client_id or address. %sSet token_store_key "+
			"(SEPAY_TOKEN_STORE_KEY) to a key of its own for each client.", location, untouched),
	}
}

func (m messages) cannotWrite(location string, cause error) *Error {
	next := "Make it writable and free some space there, or set token_store_path (SEPAY_TOKEN_STORE_PATH) to a directory that is."
	if isHelperError(cause) {
		next = helperStep(cause, "store", "exits with 0 only when the token is kept")
	}

	return &Error{
		Code: CodeStoreWrite, Summary: "Cannot write the SePay token store",
		Detail: fmt.Sprintf("%s cannot be written (%v). SePay replaces the refresh token at each use, so it is only "+
			"used when the "+
			"new one can be kept. %s%s", capitalized(location), cause, untouched, next),
		Err: cause,
	}
}

func (m messages) cannotLock(location string, cause error) *Error {
	switch {
	case errors.Is(cause, errUnsafe):
		return m.cannotRead(location, cause)
	case errors.Is(cause, errLocalLock):
		return m.noLocalLock(cause)
	case isHelperError(cause):
		return m.helperCannotLock(location, cause)
	case errors.Is(cause, errChanged):
		return m.changing(location)
	case !errors.Is(cause, errNoLocks):
		return m.cannotWrite(location, cause)
	}

	return &Error{
		Code: CodeLock, Summary: "Cannot lock the SePay token store",
		Detail: fmt.Sprintf("%s cannot be locked (%v). Without a lock two runs could spend the same token. %sSet "+
			"token_store_path "+
			"(SEPAY_TOKEN_STORE_PATH) to a directory on a local disk.", location, cause, untouched),
		Err: cause,
	}
}

func (m messages) lockTimeout(location, holder string, waited time.Duration) *Error {
	if holder == "" {
		holder = "another process"
	}

	return &Error{
		Code: CodeLockTimeout, Summary: "Another run is holding the SePay token store",
		Detail: fmt.Sprintf("%s is locked by %s, and was not released within %s. %sWait until that run has "+
			"ended, and run again, or raise token_lock_timeout (SEPAY_TOKEN_LOCK_TIMEOUT). Do not end that run while it exchanges "+
			"a token: that loses the sign-in.", location, holder, waited, untouched),
	}
}

func (m messages) openToOthers(path string, tightened bool) Warning {
	w := Warning{
		Summary: "The SePay token store was readable by other users",
		Detail:  path + " could be read by other users of this machine. Access was restricted to this user.",
	}

	if !tightened {
		w.Summary = "The SePay token store is readable by other users"
		w.Detail = path + " can be read by other users of this machine. The next run of Terraform restricts it to this user."
	}

	w.Detail += " If others use the machine, authorize again, so that tokens which they may have seen are worthless."

	return w
}

func (m messages) notUnlocked(location string, cause error) Warning {
	return Warning{
		Summary: "The token helper did not release its lock",
		Detail: fmt.Sprintf("%s: %v. The token is saved. Other runs have to wait until the helper's lock ends by itself, or "+
			"until you release it with the helper's verb unlock.", location, cause),
	}
}

func (m messages) badKey(key string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: "token_store_key cannot be used",
		Detail: fmt.Sprintf("%q starts with a minus sign, has a control character, or is longer than %d bytes. Set "+
			"token_store_key (SEPAY_TOKEN_STORE_KEY) to a short name such as \"production\".", key, longestKey),
	}
}

func (m messages) noStore() Warning {
	return Warning{
		Summary: "The SePay refresh token is spent by this run",
		Detail: "token_store is \"none\", and SePay replaces the refresh token at each use: the configured refresh_token works " +
			"for this process only, and the next one, which may be the apply after this plan, is refused. Use token_store = " +
			"\"file\" or \"helper\", or give an access_token, which can be used many times for an hour.",
	}
}

func (m messages) emergency(location, saved string, cause error) Warning {
	where := "Make " + location + " writable and free some space there"
	if _, ok := m.store.(*helperStore); ok {
		where = "Check the token helper and its service"
	}

	return Warning{
		Summary: "The new SePay token could not be saved where it belongs",
		Detail: fmt.Sprintf("SePay issued a new token, but %s could not be written (%v). This run goes on. A copy that only this "+
			"user can read is in %s. %s: the next run on this machine finds the copy and puts it back. Without the copy, you "+
			"have to authorize again.", location, cause, saved, where),
	}
}

func (m messages) notSaved(location string, cause, copyFailure error) Warning {
	return Warning{
		Summary: "The new SePay token could not be saved",
		Detail: fmt.Sprintf("SePay issued a new token, but neither %s (%v) nor a copy in the temporary directory (%v) could be "+
			"written. This run goes on; the next one has to authorize again. %s", location, cause, copyFailure, m.renew()),
	}
}
