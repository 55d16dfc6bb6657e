package probe

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// SendTo is the address for reports.
const SendTo = "https://github.com/terraform-provider-sepay/terraform-provider-sepay/issues/new?template=what-sepay-answered.yml"

// Markdown returns the report for people.
func (r *Report) Markdown() string {
	var page strings.Builder

	fmt.Fprintf(&page, "# What SePay answered\n\nsepay-probe %s, %s, %d requests (%s).\n\n",
		r.Version, r.Date, r.Requests, strings.Join(r.Asked, ", "))
	fmt.Fprintf(&page, "This report has nothing of the account: shapes, keys, types, statuses, names of headers, and times.\n"+
		"Please send it, with the JSON next to it: <%s>\n\n", SendTo)

	page.WriteString("| | question | result | variant | remark |\n|---|---|---|---|---|\n")

	for _, answer := range r.Answers {
		fmt.Fprintf(&page, "| %s | %s | %s | %s | %s |\n",
			answer.ID, answer.Question, cmp.Or(answer.Meaning, string(answer.Result)), code(answer.Variant), answer.Reason)
	}

	for _, note := range r.Notes {
		fmt.Fprintf(&page, "\n%s\n", note)
	}

	for _, answer := range r.Answers {
		if answer.Result == AnotherShape && answer.Shape != nil {
			fmt.Fprintf(&page, "\n## %s, %s\n\nAnother shape: %s\n\n%s", answer.ID, answer.Question, answer.Reason, fenced(answer.Shape))
		}
	}

	page.WriteString("\n## Requests\n\n| | request | status | ms | body | headers |\n|---|---|---|---|---|---|\n")

	for _, e := range r.Exchanges {
		status := fmt.Sprint(e.Status)
		if e.Status == 0 {
			status = "no response"
		}

		fmt.Fprintf(&page, "| %s | %s `%s` | %s | %d | %s | %s |\n",
			e.Step, e.Method, e.Path, status, e.Milliseconds, e.Body, strings.Join(e.Headers, ", "))
	}

	page.WriteString("\n## Shapes\n")

	known := map[string]bool{}

	for _, e := range r.Exchanges {
		shown := fenced(e.Shape)
		if e.Shape == nil || known[shown] {
			continue
		}

		known[shown] = true

		fmt.Fprintf(&page, "\n%s, %s `%s`:\n\n%s", e.Step, e.Method, e.Path, shown)
	}

	return page.String()
}

func code(text string) string {
	if text == "" {
		return ""
	}

	return "`" + text + "`"
}

// fenced writes a shape as a block of JSON.
func fenced(shape any) string {
	encoded, err := json.MarshalIndent(shape, "", "  ")
	if err != nil {
		return ""
	}

	return "```json\n" + string(encoded) + "\n```\n"
}
