package input

import (
	"slices"
	"strings"
	"testing"
)

const extends = "extends = \"baseline\"\n"

// A faultCase is a file and its faults. A text follows extends = "baseline", which is line 1, but for those that
// begin with "#!": they are whole files, without that.
type faultCase struct {
	name, text string
	sets       []string
	want       string // one a line
}

// checkFaults holds every fault line to its letter.
func checkFaults(t *testing.T, cases []faultCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := c.text
			if rest, whole := strings.CutPrefix(text, "#!"); whole {
				text = rest
			} else {
				text = strings.TrimSuffix(extends, "\n") + text
			}
			_, err := load(t, text, c.sets)
			want := strings.Split(strings.TrimSpace(c.want), "\n")
			if got := faultLines(t, err); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s\nof\n%.2000q", strings.Join(got, "\n"), strings.Join(want, "\n"), text)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	checkFaults(t, []faultCase{
		{name: "the contract's two", text: `
[attribution]
  threshold = 1.3
[strike]
tomahwak_stock = 3`, want: `
my.toml:3:15: attribution.threshold: 1.3 must be in (0, 1)
my.toml:5:1: strike.tomahwak_stock: no such parameter (did you mean strike.tomahawk_stock?)`},

		{name: "unknown keys", text: `
Seed = 3
sed = 3
threshold = 0.5
extend = "baseline"
"a b".c = 1
horizon = 3
strike.ARRIVES = 0.5
attribution = { thres = 0.5 }
[Strike]
salvo = 1
[coalition.sea]
mines = 3
[coalition.land.axes]
[[factors]]
[study]
run = 3
stop.widht = 0.1
[[study.factors]]
keys = "seed"
key = "seed"`, want: `
my.toml:2:1: Seed: no such parameter (did you mean seed?)
my.toml:3:1: sed: no such parameter (did you mean seed?)
my.toml:4:1: threshold: no such parameter (did you mean attribution.threshold?)
my.toml:5:1: extend: no such parameter (did you mean extends?)
my.toml:6:1: "a b".c: no such parameter
my.toml:7:1: horizon: no such parameter (did you mean horizon_d?)
my.toml:8:1: strike.ARRIVES: no such parameter (did you mean strike.arrives?)
my.toml:9:17: attribution.thres: no such parameter (did you mean attribution.threshold?)
my.toml:10:2: Strike: no such table (did you mean strike?)
my.toml:12:2: coalition.sea: no such table
my.toml:14:2: coalition.land.axes: no such table
my.toml:15:3: factors: no such table (did you mean study.factors?)
my.toml:16:2: study.runs: is missing
my.toml:17:1: study.run: no such key (did you mean study.runs?)
my.toml:18:1: study.stop.widht: no such key (did you mean study.stop.width?)
my.toml:18:1: study.stop.width: is missing
my.toml:20:1: study.factors[0].keys: no such key (did you mean study.factors[0].key?)`},

		{name: "given twice", text: `
seed = 1
seed = 2
"seed" = 3
attribution.threshold = 0.5
attribution = 3
strike = { salvo = 1, salvo = 2 }
strike.salvo = 3
[strike]
[coalition]
[coalition.land]
[coalition]
enabled = false
land.troops = 3
[[coalition]]
[attribution]
overt_delay_d = 2
threshold = 0.5
[study]
runs = 3
stop.width = 0.1
stop = 3
stop.width.x = 3
[study.stop]
max = 3`, want: `
my.toml:3:1: seed: given twice (first at line 2)
my.toml:4:1: seed: given twice (first at line 2)
my.toml:6:1: attribution: given twice (first at line 5)
my.toml:7:23: strike.salvo: given twice (first at line 7)
my.toml:8:1: strike.salvo: strike is complete as given at line 7
my.toml:9:2: strike: given twice (first at line 7)
my.toml:12:2: coalition: given twice (first at line 10)
my.toml:14:1: coalition.land.troops: coalition.land is complete as given at line 11
my.toml:15:3: coalition: given twice (first at line 10)
my.toml:16:2: attribution: given twice (first at line 5)
my.toml:18:1: attribution.threshold: given twice (first at line 5)
my.toml:22:1: study.stop: given twice (first at line 21)
my.toml:23:1: study.stop.width.x: study.stop.width is complete as given at line 21
my.toml:24:2: study.stop: given twice (first at line 21)`},

		{name: "what the library lets pass", text: `
a.b.c = 1
a.b = 2`, want: `
my.toml:2:1: a.b.c: no such parameter
my.toml:3:1: a.b: given twice (first at line 2)`},

		{name: "types", text: `
seed = 1.5
horizon_d = "1825"
title = 3
[strike]
salvo = true
tomahawk_stock = [1, 2]
arrives = { a = 1 }
repair_scale = 1979-05-27
[coalition]
enabled = 1
roe = ["R2"]
land = 3`, want: `
my.toml:2:8: seed: 1.5 must be a whole number
my.toml:3:13: horizon_d: "1825" must be a number, without quotes
my.toml:4:9: title: 3 must be text, in quotes
my.toml:6:9: strike.salvo: true must be a whole number
my.toml:7:18: strike.tomahawk_stock: [1, 2] must be a whole number (one value: a study tries several, as the values of a factor)
my.toml:8:1: strike.arrives: its value is missing
my.toml:8:13: strike.arrives.a: a parameter has no such key, only value, low, high, basis, source
my.toml:9:16: strike.repair_scale: 1979-05-27 must be a number
my.toml:11:11: coalition.enabled: 1 must be true or false
my.toml:12:7: coalition.roe: ["R2"] must be text, in quotes (one value: a study tries several, as the values of a factor)
my.toml:13:8: coalition.land: 3 must be a table, as in [coalition.land]`},

		{name: "ranges", text: `
seed = -1
horizon_d = { value = 0, low = -1, high = 10, basis = "seed" }
attribution.overt_delay_d = -0.0
attribution.threshold = nan
[strike]
salvo = 256
tomahawk_stock = 9_223_372_036_854_775_808
repair_scale = -inf
arrives = { value = 1.01, low = 0, high = 2.5, basis = "seed" }
[coalition]
roe = "R5"
land.troops = 1e300
[study]
runs = 1e6
level = 1e0
stop = { width = 2 }`, want: `
my.toml:2:8: seed: -1 must not be negative
my.toml:3:23: horizon_d: 0 must be above 0
my.toml:3:32: horizon_d.low: -1 must be above 0
my.toml:4:29: attribution.overt_delay_d: -0.0 must be above 0
my.toml:5:25: attribution.threshold: nan must be a finite number
my.toml:7:9: strike.salvo: 256 must be a whole number of 8 bits, not negative
my.toml:8:18: strike.tomahawk_stock: 9_223_372_036_854_775_808 cannot be read: 9_223_372_036_854_775_808 is out of range for int64
my.toml:9:16: strike.repair_scale: -inf must be a finite number
my.toml:10:21: strike.arrives: 1.01 must be in [0, 1]
my.toml:10:43: strike.arrives.high: 2.5 must be in [0, 1]
my.toml:12:7: coalition.roe: "R5" must be one of "R0".."R4"
my.toml:13:15: coalition.land.troops: 1e300 must be a whole number
my.toml:17:18: study.stop.width: 2 must be in [0, 1]`},

		{name: "long forms", text: `
seed = {}
horizon_d = { value = 10, low = 20, high = 5, basis = "guess" }
attribution.threshold = { value = 0.5, low = 0.3, high = 0.6 }
title = { value = "a", low = 1, high = 2, basis = "seed" }
[attribution.overt_delay_d]
value = 3
low = 1
[strike]
tomahawk_stock = { value = 3, low = 1.5, high = 2, basis = "seed", sauce = "x" }
salvo = { value = 3, high = 2, basis = 3, source = ["a"] }
repair_scale = { value = { value = 3 } }
arrives.value = 3
arrives.units = "d"
[[coalition.roe]]
value = "R1"`, want: `
my.toml:2:1: seed: its value is missing
my.toml:3:33: horizon_d.low: 20 must not be above high, 5
my.toml:3:55: horizon_d.basis: "guess" must be one of seed, public, computed, judgement
my.toml:4:1: attribution.threshold: low and high are given, but basis is missing (one of seed, public, computed, judgement)
my.toml:5:24: title.low: only numbers have low and high
my.toml:5:33: title.high: only numbers have low and high
my.toml:8:1: attribution.overt_delay_d: low is given, but high is missing
my.toml:10:37: strike.tomahawk_stock.low: 1.5 must be a whole number
my.toml:10:68: strike.tomahawk_stock.sauce: a parameter has no such key, only value, low, high, basis, source
my.toml:11:22: strike.salvo: high is given, but low is missing
my.toml:11:40: strike.salvo.basis: 3 must be text, in quotes
my.toml:11:52: strike.salvo.source: ["a"] must be text, in quotes
my.toml:12:26: strike.repair_scale: { value = 3 } must be a number
my.toml:13:17: strike.arrives: 3 must be in [0, 1]
my.toml:14:1: strike.arrives.units: a parameter has no such key, only value, low, high, basis, source
my.toml:15:3: coalition.roe: [[coalition.roe]] must be text, in quotes`},

		{name: "values outside their own range", text: `
horizon_d = { value = 400, low = 500, high = 600, basis = "seed" }
attribution.threshold = { value = 0.7, low = 0.7, high = 0.7, basis = "seed" }
attribution.overt_delay_d = { low = 30, high = 40, basis = "seed" }
[strike]
salvo = { value = 3, low = 1, high = 2, basis = "seed" }
tomahawk_stock = { value = 3, low = 5, high = 2, basis = "seed" }
arrives = { value = 1.5, low = 0.1, high = 0.2, basis = "seed" }`, want: `
my.toml:2:23: horizon_d: 400 is outside its own range, 500 to 600 (what is believed holds the value; one to try beyond it stands bare: horizon_d = 400)
my.toml:6:19: strike.salvo: 3 is outside its own range, 1 to 2 (what is believed holds the value; one to try beyond it stands bare: strike.salvo = 3)
my.toml:7:37: strike.tomahawk_stock.low: 5 must not be above high, 2
my.toml:8:21: strike.arrives: 1.5 must be in [0, 1]`},

		{name: "bounds that no float can hold", text: `
seed = { value = 1, low = 1, high = 9007199254740993, basis = "seed" }
horizon_d = 9007199254740993`, want: `
my.toml:2:37: seed.high: 9007199254740993 must be within ±2^53
my.toml:3:13: horizon_d: 9007199254740993 must be written with a decimal point: as a whole number it has more digits than are kept`},

		{name: "rules", text: `
horizon_d = 1
[strike]
salvo = 200
tomahawk_stock = 100`, want: `
my.toml:4:9: strike.salvo: 200 a salvo, but only 100 in stock (strike.tomahawk_stock)
baseline:8:17: attribution.overt_delay_d: 1 is not before the end at 1 (horizon_d)`},
		{name: "rules about what is at fault already", text: `
[strike]
salvo = 200
tomahawk_stok = 500
[attribution]
overt_delay_d = { value = 2000, low = 3, high = 1, basis = "seed" }`, want: `
my.toml:4:1: strike.tomahawk_stok: no such parameter (did you mean strike.tomahawk_stock?)
my.toml:6:27: attribution.overt_delay_d: 2000 is not before the end at 1825 (horizon_d)
my.toml:6:39: attribution.overt_delay_d.low: 3 must not be above high, 1`},
		{name: "rules of sections", text: `
study = { runs = 13, factors = [{ key = "a", values = [1, 2] }, { key = "b", values = [1] }] }
[[expect]]
measure = "a"
[[expect]]
measure = "b"
min = 3
max = 2`, want: `
my.toml:2:1: study: 13 runs bring bad luck
my.toml:2:78: study.factors[1].values: one value does not vary
my.toml:7:7: expect[1].min: 3 is above max, 2`},
		{name: "sections", text: `
expect = { measure = "a" }
[[study]]
runs = 3
[study.stop]
width = 3`, want: `
my.toml:2:10: expect: { measure = "a" } must be an array of tables: [[expect]]
my.toml:3:3: study: [[study]] must be a table`},
		{name: "types in sections", text: `
[study]
runs = 2.5
method = true
level = "x"
uncertain = ["a", 3, nan]
factors = [{ key = 3, values = [1, inf, 07:30], fixed = 1979-05-27 }, 5]
stop = 5
[study.weights]
a = "x"
"2b" = 3
c = -inf
[[expect]]
measure = ["a"]
max = [1]
[[expect]]`, want: `
my.toml:3:8: study.runs: 2.5 must be a whole number
my.toml:4:10: study.method: true must be text, in quotes
my.toml:5:9: study.level: "x" must be a number
my.toml:6:19: study.uncertain[1]: 3 must be text, in quotes
my.toml:6:22: study.uncertain[2]: nan must be text, in quotes
my.toml:7:20: study.factors[0].key: 3 must be text, in quotes
my.toml:7:36: study.factors[0].values[1]: inf must be a finite number
my.toml:7:41: study.factors[0].values[2]: 07:30 is a date or time, which no key here takes (text needs quotes)
my.toml:7:57: study.factors[0].fixed: 1979-05-27 is a date or time, which no key here takes (text needs quotes)
my.toml:7:71: study.factors[1]: 5 must be a table
my.toml:8:8: study.stop: 5 must be a table
my.toml:10:5: study.weights.a: "x" must be a number
my.toml:11:1: study.weights.2b: must be a name: a letter, then up to 63 letters, digits, blanks and _ . -
my.toml:12:5: study.weights.c: -inf must be a finite number
my.toml:14:11: expect[0].measure: ["a"] must be text, in quotes
my.toml:15:7: expect[0].max: [1] must be a number
my.toml:16:3: expect[1].measure: is missing`},
		{name: "missing", text: `#!seed = 1
[strike]
salvo = 1
attribution.threshold = 1
[coalition]
land = { }
enabled = { basis = "seed" }`, want: `
my.toml:1:1: horizon_d: is missing (extends = "baseline" supplies it)
my.toml:1:1: attribution.threshold: is missing (extends = "baseline" supplies it)
my.toml:1:1: attribution.overt_delay_d: is missing (extends = "baseline" supplies it)
my.toml:2:2: strike.tomahawk_stock: is missing (extends = "baseline" supplies it)
my.toml:2:2: strike.repair_scale: is missing (extends = "baseline" supplies it)
my.toml:2:2: strike.arrives: is missing (extends = "baseline" supplies it)
my.toml:4:1: strike.attribution.threshold: no such parameter (did you mean attribution.threshold?)
my.toml:5:2: coalition.roe: is missing (extends = "baseline" supplies it)
my.toml:6:1: coalition.land.troops: is missing (extends = "baseline" supplies it)
my.toml:7:1: coalition.enabled: is missing (extends = "baseline" supplies it)`},

		{name: "--set", text: "", sets: []string{
			"seed=-1", "strike.tomahwak_stock=3", "seed", "=3", "seed=", "seed=3\nseed=4", "[strike]\nsalvo=3", " strike.salvo = 300 # x",
			"coalition.roe=R7", "coalition.roe=2R", "title=a#b", "title=a b-c", "title=true", "extends=baseline", "study.runs=-1", "",
			"attribution.threshold={value=0.5,low=0.6,high=0.1}", "horizon_d=nan", "x=[1", "a b=3", "seed=1 2", "expect=[{measure=3}]",
		}, want: `
--set:1:6: seed: -1 must not be negative
--set:2:1: strike.tomahwak_stock: no such parameter (did you mean strike.tomahawk_stock?)
--set:3:1: seed must be one KEY=VALUE
--set:4:1: =3 where a key should stand
--set:5:6: seed: the end of the line where a value should stand
--set:6:1: seed=3\nseed=4 must be one KEY=VALUE
--set:7:1: [strike]\nsalvo=3 must be one KEY=VALUE
--set:8:17: strike.salvo: 300 must be a whole number of 8 bits, not negative
--set:9:15: coalition.roe: "R7" must be one of "R0".."R4"
--set:10:15: coalition.roe: 2R cannot be read (a number stands without its unit; text needs quotes)
--set:11:7: title: a cannot be read (text needs quotes)
--set:13:7: title: true must be text, in quotes
--set:14:1: extends: cannot be set: it stands in a file
--set:15:12: study.runs: -1 must not be negative
--set:16:1: "" must be one KEY=VALUE
--set:17:1: attribution.threshold: low and high are given, but basis is missing (one of seed, public, computed, judgement)
--set:17:38: attribution.threshold.low: 0.6 must not be above high, 0.1
--set:18:11: horizon_d: nan must be a finite number
--set:19:1: x: no such parameter
--set:19:5: x: the end of the line where , or ] should stand
--set:20:1: a: no such parameter
--set:20:3: a: b=3 where = should stand
--set:21:6: seed: 1 2 cannot be read (text needs quotes)
--set:22:18: expect[0].measure: 3 must be text, in quotes`},
		{name: "--set and rules", text: "\nstrike.salvo = 20", sets: []string{"strike.tomahawk_stock=19"}, want: `
my.toml:2:16: strike.salvo: 20 a salvo, but only 19 in stock (strike.tomahawk_stock)`},
	})
}
