package tokenstore

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
)

// Messages builds the errors and warnings for failures of a store.
type Messages struct{ diagnostic.SignIn }

// NewMessages returns the messages for a client and a key, which is "" if none is configured.
func NewMessages(clientID, key string) Messages {
	return Messages{diagnostic.SignIn{ClientID: clientID, Key: key}}
}

func noHome(cause error) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "No directory for the SePay token store",
		Detail: fmt.Sprintf("The home directory is unknown (%v), so the token store has no default directory. SePay replaces "+
			"the refresh token at each use, so the provider has to store it. Set token_store_path "+
			"(SEPAY_TOKEN_STORE_PATH) to a directory that only this user can read, or set XDG_STATE_HOME or HOME.", cause),
		Err: cause,
	}
}

func relativePath(dir string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "token_store_path must be an absolute path",
		Detail: fmt.Sprintf("%q depends on the directory that Terraform is started in, so another run would not find the "+
			"sign-in. Set token_store_path (SEPAY_TOKEN_STORE_PATH) to an absolute path.", dir),
	}
}

// CannotRead is the error for an unreadable store or record.
func (m Messages) CannotRead(location string, cause error) *diagnostic.Error {
	var next string

	switch {
	case errors.Is(cause, errNewer):
		next = "Upgrade the provider to the version that wrote it, or set token_store_path (SEPAY_TOKEN_STORE_PATH) " +
			"to another directory."
	case isHelperError(cause):
		next = helperStep(cause, "get", "prints {} when nothing is stored")
	case errors.Is(cause, errUnreadable):
		next = "It was left unchanged. Restore it from a backup, or move it away and authorize again " +
			"with " + m.QuotedLoginCommand() + "."
	case errors.Is(cause, errUnsafe):
		next = "Set token_store_path (SEPAY_TOKEN_STORE_PATH) to a directory that only this user can access (chmod 700): " +
			"otherwise another user could read tokens or plant some."
	default:
		next = "Make it readable for this user, and run again."
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreRead, Summary: "Cannot read the stored SePay sign-in",
		Detail: fmt.Sprintf("%s. %s%s", capitalized(located(location, cause)), diagnostic.NothingSpent, next), Err: cause,
	}
}

// capitalized returns a location for the start of a sentence. It does not change paths.
func capitalized(text string) string {
	if rest, ok := strings.CutPrefix(text, "the "); ok {
		return "The " + rest
	}

	return text
}

// located prefixes a cause with the location, unless the cause contains it.
func located(location string, cause error) string {
	if text := cause.Error(); strings.Contains(text, location) {
		return text
	}

	return location + ": " + cause.Error()
}

// ForeignRecord is the error for a record of another client under this name.
func (m Messages) ForeignRecord(location string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeStoreRead, Summary: "The stored SePay sign-in belongs to another client",
		Detail: fmt.Sprintf("%s has the sign-in of another client_id or base_url. %sSet token_store_key "+
			"(SEPAY_TOKEN_STORE_KEY) to a different key for each client.", capitalized(location), diagnostic.NothingSpent),
	}
}

// CannotWrite is the error for a record that cannot be saved, before a token is spent.
func (m Messages) CannotWrite(location string, cause error) *diagnostic.Error {
	next := "Make it writable and free some space there, or set token_store_path (SEPAY_TOKEN_STORE_PATH) to a directory that is."
	if isHelperError(cause) {
		next = helperStep(cause, "store", "exits with 0 only when the token is stored")
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreWrite, Summary: "Cannot write the SePay token store",
		Detail: fmt.Sprintf("%s cannot be written (%v). SePay replaces the refresh token at each use, so the "+
			"provider uses it only if it can save the new one. %s%s", capitalized(location), cause, diagnostic.NothingSpent, next),
		Err: cause,
	}
}

// CannotLock is the error for a failed attempt to lock.
func (m Messages) CannotLock(location string, cause error) *diagnostic.Error {
	switch {
	case errors.Is(cause, errUnsafe):
		return m.CannotRead(location, cause)
	case errors.Is(cause, errLocalLock):
		return m.noLocalLock(cause)
	case isHelperError(cause):
		return m.helperCannotLock(location, cause)
	case errors.Is(cause, ErrChanged):
		return m.LocksNotExclusive(location)
	case !errors.Is(cause, ErrNoLocks):
		return m.CannotWrite(location, cause)
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeLock, Summary: "Cannot lock the SePay token store",
		Detail: fmt.Sprintf("%s cannot be locked (%v). Without a lock two runs could spend the same token. %sSet "+
			"token_store_path (SEPAY_TOKEN_STORE_PATH) to a directory on a local disk.", location, cause, diagnostic.NothingSpent),
		Err: cause,
	}
}

