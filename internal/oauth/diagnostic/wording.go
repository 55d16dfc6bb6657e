package diagnostic

import "fmt"

const (
	// CannotSignIn is the summary of errors that prevent a sign-in.
	CannotSignIn = "Cannot sign in to SePay"
	// NothingSpent states that the sign-in is intact. It precedes the next step.
	NothingSpent = "Nothing was refreshed, and the stored sign-in is not lost. "
	// TimeFormat is the format of times in messages.
	TimeFormat = "2006-01-02 15:04:05 MST"
)

// Missing is the error for a required setting without a value.
func Missing(attribute, variable string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: CannotSignIn,
		Detail: fmt.Sprintf("No %s is configured. Set %s in the provider configuration or the environment variable %s.",
			attribute, attribute, variable),
	}
}
