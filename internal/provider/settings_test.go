package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// setting is one attribute of the provider block with a value for the configuration and another one for the environment.
type setting struct {
	name string
	// configure sets the attribute; makeUnknown sets it to a value that Terraform does not know yet.
	configure, makeUnknown func(*model)
	environment            string
	read                   func(settings) any
	outcomes
}

// outcomes are what read returns for the value of the configuration, for that of the environment, and without either.
type outcomes struct{ fromConfiguration, fromEnvironment, byDefault any }

func (s setting) variable() string { return "SEPAY_" + strings.ToUpper(s.name) }

func textSetting(name string, field func(*model) *types.String, read func(settings) any,
	configured, environment string, outcomes outcomes,
) setting {
	return setting{
		name: name, read: read, environment: environment, outcomes: outcomes,
		configure:   func(m *model) { *field(m) = types.StringValue(configured) },
		makeUnknown: func(m *model) { *field(m) = types.StringUnknown() },
	}
}

// plainSetting is a setting that is used unchanged.
func plainSetting(name string, field func(*model) *types.String, read func(settings) any) setting {
	return textSetting(name, field, read, "configured", "exported", outcomes{"configured", "exported", ""})
}

func allSettings() []setting {
	return []setting{
		plainSetting("client_id", func(m *model) *types.String { return &m.ClientID },
			func(s settings) any { return s.clientID }),
		plainSetting("client_secret", func(m *model) *types.String { return &m.ClientSecret },
			func(s settings) any { return s.clientSecret }),
		plainSetting("refresh_token", func(m *model) *types.String { return &m.RefreshToken },
			func(s settings) any { return s.refreshToken }),
		plainSetting("access_token", func(m *model) *types.String { return &m.AccessToken },
			func(s settings) any { return s.accessToken }),
		plainSetting("token_store_path", func(m *model) *types.String { return &m.TokenStorePath },
			func(s settings) any { return s.tokenStorePath }),
		plainSetting("token_store_key", func(m *model) *types.String { return &m.TokenStoreKey },
			func(s settings) any { return s.tokenStoreKey }),
		textSetting("base_url", func(m *model) *types.String { return &m.BaseURL }, func(s settings) any { return s.baseURL },
			"https://configured.example.com/", "http://127.0.0.1:8080",
			outcomes{"https://configured.example.com", "http://127.0.0.1:8080", "https://my.sepay.vn"}),
		textSetting("token_store", func(m *model) *types.String { return &m.TokenStore },
			func(s settings) any { return s.tokenStore },
			"none", "helper", outcomes{"none", "helper", "file"}),
		textSetting("token_lock_timeout", func(m *model) *types.String { return &m.TokenLockTimeout },
			func(s settings) any { return s.tokenLockTimeout },
			"2m", "1500ms", outcomes{2 * time.Minute, 1500 * time.Millisecond, 90 * time.Second}),
		textSetting("request_timeout", func(m *model) *types.String { return &m.RequestTimeout },
			func(s settings) any { return s.requestTimeout },
			"45s", "1m30s", outcomes{45 * time.Second, 90 * time.Second, 30 * time.Second}),
		{
			name:        "token_helper",
			configure:   func(m *model) { m.TokenHelper = commandLine(types.StringValue("vault"), types.StringValue("-a b")) },
			makeUnknown: func(m *model) { m.TokenHelper = types.ListUnknown(types.StringType) },
			environment: `/opt/my\ helper 'one argument' $HOME`,
			read:        func(s settings) any { return strings.Join(s.tokenHelper, "|") },
			outcomes:    outcomes{"vault|-a b", "/opt/my helper|one argument|$HOME", ""},
		},
		{
			name:        "requests_per_second",
			configure:   func(m *model) { m.RequestsPerSecond = types.Float64Value(0) },
			makeUnknown: func(m *model) { m.RequestsPerSecond = types.Float64Unknown() },
			environment: "1.5",
			read:        func(s settings) any { return s.requestsPerSecond },
			outcomes:    outcomes{0.0, 1.5, 3.0},
		},
		{
			name:        "max_retries",
			configure:   func(m *model) { m.MaxRetries = types.Int64Value(0) },
			makeUnknown: func(m *model) { m.MaxRetries = types.Int64Unknown() },
			environment: "7",
			read:        func(s settings) any { return s.maxRetries },
			outcomes:    outcomes{0, 7, 4},
		},
	}
}

func commandLine(words ...attr.Value) types.List { return types.ListValueMust(types.StringType, words) }

// complete is a valid provider block.
func complete() model {
	return model{ClientID: types.StringValue("id"), ClientSecret: types.StringValue("secret")}
}

