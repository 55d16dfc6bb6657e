package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/mattn/go-shellwords"
)

// settings is the provider block, completed from the environment and the defaults.
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

// String keeps secrets out of anything that prints settings.
func (s settings) String() string { return "provider settings for client " + s.clientID }

// GoString does the same for %#v.
func (s settings) GoString() string { return s.String() }

// resolver resolves the settings, and collects the names of unknown ones and the errors of invalid ones.
type resolver struct {
	getenv  func(string) string
	diags   diag.Diagnostics
	unknown []string
}

// resolve completes a provider block. Values that Terraform does not know yet are listed in unknown: the environment must not
// replace a value that the configuration will have.
func resolve(ctx context.Context, config model, getenv func(string) string) (settings, diag.Diagnostics) {
	r := &resolver{getenv: getenv}

	s := settings{
		clientID:       r.text("client_id", config.ClientID, envClientID, ""),
		clientSecret:   r.text("client_secret", config.ClientSecret, envClientSecret, ""),
		refreshToken:   r.text("refresh_token", config.RefreshToken, envRefreshToken, ""),
		accessToken:    r.text("access_token", config.AccessToken, envAccessToken, ""),
		tokenStorePath: r.text("token_store_path", config.TokenStorePath, envTokenStorePath, ""),
		tokenStoreKey:  r.text("token_store_key", config.TokenStoreKey, envTokenStoreKey, ""),

		baseURL:     parsed(r, "base_url", config.BaseURL, envBaseURL, defaultBaseURL, wantBaseURL, parseBaseURL),
		tokenStore:  parsed(r, "token_store", config.TokenStore, envTokenStore, storeFile, wantTokenStore, parseTokenStore),
		tokenHelper: r.commandLine(ctx, config.TokenHelper),
		tokenLockTimeout: parsed(r, "token_lock_timeout", config.TokenLockTimeout, envTokenLockTimeout, defaultLockTimeout,
			wantDuration, parseDuration),

		requestsPerSecond: resolved(r, "requests_per_second", config.RequestsPerSecond, envRequestsPerSecond,
			config.RequestsPerSecond.ValueFloat64, defaultRequestsPerSecond, "a number that is 0 or greater", parseRate),
		maxRetries: resolved(r, "max_retries", config.MaxRetries, envMaxRetries,
			func() int { return int(config.MaxRetries.ValueInt64()) }, defaultMaxRetries, "a whole number from 0 to 100", parseRetries),
		requestTimeout: parsed(r, "request_timeout", config.RequestTimeout, envRequestTimeout, defaultRequestTimeout,
			wantDuration, parseDuration),
	}
	s.unknown = r.unknown

	if !r.diags.HasError() && len(s.unknown) == 0 {
		s.check(&r.diags)
	}

	return s, r.diags
}

// check reports violations of the rules across settings.
func (s settings) check(diags *diag.Diagnostics) {
	if s.tokenStore == storeHelper && len(s.tokenHelper) == 0 {
		diags.AddAttributeError(path.Root("token_helper"), "Missing token_helper", "token_store = \"helper\" needs the program that "+
			"stores the tokens. Set token_helper in the provider block, or the environment variable "+envTokenHelper+".")
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
				"%s in the provider block. SePay issues the client id and its secret together, on request. For a run of less than "+
				"an hour, an access_token alone is sufficient.", needed.variable, needed.name))
		}
	}
}

// resolved returns the configured value of a setting, else the parsed value of its environment variable, else the fallback.
// wanted completes "Set it to …".
func resolved[T any](r *resolver, name string, value attr.Value, variable string, configured func() T, fallback T, wanted string,
	parse func(string) (T, error),
) T {
	switch {
	case value.IsUnknown():
		r.unknown = append(r.unknown, name)

		return fallback
	case !value.IsNull():
		return configured()
	}

	text := r.getenv(variable)
	if text == "" {
		return fallback
	}

	result, err := parse(text)
	if err != nil {
		r.invalid(name, "environment variable "+variable, wanted, err)
	}

	return result
}

// text resolves a setting that is used unchanged.
func (r *resolver) text(name string, value types.String, variable, fallback string) string {
	return resolved(r, name, value, variable, value.ValueString, fallback, "", func(text string) (string, error) { return text, nil })
}

// parsed resolves a setting that is written as a string. Values in the provider block are parsed too: a value that was unknown
// at validation has not been checked.
func parsed[T any](r *resolver, name string, value types.String, variable, fallback, wanted string, parse func(string) (T, error)) T {
	result, err := parse(r.text(name, value, variable, fallback))
	if err != nil {
		source := "environment variable " + variable
		if !value.IsNull() {
			source = name + " in the provider block"
		}

		r.invalid(name, source, wanted, err)
	}

	return result
}

// invalid reports a value with the source in which the user finds it.
func (r *resolver) invalid(name, source, wanted string, err error) {
	r.diags.AddAttributeError(path.Root(name), "Invalid "+name,
		fmt.Sprintf("The value of %s is invalid: %v. Set it to %s.", source, err, wanted))
}

func (r *resolver) commandLine(ctx context.Context, value types.List) []string {
	if slices.ContainsFunc(value.Elements(), attr.Value.IsUnknown) {
		value = types.ListUnknown(types.StringType)
	}

	configured := func() (argv []string) {
		r.diags.Append(value.ElementsAs(ctx, &argv, false)...)

		return argv
	}

	// The parser handles quotes and backslashes only: it neither expands variables nor runs anything.
	return resolved(r, "token_helper", value, envTokenHelper, configured, nil,
		"the program and its arguments, with each quote closed", shellwords.NewParser().Parse)
}

func parseTokenStore(value string) (string, error) {
	if !slices.Contains([]string{storeFile, storeHelper, storeNone}, value) {
		return "", fmt.Errorf("%q is not a kind of token store", value)
	}

	return value, nil
}

func parseDuration(value string) (time.Duration, error) {
	duration, err := time.ParseDuration(value)
	if err != nil {
		return 0, errors.New("it is not a number with a unit such as s, m or h")
	}

	if duration <= 0 {
		return 0, errors.New("it is not positive")
	}

	return duration, nil
}

func parseRate(value string) (float64, error) {
	rate, err := strconv.ParseFloat(value, 64)
	if err != nil || !(rate >= 0 && rate < 1e6) {
		return 0, fmt.Errorf("%q is out of range", value)
	}

	return rate, nil
}

func parseRetries(value string) (int, error) {
	retries, err := strconv.Atoi(value)
	if err != nil || retries < 0 || retries > 100 {
		return 0, fmt.Errorf("%q is out of range", value)
	}

	return retries, nil
}
