package cli

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/mattn/go-shellwords"
	"github.com/spf13/pflag"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

const defaultBaseURL = "https://my.sepay.vn"

// variablesKey is the annotation that holds a command's environment variables for its help.
const variablesKey = "variables"

const storeVariables = `  SEPAY_CLIENT_ID         for --client-id
  SEPAY_BASE_URL          for --base-url
  SEPAY_TOKEN_STORE       for --store
  SEPAY_TOKEN_STORE_PATH  for --store-path
  SEPAY_TOKEN_STORE_KEY   for --store-key
  SEPAY_TOKEN_HELPER      the command line of the token helper, for --store helper
`

// promptedVariable is the help on the environment variable of the client secret.
const promptedVariable = "  SEPAY_CLIENT_SECRET     the client secret; asked for when it is not set\n"

// storeFlags are the options for the address of SePay and for the token store. The provider reads the same environment
// variables, so that both find the same record.
type storeFlags struct {
	baseURL, clientID, key string
	kind, directory        string

	flags *pflag.FlagSet
	env   func(string) string
}

func (c *command) addStoreFlags(flags *pflag.FlagSet) *storeFlags {
	p := &storeFlags{flags: flags, env: c.env}
	flags.StringVar(&p.clientID, "client-id", "", "the `id` of the client that SePay registered")
	flags.StringVar(&p.baseURL, "base-url", "", "the address of SePay, a `url` (default "+defaultBaseURL+")")
	flags.StringVar(&p.key, "store-key", "", "the `name` that a sign-in is stored under, to keep several of one client")
	flags.StringVar(&p.directory, "store-path", "", "the `directory` of the token store (default: the system's for state)")
	flags.StringVar(&p.kind, "store", "", "the `kind` of token store, file or helper (default file)")

	return p
}

// complete sets options that were not given from the environment.
func (p *storeFlags) complete() error {
	for _, setting := range []struct {
		option, variable, fallback string
		value                      *string
	}{
		{"client-id", "SEPAY_CLIENT_ID", "", &p.clientID},
		{"base-url", "SEPAY_BASE_URL", defaultBaseURL, &p.baseURL},
		{"store-key", "SEPAY_TOKEN_STORE_KEY", "", &p.key},
		{"store-path", "SEPAY_TOKEN_STORE_PATH", "", &p.directory},
		{"store", "SEPAY_TOKEN_STORE", "file", &p.kind},
	} {
		if !p.flags.Changed(setting.option) {
			*setting.value = cmp.Or(p.env(setting.variable), setting.fallback)
		}
	}

	p.baseURL = strings.TrimRight(p.baseURL, "/")

	return checkBaseURL(p.baseURL)
}

// checkBaseURL refuses an address with more than a host: SePay's own documentation calls .../api/v1 the base URL.
func checkBaseURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return usageError{fmt.Errorf("--base-url (SEPAY_BASE_URL) is not an address such as %s", defaultBaseURL)}
	}

	if u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return usageError{fmt.Errorf("--base-url (SEPAY_BASE_URL) must be the host only, such as %s", defaultBaseURL)}
	}

	return nil
}

func (p *storeFlags) url(path string) string { return p.baseURL + path }

func (p *storeFlags) query() tokenstore.Query {
	return tokenstore.Query{TokenURL: p.url("/oauth/token"), ClientID: p.clientID, Key: p.key}
}

// open completes the options and opens the token store.
func (p *storeFlags) open() (tokenstore.Store, error) {
	if err := p.complete(); err != nil {
		return nil, err
	}

	switch p.kind {
	case "file":
	case "none":
		return tokenstore.None(), nil
	case "helper":
		argv, err := shellwords.NewParser().Parse(p.env("SEPAY_TOKEN_HELPER"))
		if err != nil || len(argv) == 0 {
			return nil, usageError{fmt.Errorf("the token store is helper, and SEPAY_TOKEN_HELPER is not a command line")}
		}

		return tokenstore.OpenHelper(argv), nil
	default:
		return nil, usageError{fmt.Errorf("%q is not a kind of token store: file or helper", p.kind)}
	}

	if p.directory == "" {
		directory, err := tokenstore.DefaultDirectory()
		if err != nil {
			return nil, err
		}

		return tokenstore.OpenFile(directory)
	}

	// A path on the command line may be relative to the working directory.
	directory, err := filepath.Abs(p.directory)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", p.directory, err)
	}

	return tokenstore.OpenFile(directory)
}
