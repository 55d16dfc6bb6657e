// Package apidiag converts errors to Terraform diagnostics: what failed, the cause, SePay's text, and the next step.
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
