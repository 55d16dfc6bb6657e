package wire_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func open(t *testing.T, text string) wire.Envelope {
	t.Helper()

	envelope, err := wire.Open([]byte(text))
	if err != nil {
		t.Fatal(err)
	}

	return envelope
}

type nested struct{ Code, Name wire.Field[string] }

func decodeNested(o *wire.Object) nested {
	bank := o.Nested("bank")

	return nested{bank.Text("code"), bank.Text("name")}
}

func TestANestedObjectMayBeFlattenedWithAPrefix(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]nested{
		`{"bank":{"code":"VCB","name":null}}`:        {wire.Of("VCB"), wire.Null[string]()},
		`{"bank_code":"VCB","bank_name":"x"}`:        {wire.Of("VCB"), wire.Of("x")},
		`{"bank":null,"bank_code":"VCB"}`:            {Code: wire.Of("VCB")},
		`{"bank":{"code":"VCB"},"bank_code":"BIDV"}`: {Code: wire.Of("VCB")},
		`{"bank":{"name":"x"},"bank_code":"VCB"}`:    {wire.Of("VCB"), wire.Of("x")},
		`{}`: {},
	} {
		if got, err := wire.Decode(map[string]any(open(t, text)), "account", decodeNested); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}

	for text, want := range map[string]string{
		`{"bank":"VCB"}`:                `account: "bank": an object was expected`,
		`{"bank":{"code":["hunter2"]}}`: `account: "bank": "code": a text was expected, not a list`,
	} {
		if _, err := wire.Decode(map[string]any(open(t, text)), "account", decodeNested); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestTheDataOfAResponseIsFoundInEveryEnvelope(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		`{"data":{"id":5}}`:                "",
		`{"id":5}`:                         "",
		`{"account":{"id":5}}`:             "",
		`{"accounts":[{"id":5}]}`:          "",
		`{"data":null}`:                    "no data",
		`{"data":null,"id":5}`:             "no data",
		`{"accounts":[{"id":5},{"id":6}]}`: "an object was expected",
	} {
		value, err := open(t, text).One("account", "accounts")
		if err == nil {
			_, err = wire.Decode(value, "account", func(o *wire.Object) int64 { return o.ID() })
		}

		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestTheIDOfACreateIsFoundInEveryEnvelope(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]int64{
		`{"data":{"id":5}}`: 5, `{"data":{"id":"5"}}`: 5, `{"message":"ok","id":5}`: 5, `{"data":{"id":0},"id":5}`: 5,
		`{"data":[]}`: 0, `{"data":{"id":-5}}`: 0, `{}`: 0,
	} {
		if id, err := open(t, text).CreatedID(); id != want || (err == nil) != (want != 0) {
			t.Errorf("%s: %d, %v", text, id, err)
		}
	}
}
