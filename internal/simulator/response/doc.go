// Package response builds the responses of the simulator: the envelopes and the errors in the current dialect.
package response
