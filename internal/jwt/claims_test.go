package jwt_test

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/jwt"
)

func token(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
}

func TestTheExpiryIsReadFromTheToken(t *testing.T) {
	t.Parallel()

	for payload, want := range map[string]time.Time{
		`{"exp":1764000000}`:                    time.Unix(1764000000, 0).UTC(),
		`{"exp":1764000000.9}`:                  time.Unix(1764000000, 0).UTC(),
		`{}`:                                    {},
		`{"exp":0}`:                             {},
		`{"exp":-5}`:                            {},
		`{"exp":1e300}`:                         {},
		`{"exp":1764000000,"sub":7,"iss":null}`: time.Unix(1764000000, 0).UTC(),
	} {
		claims, ok := jwt.Parse(token(payload))
		if !ok || !claims.ExpiresAt().Equal(want) {
			t.Errorf("%s: %v, %v, want %v", payload, claims.ExpiresAt(), ok, want)
		}
	}
}

func TestATextThatIsNotAJWTHasNoClaims(t *testing.T) {
	t.Parallel()

	for _, text := range []string{"", "opaque", "a.b", "a.b.c.d", "a.!!.c", token(`[`), token(`{"exp":"soon"}`)} {
		if claims, ok := jwt.Parse(text); ok {
			t.Errorf("%q: %+v", text, claims)
		}
	}
}

func TestAllTokensOfAUserHaveThePrincipalOfTheUser(t *testing.T) {
	t.Parallel()

	of := func(payload string) string {
		claims, _ := jwt.Parse(token(payload))

		return claims.Principal()
	}

	alice := of(`{"iss":"i","aud":"client","sub":"1","exp":1}`)
	if alice == "" || alice != of(`{"iss":"i","aud":"client","sub":"1","exp":2,"jti":"x"}`) {
		t.Error("two tokens of one user have different principals")
	}

	for _, other := range []string{
		`{"iss":"i","aud":"client","sub":"2"}`, `{"iss":"j","aud":"client","sub":"1"}`, `{"iss":"i","aud":["other"],"sub":"1"}`,
	} {
		if of(other) == alice {
			t.Errorf("%s has the principal of another user", other)
		}
	}

	if of(`{"iss":"i"}`) != "" {
		t.Error("a token without a subject has a principal")
	}
}

func TestScopesAreReadInEveryForm(t *testing.T) {
	t.Parallel()

	for payload, want := range map[string]string{
		`{"scope":"webhook:read profile"}`:      "[webhook:read profile]",
		`{"scopes":["webhook:read","profile"]}`: "[webhook:read profile]",
		`{"scope":["profile"]}`:                 "[profile]",
		`{"scope":7,"scopes":null}`:             "[]",
		`{}`:                                    "[]",
	} {
		claims, _ := jwt.Parse(token(payload))
		if got := fmt.Sprint(claims.Scopes()); got != want {
			t.Errorf("%s: %s, want %s", payload, got, want)
		}
	}
}
