package input

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// The scenario of these tests.
type (
	prob  float64
	open1 float64 // in the open interval
	count int64
	days  float64
	roe   string
)

func (p prob) Allowed() (string, bool)  { return "must be in [0, 1]", 0 <= p && p <= 1 }
func (p open1) Allowed() (string, bool) { return "must be in (0, 1)", 0 < p && p < 1 }
func (n count) Allowed() (string, bool) { return "must not be negative", n >= 0 }
func (d days) Allowed() (string, bool)  { return "must be above 0", d > 0 }
func (d days) Unit() string             { return "d" }
func (r roe) Allowed() (string, bool) {
	return `must be one of "R0".."R4"`, len(r) == 2 && r[0] == 'R' && '0' <= r[1] && r[1] <= '4'
}

type war struct {
	Title       string      `toml:"title,optional"`
	Seed        count       `toml:"seed" doc:"of all luck"`
	Horizon     days        `toml:"horizon_d"`
	Attribution attribution `toml:"attribution"`
	Strike      strike      `toml:"strike"`
	Coalition   struct {
		ROE     roe  `toml:"roe"`
		Enabled bool `toml:"enabled"`
		Land    struct {
			Troops count `toml:"troops"`
		} `toml:"land"`
	} `toml:"coalition"`
	Cached float64 // no tag: not a parameter
}

type attribution struct {
	Threshold open1 `toml:"threshold" doc:"evidence that clears the bar"`
	Delay     days  `toml:"overt_delay_d"`
}

type strike struct {
	Stock   count   `toml:"tomahawk_stock"`
	Salvo   uint8   `toml:"salvo"`
	Repair  float64 `toml:"repair_scale"`
	Arrives prob    `toml:"arrives"`
}

func (w *war) Check(bad func(key, format string, args ...any)) {
	if s := w.Strike; count(s.Salvo) > s.Stock {
		bad("strike.salvo", "%d a salvo, but only %d in stock (strike.tomahawk_stock)", s.Salvo, s.Stock)
	}
	if w.Attribution.Delay >= w.Horizon {
		bad("attribution.overt_delay_d", "%v is not before the end at %v (horizon_d)", w.Attribution.Delay, w.Horizon)
	}
}

// The sections of these tests.
type design struct {
	Runs      count              `toml:"runs"`
	Method    string             `toml:"method,optional"`
	Level     *prob              `toml:"level,optional"`
	Factors   []factor           `toml:"factors,optional"`
	Uncertain []string           `toml:"uncertain,optional"`
	Weights   map[string]float64 `toml:"weights,optional"`
	Stop      struct {
		Width prob  `toml:"width"`
		Max   count `toml:"max,optional"`
	} `toml:"stop,optional"`
}

type factor struct {
	Key    string `toml:"key"`
	Values []any  `toml:"values,optional"`
	Fixed  any    `toml:"fixed,optional"`
}

type expectation struct {
	Measure string  `toml:"measure"`
	Min     float64 `toml:"min,optional"`
	Max     float64 `toml:"max,optional"`
}

func (d *design) Check(bad func(key, format string, args ...any)) {
	for i, f := range d.Factors {
		if len(f.Values) == 1 {
			bad("factors["+string(rune('0'+i))+"].values", "one value does not vary")
		}
	}
	if d.Method == "sobol" && d.Runs < 16 {
		bad("runs", "%d are too few for sobol", d.Runs)
	}
	if d.Method == "" && d.Runs == 13 {
		bad("", "13 runs bring bad luck")
	}
}

func (e *expectation) Check(bad func(key, format string, args ...any)) {
	if e.Min > e.Max {
		bad("min", "%v is above max, %v", e.Min, e.Max)
	}
}

const baseline = `# the assumption ledger
title = "two bases"
seed = 1
horizon_d = { value = 1825, low = 365, high = 3650, basis = "judgement", source = "five years" }

[attribution]
threshold = { value = 0.9, low = 0.7, high = 0.99, basis = "judgement" }
overt_delay_d = 1

[strike]
tomahawk_stock = { value = 400, low = 100, high = 800, basis = "public", source = "CRS R45162" }
salvo = 20
repair_scale = 1.0
arrives = 0.85

[coalition]
roe = { value = "R2", basis = "judgement" }
enabled = true
land.troops = 25_000
`

var embedded = fstest.MapFS{
	"baseline.toml": {Data: []byte(baseline)},
	"winter.toml":   {Data: []byte("extends = \"baseline\"\n[strike]\nsalvo = 10\n")},
	"blamed.toml":   {Data: []byte("x = 1\n")},
	"looped.toml":   {Data: []byte("extends = \"hooped\"\n")},
	"hooped.toml":   {Data: []byte("extends = \"looped\"\n")},
}

// loaded is what a file and its --sets became.
type loaded struct {
	*File
	war    war
	study  design
	expect []expectation
}

// load reads text as the file my.toml, which is alone in its folder but for the files given as
// name, text, name, text.
func load(t testing.TB, text string, sets []string, files ...string) (loaded, error) {
	t.Helper()
	dir := t.TempDir()
	files = append(files, "my.toml", text)
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return loadFile("my.toml", sets)
}

func loadFile(file string, sets []string) (loaded, error) {
	var in loaded
	f, err := Loader{Embedded: embedded}.Load(file, sets, &in.war, map[string]any{"study": &in.study, "expect": &in.expect})
	in.File = f
	return in, err
}

// mustLoad is load without faults.
func mustLoad(t testing.TB, text string, sets []string, files ...string) loaded {
	t.Helper()
	in, err := load(t, text, sets, files...)
	if err != nil {
		t.Fatalf("want no fault in\n%s\ngot\n%v", text, err)
	}
	return in
}

// faultLines are the lines of an error, which must be Faults.
func faultLines(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var faults Faults
	if !errors.As(err, &faults) {
		t.Fatalf("got a %T, want Faults: %v", err, err)
	}
	return strings.Split(err.Error(), "\n")
}
