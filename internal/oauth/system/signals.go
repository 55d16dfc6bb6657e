package system

import (
	"io"
	"os"
	"time"
)

const exchangeNotice = "\nSePay is exchanging the refresh token of this sign-in and has not responded yet. Please wait: it takes at most " +
	"a minute.\nIf this process is killed now, the new token is lost, and you have to authorize again.\n"

// printExchangeNotice warns a user who interrupts a second time that the sign-in can be lost.
func printExchangeNotice() {
	var out io.Writer = os.Stderr

	if file, err := terminal(); err == nil {
		defer file.Close()

		// A stopped terminal must not delay the save.
		_ = file.SetWriteDeadline(time.Now().Add(time.Second))
		out = file
	}

	_, _ = io.WriteString(out, exchangeNotice)
}
