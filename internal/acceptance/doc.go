// Package acceptance leads the provider's own binary through the commands of a real Terraform or OpenTofu, against a
// simulated SePay. What belongs to one resource or data source alone is tested next to it; here is what only the whole can
// show: several processes, several commands, signals, states of other versions, and how much SePay is asked.
//
// Each command costs about a second of a processor, so each test makes the most of those that it runs.
package acceptance
