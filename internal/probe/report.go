package probe

import (
	"encoding/json"
	"fmt"
	"time"
)

// reportFormat changes with the JSON format of the report.
const reportFormat = "sepay-probe/1"

// Report is the result of a run. It has no data of the account: no name, number, address, URL, amount, or secret.
type Report struct {
	Format  string `json:"format"`
	Version string `json:"version"`
	// Date is the day of the run, in UTC.
	Date string `json:"date"`
	// Asked are the phases of the run: read, write, tokens.
	Asked    []string `json:"asked"`
	Requests int      `json:"requests"`
	// Dialect has the variant of each answered question, by its id. The simulator can load it.
	Dialect   map[string]string `json:"dialect"`
	Answers   []Answer          `json:"answers"`
	Exchanges []Exchange        `json:"exchanges"`
	Notes     []string          `json:"notes,omitempty"`
}

// Answer is the result of one question.
type Answer struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	Result   Result `json:"result"`
	Variant  string `json:"variant,omitempty"`
	// Meaning is the variant in words.
	Meaning  string   `json:"meaning,omitempty"`
	Variants []string `json:"variants"`
	Reason   string   `json:"reason,omitempty"`
	// Shape is the shape of the response with the new behavior, null for none.
	Shape any `json:"shape,omitempty"`
}

// Exchange is one request with its response.
type Exchange struct {
	Step         string   `json:"step"`
	Method       string   `json:"method"`
	Path         string   `json:"path"`
	Status       int      `json:"status"` // 0 when no response came
	Milliseconds int64    `json:"milliseconds"`
	Headers      []string `json:"headers"` // by name
	Body         string   `json:"body"`    // JSON, HTML, text or none
	Shape        any      `json:"shape,omitempty"`
}

// report evaluates the observations.
func (r *run) report() *Report {
	r.seen.limited, r.seen.all = r.session.limited, r.session.exchanges

	for _, e := range r.session.exchanges {
		r.names.learn(e.value)
	}

	report := &Report{
		Format: reportFormat, Version: r.Version, Date: time.Now().UTC().Format(time.DateOnly), Asked: []string{"read"},
		Requests: r.session.sent, Dialect: map[string]string{}, Notes: r.notes,
	}

	if r.Write {
		report.Asked = append(report.Asked, "write")
	}

	if r.SignIn != nil {
		report.Asked = append(report.Asked, "tokens")
	}

	for _, question := range questions() {
		found := question.judge(&r.seen)
		answer := Answer{
			ID: question.id, Question: question.text, Variants: question.variants,
			Result: found.result, Variant: found.variant, Meaning: meaning(question.id, found.variant), Reason: found.reason,
		}

		if found.from.responded() {
			answer.Shape = r.shapeOf(found.from)
		}

		if found.result == Answered {
			report.Dialect[question.id] = found.variant
		}

		report.Answers = append(report.Answers, answer)
	}

	for _, e := range r.session.exchanges {
		report.Exchanges = append(report.Exchanges, Exchange{
			Step: e.step, Method: e.method, Path: e.path, Status: e.status, Milliseconds: e.took.Milliseconds(),
			Headers: r.names.headers(e.header), Body: string(e.kind), Shape: r.shapeOf(e),
		})
	}

	return report
}

func (r *run) shapeOf(e *exchange) any {
	if e.kind != bodyJSON {
		return nil
	}

	return r.names.shape(e.value)
}

// JSON returns the report for programs.
func (r *Report) JSON() ([]byte, error) {
	encoded, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}

	return append(encoded, '\n'), nil
}
