package webhook

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestADigestRecognizesItsSecretWithoutContainingIt(t *testing.T) {
	t.Parallel()

	const secret = "whsec_a7c3b4e5f6a7b8c9"

	private, digests := memory{}, NewDigests()

	for _, key := range []string{"first", "second"} {
		if diags := storePrivate(t.Context(), private, key, digests.of(secret, true, digest{})); diags.HasError() {
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
	if diags.HasError() || !loaded.Shown {
		t.Fatalf("loaded %v, %v", loaded, diags)
	}

	for name, digests := range map[string]*Digests{"the process that made it": digests, "another process": NewDigests()} {
		if !digests.matches(loaded, secret) || digests.matches(loaded, secret+"x") || digests.matches(loaded, "") || !digests.matches(loaded, secret) {
			t.Errorf("%s does not distinguish the secret from others", name)
		}
	}
}

func TestWhatIsNoDigestMatchesNothing(t *testing.T) {
	t.Parallel()

	for _, data := range []string{
		"", "true", `{}`, `{"rounds":0,"sum":"AA=="}`, `{"rounds":1,"sum":"AA=="}`, `{"rounds":-1,"salt":"c2FsdC1vZi0xNi1ieXRlcw==","sum":"AA=="}`,
		`{"rounds":1000001,"salt":"c2FsdC1vZi0xNi1ieXRlcw==","sum":"AA=="}`, `{"rounds":9223372036854775807,"salt":"c2FsdC1vZi0xNi1ieXRlcw==","sum":"AA=="}`, `{"rounds":1`, `{"rounds":1,"sum":""}`,
		`{"algorithm":"hmac-sha256","salt":"AA=="}`, `{"algorithm":"pbkdf2-sha256","sum":"AA=="}`, `{"algorithm":"argon2id","rounds":1,"sum":"AA=="}`,
	} {
		digests := NewDigests()

		loaded, _ := loadPrivate[digest](t.Context(), memory{"key": []byte(data)}, "key")
		if digests.matches(loaded, "") || digests.matches(loaded, "x") {
			t.Errorf("%q matches a secret", data)
		}

		if digests.Slow() > 0 {
			t.Errorf("%q costs a slow digest", data)
		}

		next := digests.of("x", true, loaded)
		if next.Rounds != slowRounds || len(next.Salt) != saltSize || !digests.matches(next, "x") {
			t.Errorf("%q is replaced by %v", data, next)
		}
	}
}

func TestTheVersionRisesWhenTheWriteOnlySecretChanges(t *testing.T) {
	t.Parallel()

	r := &webhookResource{digests: NewDigests()}
	sent := r.digests.of("old", true, digest{})

	cases := map[string]struct {
		value  string
		prior  types.Int64
		digest digest
		want   types.Int64
	}{
		"first":                        {"old", types.Int64Null(), digest{}, types.Int64Value(1)},
		"same value":                   {"old", types.Int64Value(3), sent, types.Int64Value(3)},
		"another value":                {"new", types.Int64Value(3), sent, types.Int64Value(4)},
		"changed in the dashboard":     {"old", types.Int64Null(), sent, types.Int64Value(1)},
		"nothing known of what is set": {"old", types.Int64Value(3), digest{}, types.Int64Value(4)},
		"none":                         {"", types.Int64Value(3), sent, types.Int64Null()},
	}

	for name, test := range cases {
		value, version := types.StringValue(test.value), types.Int64Null()
		if got := r.version(secretValues{nil, &value, &version}, test.prior, test.digest); !got.Equal(test.want) {
			t.Errorf("%s: version %s, want %s", name, got, test.want)
		}

		version = types.Int64Value(7)
		if got := r.version(secretValues{nil, &value, &version}, test.prior, test.digest); got.ValueInt64() != 7 {
			t.Errorf("%s: version %s where the configuration says 7", name, got)
		}
	}
}

// olderDigest is what the provider stored of a secret before digests had an algorithm.
func olderDigest(t *testing.T, value string) digest {
	t.Helper()

	salt := []byte(newSalt())

	sum, err := pbkdf2.Key(sha256.New, value, salt, 20_000, sha256.Size)
	if err != nil {
		t.Fatal(err)
	}

	return digest{Rounds: 20_000, Salt: salt, Sum: sum, Shown: true}
}

func TestADigestOfAnEarlierVersionIsReplacedWithoutASecondSlowOne(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		secret, algorithm string
		rounds            int
	}{
		{"whsec_a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7", algorithmFast, 0},
		{"hunter2", algorithmSlow, slowRounds},
	} {
		older, digests := olderDigest(t, test.secret), NewDigests()

		next := digests.current(older, test.secret)
		if next.Algorithm != test.algorithm || next.Rounds != test.rounds || !next.Shown || digests.Slow() != 1 {
			t.Errorf("%s has the digest %v after %d slow ones", test.secret, next, digests.Slow())
		}

		if another := NewDigests(); !another.matches(next, test.secret) || another.matches(next, "another") {
			t.Error("the new digest is not that of the secret")
		}

		if other := digests.current(older, test.secret+"f"); !bytes.Equal(other.Sum, older.Sum) {
			t.Error("a digest is replaced by that of another secret")
		}

		// What replaces it after a change has the price of today.
		digests = NewDigests()
		if digests.matches(older, "hunter3") {
			t.Error("another secret matches")
		}

		if changed := digests.of("hunter3", true, older); changed.Rounds != slowRounds || digests.Slow() != 1 || !NewDigests().matches(changed, "hunter3") {
			t.Errorf("the next digest is %v after %d slow ones", changed, digests.Slow())
		}
	}
}

func TestSlowDigestsArePBKDF2(t *testing.T) {
	t.Parallel()

	const salt = "salt-of-16-bytes"

	for _, secret := range []string{"", "x", "mật khẩu của cửa hàng", strings.Repeat("longer than a block of the hash ", 5)} {
		rounds := []int{1, 2, 700}
		sums := slowSums(secret, salt, rounds...)

		for _, count := range rounds {
			want, err := pbkdf2.Key(sha256.New, secret, []byte(salt), count, sha256.Size)
			if err != nil {
				t.Fatal(err)
			}

			if !bytes.Equal(sums[count], want) {
				t.Errorf("%q after %d rounds: %x, want %x", secret, count, sums[count], want)
			}
		}
	}
}

func TestThePrivateStateDoesNotContainTheSecret(t *testing.T) {
	t.Parallel()

	const secret = "hunter2"

	first, second := NewDigests(), NewDigests()
	known := first.of(secret, true, digest{})
	second.matches(known, secret)

	for salt, last := range first.last {
		if bytes.Contains(last.hash, []byte(secret)) || bytes.Equal(last.hash, second.last[salt].hash) {
			t.Error("the hash is the secret, or the same in each process")
		}

		if bytes.Equal(last.hash, mac(nil, secret)) {
			t.Error("the hash has no key")
		}
	}
}
