package wire_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A name is repeated before each of its texts, so that a small body can become a large message.
//
//nolint:paralleltest // it measures what is allocated
func TestManyFieldsWithManyTextsTakeLittleMemory(t *testing.T) {
	texts := strings.Repeat(`"x",`, 49) + `"x"`
	objections := map[string]json.RawMessage{}

	for i := range 4_000 {
		objections[fmt.Sprintf("field%04d", i)] = json.RawMessage(`{"` + strings.Repeat("n", 900) + `":[` + texts + `]}`)
	}

	for _, key := range []string{"errors", "message"} {
		body, err := json.Marshal(map[string]any{key: objections})
		if err != nil {
			t.Fatal(err)
		}

		envelope := open(t, string(body))

		var before, after runtime.MemStats

		runtime.ReadMemStats(&before)

		fields, message := envelope.Fields(), envelope.Message()

		runtime.ReadMemStats(&after)

		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 16<<20 {
			t.Errorf("%s: %d bytes were allocated", key, allocated)
		}

		if message == "" || key == "errors" && (len(fields) != 50 || fields["field0000"] == "" || fields["field0049"] == "") {
			t.Errorf("%s: %d fields and a message of %d bytes", key, len(fields), len(message))
		}
	}
}
