package input

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var here, _ = os.Getwd() // before a test changes it

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join(here, "testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\nto rewrite %s: go test ./input -run %s -update", got, want, file, t.Name())
	}
}

// where is what a parameter says of itself and its evidence.
func where(p Parameter) string {
	e := "-"
	if p.Low != nil {
		e = fmt.Sprintf("%v-%v", *p.Low, *p.High)
	}
	return fmt.Sprintf("%s from %s:%d:%d, %s %s %s", p.Value, p.Layer, p.Line, p.Col, e, p.Basis, p.Source)
}

func TestLayers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		sets       []string
		key, want  string
	}{
		{"of the baseline", "", nil, "strike.tomahawk_stock", `400 from baseline:11:28, 100-800 public CRS R45162`},
		{"bare keeps the evidence", "strike.tomahawk_stock = 20", nil, "strike.tomahawk_stock", `20 from my.toml:2:25, 100-800 public CRS R45162`},
		{"value alone keeps the evidence", "[strike]\ntomahawk_stock.value = 20", nil, "strike.tomahawk_stock", `20 from my.toml:3:24, 100-800 public CRS R45162`},
		{"long form replaces it", `strike.tomahawk_stock = { value = 20, basis = "computed" }`, nil, "strike.tomahawk_stock", `20 from my.toml:2:35, - computed `},
		{"evidence alone keeps the value", `strike.tomahawk_stock = { low = 2e2, high = 300, basis = "judgement" }`, nil, "strike.tomahawk_stock", `400 from baseline:11:28, 200-300 judgement `},
		{"--set", "strike.tomahawk_stock = 20", []string{"seed=2", "strike.tomahawk_stock = 30"}, "strike.tomahawk_stock", `30 from --set:2:25, 100-800 public CRS R45162`},
		{"the later --set", "", []string{"seed=2", "seed=3"}, "seed", `3 from --set:2:6, -  `},
		{"--set of a long form", "", []string{`seed = { value = 2, basis = "seed" }`}, "seed", `2 from --set:1:18, - seed `},
		{"--set of evidence", "", []string{`strike.tomahawk_stock.basis = "seed"`}, "strike.tomahawk_stock", `400 from baseline:11:28, - seed `},
		{"--set of a word", "", []string{"coalition.roe=R4"}, "coalition.roe", `"R4" from --set:1:15, - judgement `},
		{"--set of text", "", []string{`title = "a # b"`}, "title", `"a # b" from --set:1:9, -  `},
		{"--set of words", "", []string{`title=plan B.2 -`}, "title", `"plan B.2 -" from --set:1:7, -  `},
		{"--set in a table", "", []string{`coalition = { land = { troops = 5 }, enabled = false }`}, "coalition.land.troops", `5 from --set:1:33, -  `},
		{"whole float for an integer", "strike.salvo = 1.2e2", nil, "strike.salvo", `120 from my.toml:2:16, -  `},
		{"integer for a float", "horizon_d = 20", nil, "horizon_d", `20.0 from my.toml:2:13, 365-3650 judgement five years`},
		{"dotted", "coalition.land.troops = 0x10", nil, "coalition.land.troops", `16 from my.toml:2:25, -  `},
		{"table", "[coalition.land]\n\ttroops=1_0", nil, "coalition.land.troops", `10 from my.toml:3:9, -  `},
		{"table as a long form", "[attribution.threshold]\nvalue = 0.5", nil, "attribution.threshold", `0.5 from my.toml:3:9, 0.7-0.99 judgement `},
		{"inline over lines", "coalition = {\n  land.troops = 7, # c\n  roe = 'R1',\n}", nil, "coalition.land.troops", `7 from my.toml:3:17, -  `},
		{"negative zero", "strike.repair_scale = -0.0", nil, "strike.repair_scale", `0.0 from my.toml:2:23, -  `},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := mustLoad(t, extends+c.text, c.sets)
			p, ok := in.Get(c.key)
			if got := where(p); !ok || got != c.want {
				t.Errorf("%s: got %s\nwant %s", c.key, got, c.want)
			}
			if v, err := Value(&in.war, c.key); err != nil || literal(v) != p.Value {
				t.Errorf("%s is %v (%v) in the scenario, but %s in the parameters", c.key, v, err, p.Value)
			}
		})
	}
}

