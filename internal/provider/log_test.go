package provider

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

func TestNoSecretReachesTheLog(t *testing.T) {
	t.Parallel()

	var output bytes.Buffer

	log := &log{}
	log.mask("refresh-token-1")
	log.mask("access-token-1")
	log.debug(tflogtest.RootLogger(t.Context(), &output), "exchanged refresh-token-1",
		map[string]any{"error": "the proxy said: Bearer access-token-1"})

	if text := output.String(); !strings.Contains(text, "exchanged") || strings.Contains(text, "token-1") {
		t.Errorf("logged %s", text)
	}
}

func TestTheFrameworkLogsAtTheLevelOfTerraform(t *testing.T) {
	cases := map[string]struct {
		set  map[string]string
		want string
	}{
		"nothing":           {nil, "OFF"},
		"everything":        {map[string]string{"TF_LOG": "TRACE"}, "TRACE"},
		"as JSON":           {map[string]string{"TF_LOG": "JSON"}, "JSON"},
		"providers only":    {map[string]string{"TF_LOG_PROVIDER": "DEBUG"}, "DEBUG"},
		"Terraform only":    {map[string]string{"TF_LOG_CORE": "TRACE"}, "OFF"},
		"providers less":    {map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "WARN"}, "WARN"},
		"the framework too": {map[string]string{"TF_LOG_SDK": "DEBUG", "TF_LOG_PROVIDER_SEPAY": "DEBUG"}, "DEBUG"},
	}

	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER", "TF_LOG_SDK", "TF_LOG_PROVIDER_SEPAY"} {
				t.Setenv(variable, test.set[variable])
			}

			QuietLogs()

			for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_SEPAY"} {
				if got := os.Getenv(variable); got != test.want {
					t.Errorf("%s is %q, want %q", variable, got, test.want)
				}
			}
		})
	}
}
