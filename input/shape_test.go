package input

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestSpec(t *testing.T) {
	var got strings.Builder
	for _, p := range Spec(war{}) {
		fmt.Fprintf(&got, "%s|%s|%s|%s|%s|%v|%s\n", p.Key, p.Kind, p.Unit, p.Rule, p.Doc, p.Optional, p.Value)
	}
	const want = `title|string||||true|
seed|integer||must not be negative|of all luck|false|
horizon_d|float|d|must be above 0||false|
attribution.threshold|float||must be in (0, 1)|evidence that clears the bar|false|
attribution.overt_delay_d|float|d|must be above 0||false|
strike.tomahawk_stock|integer||must not be negative||false|
strike.salvo|integer||||false|
strike.repair_scale|float||||false|
strike.arrives|float||must be in [0, 1]||false|
coalition.roe|string||must be one of "R0".."R4"||false|
coalition.enabled|boolean||||false|
coalition.land.troops|integer||must not be negative||false|
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
	if n := len(Spec(&war{})); n != len(Spec(war{})) {
		t.Errorf("a pointer has %d parameters, its struct %d", n, len(Spec(war{})))
	}
}

func TestAssign(t *testing.T) {
	for _, c := range []struct {
		key   string
		value any
		want  any    // what Value gives then
		err   string // or why not
	}{
		{"attribution.threshold", 0.5, 0.5, ""},
		{"attribution.threshold", open1(0.5), 0.5, ""},
		{"horizon_d", 20, 20.0, ""},
		{"strike.salvo", 3.0, int64(3), ""},
		{"strike.salvo", uint8(3), int64(3), ""},
		{"strike.tomahawk_stock", int64(math.MaxInt64), int64(math.MaxInt64), ""},
		{"coalition.roe", "R4", "R4", ""},
		{"coalition.enabled", true, true, ""},
		{"strike.repair_scale", math.Copysign(0, -1), 0.0, ""},

		{"attribution.threshold", 1.0, nil, "attribution.threshold: 1 must be in (0, 1)"},
		{"attribution.threshold", math.NaN(), nil, "attribution.threshold: NaN must be a finite number"},
		{"attribution.threshold", "0.5", nil, "attribution.threshold: 0.5 must be a number"},
		{"horizon_d", int64(1<<53 + 1), nil, "horizon_d: 9007199254740993 must be written with a decimal point: as a whole number it has more digits than are kept"},
		{"horizon_d", int64(math.MaxInt64), nil, "horizon_d: 9223372036854775807 must be written with a decimal point: as a whole number it has more digits than are kept"},
		{"strike.salvo", 2.5, nil, "strike.salvo: 2.5 must be a whole number"},
		{"strike.salvo", 256, nil, "strike.salvo: 256 must be a whole number of 8 bits, not negative"},
		{"strike.salvo", -1, nil, "strike.salvo: -1 must be a whole number of 8 bits, not negative"},
		{"strike.tomahawk_stock", uint64(math.MaxUint64), nil, "strike.tomahawk_stock: 18446744073709551615 must be a whole number of 63 bits"},
		{"strike.tomahawk_stock", 1e16, nil, "strike.tomahawk_stock: 1e+16 must be a whole number"},
		{"coalition.roe", "R9", nil, `coalition.roe: R9 must be one of "R0".."R4"`},
		{"coalition.enabled", 1, nil, "coalition.enabled: 1 must be true or false"},
		{"title", "\x1b[31m", nil, `title: \u001B[31m must be text without control characters`},
		{"title", nil, nil, "title: nothing cannot be its value"},
		{"title", []string{"a"}, nil, "title: [a] must be text, in quotes"},
		{"strike", 1, nil, "strike: is a table: name one of its parameters, such as strike.tomahawk_stock"},
		{"strike.tomahwak_stock", 1, nil, "strike.tomahwak_stock: no such parameter (did you mean strike.tomahawk_stock?)"},
		{"Seed", 1, nil, "Seed: no such parameter (did you mean seed?)"},
	} {
		var w war
		err := Assign(&w, c.key, c.value)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.err {
			t.Errorf("%s = %v: got fault %q, want %q", c.key, c.value, got, c.err)
		}
		if c.err != "" {
			if w != (war{}) {
				t.Errorf("%s = %v: refused, but the scenario became %+v", c.key, c.value, w)
			}
			continue
		}
		if v, err := Value(&w, c.key); v != c.want || err != nil || math.Signbit(toFloat(v)) {
			t.Errorf("%s = %v: got %v (%v), want %v", c.key, c.value, v, err, c.want)
		}
	}
	if _, err := Value(&war{}, "sead"); err == nil || err.Error() != "sead: no such parameter (did you mean seed?)" {
		t.Errorf("got %v", err)
	}
	var two struct {
		Red struct {
			Troops count `toml:"troops"`
		} `toml:"red"`
		Blue struct {
			Troops count `toml:"troops"`
		} `toml:"blue"`
	}
	if _, err := Value(&two, "troops"); err == nil || err.Error() != "troops: no such parameter (did you mean red.troops or blue.troops?)" {
		t.Errorf("got %v", err)
	}
}

func toFloat(v any) float64 {
	x, _ := v.(float64)
	return x
}

func TestNearest(t *testing.T) {
	known := []string{"seed", "horizon_d", "attribution", "attribution.threshold", "attribution.overt_delay_d", "strike", "strike.tomahawk_stock", "air.enabled", "sea.enabled", "air.fighters", "ground.breach_hazard_per_d"}
	for key, want := range map[string]string{
		"Seed": "seed", "seeed": "seed", "see": "seed", "esed": "seed", "sEDe": "seed",
		"strike.tomahwak_stock": "strike.tomahawk_stock", "strke.tomahawk_stok": "strike.tomahawk_stock",
		"tomahawk_stock": "strike.tomahawk_stock", "air.fighter": "air.fighters", "air.enable": "air.enabled", "se.enabled": "sea.enabled",
		"enabled": "", "ground.breach_hazard": "ground.breach_hazard_per_d", "air.zzz": "", "x": "", "": "",
		"sea.fighters": "air.fighters", "attribution.x": "", "attributoin": "attribution", strings.Repeat("x", 1000): "",
		"horizon_days": "horizon_d", "horizon": "horizon_d",
	} {
		if got := Nearest(key, known); got != want {
			t.Errorf("%s: did you mean %q, want %q", key, got, want)
		}
	}
}

// A scenario or section that is not made as Load says is the programmer's mistake.
func TestPanics(t *testing.T) {
	type nested struct {
		X complex128 `toml:"x"`
	}
	load := func(scenario any, sections map[string]any) func() {
		return func() { _, _ = Loader{Embedded: embedded}.Load("baseline", nil, scenario, sections) }
	}
	for want, f := range map[string]func(){
		"given as a pointer to a struct, not as input.war": load(war{}, nil),
		"a scenario is a struct, not int":                  load(new(int), nil),
		"input.nested.X is a complex128": func() {
			Spec(struct {
				N nested `toml:"n"`
			}{})
		},
		`two fields with the key "x"`: func() {
			Spec(struct {
				A bool `toml:"x"`
				B bool `toml:"x"`
			}{})
		},
		`tag "x,omitempty"`: func() {
			Spec(struct {
				A bool `toml:"x,omitempty"`
			}{})
		},
		"field a cannot be read": func() {
			Spec(struct {
				a bool `toml:"x"`
			}{})
		},
		`section "study" is given as a pointer, not as input.design`: load(new(war), map[string]any{"study": design{}}),
		`section "n" is neither a table nor an array of tables`:      load(new(war), map[string]any{"n": new(int)}),
		`a section cannot be named "strike"`:                         load(new(war), map[string]any{"strike": new(design)}),
		`input.blamer.Check blames "y"`: func() {
			_, _ = Loader{Embedded: embedded}.Load("blamed", nil, new(blamer), nil)
		},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "input: ") || !strings.Contains(got, want) {
					t.Errorf("got the panic %q, want one that holds %q", got, want)
				}
			}()
			f()
		}()
	}
}

type blamer struct {
	X float64 `toml:"x"`
}

func (blamer) Check(bad func(key, format string, args ...any)) { bad("y", "no") }

func TestName(t *testing.T) {
	for name, want := range map[Name]bool{
		"a": true, "Plan B_2 - .x": true, Name("a" + strings.Repeat("b", 63)): true,
		"": false, "1a": false, " a": false, "a/b": false, "é": false, "aé": false, "a\n": false, Name("a" + strings.Repeat("b", 64)): false,
	} {
		if _, ok := name.Allowed(); ok != want {
			t.Errorf("%q: got %v, want %v", name, ok, want)
		}
	}
}

func TestLiteral(t *testing.T) {
	for want, v := range map[string]any{
		"0.0": 0.0, "0.1": 0.1, "1825.0": 1825.0, "999999999999999.0": 999999999999999.0, "1e+15": 1e15, "1.5e-07": 1.5e-7, "0.000001": 1e-6,
		"5e-324": 5e-324, "-1.7976931348623157e+308": -math.MaxFloat64, "0.30000000000000004": 0.30000000000000004,
		"-9223372036854775808": int64(math.MinInt64), "true": true, `"a\"\\\n\u200B\U000E0001é"`: "a\"\\\n\u200b\U000e0001é",
	} {
		if got := literal(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}
