package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func TestAGeneratedSecretNeedsNoSlowDigest(t *testing.T) {
	t.Parallel()

	random := func(n int) []byte {
		data := make([]byte, n)
		_, _ = rand.Read(data)

		return data
	}

	for name, generate := range map[string]func() string{
		"openssl rand -hex 16":        func() string { return hex.EncodeToString(random(16)) },
		"openssl rand -hex 32":        func() string { return hex.EncodeToString(random(32)) },
		"upper-case hexadecimal":      func() string { return strings.ToUpper(hex.EncodeToString(random(16))) },
		"openssl rand -base64 24":     func() string { return base64.StdEncoding.EncodeToString(random(24)) },
		"openssl rand -base64 32":     func() string { return base64.StdEncoding.EncodeToString(random(32)) },
		"base64url":                   func() string { return base64.RawURLEncoding.EncodeToString(random(32)) },
		"a prefix before hexadecimal": func() string { return "whsec_" + hex.EncodeToString(random(16)) },
		"a long prefix before base64": func() string { return "my_own_key_" + base64.StdEncoding.EncodeToString(random(32)) },
		"random_password without special": func() string {
			return strings.NewReplacer("+", "A", "/", "7").Replace(base64.RawStdEncoding.EncodeToString(random(30)))
		},
	} {
		const tried = 1000

		slow := 0

		for range tried {
			if !generated(generate()) {
				slow++
			}
		}

		// Up to 35 in 1,000 are expected. 80 are not chance.
		if slow > 80 {
			t.Errorf("%s: %d of %d secrets need a slow digest", name, slow, tried)
		}
	}
}

func TestAMadeUpSecretHasASlowDigest(t *testing.T) {
	t.Parallel()

	for _, secret := range []string{
		"",
		"hunter2",
		"a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e",
		"whsec_a7c3b4e5f6a7b8c9",
		"correct horse battery staple and some more",
		"correct-horse-battery-staple-and-some-more",
		"correcthorsebatterystapleandsomemore",
		"CorrectHorseBatteryStapleAndSomeMore2024",
		"Correct_Horse_Battery_Staple_And_Some_More_2024",
		"CORRECTHORSEBATTERYSTAPLEANDSOMEMORE",
		"MyCompanyWebhookSecretForProduction2024",
		strings.Repeat("a", 64),
		strings.Repeat("0", 63) + "a",
		strings.Repeat("a1B2c3D4", 5),
		strings.Repeat("deadbeef", 4),
		"0123456789abcdef0123456789abcdef",
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEF",
		"fedcba9876543210a7c3b4e5f6a7b8c9",
		"20240101202402022024030320240404",
		"31415926535897932384626433832795",
		"qwertyuiopasdfghjklzxcvbnm123456",
		"6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		"a7c3b4e5 f6a7b8c9 d0e1f2a3 b4c5d6e7",
		"a7c3b4e5f6a7b8c9!d0e1f2a3b4c5d6e7",
		"mật khẩu của cửa hàng ở quận 1 năm 2024",
	} {
		if generated(secret) {
			t.Errorf("%q counts as generated", secret)
		}
	}
}

// A prefix must not take the strength of what follows for its own.
func TestOnlyWhatFollowsThePrefixCounts(t *testing.T) {
	t.Parallel()

	const secret = "a7c3b4e5f6a7b8c9d0e1f2a3b4c5d6e7"

	if !generated("shop_"+secret) || generated(secret[:16]+"_"+secret[16:]) || generated(secret+"_") {
		t.Error("the prefix counts as a part of the secret")
	}

	if generated(fmt.Sprint("_", strings.Repeat("x", 40))) {
		t.Error("a prefix makes any secret a generated one")
	}
}
