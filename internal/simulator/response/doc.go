// Package response makes the responses of the simulator: the envelopes and the errors in the dialect that is spoken.
package response
