package redact

import (
	"slices"
	"strings"
)

// WithoutSecretVariables returns an environment for another program, without the provider's secrets and without other
// variables that have the same values.
func WithoutSecretVariables(environ []string) []string {
	secrets := SecretVariables(environ)

	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")

		return isSecretVariable(name) || slices.Contains(secrets, value)
	})
}

// SecretVariables returns the values of the provider's secret variables.
func SecretVariables(environ []string) []string {
	var secrets []string

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); isSecretVariable(name) && value != "" {
			secrets = append(secrets, value)
		}
	}

	return secrets
}

// isSecretVariable reports whether name is a secret variable of the provider, or has a similar name.
func isSecretVariable(name string) bool {
	name, ok := strings.CutPrefix(strings.ToUpper(name), "SEPAY_")

	return ok && (strings.Contains(name, "SECRET") || strings.Contains(name, "PASSWORD") || strings.HasSuffix(name, "TOKEN") ||
		strings.HasSuffix(name, "API_KEY"))
}
