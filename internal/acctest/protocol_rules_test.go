package acctest

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestProposedNewState(t *testing.T) {
	t.Parallel()

	attributes := []*tfprotov6.SchemaAttribute{
		{Name: "plain", Optional: true},
		{Name: "both", Optional: true, Computed: true},
		{Name: "computed", Computed: true},
	}
	prior := map[string]any{"plain": "old", "both": "old", "computed": "old"}

	for _, test := range []struct {
		name                string
		prior, config, want map[string]any
	}{
		{"nothing set", prior, map[string]any{}, map[string]any{"plain": nil, "both": "old", "computed": "old"}},
		{
			"all set", prior,
			map[string]any{"plain": "new", "both": "new"},
			map[string]any{"plain": "new", "both": "new", "computed": "old"},
		},
		{
			"create", nil,
			map[string]any{"plain": "new"},
			map[string]any{"plain": "new", "both": nil, "computed": nil},
		},
		{
			"unknown", prior,
			map[string]any{"both": Unknown},
			map[string]any{"plain": nil, "both": Unknown, "computed": "old"},
		},
		{"destroy", prior, nil, nil},
	} {
		if got := proposedNew(attributes, test.prior, test.config); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func TestPlansThatTerraformRefuses(t *testing.T) {
	t.Parallel()

	plain := &tfprotov6.SchemaAttribute{Name: "a", Optional: true}
	computed := &tfprotov6.SchemaAttribute{Name: "a", Optional: true, Computed: true}
	writeOnly := &tfprotov6.SchemaAttribute{Name: "a", Optional: true, WriteOnly: true}

	for _, test := range []struct {
		name                   string
		attribute              *tfprotov6.SchemaAttribute
		prior, config, planned any
		refused                bool
	}{
		{"as configured", plain, "old", "new", "new", false},
		{"prior kept for an equal meaning", plain, "old", "new", "old", false},
		{"something else", plain, "old", "new", "other", true},
		{"default for what is not computed", plain, nil, nil, "default", true},
		{"prior kept although removed", plain, "old", nil, "old", true},
		{"default for what is computed", computed, nil, nil, "default", false},
		{"unknown for what is computed", computed, "old", nil, Unknown, false},
		{"computed but configured otherwise", computed, nil, "new", "other", true},
		{"known for an unknown configuration", computed, nil, Unknown, "guess", true},
		{"write-only planned", writeOnly, nil, "secret", "secret", true},
		{"write-only left out", writeOnly, nil, "secret", nil, false},
	} {
		violations := planViolations([]*tfprotov6.SchemaAttribute{test.attribute},
			map[string]any{"a": test.prior}, map[string]any{"a": test.config}, map[string]any{"a": test.planned})
		if refused := len(violations) > 0; refused != test.refused {
			t.Errorf("%s: violations %v, want some: %v", test.name, violations, test.refused)
		}
	}
}

func TestResultsThatTerraformRefuses(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name         string
		planned, got any
		refused      bool
	}{
		{"as planned", []any{"x"}, []any{"x"}, false},
		{"unknown became known", Unknown, "x", false},
		{"unknown became null", Unknown, nil, false},
		{"unknown element became known", []any{"x", Unknown}, []any{"x", "y"}, false},
		{"another value", "x", "y", true},
		{"null became a value", nil, "y", true},
		{"null became empty", nil, []any{}, true},
	} {
		violations := incompatibilities([]*tfprotov6.SchemaAttribute{{Name: "a"}},
			map[string]any{"a": test.planned}, map[string]any{"a": test.got})
		if refused := len(violations) > 0; refused != test.refused {
			t.Errorf("%s: violations %v, want some: %v", test.name, violations, test.refused)
		}
	}

	attributes := []*tfprotov6.SchemaAttribute{{Name: "a"}, {Name: "b", WriteOnly: true}}
	if got := stateViolations(attributes, map[string]any{"a": Unknown, "b": "secret"}); len(got) != 2 {
		t.Errorf("violations %v, want one for the unknown and one for the write-only value", got)
	}

	if got := identityViolations(map[string]any{"id": int64(1)}, map[string]any{"id": int64(2)}); len(got) != 1 {
		t.Errorf("violations %v, want one for the changed identity", got)
	}
}

func TestValuesSurviveTheProtocol(t *testing.T) {
	t.Parallel()

	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"text": tftypes.String, "flag": tftypes.Bool, "whole": tftypes.Number, "money": tftypes.Number,
		"set":    tftypes.Set{ElementType: tftypes.Number},
		"list":   tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"x": tftypes.String}}},
		"absent": tftypes.String, "later": tftypes.String,
	}}
	plain := map[string]any{
		"text": "x", "flag": true, "whole": 7, "money": json.Number("999999999999999.99"),
		"set": []int64{20, 3}, "list": []any{map[string]any{"x": "y"}}, "later": Unknown,
	}
	want := map[string]any{
		"text": "x", "flag": true, "whole": int64(7), "money": json.Number("999999999999999.99"),
		"set": []any{int64(3), int64(20)}, "list": []any{map[string]any{"x": "y"}}, "later": Unknown, "absent": nil,
	}

	value, err := toValue(typ, plain)
	if err != nil {
		t.Fatal(err)
	}

	encoded, err := dynamic(value)
	if err != nil {
		t.Fatal(err)
	}

	if got, err := decodeObject(typ, encoded); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}

	for name, wrong := range map[string]map[string]any{
		"an attribute that does not exist": {"nme": "x"}, "a text for a number": {"whole": "x"}, "a text for a set": {"set": "x"},
	} {
		if _, err := toValue(typ, wrong); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