func TestLayersAreNamed(t *testing.T) {
	in := mustLoad(t, "extends = 'sub/winter.toml'\nseed = 3", []string{"seed=4"}, "sub/winter.toml", "extends = 'winter'\nstrike.salvo = 11")
	if want := []string{"baseline", "winter", "sub/winter.toml", "my.toml", "--set"}; !slices.Equal(in.Layers, want) {
		t.Errorf("got layers %q, want %q", in.Layers, want)
	}
	if in.Name != "my" || in.war.Strike.Salvo != 11 || in.war.Seed != 4 || in.war.Attribution.Threshold != 0.9 {
		t.Errorf("got %s: %+v", in.Name, in.war)
	}
}

func TestAbsentOptionalKeys(t *testing.T) {
	text := strings.Replace(baseline, "title = \"two bases\"\n", "", 1)
	in := mustLoad(t, text, nil)
	p, ok := in.Get("title")
	if !ok || p.Value != `""` || p.Layer != "" || !p.Optional {
		t.Errorf("got %+v", p)
	}
	if strings.Contains(string(in.TOML()), "title") {
		t.Errorf("title is nobody's, but stands in\n%s", in.TOML())
	}
}

const study = `
[study]
runs = 3.0
method = "a \"b\" \\ ☃\n\u00ad"
level = 1
uncertain = [ "*", # all
  'x' ]
factors = [ { key = "seed", values = [1, 2.0, "x", true, [1e30, { b = 1, a = {} }], []] },
  { key = "b", fixed = { z = 1, a = [] } } ]
weights = { b = 1, "a.c" = 1e-7, a = -0.0 }
[study.stop]
max = 1_000
width = 1e-1
[[expect]]
measure = "m"
[[expect]]
measure = "n"
max = 123456789.0
min = 1e15
`

func TestTOML(t *testing.T) {
	in := mustLoad(t, baseline+strings.Replace(study, "1e15", "5", 1), []string{"strike.salvo=3"})
	golden(t, "resolved.toml", in.TOML())
	var again loaded
	f, err := Loader{}.Load(filepath.Join(here, "testdata/resolved.toml"), nil, &again.war, map[string]any{"study": &again.study, "expect": &again.expect})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.TOML(), in.TOML()) || f.Hash() != in.Hash() {
		t.Errorf("got\n%s\nwant\n%s", f.TOML(), in.TOML())
	}
	if in.war != again.war || !reflect.DeepEqual(in.study, again.study) || !reflect.DeepEqual(in.expect, again.expect) {
		t.Errorf("got %+v\nwant %+v", again, in)
	}
}

func TestSections(t *testing.T) {
	in := mustLoad(t, extends+strings.Replace(study, "1e15", "5", 1), []string{"study.runs=5", "study.stop={width=0.5}", "study.weights.d=4"})
	level := prob(1)
	want := design{
		Runs: 5, Method: "a \"b\" \\ ☃\n\u00ad", Level: &level, Uncertain: []string{"*", "x"},
		Factors: []factor{
			{Key: "seed", Values: []any{int64(1), 2.0, "x", true, []any{1e30, map[string]any{"b": int64(1), "a": map[string]any{}}}, []any{}}},
			{Key: "b", Fixed: map[string]any{"z": int64(1), "a": []any{}}},
		},
		Weights: map[string]float64{"b": 1, "a.c": 1e-7, "a": 0, "d": 4},
	}
	want.Stop.Width, want.Stop.Max = 0.5, 1000
	if !reflect.DeepEqual(in.study, want) {
		t.Errorf("got  %#v\nwant %#v", in.study, want)
	}
	if want := []expectation{{"m", 0, 0}, {"n", 5, 123456789}}; !slices.Equal(in.expect, want) {
		t.Errorf("got %v, want %v", in.expect, want)
	}
}

// An array of a stronger layer replaces the weaker whole, and may be empty.
func TestEmptyArrayOfTables(t *testing.T) {
	in := mustLoad(t, "extends = 'base.toml'\nexpect = []", nil, "base.toml", extends+"[[expect]]\nmeasure = 'a'")
	if len(in.expect) != 0 || !strings.Contains(string(in.TOML()), "\nexpect = []\n") {
		t.Errorf("got %v in\n%s", in.expect, in.TOML())
	}
}