// LockTimeout is the error for a lock that another run did not release in time.
func (m Messages) LockTimeout(location, holder string, waited time.Duration) *diagnostic.Error {
	if holder == "" {
		holder = "another process"
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeLockTimeout, Summary: "Another run is holding the SePay token store",
		Detail: fmt.Sprintf("%s is locked by %s, and was not released within %s. %sWait until that run has "+
			"ended, and run again, or increase token_lock_timeout (SEPAY_TOKEN_LOCK_TIMEOUT). Do not kill that run while it "+
			"exchanges a token: that loses the sign-in.", capitalized(location), holder, waited, diagnostic.NothingSpent),
	}
}

// ReadableByOthers warns of a file or directory that other users could read. restricted reports whether the modes were fixed.
func ReadableByOthers(path string, restricted bool) diagnostic.Warning {
	w := diagnostic.Warning{
		Summary: "The SePay token store was readable by other users",
		Detail:  path + " could be read by other users of this machine. Access was restricted to this user.",
	}

	if !restricted {
		w.Summary = "The SePay token store is readable by other users"
		w.Detail = path + " can be read by other users of this machine. The next run of Terraform restricts it to this user."
	}

	w.Detail += " If others use the machine, authorize again, so that tokens they may have read no longer work."

	return w
}

func notUnlocked(location string, cause error) diagnostic.Warning {
	return diagnostic.Warning{
		Summary: "The token helper did not release its lock",
		Detail: fmt.Sprintf("%s: %v. The token is saved. Other runs have to wait until the helper's lock expires, or "+
			"until you release it with the helper's verb unlock.", location, cause),
	}
}

func badKey(key string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeConfiguration, Summary: "token_store_key cannot be used",
		Detail: fmt.Sprintf("%q starts with a minus sign, has a control character, or is longer than %d bytes. Set "+
			"token_store_key (SEPAY_TOKEN_STORE_KEY) to a short name such as \"production\".", key, maxKeyLength),
	}
}

// SavedAsCopy warns of a record that could be saved only as an emergency copy.
func (m Messages) SavedAsCopy(store Store, location, saved string, cause error) diagnostic.Warning {
	where := "Make " + location + " writable and free some space there"
	if _, ok := store.(*Helper); ok {
		where = "Check the token helper and its service"
	}

	return diagnostic.Warning{
		Summary: "The new SePay token could not be saved where it belongs",
		Detail: fmt.Sprintf("SePay issued a new token, but %s could not be written (%v). This run continues. A copy that only this "+
			"user can read is in %s. %s: the next run on this machine restores the copy. Without the copy, you have to authorize "+
			"again.", location, cause, saved, where),
	}
}

// LocksNotExclusive is the error for a record that other runs changed repeatedly in spite of its lock.
func (m Messages) LocksNotExclusive(location string) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeLock, Summary: "Cannot lock the SePay token store",
		Detail: fmt.Sprintf("%s was changed by other runs although this run had locked it: the store's locks do not work. %sSet "+
			"token_store_path (SEPAY_TOKEN_STORE_PATH) to a directory on a local disk, or use a token helper with locks.",
			capitalized(location), diagnostic.NothingSpent),
		Err: ErrChanged,
	}
}

// noLocalLock is the error for a machine without a usable directory for lock files.
func (m Messages) noLocalLock(cause error) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeLock, Summary: "Cannot lock the SePay token store",
		Detail: fmt.Sprintf("Runs on this machine need a lock file, and no directory can be used for it (%v). "+
			"%sSet XDG_STATE_HOME, HOME or TMPDIR to a directory that this user can write to.", cause, diagnostic.NothingSpent),
		Err: cause,
	}
}

// helperCannotLock is the error for a helper whose verb capabilities or lock failed.
func (m Messages) helperCannotLock(location string, cause error) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeLock, Summary: "Cannot lock the SePay token store",
		Detail: fmt.Sprintf("%s: %v. Without the helper's lock, two runs could spend the same token. %s%s",
			capitalized(location), cause, diagnostic.NothingSpent, helperStep(cause, "capabilities", "prints {\"lock\":true} if it has "+
				"the verbs lock and unlock, else {\"lock\":false}, and exits with 0")),
		Err: cause,
	}
}

// CannotRemove is the error for a record that cannot be deleted.
func (m Messages) CannotRemove(location string, cause error) *diagnostic.Error {
	next := "Make its directory writable for this user, and run again."
	if isHelperError(cause) {
		next = helperStep(cause, "forget", "exits with 0 when the record is deleted")
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreWrite, Summary: "Cannot delete the stored SePay sign-in",
		Detail: capitalized(located(location, cause)) + ". It was not deleted. " + next, Err: cause,
	}
}
