// Package probe tests how a real SePay behaves where its documentation is silent, and writes a report.
//
// It has three phases. The first one only reads. The second one, after a confirmation, creates one webhook that is
// switched off, changes it step by step, and deletes it. The third one tests tokens, with its own sign-in.
//
// Bodies stay in memory. A report has only names of variants, statuses, names of headers, and shapes.
package probe
