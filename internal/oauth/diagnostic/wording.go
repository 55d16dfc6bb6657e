package diagnostic

import "fmt"

const (
	// CannotSignIn is the summary of what prevents a sign-in.
	CannotSignIn = "Cannot sign in to SePay"
	// NothingSpent reassures the user before the next step.
	NothingSpent = "Nothing was refreshed, and the stored sign-in is not lost. "
	// TimeFormat is how messages write a time.
	TimeFormat = "2006-01-02 15:04:05 MST"
)

// Missing is the error for a setting that is needed and has no value.
func Missing(attribute, variable string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: CannotSignIn,
		Detail: fmt.Sprintf("No %s is configured. Set %s in the provider configuration or the environment variable %s.",
			attribute, attribute, variable),
	}
}
