// Package apidiag puts errors into the words of Terraform's diagnostics: what could not be done, why, what SePay said,
// and what to do next.
package apidiag

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// ExplainedError is an error that brings its own words for the user. The provider makes one of whatever keeps it from
// getting a token, so that concept packages need not know of tokens.
type ExplainedError struct {
	// Summary says in one line what is wrong.
	Summary string
	// Detail has the cause and the next step.
	Detail string
	// Deferred tells that nothing is wrong yet: Terraform does not know what is needed.
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

// Warning is like Error for what does not stop the run.
func Warning(summary string, err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic(summary, detail(err))
}

// ByField adds the diagnostics for err: one for each field that SePay named and that is an attribute, else a single one.
// attribute returns where a message about a field points, and false for a field that is no attribute.
func ByField(diags *diag.Diagnostics, what string, err error, attribute func(field string) (path.Path, bool)) {
	named := false

	if apiError, ok := errors.AsType[*sepay.APIError](err); ok {
		for _, field := range slices.Sorted(maps.Keys(apiError.Fields)) {
			if at, ok := attribute(field); ok {
				named = true

				diags.AddAttributeError(at, "Could not "+what,
					"SePay refused the value of "+field+": "+apiError.Fields[field]+"\n\n"+detail(err))
			}
		}
	}

	if !named {
		diags.Append(Error(what, err))
	}
}

// detail has the cause and the next step. Errors of the client name their next step themselves where they know one.
func detail(err error) string {
	var (
		explained   *ExplainedError
		answered    *sepay.APIError
		unsent      *sepay.RequestError
		lost        *sepay.LostCreateError
		unconfirmed *sepay.UnconfirmedError
	)

	switch {
	case errors.As(err, &lost), errors.As(err, &unconfirmed):
		// They say what to do, whatever their cause was.
		return sentence(err)
	case errors.As(err, &explained) && errors.As(err, &answered):
		// The token that was refused is why another one was asked for.
		return explained.Summary + ".\n\n" + explained.Detail + "\n\nBefore that, SePay answered " + answered.Summary() + "."
	case errors.As(err, &explained):
		return explained.Summary + ".\n\n" + explained.Detail
	case errors.Is(err, context.Canceled):
		return "The run was stopped before SePay answered. Run the command again to go on."
	case errors.As(err, &answered) && answered.NextStep() == "":
		return sentence(err) + " Correct what SePay objects to, then run the command again."
	case errors.As(err, &answered):
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
