package diagnostic

import "testing"

func TestCommandIsQuotedForTheShell(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ system, path, want string }{
		{"linux", "/srv/shop/.terraform/providers/x/terraform-provider-sepay_v0.1.0", "/srv/shop/.terraform/providers/x/terraform-provider-sepay_v0.1.0"},
		{"darwin", "/Users/an b/it's/terraform-provider-sepay", `'/Users/an b/it'\''s/terraform-provider-sepay'`},
		{"windows", `C:\work\terraform-provider-sepay.exe`, `C:\work\terraform-provider-sepay.exe`},
		{"windows", `C:\An's work\terraform-provider-sepay.exe`, `& 'C:\An''s work\terraform-provider-sepay.exe'`},
	} {
		if got := invocation(test.system, test.path); got != test.want {
			t.Errorf("%s on %s: %s, want %s", test.path, test.system, got, test.want)
		}
	}
}
