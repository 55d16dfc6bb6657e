package cli

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// expectGolden compares what was printed, stream by stream, with a file.
func (d *testEnv) expectGolden(name string, code int) {
	d.t.Helper()

	text := "exit code " + string(rune('0'+code)) + "\n--- standard output\n" + d.stdout.String() + "--- standard error\n" + d.stderr.String()
	for _, change := range []struct{ pattern, with string }{
		{regexp.QuoteMeta(d.directory), "STORE"},
		{regexp.QuoteMeta(d.server.URL), "SEPAY"},
		{`http://127\.0\.0\.1:\d+/callback`, "REDIRECT"},
		{`http%3A%2F%2F127\.0\.0\.1%3A\d+%2Fcallback`, "REDIRECT"},
		{`state=[A-Z2-7]{26}`, "state=STATE"},
		{`[0-9a-f]{64}`, "RECORD"},
		{`\d{4}-\d\d-\d\d \(in \d+ days\)`, "DATE (in N days)"},
		{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+`, "TIME"},
		{`"\d{4}-\d\d-\d\dT[^"]*"`, `"TIME"`},
		{`on \d{4}-\d\d-\d\d`, "on DATE"},
		{`(fingerprint\s+)[0-9a-f]{12}`, "${1}FINGERPRINT"},
		{`(_fingerprint": )"[0-9a-f]{12}"`, `${1}"FINGERPRINT"`},
		{`1\.0\.0 \w+/\w+`, "1.0.0 SYSTEM"},
	} {
		text = regexp.MustCompile(change.pattern).ReplaceAllString(text, change.with)
	}

	path := filepath.Join("testdata", name+".golden")

	if *update {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			d.t.Fatal(err)
		}
	}

	want, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatalf("%v; write it with: go test ./internal/cli -update", err)
	}

	if strings.ReplaceAll(string(want), "\r\n", "\n") != text {
		d.t.Errorf("the output differs from %s:\n%s", path, text)
	}
}

// TestHelp compares the help of each command, on standard output.
func TestHelp(t *testing.T) {
	t.Parallel()

	for name, args := range map[string][]string{
		"help_no_arguments": nil,
		"help_program":      {"--help"},
		"help_command":      {"help"},
		"help_help":         {"help", "--help"},
		"help_login":        {"login", "--help"},
		"help_logout":       {"logout", "-h"},
		"help_status":       {"help", "status"},
		"help_token":        {"help", "token"},
		"help_version":      {"version", "--help"},
		"version":           {"version"},
		"version_option":    {"--version"},
		"version_one_dash":  {"-version"},
	} {
		d := newTestEnv(t)
		code := d.run(t.Context(), args...)
		d.expectGolden(name, code)

		if code != exitOK || d.stderr.String() != "" {
			t.Errorf("%v: exit code %d, standard error %q", args, code, d.stderr)
		}

		for line := range strings.Lines(d.stdout.String()) {
			if len([]rune(line)) > 101 && !strings.Contains(line, "https://") {
				t.Errorf("%v: a long line: %s", args, line)
			}
		}
	}
}

// TestMistakes compares the message of each mistake on the command line: on standard error, with exit code 2.
func TestMistakes(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		args  []string
		unset string
		set   string
	}{
		"mistake_word":                {args: []string{"frobnicate"}},
		"mistake_similar_word":        {args: []string{"stats"}},
		"mistake_help_word":           {args: []string{"help", "frobnicate"}},
		"mistake_option":              {args: []string{"status", "--frobnicate"}},
		"mistake_program_option":      {args: []string{"--frobnicate"}},
		"mistake_one_dash":            {args: []string{"login", "-client-id", "x"}},
		"mistake_secret_option":       {args: []string{"login", "--client-secret", "s3cr3t-on-the-line"}},
		"mistake_secret_short":        {args: []string{"login", "-s3cr3t-on-the-line"}},
		"mistake_argument":            {args: []string{"login", "s3cr3t-on-the-line"}},
		"mistake_no_value":            {args: []string{"login", "--store-key"}},
		"mistake_duration":            {args: []string{"token", "--min-ttl", "soon"}},
		"mistake_negative":            {args: []string{"token", "--min-ttl", "-5m"}},
		"mistake_store":               {args: []string{"status", "--store", "cloud"}},
		"mistake_token_without_store": {args: []string{"token", "--store", "none"}},
		"mistake_helper":              {args: []string{"login", "--store", "helper"}},
		"mistake_base_url":            {args: []string{"login", "--base-url", "my.sepay.vn"}},
		"mistake_base_url_path":       {args: []string{"login", "--base-url", "https://my.sepay.vn/api/v1"}},
		"mistake_no_client":           {args: []string{"login"}, unset: "SEPAY_CLIENT_ID"},
		"mistake_token_no_client":     {args: []string{"token"}, unset: "SEPAY_CLIENT_ID"},
		"mistake_no_secret":           {args: []string{"login"}, unset: "SEPAY_CLIENT_SECRET"},
	} {
		d := newTestEnv(t)
		delete(d.variables, test.unset)

		code := d.run(t.Context(), test.args...)
		d.expectGolden(name, code)

		if code != exitUsage || d.stdout.String() != "" {
			t.Errorf("%v: exit code %d, standard output %q", test.args, code, d.stdout)
		}

		if strings.Contains(d.stderr.String(), "s3cr3t") {
			t.Errorf("%v: the secret is repeated:\n%s", test.args, d.stderr)
		}

		d.expectTokenRequests(0)
	}
}

