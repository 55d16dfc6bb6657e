package main

import (
	"fmt"
	"strings"
)

// sayf prints a line.
func (s *stage) sayf(format string, arguments ...any) {
	fmt.Fprintf(s.out, format+"\n", arguments...)
}

func (s *stage) announce(number, of int, scene scene) {
	s.sayf("\n%d/%d %s", number, of, scene.title)

	for line := range strings.Lines(scene.why) {
		s.sayf("  %s", strings.TrimSpace(line))
	}
}

// checkf prints a claim that holds, and returns an error for one that does not.
func (s *stage) checkf(holds bool, claim string, arguments ...any) error {
	text := fmt.Sprintf(claim, arguments...)
	if !holds {
		return fmt.Errorf("this does not hold: %s\nRequests to SePay: %v", text, s.sepay.Requests())
	}

	s.sayf("  ok: %s", text)

	return nil
}

// summarize returns the lines of a tool's output about changes and results: without the explanations that come with each
// run, without values that are not yet known, and without outputs and destroyed resources.
func summarize(output string) []string {
	var lines []string

	skipping := false

	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		text := strings.TrimSpace(line)

		switch {
		case startsWithAny(text, "Plan: ", "No changes.", "Apply complete!", "Destroy complete!", "Import successful!",
			"Removed ", "- Installed ", "Error: ", "Warning: ") || strings.HasSuffix(text, " successfully initialized!"):
			skipping = false

			lines = append(lines, line)
		case strings.HasPrefix(text, "# ") && strings.Contains(text, " will be "):
			skipping = strings.HasSuffix(text, " will be destroyed")

			lines = append(lines, line)
		case text == "Changes to Outputs:":
			skipping = true
		case !skipping && isChange(line):
			lines = append(lines, line)
		}
	}

	return lines
}

// isChange reports whether a line of a plan shows a value. Those of a plan are indented by six at least, which the list of
// the signs that it uses is not.
func isChange(line string) bool {
	text, indented := strings.CutPrefix(line, "      ")

	return indented && startsWithAny(strings.TrimSpace(text), "+ ", "- ", "~ ") &&
		!strings.Contains(text, "(known after apply)") && !strings.Contains(text, "(write-only attribute)")
}

func startsWithAny(text string, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}

	return false
}
