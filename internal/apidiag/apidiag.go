// Package apidiag converts errors to Terraform diagnostics: what failed, the cause, SePay's text, and the next step.
package apidiag

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// ExplainedError is an error with a text for the user. The provider wraps each failure to get a token in one, so that concept
// packages do not depend on tokens.
type ExplainedError struct {
	// Summary is the failure in one line.
	Summary string
	// Detail has the cause and the next step.
	Detail string
	// Deferred reports that nothing failed: a required value is not yet known to Terraform.
	Deferred bool
	// Err is the cause, for errors.Is; may be nil.
	Err error
}

// Error implements error.
func (e *ExplainedError) Error() string { return e.Summary }

// Unwrap returns the cause.
func (e *ExplainedError) Unwrap() error { return e.Err }

// Error returns the diagnostic for err. what completes "Could not …", as in "read webhook 23".
func Error(what string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Could not "+what, detail(err))
}

// Warning is like Error, for a failure that does not stop the run.
func Warning(summary string, err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic(summary, detail(err))
}

// ByField adds the diagnostics for err: one for each field that SePay named and that is an attribute, else a single one. That
// one points at the attribute that SePay's text speaks of, if there is exactly one.
// attribute returns where a message about a field points, and false for a field that is no attribute.
func ByField(diags *diag.Diagnostics, what string, err error, attribute func(field string) (path.Path, bool)) {
	apiError, ok := errors.AsType[*sepay.APIError](err)
	if !ok {
		diags.Append(Error(what, err))

		return
	}

	named := false

	for _, field := range slices.Sorted(maps.Keys(apiError.Fields)) {
		if at, ok := attribute(field); ok {
			named = true

			diags.AddAttributeError(at, "Could not "+what,
				"SePay refused the value of "+field+": "+apiError.Fields[field]+"\n\n"+detail(err))
		}
	}

	if named {
		return
	}

	if at, ok := mentioned(apiError.Message, attribute); ok {
		diags.AddAttributeError(at, "Could not "+what, detail(err))
	} else {
		diags.Append(Error(what, err))
	}
}

// mentioned returns the only attribute that a text of SePay names. Names of one word are words of the language too.
func mentioned(text string, attribute func(field string) (path.Path, bool)) (path.Path, bool) {
	var found []path.Path

	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !strings.Contains(word, "_") {
			continue
		}

		if at, ok := attribute(word); ok && !slices.ContainsFunc(found, at.Equal) {
			found = append(found, at)
		}
	}

	if len(found) != 1 {
		return path.Empty(), false
	}

	return found[0], true
}

// detail has the cause and the next step. Some errors of the client already have their next step.
func detail(err error) string {
	var (
		explained   *ExplainedError
		responded   *sepay.APIError
		unsent      *sepay.RequestError
		lost        *sepay.LostCreateError
		unconfirmed *sepay.UnconfirmedError
	)

	switch {
	case errors.As(err, &lost), errors.As(err, &unconfirmed):
		// Their texts already have the next step.
		return sentence(err)
	case errors.As(err, &explained) && errors.As(err, &responded):
		// A rejected token is the reason for the exchange that failed.
		return explained.Summary + ".\n\n" + explained.Detail + "\n\nBefore that, SePay responded to " + responded.Summary() + "."
	case errors.As(err, &explained):
		return explained.Summary + ".\n\n" + explained.Detail
	case errors.Is(err, context.Canceled):
		return "The run was stopped before SePay responded. Run the command again to continue."
	case errors.As(err, &responded) && responded.NextStep() == "":
		return sentence(err) + " Correct what SePay objects to, then run the command again."
	case errors.As(err, &responded):
		return sentence(err)
	case errors.Is(err, context.DeadlineExceeded):
		return sentence(err) + " Run the command again; if it happens often, raise request_timeout in the provider block."
	case errors.As(err, &unsent):
		return sentence(err) + " " + unsent.NextStep()
	default:
		return sentence(err)
	}
}

func sentence(err error) string { return strings.TrimRight(err.Error(), ". ") + "." }
