package redact

import (
	"slices"
	"strings"
)

// WithoutSecretVariables is an environment for another program, which may dump it or pass it on: it has none of the provider's
// secrets, nor another variable with the value of one.
func WithoutSecretVariables(environ []string) []string {
	secrets := SecretVariables(environ)

	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")

		return isSecretVariable(name) || slices.Contains(secrets, value)
	})
}

// SecretVariables are the values of the provider's secret variables.
func SecretVariables(environ []string) []string {
	var secrets []string

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); isSecretVariable(name) && value != "" {
			secrets = append(secrets, value)
		}
	}

	return secrets
}

// isSecretVariable knows the provider's own variables, and those that a user may name like them.
func isSecretVariable(name string) bool {
	name, ours := strings.CutPrefix(strings.ToUpper(name), "SEPAY_")

	return ours && (strings.Contains(name, "SECRET") || strings.Contains(name, "PASSWORD") || strings.HasSuffix(name, "TOKEN") ||
		strings.HasSuffix(name, "API_KEY"))
}
