package study

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/sim/random"
)

// loadText loads a file that extends the baseline.
func loadText(t testing.TB, text string, sets ...string) (*Study, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "study.toml")
	if err := os.WriteFile(file, []byte("extends = \"baseline\"\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	return Load(input.Loader{Embedded: configs.FS}, file, sets)
}

func mustLoad(t testing.TB, text string, sets ...string) *Study {
	t.Helper()
	s, err := loadText(t, text, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const gridText = `
[study]
design = "grid"
replications = 20
[[study.factors]]
key = "coalition.roe"
values = ["R1", "R3"]
[[study.factors]]
key = "coalition.troops"
values = [10_000, 25_000, 50_000]
`

// rows is the values of all points, a line each.
func rows(t testing.TB, s *Study) []string {
	t.Helper()
	var out []string
	cells := make([]float64, len(s.plan.factors))
	for point := range s.plan.points {
		if err := s.plan.scenario(point, cells, new(model.Scenario)); err != nil {
			t.Fatal(err)
		}
		var line []string
		for i, c := range cells {
			line = append(line, fmt.Sprint(s.plan.factors[i].value(c)))
		}
		out = append(out, strings.Join(line, " "))
	}
	return out
}

func TestChosenDesigns(t *testing.T) {
	factors := `
[[study.factors]]
key = "attribution.threshold"
values = [0.7, 0.9, 0.99]
[[study.factors]]
key = "washington.enabled"
`
	for _, c := range []struct{ name, text, want string }{
		{"grid", gridText, "R1 10000|R1 25000|R1 50000|R3 10000|R3 25000|R3 50000"},
		{"one-at-a-time", "attribution.threshold = 0.9\n[study]\ndesign = \"one-at-a-time\"\n" + factors,
			"0.9 true|0.7 true|0.99 true|0.9 false"},
		{"list", `
coalition.troops = 25_000
[study]
design = "list"
[[study.cases]]
name = "as it is"
[[study.cases]]
name = "alone"
set = { washington.enabled = false, "coalition.troops" = 1_000 }
[[study.cases]]
name = "armed"
set.coalition = { troops = 60_000, roe = "R4" }
`, "25000 R1 true|1000 R1 false|60000 R4 true"},
		{"ablation", "[study]\ndesign = \"ablation\"\n[[study.factors]]\nkey = \"sea.enabled\"\n[[study.factors]]\nkey = \"air.enabled\"\n",
			"true true|false true|true false|true false|false true|false false"},
		{"a range", "[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.overt_delay_d\"\nlow = 0.1\nhigh = 30.5\n",
			"0.1|own|30.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustLoad(t, c.text)
			want := strings.Split(c.want, "|")
			if c.name == "a range" {
				own, err := input.Value(&s.Scenario, "attribution.overt_delay_d")
				if err != nil {
					t.Fatal(err)
				}
				want[1] = fmt.Sprint(own)
			}
			if got := rows(t, s); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
	labels := mustLoad(t, "[study]\ndesign = \"ablation\"\n").plan.labels
	if len(labels) != 16 || labels[1] != "without coalition" || labels[8] != "only coalition" || labels[14] != "only strike.ukraine" {
		t.Errorf("the points of an ablation are called %q", labels)
	}
}

// A plan of a million points and more is a function of their number.
func TestPlanIsNotMaterialised(t *testing.T) {
	var text strings.Builder
	text.WriteString("[study]\ndesign = \"grid\"\nreplications = 1\n")
	for _, key := range []string{"washington.p_response_limited", "washington.p_response_major", "washington.consent_share"} {
		fmt.Fprintf(&text, "[[study.factors]]\nkey = %q\nvalues = [", key)
		for i := range 100 {
			fmt.Fprintf(&text, "%.3f, ", (float64(i)+0.5)/100)
		}
		text.WriteString("]\n")
	}
	s := mustLoad(t, text.String())
	if s.Runs() != 1_000_000 {
		t.Errorf("%d runs, want 1000000", s.Runs())
	}
	at, _, err := s.At(120_309, 0)
	if err != nil || float64(at.Washington.ConsentShare) != 0.095 || float64(at.Washington.PMajor) != 0.035 {
		t.Errorf("point 120309 has a consent share of %v, want 0.095, and answers with chance %v, want 0.035 (%v)",
			at.Washington.ConsentShare, at.Washington.PMajor, err)
	}
}

func TestSampledDesigns(t *testing.T) {
	factors := `
[[study.factors]]
key = "attribution.threshold"
[[study.factors]]
key = "coalition.troops"
kind = "lever"
low = 5_000
high = 50_000
[[study.factors]]
key = "coalition.roe"
values = ["R1", "R3"]
`
	for _, c := range []struct {
		design, more string
		points       int64
	}{
		{"latin-hypercube", "points = 10", 10},
		{"sobol", "points = 16", 16},
		{"nolh", "", 9},
		{"morris", "points = 5", 20},
		{"saltelli", "points = 8\nscrambles = 2", 80},
	} {
		t.Run(c.design, func(t *testing.T) {
			s := mustLoad(t, fmt.Sprintf("[study]\ndesign = %q\n%s\n%s", c.design, c.more, factors))
			if s.Points() != c.points {
				t.Errorf("%d points, want %d", s.Points(), c.points)
			}
			seen := map[string]bool{}
			for _, row := range rows(t, s) {
				f := strings.Fields(row)
				seen[f[2]] = true
				var troops float64
				if _, err := fmt.Sscan(f[1], &troops); err != nil || troops < 5000 || troops > 50000 {
					t.Errorf("%s: a lever from 5000 to 50000", row)
				}
			}
			if len(seen) != 2 {
				t.Errorf("of R1 and R3 only %v", seen)
			}
		})
	}
}

// Every believed range of the ledger can be sampled, and what is sampled is allowed.
func TestUncertainEverything(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 60\nuncertain = [\"*\"]\nreplications = 1\n")
	ranges := 0
	for _, p := range s.File.Parameters {
		if p.Low != nil {
			ranges++
		}
	}
	if got := len(s.plan.factors); got != ranges || got < 300 {
		t.Errorf("%d factors, %d ranges", got, ranges)
	}
	cells, moved := make([]float64, ranges), 0
	for point := range s.Points() {
		if err := s.plan.scenario(point, cells, new(model.Scenario)); err != nil {
			t.Errorf("point %d: %v", point, err)
		}
		u := s.plan.sample[point]
		for i := range cells {
			if s.plan.factors[i].at(u[i]) != cells[i] {
				moved++
			}
		}
	}
	t.Logf("%d of %d sampled values broke a rule and took the file's own", moved, 60*ranges)
	if moved > 60*ranges/50 {
		t.Errorf("%d of %d sampled values broke a rule", moved, 60*ranges)
	}
}

// Chosen points are met in every future, and all in the same ones.
func TestFutures(t *testing.T) {
	s := mustLoad(t, gridText, "study.uncertain=[\"attribution.*\"]", "study.points=7")
	if s.Points() != 42 || s.plan.chosen != 2 {
		t.Fatalf("%d points, %d chosen factors, want 42 and 2", s.Points(), s.plan.chosen)
	}
	for _, f := range s.plan.factors[2:] { // a future's values are of the whole distribution, whatever is chosen
		seen := map[float64]bool{}
		for i := range s.plan.sample {
			seen[f.at(s.plan.sample[i][0])] = true
		}
		if len(seen) < 7 && f.param.Kind == "float" {
			t.Errorf("%s takes %d values in 7 futures", f.param.Key, len(seen))
		}
	}
	all := rows(t, s)
	for point, row := range all {
		_, first, _ := strings.Cut(all[point%7], "10000 ")
		if !strings.HasSuffix(row, " "+first) {
			t.Errorf("point %d is\n%s\nwant the future\n%s", point, row, first)
		}
	}
}

// Beside any chosen design what is uncertain is sampled over its distribution, not set to its ends.
func TestFuturesAreSampled(t *testing.T) {
	const cases = "[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"a\"\n[[study.cases]]\nname = \"b\"\nset = { coalition.troops = 10_000 }\n"
	for name, text := range map[string]string{"grid": gridText, "list": cases, "ablation": "[study]\ndesign = \"ablation\"\n"} {
		s := mustLoad(t, text, `study.uncertain=["attribution.threshold"]`, "study.points=7", "study.replications=1")
		met := map[string]bool{}
		for _, row := range rows(t, s)[:7] {
			met[row[strings.LastIndex(row, " ")+1:]] = true
		}
		if len(met) != 7 {
			t.Errorf("%s: 7 futures have %d values of attribution.threshold: %v", name, len(met), met)
		}
	}
}

func TestQuantiles(t *testing.T) {
	for _, c := range []struct{ low, value, high, tolerance float64 }{
		{2, 5, 10, 1e-9}, // lognormal
		{0.7, 0.9, 0.99, 1e-6},
		{-4, 0, 9, 1e-6},
		{600_000, 800_000, 800_000, 1e-6},
		{0, 0.05, 0.12, 1e-6},
		{1, 0.5, 3, 1e-9}, // the value outside the range
	} {
		q := quantile(uncertainty, c.low, c.value, c.high)
		scale := c.high - c.low
		if low, high := q(0.05), q(0.95); math.Abs(low-c.low) > c.tolerance*scale || math.Abs(high-c.high) > c.tolerance*scale {
			t.Errorf("%v: the 5%% and 95%% points are %v and %v", c, low, high)
		}
	}
	// Mean of a PERT is (a + 4 mode + b)/6; the mode is the file's value.
	from, mode, to := pert(0.7, 0.9, 0.99)
	if math.Abs(mode-0.9) > 1e-6 || !(from < 0.7 && 0.99 < to) {
		t.Errorf("pert from %v by %v to %v", from, mode, to)
	}
	sum := 0.0
	for i := range 1000 {
		sum += random.PERTQuantile((float64(i)+0.5)/1000, from, mode, to) / 1000
	}
	if want := (from + 4*mode + to) / 6; math.Abs(sum-want) > 1e-3 {
		t.Errorf("mean %v, want %v", sum, want)
	}
}

// Several points: -j and the size of units change no byte, and the resolved input runs again to them.
func TestPointsChangeNoByte(t *testing.T) {
	for name, sets := range map[string][]string{
		"blocks":  {fmt.Sprint("study.replications=", 9+2**size)},
		"futures": {`study.uncertain=["air.*"]`, "study.points=3", fmt.Sprint("study.replications=", 1+2**size)},
		"ordered": {"study.replications=3"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustLoad(t, gridText, sets...)
			want, err := play(t, newRunner(s, Options{Workers: 1, Events: true}))
			if err != nil {
				t.Fatal(err)
			}
			for _, workers := range []int{2, 7} {
				got, err := play(t, newRunner(s, Options{Workers: workers, Events: true}))
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, want, fmt.Sprintf("%d workers", workers))
			}
			for _, length := range []int64{1, 17} {
				r := newRunner(s, Options{Workers: 2, Events: true})
				r.unitRuns = length
				got, err := play(t, r)
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, want, fmt.Sprintf("units of %d", length))
			}
			file := filepath.Join(t.TempDir(), "scenario.toml")
			if err := os.WriteFile(file, []byte(want["scenario.toml"]), 0o644); err != nil {
				t.Fatal(err)
			}
			again, err := Load(input.Loader{}, file, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := play(t, newRunner(again, Options{Events: true}))
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, want, "run again")
			n := int64(s.Settings.Replications)
			for i, line := range strings.Split(strings.TrimSpace(want["runs.csv"]), "\n")[1:] {
				if start := fmt.Sprintf("%d,%d,%d,", i, int64(i)/n, int64(i)%n); !strings.HasPrefix(line, start) {
					t.Errorf("row %d is %.40s..., want %s", i, line, start)
				}
			}
		})
	}
}

// A point alone is the scenario with its factors set, under the same luck.
func TestOnePointAlone(t *testing.T) {
	files, err := play(t, newRunner(mustLoad(t, gridText), Options{}))
	if err != nil {
		t.Fatal(err)
	}
	alone, err := play(t, newRunner(mustLoad(t, "coalition.roe = \"R3\"\ncoalition.troops = 25_000\n[study]\nreplications = 20\n"), Options{}))
	if err != nil {
		t.Fatal(err)
	}
	whole, single := strings.Split(files["runs.csv"], "\n"), strings.Split(alone["runs.csv"], "\n")
	if !strings.HasPrefix(whole[0], "run_id,point,rep,p_coalition_roe,p_coalition_troops,") {
		t.Errorf("the header is %.80s", whole[0])
	}
	for rep := range 20 {
		want, _ := strings.CutPrefix(single[1+rep], fmt.Sprintf("%d,0,%d,", rep, rep))
		if got, ok := strings.CutPrefix(whole[1+80+rep], fmt.Sprintf("%d,4,%d,R3,25000,", 80+rep, rep)); !ok || got != want {
			t.Errorf("replication %d at point 4 is\n%s, alone\n%s", rep, got, want)
		}
	}
	points, only := strings.Split(files["points.csv"], "\n"), strings.Split(alone["points.csv"], "\n")
	if got, want := points[1+4], strings.Replace(only[1], "0,", "4,R3,25000,", 1); got != want {
		t.Errorf("point 4 is\n%s, alone\n%s", got, want)
	}
	if len(points) != 1+6+1 {
		t.Errorf("%d lines in points.csv", len(points))
	}
}

// With common luck a factor that does nothing changes nothing; without, every point but the first has
// luck of its own.
func TestCommonLuck(t *testing.T) {
	const text = "[study]\ndesign = \"list\"\nreplications = 12\n[[study.cases]]\nname = \"a\"\n[[study.cases]]\nname = \"b\"\n"
	measures := func(s *Study) (a, b []float64) {
		w, into := newWorker(newRunner(s, Options{})), [2][]float64{}
		for point := range into {
			b := new(batch)
			w.stand(int64(point))
			for rep := range int64(12) {
				w.playRow(b, rep)
			}
			into[point] = b.memory.cells
		}
		return into[0], into[1]
	}
	equal := func(a, b []float64) bool {
		return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
	}
	a, b := measures(mustLoad(t, text))
	own, other := measures(mustLoad(t, text, "study.common_luck=false"))
	if !equal(a, b) || !equal(a, own) || equal(own, other) {
		t.Errorf("the same luck %v, the first point's own the common %v, the second's own the first's %v; want true, true, false",
			equal(a, b), equal(a, own), equal(own, other))
	}
}

func TestDesignFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[study]\ndesign = \"gird\"", "3:10: study.design: \"gird\" must be grid, list, one-at-a-time"},
		{"[study]\npoints = 5", "2:2: study: names no design: add design = \"grid\""},
		{"[study]\ndesign = \"grid\"", "3:10: study.design: grid needs [[study.factors]]"},
		{"[study]\ndesign = \"sobol\"\nuncertain = [\"air.*\"]", "3:10: study.design: sobol needs points"},
		{"[study]\ndesign = \"ablation\"\npoints = 4", "4:10: study.points: is of no use to ablation"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.trops\"", "5:7: study.factors[0].key: \"coalition.trops\": no such parameter (did you mean coalition.troops?)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [1, 2.5]", "6:14: study.factors[0].values[1]: 2.5 must be a whole number"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [10_000, 20_000, 1e4]", "6:27: study.factors[0].values[2]: 10000 is given twice: leave one out"},
		{"[study]\ndesign = \"one-at-a-time\"\n[[study.factors]]\nkey = \"coalition.roe\"\nvalues = [\"R1\", \"R3\", \"R1\"]", "6:23: study.factors[0].values[2]: R1 is given twice: leave one out"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nlow = 0.9\nhigh = 0.7", "6:7: study.factors[0].low: 0.9 must be below high (0.7)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nlow = 0.9\nhigh = 1.7", "7:8: study.factors[0].high: 1.7 must be in (0, 1)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nvales = [0.9]", "6:1: study.factors[0].vales: no such key (did you mean study.factors[0].values?)"},
		{"[study]\ndesign = \"ablation\"\n[[study.factors]]\nkey = \"coalition.troops\"", "cannot be switched off"},
		{"[study]\ndesign = \"sobol\"\npoints = 4\nuncertain = [\"moskow.*\"]", "5:14: study.uncertain[0]: \"moskow.*\": no parameter's key is like this"},
		{"[study]\ndesign = \"sobol\"\npoints = 4\nuncertain = [\"coalition.roe\"]", "5:14: study.uncertain[0]: coalition.roe has no believed range"},
		{"[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"x\"\nset = { coalition.trops = 5 }", "study.cases[0].set.coalition.trops: no such parameter (did you mean coalition.troops?)"},
		{"[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"x\"\nset = { coalition.troops = 5 }", "study.cases[0]: at point 0 (coalition.troops = 5): coalition.states: "},
		{"[study]\ndesign = \"sobol\"\npoints = 400000\nuncertain = [\"*\"]", "4:10: study.points: 400000 points of "},
	} {
		_, err := loadText(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

// A point that nothing can be played at has rows without measures, and the others do not notice.
func TestFailuresComeInOrder(t *testing.T) {
	s := mustLoad(t, gridText)
	var want map[string]string
	for _, workers := range []int{1, 7} {
		r := newRunner(s, Options{Workers: workers})
		r.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
			if rep == 3 {
				panic("three")
			}
			return playWar(w, seed, rep, each)
		}
		got, err := play(t, r)
		if err == nil || err.Error() != "6 of 120 replications failed" {
			t.Fatalf("got %v", err)
		}
		if want == nil {
			want = got
		}
		same(t, got, want, fmt.Sprintf("%d workers", workers))
	}
	repeat := `"repeat": "tripwire trace scenario.toml --point 5 --rep 3 --seed 1"`
	if !strings.Contains(want["manifest.json"], repeat) {
		t.Errorf("the manifest lacks %s", repeat)
	}
}

// A run that is cut short has played every point alike.
func TestBreadthFirst(t *testing.T) {
	s := mustLoad(t, gridText, "study.replications=100")
	r := newRunner(s, Options{Workers: 1})
	k := newCut(span{0, s.Points(), 0, 100}, 0, 8)
	r.cuts = []cut{k}
	var todo []int64
	for number := range k.units {
		todo = append(todo, number)
	}
	played, stop := make([]int, s.Points()), context.Canceled
	emitted := int64(0)
	err := r.each(t.Context(), todo, func(b *batch) error {
		for _, c := range b.chunks {
			played[c.point] += len(c.cells) / len(Measures())
		}
		if emitted++; emitted == k.units/2 {
			return stop
		}
		return nil
	})
	if err != stop {
		t.Fatal(err)
	}
	if slices.Max(played)-slices.Min(played) > 8 || slices.Min(played) < 40 {
		t.Errorf("halfway the points have %v replications of 100", played)
	}
}
