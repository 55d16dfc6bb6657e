package provider

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/mattn/go-shellwords"
)

// settings is the provider block after the environment and the defaults have filled its gaps.
type settings struct {
	clientID, clientSecret, refreshToken, accessToken string

	baseURL                                   string
	tokenStore, tokenStorePath, tokenStoreKey string
	tokenHelper                               []string
	tokenLockTimeout                          time.Duration

	requestsPerSecond float64
	maxRetries        int
	requestTimeout    time.Duration

	// unknown names the attributes whose values Terraform does not know yet.
	unknown []string
}

// String keeps secrets out of whatever prints a settings value.
func (s settings) String() string { return "provider settings for client " + s.clientID }

// GoString does the same for %#v.
func (s settings) GoString() string { return s.String() }

// resolver reads one setting after the other and collects what is wrong with them.
type resolver struct {
	getenv  func(string) string
	diags   diag.Diagnostics
	unknown []string
}

// resolve fills the gaps of a provider block. What Terraform does not know yet is listed, not guessed: the environment
// must not stand in for a value that the configuration will have.
func resolve(ctx context.Context, config model, getenv func(string) string) (settings, diag.Diagnostics) {
	r := &resolver{getenv: getenv}

	s := settings{
		clientID:       r.text("client_id", config.ClientID, envClientID, ""),
		clientSecret:   r.text("client_secret", config.ClientSecret, envClientSecret, ""),
		refreshToken:   r.text("refresh_token", config.RefreshToken, envRefreshToken, ""),
		accessToken:    r.text("access_token", config.AccessToken, envAccessToken, ""),
		tokenStorePath: r.text("token_store_path", config.TokenStorePath, envTokenStorePath, ""),
		tokenStoreKey:  r.text("token_store_key", config.TokenStoreKey, envTokenStoreKey, ""),
	}

	r.parse("base_url", config.BaseURL, envBaseURL, defaultBaseURL, func(value string) (err error) {
		s.baseURL, err = parseBaseURL(value)

		return err
	})
	r.parse("token_store", config.TokenStore, envTokenStore, storeFile, func(value string) error {
		s.tokenStore = value
		if !slices.Contains([]string{storeFile, storeHelper, storeNone}, value) {
			return fmt.Errorf("it is none of %q, %q, %q", storeFile, storeHelper, storeNone)
		}

		return nil
	})
	r.parse("token_lock_timeout", config.TokenLockTimeout, envTokenLockTimeout, defaultLockTimeout, duration(&s.tokenLockTimeout))
	r.parse("request_timeout", config.RequestTimeout, envRequestTimeout, defaultRequestTimeout, duration(&s.requestTimeout))
	s.tokenHelper = r.commandLine(ctx, config)
	s.requestsPerSecond, s.maxRetries = r.rate(config), r.retries(config)
	s.unknown = r.unknown

	if !r.diags.HasError() && len(s.unknown) == 0 {
		s.check(&r.diags)
	}

	return s, r.diags
}

// check holds the rules across settings.
func (s settings) check(diags *diag.Diagnostics) {
	if s.tokenStore == storeHelper && len(s.tokenHelper) == 0 {
		diags.AddAttributeError(path.Root("token_helper"), "Missing token_helper", "token_store = \"helper\" needs the program that "+
			"keeps the tokens. Set token_helper in the provider block, or the environment variable "+envTokenHelper+".")
	}

	if s.accessToken != "" && s.clientID == "" && s.clientSecret == "" && s.refreshToken == "" {
		return
	}

	for _, needed := range []struct{ value, name, variable string }{
		{s.clientID, "client_id", envClientID},
		{s.clientSecret, "client_secret", envClientSecret},
	} {
		if needed.value == "" {
			diags.AddAttributeError(path.Root(needed.name), "Missing "+needed.name, fmt.Sprintf("Set the environment variable %s, or "+
				"%s in the provider block. SePay gives out client id and secret together, on request. For a run of less than an "+
				"hour an access_token alone will do.", needed.variable, needed.name))
		}
	}
}

func (r *resolver) text(name string, value interface {
	attr.Value
	ValueString() string
}, variable, fallback string,
) string {
	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, name)

		return ""
	case !value.IsNull():
		return value.ValueString()
	}

	if fromEnvironment := r.getenv(variable); fromEnvironment != "" {
		return fromEnvironment
	}

	return fallback
}

// parse checks a text as the schema would; what comes from the environment was never validated.
func (r *resolver) parse(name string, value interface {
	attr.Value
	ValueString() string
}, variable, fallback string, take func(string) error,
) {
	text := r.text(name, value, variable, fallback)
	if value.IsUnknown() {
		text = fallback
	}

	if err := take(text); err != nil {
		r.invalid(name, variable, value, err)
	}
}

// invalid names the place in which the user finds the value that is wrong.
func (r *resolver) invalid(name, variable string, value attr.Value, err error) {
	where := "environment variable " + variable
	if !value.IsNull() {
		where = name + " in the provider block"
	}

	r.diags.AddAttributeError(path.Root(name), "Invalid "+name, fmt.Sprintf("The value of %s cannot be used: %v. Correct it.", where, err))
}

func duration(into *time.Duration) func(string) error {
	return func(value string) error {
		if err := checkDuration(value); err != nil {
			return err
		}

		parsed, err := time.ParseDuration(value)
		*into = parsed

		return err
	}
}

func (r *resolver) commandLine(ctx context.Context, config model) []string {
	if config.TokenHelper.IsUnknown() {
		r.unknown = append(r.unknown, "token_helper")

		return nil
	}

	if !config.TokenHelper.IsNull() {
		for _, element := range config.TokenHelper.Elements() {
			if element.IsUnknown() {
				r.unknown = append(r.unknown, "token_helper")

				return nil
			}
		}

		var argv []string

		r.diags.Append(config.TokenHelper.ElementsAs(ctx, &argv, false)...)

		return argv
	}

	// The parser neither expands variables nor runs anything: quotes and backslashes are all that it knows.
	argv, err := shellwords.NewParser().Parse(r.getenv(envTokenHelper))
	if err != nil {
		r.invalid("token_helper", envTokenHelper, config.TokenHelper, err)
	}

	return argv
}

func (r *resolver) rate(config model) float64 {
	value := config.RequestsPerSecond

	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, "requests_per_second")

		return defaultRequestsPerSecond
	case !value.IsNull():
		return value.ValueFloat64()
	}

	text := r.getenv(envRequestsPerSecond)
	if text == "" {
		return defaultRequestsPerSecond
	}

	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || !(rate >= 0 && rate < 1e6) {
		r.invalid("requests_per_second", envRequestsPerSecond, value, fmt.Errorf("%q is not a number from 0 on", text))
	}

	return rate
}

func (r *resolver) retries(config model) int {
	value := config.MaxRetries

	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, "max_retries")

		return defaultMaxRetries
	case !value.IsNull():
		return int(value.ValueInt64())
	}

	text := r.getenv(envMaxRetries)
	if text == "" {
		return defaultMaxRetries
	}

	retries, err := strconv.Atoi(text)
	if err != nil || retries < 0 || retries > 100 {
		r.invalid("max_retries", envMaxRetries, value, fmt.Errorf("%q is not a whole number from 0 to 100", text))
	}

	return retries
}
