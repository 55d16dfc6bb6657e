package system

import (
	"testing"
	"testing/synctest"
)

func TestAnEndingProcessBeginsNoExchange(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var f inFlight

		f.Begin()

		finished := false

		go func() {
			f.finish()

			finished = true
		}()

		synctest.Wait()

		if finished {
			t.Error("the process ends in the middle of an exchange")
		}

		f.End()
		synctest.Wait()

		if !finished {
			t.Error("the process does not end after the exchange")
		}

		// begin does not return any more; the flag is what makes it wait.
		if !f.over {
			t.Error("a further exchange can begin")
		}
	})
}
