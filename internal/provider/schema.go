package provider

import (
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
)

// Environment variables for attributes of the provider block, which take precedence over them.
const (
	envClientID          = "SEPAY_CLIENT_ID"
	envClientSecret      = "SEPAY_CLIENT_SECRET"
	envRefreshToken      = "SEPAY_REFRESH_TOKEN"
	envAccessToken       = "SEPAY_ACCESS_TOKEN"
	envBaseURL           = "SEPAY_BASE_URL"
	envTokenStore        = "SEPAY_TOKEN_STORE"
	envTokenStorePath    = "SEPAY_TOKEN_STORE_PATH"
	envTokenStoreKey     = "SEPAY_TOKEN_STORE_KEY"
	envTokenHelper       = "SEPAY_TOKEN_HELPER"
	envTokenLockTimeout  = "SEPAY_TOKEN_LOCK_TIMEOUT"
	envRequestsPerSecond = "SEPAY_REQUESTS_PER_SECOND"
	envMaxRetries        = "SEPAY_MAX_RETRIES"
	envRequestTimeout    = "SEPAY_REQUEST_TIMEOUT"
)

// Values of token_store.
const (
	storeFile   = "file"
	storeHelper = "helper"
	storeNone   = "none"
)

const (
	defaultBaseURL           = "https://my.sepay.vn"
	defaultLockTimeout       = "90s"
	defaultRequestTimeout    = "30s"
	defaultRequestsPerSecond = 3
	defaultMaxRetries        = 4
)

// model is the provider block.
type model struct {
	ClientID          types.String  `tfsdk:"client_id"`
	ClientSecret      types.String  `tfsdk:"client_secret"`
	RefreshToken      types.String  `tfsdk:"refresh_token"`
	AccessToken       types.String  `tfsdk:"access_token"`
	BaseURL           types.String  `tfsdk:"base_url"`
	TokenStore        types.String  `tfsdk:"token_store"`
	TokenStorePath    types.String  `tfsdk:"token_store_path"`
	TokenStoreKey     types.String  `tfsdk:"token_store_key"`
	TokenHelper       types.List    `tfsdk:"token_helper"`
	TokenLockTimeout  types.String  `tfsdk:"token_lock_timeout"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	MaxRetries        types.Int64   `tfsdk:"max_retries"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
}

func providerSchema() schema.Schema {
	attributes := credentialAttributes()
	for _, group := range []map[string]schema.Attribute{storeAttributes(), requestAttributes()} {
		maps.Copy(attributes, group)
	}

	return schema.Schema{
		MarkdownDescription: "Webhooks of SePay, which reports transactions on Vietnamese bank accounts, and the bank accounts, " +
			"user and company behind them.",
		Attributes: attributes,
	}
}

// from ends a description with the environment variable of the attribute.
func from(variable string) string { return fmt.Sprintf(" Environment variable: `%s`.", variable) }

func credentialAttributes() map[string]schema.Attribute {
	nonEmpty := func() []validator.String { return []validator.String{stringvalidator.LengthAtLeast(1)} }

	return map[string]schema.Attribute{
		"client_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The id of the OAuth2 client that [SePay registered](" + sepay.DocsRegistration + ") for " +
				"you. Not needed with an `access_token` that outlives the run." + from(envClientID),
			Validators: nonEmpty(),
		},
		"client_secret": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "The secret of that client, [issued with its id](" + sepay.DocsRegistration + "). Set " +
				"it in the environment, not in HCL." + from(envClientSecret),
			Validators: nonEmpty(),
		},
		"refresh_token": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "A [refresh token](" + sepay.DocsAccessToken + ") of SePay. Used once, to start the " +
				"sign-in: SePay replaces it at every use, and the token store keeps the replacement, which takes " +
				"precedence. Not needed after `terraform-provider-sepay login`." + from(envRefreshToken),
			Validators: nonEmpty(),
		},
		"access_token": schema.StringAttribute{
			Optional:  true,
			Sensitive: true,
			MarkdownDescription: "An [access token](" + sepay.DocsAccessToken + ") of SePay, used until it expires; then " +
				"the provider falls back to the refresh token, if there is one." + from(envAccessToken),
			Validators: nonEmpty(),
		},
		"base_url": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The address of SePay. Plain HTTP is accepted only for loopback addresses. The path `/api/v1`, " +
				"which [SePay's documentation](" + sepay.DocsQuickStart + ") includes, is accepted and changes nothing. " +
				"Default: `" + defaultBaseURL + "`." +
				from(envBaseURL),
			Validators: []validator.String{settingValidator[string]{wantBaseURL, parseBaseURL}},
		},
	}
}

func storeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"token_store": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Where the tokens are kept from one run to the next: `" + storeFile + "` (a file that only you can " +
				"read), `" + storeHelper + "` (the program of `token_helper`), `" + storeNone + "` (nowhere: each run uses up " +
				"the refresh token). Default: `" + storeFile + "`." + from(envTokenStore),
			Validators: []validator.String{stringvalidator.OneOf(storeFile, storeHelper, storeNone)},
		},
		"token_store_path": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The directory of the file store. Default: `terraform-provider-sepay` in the state directory of " +
				"the system (`$XDG_STATE_HOME` or `~/.local/state` on Linux, `~/Library/Application Support` on macOS, " +
				"`%LocalAppData%` on Windows)." + from(envTokenStorePath),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"token_store_key": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "A name for the stored record, such as `production`. If omitted, the record is found by the " +
				"client and the refresh token." + from(envTokenStoreKey),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"token_helper": schema.ListAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "The program that keeps the tokens with `token_store = \"" + storeHelper + "\"`, with its arguments, " +
				"started without a shell. It implements the verbs of Terraform's credentials helpers. Environment variable: `" +
				envTokenHelper + "`, a command line.",
			Validators: []validator.List{
				listvalidator.SizeAtLeast(1), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)),
			},
		},
		"token_lock_timeout": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Maximum wait for another process that is exchanging the token, such as `2m`. Default: `" +
				defaultLockTimeout + "`." + from(envTokenLockTimeout),
			Validators: []validator.String{settingValidator[time.Duration]{wantDuration, parseDuration}},
		},
	}
}

func requestAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"requests_per_second": schema.Float64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Maximum number of requests per second, with no burst allowance. `0` disables this limit. "+
				"Default: `%d`.", defaultRequestsPerSecond) + from(envRequestsPerSecond),
			Validators: []validator.Float64{float64validator.AtLeast(0)},
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: fmt.Sprintf("Maximum number of retries of a request that is safe to repeat. Default: `%d`.",
				defaultMaxRetries) +
				from(envMaxRetries),
			Validators: []validator.Int64{int64validator.Between(0, 100)},
		},
		"request_timeout": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Timeout of a single attempt of a request, such as `45s`. Default: `" + defaultRequestTimeout + "`." +
				from(envRequestTimeout),
			Validators: []validator.String{settingValidator[time.Duration]{wantDuration, parseDuration}},
		},
	}
}
