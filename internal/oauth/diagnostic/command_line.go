package diagnostic

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

const programName = "terraform-provider-sepay"

// Program is how a user starts this program: its path, because after `terraform init` it lies deep below .terraform and
// on no PATH. A test's program has another name, and is no help to anybody.
func Program() string {
	path, err := os.Executable()
	if err != nil || !strings.HasPrefix(filepath.Base(path), programName) {
		return programName
	}

	return invocation(runtime.GOOS, path)
}

// invocation writes a path as a shell takes it as a command: sh, or PowerShell on Windows.
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

// SignIn says in messages whose sign-in is meant.
type SignIn struct{ ClientID, Key string }

// LoginCommand is what the user can type to sign in for this configuration.
func (n SignIn) LoginCommand() string {
	command := Program() + " login"
	if n.ClientID != "" {
		command += " --client-id " + n.ClientID
	}

	if n.Key != "" {
		command += " --store-key " + quotedArgument(n.Key)
	}

	return command
}

// quotedArgument quotes what a shell would not take as one word. Single quotes mean the same to sh and PowerShell.
func quotedArgument(text string) string {
	if strings.ContainsAny(text, " \t\"$&|;<>()*?[]{}~#`\\'!") {
		return "'" + strings.ReplaceAll(text, "'", "") + "'"
	}

	return text
}

// QuotedLoginCommand is bareLoginCommand within a sentence.
func (n SignIn) QuotedLoginCommand() string { return "`" + n.LoginCommand() + "`" }
