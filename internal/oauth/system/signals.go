package system

import (
	"io"
	"os"
	"time"
)

const atStake = "\nSePay is exchanging the refresh token of this sign-in, and its response has not come yet. Please wait: it takes a " +
	"minute at most.\nIf this process is killed now, the new token is lost, and you have to authorize again.\n"

// printAtStake tells a person who interrupts again what that can cost.
func printAtStake() {
	var out io.Writer = os.Stderr

	if file, err := terminal(); err == nil {
		defer file.Close()

		// A terminal that was stopped must not hold up what is saved next.
		_ = file.SetWriteDeadline(time.Now().Add(time.Second))
		out = file
	}

	_, _ = io.WriteString(out, atStake)
}
