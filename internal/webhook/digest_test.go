package webhook

import (
	"bytes"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestADigestKnowsItsSecretAndDoesNotHoldIt(t *testing.T) {
	t.Parallel()

	const secret = "whsec_a7c3b4e5f6a7b8c9"

	first, err := newDigest(secret, true)
	if err != nil {
		t.Fatal(err)
	}

	second, err := newDigest(secret, true)
	if err != nil {
		t.Fatal(err)
	}

	if bytes.Contains(first, []byte(secret)) {
		t.Error("the digest contains the secret")
	}

	if bytes.Equal(first, second) {
		t.Error("two digests of one secret are equal: they share a salt")
	}

	decoded, ok := decodeDigest(first)
	if !ok || !decoded.matches(secret) || decoded.matches(secret+"x") || decoded.matches("") {
		t.Errorf("the digest does not tell its secret from others (decoded: %v)", ok)
	}
}

func TestWhatIsNoDigestSaysNothing(t *testing.T) {
	t.Parallel()

	for _, data := range []string{"", "true", `{}`, `{"rounds":0,"sum":"AA=="}`, `{"rounds":1`} {
		if _, ok := decodeDigest([]byte(data)); ok {
			t.Errorf("%q was taken for a digest", data)
		}
	}
}

func TestTheVersionRisesWhenTheWriteOnlySecretChanges(t *testing.T) {
	t.Parallel()

	sent, err := newDigest("old", true)
	if err != nil {
		t.Fatal(err)
	}

	cases := map[string]struct {
		value  string
		prior  types.Int64
		digest []byte
		want   int64
	}{
		"first":                        {"old", types.Int64Null(), nil, 1},
		"same value":                   {"old", types.Int64Value(3), sent, 3},
		"another value":                {"new", types.Int64Value(3), sent, 4},
		"changed in the dashboard":     {"old", types.Int64Null(), sent, 1},
		"nothing known of what is set": {"old", types.Int64Value(3), nil, 4},
	}

	for name, test := range cases {
		if got := nextVersion(test.value, test.prior, test.digest); got.ValueInt64() != test.want {
			t.Errorf("%s: version %d, want %d", name, got.ValueInt64(), test.want)
		}
	}
}
