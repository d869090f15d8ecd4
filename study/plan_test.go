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
