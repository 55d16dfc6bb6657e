package tokenstore

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// canary replaces each $ in an input. No error may contain it.
const canary = "def50200canary0123456789"

// expectRedacted asserts that an error does not quote the input.
func expectRedacted(t *testing.T, err error) {
	t.Helper()

	if text := err.Error(); strings.Contains(text, canary) || len(text) > 500 {
		t.Errorf("the error quotes the input: %s", text)
	}
}

func addRecords(f *testing.F) {
	f.Helper()

	for _, seed := range []string{
		`{"version":1,"token_url":"https://my.sepay.vn/oauth/token","client_id":"client-1","generation":3,"access_token":"a","refresh_token":"$",` +
			`"obtained_at":"2026-09-01T12:00:00Z","expires_at":"2026-09-01T13:00:00.123456789+07:00","history":["1","2"],"scopes":["webhook:read"],` +
			`"pending":{"rt_fp":"f","at":"2026-09-01T12:00:00Z","pid":7,"host":"h"},"rejected":{"rt_fp":"f","code":"ended"},"updated_by":"test"}`,
		`{"version":1,"client_id":"client-1","successor":"other","generation":-1,"expires_at":"9999-12-31T23:59:59Z","obtained_at":"0001-01-01T00:00:00Z"}`,
		`{"version":1,"client_id":"<&>\u2028\ud800","refresh_token":"\u0000","obtained_at":"0000-01-01T00:00:00+23:59"}`,
		`{"version":2,"client_id":"$","refresh_token":"$"}`, `{"version":1,"client_id":"$"}`, `{"version":"$"}`, `{"version":1,"history":"$"}`, `$`, ``,
		`{"version":1,"client_id":"a","refresh_token":"b","history":null,"pending":null} $`, `null`, `[]`,
	} {
		f.Add(seed)
	}
}

// FuzzRecord decodes a record. It is the same after it is encoded and decoded again, its formatted output contains no token, and
// no error quotes the data.
func FuzzRecord(f *testing.F) {
	addRecords(f)

	now := time.Date(2026, 9, 1, 12, 30, 0, 0, time.UTC)

	f.Fuzz(func(t *testing.T, text string) {
		data := []byte(strings.ReplaceAll(text, "$", canary))

		record, err := Decode(data)
		if err != nil {
			expectRedacted(t, err)

			return
		}

		if record.ClientID == "" || record.RefreshToken == "" && record.Successor == "" || !bytes.Equal(record.Raw, data) {
			t.Errorf("%q was decoded as %+v", data, record)
		}

		stored, err := record.Encode()
		if err != nil {
			t.Fatalf("the decoded record cannot be encoded: %v", err)
		}

		if len(stored) > 12*len(data)+1_000 {
			t.Errorf("%d bytes became %d", len(data), len(stored))
		}

		again, err := Decode(stored)
		if err != nil {
			t.Fatal(err)
		}

		if restored, err := again.Encode(); err != nil || !bytes.Equal(restored, stored) {
			t.Errorf("%s\nis encoded again as\n%s\nwith %v", stored, restored, err)
		}

		if record.Usable(now, "") && (record.AccessToken == "" || !now.Before(record.ExpiresAt) || record.Usable(now, record.AccessToken)) {
			t.Errorf("the access token of %s is usable", stored)
		}

		if strings.Contains(text, "$") {
			return
		}

		record.AccessToken, record.RefreshToken = canary+".access", canary+".refresh"
		if shown := fmt.Sprintf("%v %+v %#v %s %+v", record, record, record, record.LogValue(), record.status("name", "place")); strings.Contains(shown, canary) {
			t.Errorf("a token is shown: %s", shown)
		}
	})
}

// FuzzEmergencyCopy writes a record to an emergency copy and reads it again. A file that is not a record is rejected with an error
// that does not quote it.
func FuzzEmergencyCopy(f *testing.F) {
	addRecords(f)

	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		data := []byte(strings.ReplaceAll(text, "$", canary))
		location := filepath.Join(dir, "record")

		foreign := filepath.Join(dir, copyPrefix(location)+"0"+RecordSuffix)
		if err := os.WriteFile(foreign, data, PrivateFile); err != nil {
			t.Fatal(err)
		}

		record, err := ReadCopy(foreign)
		if err != nil {
			expectRedacted(t, err)

			return
		}

		path, err := WriteCopy(dir, location, record)
		if err != nil {
			t.Fatal(err)
		}

		if copies := Copies(dir, location); len(copies) != 2 || len(Copies(dir, location+"2")) != 0 {
			t.Errorf("the copies are %v", copies)
		}

		read, err := ReadCopy(path)
		if err != nil {
			t.Fatal(err)
		}

		before, _ := record.Encode()
		if after, _ := read.Encode(); !bytes.Equal(before, after) || read.CopyPath != path {
			t.Errorf("%s\nis read from %s as\n%s", before, read.CopyPath, after)
		}
	})
}

