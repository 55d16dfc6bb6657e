package cli

import (
	"cmp"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth"
)

const defaultBaseURL = "https://my.sepay.vn"

// place says where SePay and the token store are. The variables are the provider's, so that both find the same record.
type place struct {
	baseURL, clientID, key string
	kind, directory        string
}

func (c *command) placeFlags(flags *flag.FlagSet) *place {
	p := &place{}
	flags.StringVar(&p.clientID, "client-id", c.env("SEPAY_CLIENT_ID"), "the `id` of the client that SePay "+
		"registered (SEPAY_CLIENT_ID)")
	flags.StringVar(&p.baseURL, "base-url", cmp.Or(c.env("SEPAY_BASE_URL"), defaultBaseURL), "where SePay is, a "+
		"`url` (SEPAY_BASE_URL)")
	flags.StringVar(&p.key, "store-key", c.env("SEPAY_TOKEN_STORE_KEY"),
		"the `name` to keep the sign-in under, for several of one client (SEPAY_TOKEN_STORE_KEY)")
	flags.StringVar(&p.directory, "store-path", c.env("SEPAY_TOKEN_STORE_PATH"),
		"the `directory` of the token store (SEPAY_TOKEN_STORE_PATH)")
	flags.StringVar(&p.kind, "store", cmp.Or(c.env("SEPAY_TOKEN_STORE"), "file"),
		"the `kind` of token store, file or helper (SEPAY_TOKEN_STORE)")

	return p
}

func (p *place) url(path string) string { return strings.TrimRight(p.baseURL, "/") + path }

func (c *command) openStore(p *place) (oauth.Store, error) {
	switch p.kind {
	case "file":
	case "none":
		return oauth.NoStore(), nil
	case "helper":
		argv, err := shellwords.NewParser().Parse(c.env("SEPAY_TOKEN_HELPER"))
		if err != nil || len(argv) == 0 {
			return nil, usageError{fmt.Errorf("the token store is helper, and SEPAY_TOKEN_HELPER is not a command line")}
		}

		return oauth.OpenHelperStore(argv), nil
	default:
		return nil, usageError{fmt.Errorf("%q is not a kind of token store: file or helper", p.kind)}
	}

	if p.directory == "" {
		directory, err := oauth.DefaultDirectory()
		if err != nil {
			return nil, err
		}

		return oauth.OpenFileStore(directory)
	}

	// On a command line a relative path means what it says; stored is the absolute one.
	directory, err := filepath.Abs(p.directory)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", p.directory, err)
	}

	return oauth.OpenFileStore(directory)
}
