package promise

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestPromisesAreReadWithTheirTests(t *testing.T) {
	t.Parallel()

	promises, err := Parse("# Promises\n\n`TestNothing`\n\n## One\n\nText of `TestOther`.\n\nProof: `TestA`,\n`FuzzB`\n\nOutside: `TestC`\n\n## No promise\n\n## Two\n\nProof: `TestA`\n")

	want := []Promise{{"One", []string{"TestA", "FuzzB"}}, {"Two", []string{"TestA"}}}
	if err != nil || !reflect.DeepEqual(promises, want) {
		t.Errorf("got %v, %v, want %v", promises, err, want)
	}

	for name, text := range map[string]string{
		"nothing is promised":     "# Promises\n",
		"a promise without test":  "## One\n\nProof: none\n",
		"a test is named twice":   "## One\n\nProof: `TestA` `TestA`\n",
		"a test outside of proof": "## One\n\nProof:\n\n`TestA`\n",
	} {
		if promises, err := Parse(text); err == nil {
			t.Errorf("%s, and it gives %v", name, promises)
		}
	}
}

func TestTestsAreFoundWhereTheyAreDeclared(t *testing.T) {
	t.Parallel()

	root := t.TempDir()

	for name, content := range map[string]string{
		"a/a_test.go":          "package a\n\nfunc TestA(t *testing.T) {}\n\n// func TestB(t *testing.T) {}\n",
		"b/b_test.go":          "package b\n\nfunc TestA(t *testing.T) {\n}\nfunc FuzzC(f *testing.F) {}\n",
		"b/b.go":               "package b\n\nfunc TestD(t *testing.T) {}\n",
		"other/go.mod":         "module other\n",
		"other/other_test.go":  "package other\n\nfunc TestE(t *testing.T) {}\n",
		"b/testdata/x_test.go": "package x\n\nfunc TestF(t *testing.T) {}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}

		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	want := map[string][]string{"TestA": {"a", "b"}, "FuzzC": {"b"}}
	if got, err := Declared(root); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// stream is what go test prints: TestGood passes with three cases, one of which has a slash in its name, TestSkips skips one of
// its subtests, TestBad fails in one of three, TestCut begins and does not end, TestSays reports the number of its cases, and
// FuzzF makes inputs of its own.
const stream = `not of go test
{"Time":"2026-11-25T10:00:00Z","Action":"start","Package":"p"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestGood"}
{"Time":"2026-11-25T10:00:05Z","Action":"cont","Package":"p","Test":"TestGood"}
{"Time":"2026-11-25T10:00:05Z","Action":"run","Package":"p","Test":"TestGood/a"}
{"Time":"2026-11-25T10:00:05Z","Action":"run","Package":"p","Test":"TestGood/a/1"}
{"Time":"2026-11-25T10:00:05Z","Action":"run","Package":"p","Test":"TestGood/a/2"}
{"Time":"2026-11-25T10:00:05Z","Action":"run","Package":"p","Test":"TestGood/b/3"}
{"Time":"2026-11-25T10:00:05Z","Action":"output","Package":"p","Test":"TestGood","Output":"secret of success\n"}
{"Time":"2026-11-25T10:00:07Z","Action":"pass","Package":"p","Test":"TestGood","Elapsed":0}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestSkips"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestSkips/a"}
{"Time":"2026-11-25T10:00:00Z","Action":"skip","Package":"p","Test":"TestSkips/a"}
{"Time":"2026-11-25T10:00:00Z","Action":"pass","Package":"p","Test":"TestSkips"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestBad"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestBad/a"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestBad/b"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestBad/c"}
{"Time":"2026-11-25T10:00:00Z","Action":"output","Package":"p","Test":"TestBad/b","Output":"why it failed\n"}
{"Time":"2026-11-25T10:00:00Z","Action":"fail","Package":"p","Test":"TestBad/b"}
{"Time":"2026-11-25T10:00:01Z","Action":"fail","Package":"p","Test":"TestBad"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestSays"}
{"Time":"2026-11-25T10:00:00Z","Action":"attr","Package":"p","Test":"TestSays","Key":"cases","Value":"1651"}
{"Time":"2026-11-25T10:00:00Z","Action":"pass","Package":"p","Test":"TestSays"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"p","Test":"TestCut"}
{"Time":"2026-11-25T10:00:00Z","Action":"fail","Package":"p"}
{"Time":"2026-11-25T10:00:00Z","Action":"run","Package":"q","Test":"FuzzF"}
{"Time":"2026-11-25T10:00:03Z","Action":"output","Package":"q","Test":"FuzzF","Output":"fuzz: elapsed: 3s, execs: 325017 (108336/sec), new interesting: 11 (total: 202)\n"}
{"Time":"2026-11-25T10:00:03Z","Action":"pass","Package":"q","Test":"FuzzF"}
{"Time":"2026-11-25T10:00:03Z","Action":"fail","Package":"broken"}
`

func TestTheTableShowsTheResultOfEachPromise(t *testing.T) {
	t.Parallel()

	outcomes := NewOutcomes()

	var log, table bytes.Buffer
	if err := outcomes.Read(strings.NewReader(stream), &log); err != nil {
		t.Fatal(err)
	}

	if got := log.String(); got != "not of go test\nwhy it failed\n" {
		t.Errorf("the log has %q", got)
	}

	broken := Print(&table, []Promise{
		{"good", []string{"TestGood", "TestSays", "FuzzF"}},
		{"broken", []string{"TestSkips", "TestMissing", "TestCut"}},
	}, outcomes, false)

	wantTable := `promise  test           cases    failures  time
good     TestGood       3        0         2.0 s
         TestSays       1651     0         0.0 s
         FuzzF          325017   0         3.0 s
broken   TestSkips      1        0         0.0 s
         TestMissing    not run  -         -
         TestCut        0        0         0.0 s
(none)   1 other tests  3        1         
all      6 tests        326675   1         
`
	if got := table.String(); got != wantTable {
		t.Errorf("the table is\n%s\nwant\n%s", got, wantTable)
	}

	wantBroken := []string{
		"broken: TestSkips was skipped: TestSkips/a",
		"broken: TestMissing did not run",
		"broken: TestCut did not end",
		"TestBad failed in 1 of 3 cases",
		"broken does not build, or ended before its tests",
	}
	if !reflect.DeepEqual(broken, wantBroken) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(broken, "\n"), strings.Join(wantBroken, "\n"))
	}

	missing := []Promise{{"missing", []string{"TestMissing"}}}
	if broken := Print(io.Discard, missing, &Outcomes{}, true); len(broken) != 0 {
		t.Errorf("of some packages, it wants %q", broken)
	}
}