// TestFailures compares the messages of commands that have nothing to do or that fail.
func TestFailures(t *testing.T) {
	t.Parallel()

	for name, args := range map[string][]string{
		"nothing_status":      {"status"},
		"nothing_status_json": {"status", "--json"},
		"nothing_status_key":  {"status", "--store-key", "production"},
		"nothing_token":       {"token"},
		"nothing_logout":      {"logout", "--yes"},
		"no_store":            {"login", "--store", "none"},
		"bad_redirect":        {"login", "--redirect-url", "nowhere"},
	} {
		d := newTestEnv(t)
		code := d.run(t.Context(), args...)
		d.expectGolden(name, code)

		if code != exitFailure {
			t.Errorf("%v: exit code %d", args, code)
		}

		if _, err := os.Stat(d.directory); args[0] == "status" && !os.IsNotExist(err) {
			t.Errorf("%v made the store: %v", args, err)
		}

		d.expectTokenRequests(0)
	}
}

// TestASignedInSession compares the output of a sequence of commands.
func TestASignedInSession(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)

	for _, step := range []struct {
		name string
		args []string
		code int
	}{
		{"session_1_login", []string{"login", "--redirect-url", d.redirect}, exitOK},
		{"session_2_status", []string{"status"}, exitOK},
		{"session_3_status_json", []string{"status", "--json"}, exitOK},
		{"session_4_login_key", []string{"login", "--redirect-url", d.redirect, "--store-key", "staging", "--scope", "webhook:read"}, exitOK},
		{"session_5_status_key", []string{"status", "--store-key", "staging"}, exitOK},
		{"session_6_logout_unasked", []string{"logout"}, exitUsage},
		{"session_7_logout", []string{"logout", "--yes"}, exitOK},
		{"session_8_status", []string{"status"}, exitOK},
		{"session_9_logout_key", []string{"logout", "--store-key", "staging", "--yes"}, exitOK},
	} {
		d.stdout, d.stderr = &output{}, &output{}
		code := d.run(t.Context(), step.args...)
		d.expectGolden(step.name, code)

		if code != step.code {
			t.Errorf("%v: exit code %d", step.args, code)
		}

		d.expectNoSecrets()
	}

	d.expectTokenRequests(2)
	d.expect(d.run(t.Context(), "status"), exitFailure, "No sign-in is stored")
}

func TestTokenPrintsOnlyTheToken(t *testing.T) {
	t.Parallel()

	d := newTestEnv(t)
	d.expect(d.login(), exitOK)

	for range 2 {
		d.stdout = &output{}
		d.expect(d.run(t.Context(), "token", "--min-ttl", "30m"), exitOK)

		token, found := strings.CutSuffix(d.stdout.String(), "\n")
		if !found || strings.ContainsAny(token, " \n") || !d.server.AccessTokenAlive(token) {
			t.Error("standard output is not only a valid token")
		}
	}

	d.expectTokenRequests(1)

	d.stdout = &output{}
	d.expect(d.run(t.Context(), "token", "--min-ttl", "3h"), exitFailure, "not valid for that long")
	d.expectTokenRequests(1)
}