// environment is a getenv for the given variables.
func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestTheBaseURLOfSePaysDocumentationIsAccepted(t *testing.T) {
	t.Parallel()

	for _, value := range []string{
		"https://my.sepay.vn/api/v1", "https://my.sepay.vn/api/v1/", "https://my.sepay.vn//", "HTTPS://my.sepay.vn", "https://my.sepay.vn?",
	} {
		config := complete()
		config.BaseURL = types.StringValue(value)

		if s, diags := resolve(t.Context(), config, environment(nil)); diags.HasError() || s.baseURL != "https://my.sepay.vn" {
			t.Errorf("%s: %s, %v", value, s.baseURL, diags)
		}
	}
}

func TestTheSettingsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()

	var names []string
	for _, setting := range allSettings() {
		names = append(names, setting.name)
	}

	slices.Sort(names)

	if declared := slices.Sorted(maps.Keys(providerSchema().Attributes)); !slices.Equal(names, declared) {
		t.Errorf("tested are %v, declared are %v", names, declared)
	}
}

func TestTheProviderBlockTakesPrecedenceOverTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, setting := range allSettings() {
		t.Run(setting.name, func(t *testing.T) {
			t.Parallel()

			block := model{}
			got, _ := resolve(t.Context(), block, environment(nil))

			if value := setting.read(got); value != setting.byDefault {
				t.Errorf("by default it is %#v, want %#v", value, setting.byDefault)
			}

			variables := map[string]string{setting.variable(): setting.environment}
			got, _ = resolve(t.Context(), block, environment(variables))

			if value := setting.read(got); value != setting.fromEnvironment {
				t.Errorf("%s gives %#v, want %#v", setting.variable(), value, setting.fromEnvironment)
			}

			setting.configure(&block)
			got, _ = resolve(t.Context(), block, environment(variables))

			if value := setting.read(got); value != setting.fromConfiguration {
				t.Errorf("the provider block gives %#v with %s set, want %#v", value, setting.variable(), setting.fromConfiguration)
			}
		})
	}
}

func TestAnUnknownSettingIsNotReadFromTheEnvironment(t *testing.T) {
	t.Parallel()

	for _, setting := range allSettings() {
		t.Run(setting.name, func(t *testing.T) {
			t.Parallel()

			// Neither a good value in the environment nor a bad one counts: the configuration will have a value.
			for _, variable := range []string{setting.environment, "'"} {
				block := complete()
				setting.makeUnknown(&block)

				got, diags := resolve(t.Context(), block, environment(map[string]string{setting.variable(): variable}))
				if len(diags) > 0 {
					t.Errorf("with %s=%s it is refused: %v", setting.variable(), variable, diags)
				}

				if !slices.Equal(got.unknown, []string{setting.name}) {
					t.Errorf("unknown are %v", got.unknown)
				}
			}
		})
	}
}

func TestAHelperWithAnUnknownArgumentIsUnknown(t *testing.T) {
	t.Parallel()

	block := complete()
	block.TokenHelper = commandLine(types.StringValue("vault"), types.StringUnknown())

	got, diags := resolve(t.Context(), block, environment(nil))
	if len(diags) > 0 || !slices.Equal(got.unknown, []string{"token_helper"}) {
		t.Errorf("unknown are %v, %v", got.unknown, diags)
	}
}

