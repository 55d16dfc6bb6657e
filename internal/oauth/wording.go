package oauth

import "fmt"

const (
	cannotSignIn = "Cannot sign in to SePay"
	signInOver   = "SePay sign-in has to be renewed"
	untouched    = "Nothing was refreshed, and the stored sign-in is not lost. "
	userTime     = "2006-01-02 15:04:05 MST"
)

// missing is the error for a setting that is needed and has no value.
func missing(attribute, variable string) *Error {
	return &Error{
		Code: CodeConfiguration, Summary: cannotSignIn,
		Detail: fmt.Sprintf("No %s is configured. Set %s in the provider configuration or the environment variable %s.",
			attribute, attribute, variable),
	}
}
