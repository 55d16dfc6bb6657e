// Package probe asks a real SePay the questions that its documentation leaves open, and writes a report of the answers.
//
// It asks in three phases. The first one only reads. The second one, after a confirmation, creates one webhook that is
// switched off, changes it step by step, and deletes it. The third one asks about tokens, on a sign-in of its own.
//
// Bodies stay in memory. A report has what judges made of them: names of variants, statuses, names of headers, and shapes.
package probe
