package dialects_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

func TestDialectsAreReadAndWritten(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"":                       "default",
		"default":                "default",
		"U1=data":                "default",
		"U5=masked, U1=root":     "U1=root,U5=masked",
		"X4=coupled,U18=trimmed": "U18=trimmed,X4=coupled",
	} {
		dialect, err := dialects.Parse(text)
		if err != nil || dialect.String() != want {
			t.Errorf("%q: %s, %v", text, dialect, err)
		}
	}

	for _, text := range []string{"U1", "U1=strange", "U19=data", "U1=root;U2=201"} {
		if _, err := dialects.Parse(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestReportOfTheProbeIsLoadedAsADialect(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "report.json")

	for text, want := range map[string]string{
		`{"dialect":{"U5":"masked","U1":"root"},"requests":12}`: "U1=root,U5=masked",
		`{"dialect":{}}`:               "default",
		`{"dialect":{"U1":"data"}}`:    "default",
		`{"dialect":{"U1":"strange"}}`: "error: U1 has no variant",
		`{"dialect":{"U99":"data"}}`:   "error: there is no dialect question",
		`{"requests":12}`:              "error: it has no key",
		`{"dialect":`:                  "error: unexpected end",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}

		dialect, err := dialects.Load(path)
		if problem, wrong := strings.CutPrefix(want, "error: "); wrong {
			if err == nil || !strings.Contains(err.Error(), problem) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %v", text, err)
			}
		} else if err != nil || dialect.String() != want {
			t.Errorf("%s: %s, %v", text, dialect, err)
		}
	}

	if _, err := dialects.Load(path + ".none"); err == nil {
		t.Error("a file that does not exist is loaded")
	}
}

func TestEveryVariantCanBeChosen(t *testing.T) {
	t.Parallel()

	for _, dimension := range dialects.Dimensions() {
		for i, variant := range dimension.Variants {
			var dialect dialects.Dialect
			if err := dialect.Set(dimension.ID, variant); err != nil {
				t.Error(err)
			}

			want := dimension.ID + "=" + variant
			if i == 0 {
				want = "default"
			}

			if dialect.String() != want || dialect.Get(dimension.ID) != variant {
				t.Errorf("%s=%s became %s", dimension.ID, variant, dialect)
			}
		}
	}

	if got := (dialects.Dialect{}).Complete(); got.Types != dialects.TypesNative {
		t.Errorf("U6 is %q by default", got.Types)
	}
}

// The variants of a question appear in the tag of its field and as constants of its type.
func TestEveryConstantIsAVariantOfItsQuestion(t *testing.T) {
	t.Parallel()

	file, err := parser.ParseFile(token.NewFileSet(), "questions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}

	constants := map[string][]string{} // by type

	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}

		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			t.Fatalf("%s is not a literal", spec.Names[0])
		}

		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Error(err)
		}

		kind := fmt.Sprint(spec.Type)
		constants[kind] = append(constants[kind], value)

		return true
	})

	fields := reflect.TypeFor[dialects.Dialect]()

	for i, dimension := range dialects.Dimensions() {
		kind := fields.Field(i).Type.Name()
		if !slices.Equal(constants[kind], dimension.Variants) {
			t.Errorf("%s has the variants %v and the constants %v", dimension.ID, dimension.Variants, constants[kind])
		}

		if dimension.ID == "" || dimension.Question == "" {
			t.Errorf("the tags of %s lack the id or the question", kind)
		}
	}
}

func TestPairwiseCoversEveryPairOfVariants(t *testing.T) {
	t.Parallel()

	dimensions := dialects.Dimensions()
	pairwise := dialects.Pairwise(dimensions)
	met := map[string]bool{}

	for _, dialect := range pairwise {
		for i, left := range dimensions {
			for _, right := range dimensions[:i] {
				met[fmt.Sprint(left.ID, dialect.Get(left.ID), right.ID, dialect.Get(right.ID))] = true
			}
		}
	}

	pairs := 0

	for i, left := range dimensions {
		for _, right := range dimensions[:i] {
			for _, l := range left.Variants {
				for _, r := range right.Variants {
					pairs++

					if !met[fmt.Sprint(left.ID, l, right.ID, r)] {
						t.Errorf("%s=%s never meets %s=%s", left.ID, l, right.ID, r)
					}
				}
			}
		}
	}

	// The two largest questions have 7 and 4 variants, so that 28 is the least.
	if len(pairwise) > 40 || pairwise[0].String() != "default" {
		t.Errorf("%d dialects, the first is %s", len(pairwise), pairwise[0])
	}

	t.Logf("%d pairs in %d dialects", pairs, len(pairwise))
}