// FuzzHelperOutput parses the output of a token helper. The output of get is an empty object, a record that is the same after it
// is encoded again, or invalid, with an error that does not quote it.
func FuzzHelperOutput(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"token":"eyJ2ZXJzaW9uIjoxfQ=="}`, `{"token":"eyJ2\nZXJz aW9uIjoxfQ=="}`, `{"token":"eyJ2ZXJzaW9uIjoxfQ"}`, `{"token":"$"}`,
		`{"token":["$"]}`, `{"token":""}`, `{"token":null}`, `{"Token":"eyJ2"}`, `{"lock":true}`, `{"lock":null}`, `{"lock":"$"}`, `{"lock":1}`,
		`null`, `[]`, `$`, ``, `{} $`, `{"token":"\/\/8="}`, "\ufeff{}",
	} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		out := []byte(strings.ReplaceAll(text, "$", canary))

		if _, err := parseCapabilities(out); err != nil {
			expectRedacted(t, err)
		}

		data, err := parseRecord(out)
		if err != nil {
			expectRedacted(t, err)

			return
		}

		if len(data) > len(out) {
			t.Errorf("%d bytes became %d", len(out), len(data))
		}

		if data == nil {
			var object map[string]any
			if json.Unmarshal(out, &object) != nil || object == nil || len(object) > 0 {
				t.Errorf("%q is accepted as nothing stored", out)
			}

			return
		}

		if again, err := parseRecord(helperOutput(t, data, "")); err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q is encoded and parsed as %q, %v", data, again, err)
		}
	})
}

// helperOutput encodes a record as a helper's output; form selects how the helper writes its JSON.
func helperOutput(t *testing.T, record []byte, form string) []byte {
	t.Helper()

	token := base64.StdEncoding.EncodeToString(record)
	if form == "lines" {
		token = token[:len(token)/2] + "\n" + token[len(token)/2:]
	}

	out, err := json.Marshal(map[string]string{"token": token})
	if err != nil {
		t.Fatal(err)
	}

	if form == "slashes" {
		out = bytes.ReplaceAll(out, []byte("/"), []byte(`\/`))
	}

	return out
}

// FuzzHelperStderr redacts the standard error of a failed helper, which has a token of its input or output at each $. The token is
// redacted for all forms of JSON, and even if it looks like a word.
func FuzzHelperStderr(f *testing.F) {
	for _, seed := range []string{
		"cannot store $", "got $$ and $", `curl -d '{"refresh":"$"}'`, "a\x1b[31m$\u202e\xff", strings.Repeat("x", 1990) + "$", "", "\"$", "\\u0024$",
	} {
		f.Add(seed, "tree apple house", uint8(0))
		f.Add(seed, "tree?>apple??>house~~~", uint8(1))
		f.Add(seed, "tree apple house", uint8(2))
	}

	f.Fuzz(func(t *testing.T, text, words string, form uint8) {
		token := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || strings.ContainsRune("?>~", r) {
				return r
			}

			return -1
		}, words)
		if len(token) < 12 || len(token) > 1_000 {
			return
		}

		// The base64 form of these bytes contains slashes.
		record, err := (&Record{Version: RecordVersion, ClientID: "c???~~~", RefreshToken: token}).Encode()
		if err != nil {
			t.Fatal(err)
		}

		output := helperOutput(t, record, []string{"", "slashes", "lines"}[form%3])
		stderr := strings.ReplaceAll(text, "$", token)

		for _, shown := range []string{redactStderr(stderr, output, nil), redactStderr(stderr, nil, output)} {
			if strings.Contains(shown, token) || len(shown) > 4*2_100 {
				t.Errorf("%q is shown for %q", shown, stderr)
			}
		}
	})
}
