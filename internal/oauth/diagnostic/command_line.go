package diagnostic

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

const programName = "terraform-provider-sepay"

// Program returns the command that starts this program: its path, because `terraform init` installs it below .terraform, which
// is not in PATH. In tests, whose binary has another name, it returns the plain name.
func Program() string {
	path, err := os.Executable()
	if err != nil || !strings.HasPrefix(filepath.Base(path), programName) {
		return programName
	}

	return invocation(runtime.GOOS, path)
}

// invocation quotes a path as a command for sh, or for PowerShell on Windows.
func invocation(system, path string) string {
	plain := !strings.ContainsFunc(path, func(r rune) bool {
		return r >= unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`/._-:\+@`, r)
	})

	switch {
	case system == "windows" && plain:
		return path
	case system == "windows":
		return "& '" + strings.ReplaceAll(path, "'", "''") + "'"
	case plain && !strings.Contains(path, "\\"):
		return path
	}

	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// SignIn identifies a sign-in in messages.
type SignIn struct{ ClientID, Key string }

// LoginCommand returns the command that signs in for this configuration.
func (s SignIn) LoginCommand() string {
	command := Program() + " login"
	if s.ClientID != "" {
		command += " --client-id " + s.ClientID
	}

	if s.Key != "" {
		command += " --store-key " + quotedArgument(s.Key)
	}

	return command
}

// quotedArgument quotes an argument that a shell would split or expand. Single quotes work in sh and in PowerShell.
func quotedArgument(text string) string {
	if strings.ContainsAny(text, " \t\"$&|;<>()*?[]{}~#`\\'!") {
		return "'" + strings.ReplaceAll(text, "'", "") + "'"
	}

	return text
}

// QuotedLoginCommand returns LoginCommand in backquotes, for a sentence.
func (s SignIn) QuotedLoginCommand() string { return "`" + s.LoginCommand() + "`" }