func TestHash(t *testing.T) {
	in := mustLoad(t, baseline+"[study]\nruns = 3\nstop.width = 0.1\n[[expect]]\nmeasure = 'a'", nil)
	for name, text := range map[string]string{
		"comments, order and layout": `expect=[{measure="a"}] # first
study={stop={width=1e-1},runs=3.0}
[coalition]
land={troops={value=25000}}
enabled=true
roe='R2'
[strike]
arrives=0.850
repair_scale=1
salvo=0x14
tomahawk_stock={high=800,low=100,value=400,basis="judgement",source="elsewhere"}
[attribution]
overt_delay_d=1.0
threshold={value=0.9,low=0.70,high=0.99,basis="seed"}
`,
		"layers": extends,
	} {
		switch name {
		case "layers":
			text += "study = {runs = 3, stop.width = 0.1}\nexpect = [{measure='a'}]"
		default:
			text = "title = \"two bases\"\nseed = 1\nhorizon_d = {value = 1825, low = 365, high = 3650, basis = 'seed'}\n" + text
		}
		if same := mustLoad(t, text, nil); same.Hash() != in.Hash() || same.Differ(in.File) != nil {
			t.Errorf("%s: got hash %s, want %s; %q differ", name, same.Hash(), in.Hash(), same.Differ(in.File))
		}
	}
	for set, want := range map[string]string{
		"seed=2":                        "seed",
		"strike.repair_scale=1.0000001": "strike.repair_scale",
		"coalition.enabled=false":       "coalition.enabled",
		"attribution.threshold={low=0.1,high=0.99,basis='judgement'}": "attribution.threshold",
		"strike.salvo={low=1,high=2,basis='seed'}":                    "strike.salvo",
		"study.runs=4":              "study.runs",
		"study.stop.max=4":          "study.stop.max",
		"study.uncertain=['*']":     "study.uncertain",
		"expect=[{measure='b'}]":    "expect[0].measure",
		"expect=[]":                 "expect expect[0] expect[0].measure",
		"study.weights={}":          "study.weights",
		"study.factors=[{key='a'}]": "study.factors[0] study.factors[0].key",
	} {
		other := mustLoad(t, baseline+"[study]\nruns = 3\nstop.width = 0.1\n[[expect]]\nmeasure = 'a'", []string{set})
		got := strings.Join(other.Differ(in.File), " ")
		if got != want || other.Hash() == in.Hash() || got != strings.Join(in.Differ(other.File), " ") {
			t.Errorf("%s: %q differ, want %q; hashes %s and %s", set, got, want, in.Hash(), other.Hash())
		}
	}
}

// A bare value may leave the range of the layer below it, and what that resolves to is read as it stands.
func TestAValueBeyondWhatIsBelieved(t *testing.T) {
	in := mustLoad(t, extends+"strike.tomahawk_stock = 2_000", []string{"attribution.threshold=0.5"})
	again := mustLoad(t, string(in.TOML()), nil)
	for key, want := range map[string]string{"strike.tomahawk_stock": "2000, 100-800", "attribution.threshold": "0.5, 0.7-0.99"} {
		p, _ := again.Get(key)
		if got := fmt.Sprintf("%s, %v-%v", p.Value, *p.Low, *p.High); got != want || again.Hash() != in.Hash() {
			t.Errorf("%s: got %s, want %s; hashes %s and %s", key, got, want, again.Hash(), in.Hash())
		}
	}
}

// A hash stands in results that are compared years later.
func TestHashIsPinned(t *testing.T) {
	const want = "191ac1d3c5ccb78837318edeb1822504cae0f8b93159e3a3a46de4c7d5272a3f"
	if got := mustLoad(t, baseline, nil).Hash(); got != want {
		t.Errorf("got %s, want %s: results of earlier versions no longer count as of the same input", got, want)
	}
}