func TestAnInvalidSettingNamesItsVariableOrItsAttribute(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ variable, name, value, says string }{
		{"SEPAY_BASE_URL", "base_url", "my.sepay.vn", "not a URL with a host"},
		{"SEPAY_BASE_URL", "base_url", "ftp://my.sepay.vn", "neither https nor http"},
		{"SEPAY_BASE_URL", "base_url", "https://my.sepay.vn:65536", "not one from 1 to 65535"},
		{"SEPAY_BASE_URL", "base_url", "http://my.sepay.vn", "use https"},
		{"SEPAY_BASE_URL", "base_url", "https://user:word@my.sepay.vn", "credentials"},
		{"SEPAY_BASE_URL", "base_url", "https://my.sepay.vn/api/v2", "https://my.sepay.vn\""},
		{"SEPAY_BASE_URL", "base_url", "https://proxy.example:8443/sepay/api/v1", "write \"https://proxy.example:8443\""},
		{"SEPAY_BASE_URL", "base_url", "https://my.sepay.vn/oauth/token/", "it has a path"},
		{"SEPAY_TOKEN_STORE", "token_store", "keychain", `"file", "helper" or "none"`},
		{"SEPAY_TOKEN_HELPER", "token_helper", "helper 'half a quote", "SEPAY_TOKEN_HELPER"},
		{"SEPAY_TOKEN_LOCK_TIMEOUT", "token_lock_timeout", "90", "unit"},
		{"SEPAY_TOKEN_LOCK_TIMEOUT", "token_lock_timeout", "0s", "not positive"},
		{"SEPAY_REQUEST_TIMEOUT", "request_timeout", "soon", "unit"},
		{"SEPAY_REQUEST_TIMEOUT", "request_timeout", "-1s", "not positive"},
		{"SEPAY_REQUESTS_PER_SECOND", "requests_per_second", "three", "a number that is 0 or greater"},
		{"SEPAY_REQUESTS_PER_SECOND", "requests_per_second", "-1", "a number that is 0 or greater"},
		{"SEPAY_REQUESTS_PER_SECOND", "requests_per_second", "NaN", "a number that is 0 or greater"},
		{"SEPAY_REQUESTS_PER_SECOND", "requests_per_second", "Inf", "a number that is 0 or greater"},
		{"SEPAY_MAX_RETRIES", "max_retries", "1.5", "whole number from 0 to 100"},
		{"SEPAY_MAX_RETRIES", "max_retries", "101", "whole number from 0 to 100"},
	} {
		t.Run(test.variable+"="+test.value, func(t *testing.T) {
			t.Parallel()

			_, diags := resolve(t.Context(), complete(), environment(map[string]string{test.variable: test.value}))
			if len(diags) != 1 {
				t.Fatalf("got %v, want one error", diags)
			}

			at, ok := diags[0].(diag.DiagnosticWithPath)
			if !ok || at.Path().String() != test.name || diags[0].Summary() != "Invalid "+test.name {
				t.Errorf("got %v, want it at %s", diags[0], test.name)
			}

			for _, text := range []string{"environment variable " + test.variable, test.says, "Set it to "} {
				if !strings.Contains(diags[0].Detail(), text) {
					t.Errorf("%q does not say %q", diags[0].Detail(), text)
				}
			}

			if strings.Contains(diags[0].Detail(), "word@") {
				t.Errorf("%q shows a password", diags[0].Detail())
			}
		})
	}

	block := complete()
	block.RequestTimeout = types.StringValue("soon")

	_, diags := resolve(t.Context(), block, environment(map[string]string{"SEPAY_REQUEST_TIMEOUT": "1m"}))
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "request_timeout in the provider block") {
		t.Errorf("got %v, want an error that points at the provider block", diags)
	}
}

func TestAMissingSettingIsReportedWithItsAttributeAndItsVariable(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name      string
		variables map[string]string
		missing   []string
	}{
		{"nothing at all", nil, []string{"client_id", "client_secret"}},
		{"a client id alone", map[string]string{"SEPAY_CLIENT_ID": "id"}, []string{"client_secret"}},
		{"a seed alone", map[string]string{"SEPAY_REFRESH_TOKEN": "seed"}, []string{"client_id", "client_secret"}},
		{"an access token alone", map[string]string{"SEPAY_ACCESS_TOKEN": "token"}, nil},
		{
			"an access token and half a client",
			map[string]string{"SEPAY_ACCESS_TOKEN": "token", "SEPAY_CLIENT_ID": "id"},
			[]string{"client_secret"},
		},
		{
			"a helper without its program",
			map[string]string{"SEPAY_CLIENT_ID": "id", "SEPAY_CLIENT_SECRET": "secret", "SEPAY_TOKEN_STORE": "helper"},
			[]string{"token_helper"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			_, diags := resolve(t.Context(), model{}, environment(test.variables))
			if len(diags) != len(test.missing) {
				t.Fatalf("got %v, want that %v is missing", diags, test.missing)
			}

			for i, name := range test.missing {
				variable := "SEPAY_" + strings.ToUpper(name)
				if diags[i].Summary() != "Missing "+name || !strings.Contains(diags[i].Detail(), variable) ||
					!strings.Contains(diags[i].Detail(), "provider block") {
					t.Errorf("got %v, want one that names %s and %s", diags[i], name, variable)
				}
			}
		})
	}
}

func TestSettingsDoNotPrintTheirSecrets(t *testing.T) {
	t.Parallel()

	secret := settings{clientID: "shop", clientSecret: "hidden-1", refreshToken: "hidden-2", accessToken: "hidden-3"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if printed := fmt.Sprintf(format, secret); strings.Contains(printed, "hidden") || !strings.Contains(printed, "shop") {
			t.Errorf("%s prints %q", format, printed)
		}
	}
}
