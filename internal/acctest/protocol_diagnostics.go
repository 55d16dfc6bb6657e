package acctest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Diagnostic is a message that Terraform would show to the user.
type Diagnostic struct {
	// Error is false for a warning.
	Error   bool
	Summary string
	Detail  string
	// Attribute is the path that the diagnostic points at, as in `name` or `bank_account_ids[0]`; "" for none.
	Attribute string
}

// String shows the diagnostic much as Terraform does.
func (d Diagnostic) String() string {
	severity := "Warning"
	if d.Error {
		severity = "Error"
	}

	where := ""
	if d.Attribute != "" {
		where = " (at " + d.Attribute + ")"
	}

	return fmt.Sprintf("%s: %s%s\n%s", severity, d.Summary, where, d.Detail)
}

// Diagnostics are the diagnostics of one call.
type Diagnostics []Diagnostic

// Errors returns the errors among them.
func (d Diagnostics) Errors() Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(diagnostic Diagnostic) bool { return !diagnostic.Error })
}

// Warnings returns the warnings among them.
func (d Diagnostics) Warnings() Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(diagnostic Diagnostic) bool { return diagnostic.Error })
}

// HasErrors reports whether Terraform would stop.
func (d Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(d, func(diagnostic Diagnostic) bool { return diagnostic.Error })
}

// Mentions reports whether one diagnostic has all the texts, anywhere in summary, detail and attribute.
func (d Diagnostics) Mentions(texts ...string) bool {
	return slices.ContainsFunc(d, func(diagnostic Diagnostic) bool {
		shown := diagnostic.String()

		return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(shown, text) })
	})
}

// At returns the diagnostics that point at an attribute or into it.
func (d Diagnostics) At(attribute string) Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(diagnostic Diagnostic) bool {
		return diagnostic.Attribute != attribute && !strings.HasPrefix(diagnostic.Attribute, attribute+"[") &&
			!strings.HasPrefix(diagnostic.Attribute, attribute+".")
	})
}

// String shows all of them.
func (d Diagnostics) String() string {
	shown := make([]string, len(d))
	for i, diagnostic := range d {
		shown[i] = diagnostic.String()
	}

	return strings.Join(shown, "\n\n")
}

func diagnosticsOf(sent []*tfprotov6.Diagnostic) Diagnostics {
	diagnostics := make(Diagnostics, 0, len(sent))

	for _, one := range sent {
		diagnostics = append(diagnostics, Diagnostic{
			Error:     one.Severity == tfprotov6.DiagnosticSeverityError,
			Summary:   one.Summary,
			Detail:    one.Detail,
			Attribute: pathText(one.Attribute),
		})
	}

	return diagnostics
}