func TestMissingAllAtOnce(t *testing.T) {
	var many struct {
		X1 ten `toml:"x1"`
		X2 ten `toml:"x2"`
		X3 ten `toml:"x3"`
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("my.toml", []byte("\n[x2]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Loader{Embedded: embedded}.Load("my.toml", []string{"x1.a=3"}, &many, nil)
	want := []string{`my.toml:1:1: 23 of 24 parameters are missing, the first is x1.b (extends = "baseline" supplies them)`}
	if got := faultLines(t, err); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = Loader{}.Load("my.toml", []string{"x1.a=3"}, &many, nil)
	if got := faultLines(t, err); len(got) != 23 || got[0] != "my.toml:1:1: x1.b: is missing" || got[22] != "my.toml:2:2: x2.h: is missing" {
		t.Errorf("without a baseline: got %q", got)
	}
}

type ten struct {
	A float64 `toml:"a"`
	B float64 `toml:"b"`
	C float64 `toml:"c"`
	D float64 `toml:"d"`
	E float64 `toml:"e"`
	F float64 `toml:"f"`
	G float64 `toml:"g"`
	H float64 `toml:"h"`
}

func TestJSON(t *testing.T) {
	in := mustLoad(t, extends, nil)
	p, _ := in.Get("attribution.threshold")
	got, err := json.Marshal(p)
	const want = `{"key":"attribution.threshold","kind":"float","rule":"must be in (0, 1)","doc":"evidence that clears the bar","value":"0.9","layer":"baseline","line":7,"col":23,"low":0.7,"high":0.99,"basis":"judgement"}`
	if err != nil || string(got) != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
}

// What is accepted must be readable when it is written in full.
func TestResolvedTooLarge(t *testing.T) {
	quotes := "'" + strings.Repeat(`"`, 4000) + "',\n" // which take twice as many bytes between double quotes
	for want, text := range map[string]string{
		"my.toml:1:1: what the file resolves to is over 1 MiB": "uncertain = [" + strings.Repeat(quotes, 200) + "]",
		"my.toml:1:1: what the file resolves to has a line over 64 KiB": "factors = [{ key = 'a', fixed = [1, { x = [\n" +
			strings.Repeat(quotes, 10) + "]}] }]",
	} {
		_, err := load(t, extends+"[study]\nruns = 3\n"+text, nil)
		if got := strings.Join(faultLines(t, err), "\n"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestLongArrayIsAColumn(t *testing.T) {
	long := strings.Repeat("x", 60)
	in := mustLoad(t, extends+"study = { runs = 3, uncertain = ['"+long+"', '"+long+"'] }", nil)
	want := "uncertain = [\n  \"" + long + "\",\n  \"" + long + "\",\n]\n"
	if !strings.Contains(string(in.TOML()), want) {
		t.Errorf("got\n%swant in it\n%s", in.TOML(), want)
	}
	if again := mustLoad(t, string(in.TOML()), nil); !slices.Equal(again.study.Uncertain, in.study.Uncertain) {
		t.Errorf("got %q, want %q", again.study.Uncertain, in.study.Uncertain)
	}
}

// What a section was before stays where no layer gives it, and the caller's own value of it is not
// written to.
func TestSectionDefaults(t *testing.T) {
	level, weights := prob(0.9), map[string]float64{"a": 1}
	study := design{Method: "grid", Level: &level, Weights: weights, Uncertain: []string{"b"}}
	files := fstest.MapFS{"baseline.toml": embedded["baseline.toml"], "study.toml": {Data: []byte(extends + "[study]\nruns = 2\nlevel = 0.5\nweights.b = 2\n")}}
	if _, err := (Loader{Embedded: files}).Load("study", nil, new(war), map[string]any{"study": &study}); err != nil {
		t.Fatal(err)
	}
	if study.Method != "grid" || *study.Level != 0.5 || !maps.Equal(study.Weights, map[string]float64{"a": 1, "b": 2}) || !slices.Equal(study.Uncertain, []string{"b"}) {
		t.Errorf("got %+v with level %v", study, *study.Level)
	}
	if level != 0.9 || len(weights) != 1 {
		t.Errorf("the caller's level became %v, its weights %v", level, weights)
	}
	if _, ok := new(File).Get("seed"); ok {
		t.Error("an empty file has a seed")
	}
}
