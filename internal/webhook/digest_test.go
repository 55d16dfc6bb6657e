package webhook

import (
	"bytes"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestADigestKnowsItsSecretAndDoesNotHoldIt(t *testing.T) {
	t.Parallel()

	const secret = "whsec_a7c3b4e5f6a7b8c9"

	private := memory{}

	for _, key := range []string{"first", "second"} {
		if diags := storePrivate(t.Context(), private, key, newDigest(secret, true)); diags.HasError() {
			t.Fatal(diags)
		}
	}

	if bytes.Contains(private["first"], []byte(secret)) {
		t.Error("the digest contains the secret")
	}

	if bytes.Equal(private["first"], private["second"]) {
		t.Error("two digests of one secret are equal: they share a salt")
	}

	loaded, diags := loadPrivate[digest](t.Context(), private, "first")
	if diags.HasError() || !loaded.Shown || !loaded.matches(secret) || loaded.matches(secret+"x") || loaded.matches("") {
		t.Errorf("the digest does not tell its secret from others (loaded: %v, %v)", loaded, diags)
	}
}

func TestWhatIsNoDigestMatchesNothing(t *testing.T) {
	t.Parallel()

	for _, data := range []string{"", "true", `{}`, `{"rounds":0,"sum":"AA=="}`, `{"rounds":1`, `{"rounds":1,"sum":""}`} {
		loaded, _ := loadPrivate[digest](t.Context(), memory{"key": []byte(data)}, "key")
		if loaded.matches("") || loaded.matches("x") {
			t.Errorf("%q matches a secret", data)
		}
	}
}

func TestTheVersionRisesWhenTheWriteOnlySecretChanges(t *testing.T) {
	t.Parallel()

	sent := newDigest("old", true)

	cases := map[string]struct {
		value  string
		prior  types.Int64
		digest digest
		want   int64
	}{
		"first":                        {"old", types.Int64Null(), digest{}, 1},
		"same value":                   {"old", types.Int64Value(3), sent, 3},
		"another value":                {"new", types.Int64Value(3), sent, 4},
		"changed in the dashboard":     {"old", types.Int64Null(), sent, 1},
		"nothing known of what is set": {"old", types.Int64Value(3), digest{}, 4},
	}

	for name, test := range cases {
		if got := nextVersion(test.value, test.prior, test.digest); got.ValueInt64() != test.want {
			t.Errorf("%s: version %d, want %d", name, got.ValueInt64(), test.want)
		}
	}
}
