package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
)

func TestLeaksAreFoundWhereverASecretMustNotAppear(t *testing.T) {
	t.Parallel()

	sepay := simulator.Start(t)
	sepay.PutWebhook(simulator.Webhook{Name: "Shop", AuthenType: "Api_Key", APIKey: "a-key-of-a-webhook"})
	sepay.PutWebhook(simulator.Webhook{Name: "Shop", AuthenType: "Api_Key", APIKey: "second key&<of>"})

	token, secret := sepay.Credentials().RefreshToken, sepay.Credentials().ClientSecret

	var archive bytes.Buffer

	packed := zip.NewWriter(&archive)
	if file, err := packed.Create("tfstate"); err != nil {
		t.Fatal(err)
	} else if _, err := file.Write([]byte(strings.Repeat(" ", 1000) + token)); err != nil {
		t.Fatal(err)
	}

	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}

	for name, leak := range map[string]struct {
		printed, file, content string
		want                   string
	}{
		"nothing":                         {printed: "Apply complete!", file: "work/terraform.tfstate", content: "{}"},
		"a token that is printed":         {printed: "token=" + token, want: "a command printed"},
		"a webhook's secret, printed":     {printed: "a-key-of-a-webhook", want: "a command printed"},
		"a webhook's secret in the state": {file: "work/terraform.tfstate", content: "a-key-of-a-webhook"},
		"a token in a log":                {file: "home/trace.log", content: "Bearer " + token, want: "trace.log contains"},
		"a token in a plan file":          {file: "work/plan", content: archive.String(), want: "plan contains"},
		"a client's secret left over":     {file: "tmp/helper/request", content: secret, want: "request contains"},
		"a token in the token store":      {file: "home/state/terraform-provider-sepay/record.json", content: token},
		"a token in base64":               {file: "work/terraform.tfstate", content: inBase64("a:" + token + "}"), want: "tfstate contains"},
		"a token in hexadecimal digits":   {printed: fmt.Sprintf("%X", "a"+token), want: "a command printed"},
		"a webhook's secret in a URL":     {printed: "?key=second+key%26%3Cof%3E", want: "a command printed"},
		"a webhook's secret in JSON":      {printed: `{"key":"second key\u0026\u003cof\u003e"}`, want: "a command printed"},
		"a webhook's secret in HTML":      {printed: "<p>second key&amp;&lt;of&gt;</p>", want: "a command printed"},
		"a webhook's secret in HCL":       {printed: `key = "second key&<of>"`, want: "a command printed"},
		"a part of a token in base64":     {printed: inBase64(token[:len(token)/2] + "and another end")},
		"an archive that cannot be read":  {file: "work/plan", content: "PK\x03\x04 and no more", want: "not every file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			root := t.TempDir()
			cli := &CLI{root: root, StateHome: filepath.Join(root, "home", "state"), sepay: []*simulator.Server{sepay}}
			cli.Printed([]byte(leak.printed))

			if leak.file != "" {
				path := filepath.Join(root, leak.file)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}

				if err := os.WriteFile(path, []byte(leak.content), 0o600); err != nil {
					t.Fatal(err)
				}
			}

			found := cli.Leaks()
			if leak.want == "" && len(found) != 0 || leak.want != "" && (len(found) != 1 || !strings.Contains(found[0], leak.want)) {
				t.Errorf("found %q, want %q", found, leak.want)
			}
		})
	}
}

func inBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
