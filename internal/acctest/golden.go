package acctest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
)

// updateGolden is the variable that makes Golden rewrite its files: review them with git diff.
const updateGolden = "UPDATE_GOLDEN"

// Golden compares got, written as JSON, with testdata/name.json of the package under test.
func Golden(tb testing.TB, name string, got any) {
	tb.Helper()

	var text bytes.Buffer

	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")

	if err := encoder.Encode(got); err != nil {
		tb.Fatal(err)
	}

	path := filepath.Join("testdata", name+".json")

	if os.Getenv(updateGolden) != "" {
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			tb.Fatal(err)
		}

		return
	}

	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("%v; %s=1 writes it", err, updateGolden)
	}

	if !bytes.Equal(text.Bytes(), want) {
		tb.Errorf("the result differs from %s; %s=1 rewrites it. Got:\n%s", path, updateGolden, text.String())
	}
}

// Dialects returns every combination of the variants of the questions with those ids, "U6" for example.
func Dialects(tb testing.TB, ids ...string) []dialects.Dialect {
	tb.Helper()

	combined := []dialects.Dialect{{}}

	for _, id := range ids {
		var extended []dialects.Dialect

		for _, variant := range variants(id) {
			for _, dialect := range combined {
				if err := dialect.Set(id, variant); err != nil {
					tb.Fatal(err)
				}

				extended = append(extended, dialect)
			}
		}

		if len(extended) == 0 {
			tb.Fatalf("there is no dialect question %s", id)
		}

		combined = extended
	}

	return combined
}

func variants(id string) []string {
	for _, dimension := range dialects.Dimensions() {
		if dimension.ID == id {
			return dimension.Variants
		}
	}

	return nil
}

// SameInEveryDialect compares what a data source without arguments returns in each dialect with testdata/golden.json, and checks
// that it sends one request.
func SameInEveryDialect(t *testing.T, typeName, golden string, spoken ...dialects.Dialect) {
	t.Helper()

	for _, dialect := range spoken {
		t.Run(dialect.String(), func(t *testing.T) {
			t.Parallel()

			service, server := NewSimulated(t, simulator.WithDialect(dialect))

			values, diagnostics := server.ReadDataSource(typeName, nil)
			if len(diagnostics) != 0 {
				t.Fatal(diagnostics)
			}

			Golden(t, golden, values)

			if requests := service.RequestsTo("", "/api/v1/"); len(requests) != 1 {
				t.Errorf("sent %v, want one request", requests)
			}
		})
	}
}
