package system

import (
	"testing"
	"testing/synctest"
)

func TestExitingProcessBeginsNoExchange(t *testing.T) {
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
			t.Error("the process exits during an exchange")
		}

		f.End()
		synctest.Wait()

		if !finished {
			t.Error("the process does not exit after the exchange")
		}

		// Begin blocks permanently if the flag is set.
		if !f.ended {
			t.Error("another exchange can begin")
		}
	})
}
