package study

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/study/record"
)

func baseline(t testing.TB, reps int) *Study {
	t.Helper()
	s, err := Load(input.Loader{Embedded: configs.FS}, "baseline", []string{fmt.Sprintf("study.replications=%d", reps)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// play runs a study into a new directory and returns its files by name.
func play(t testing.TB, r *runner) (files map[string]string, err error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "result")
	w, werr := record.Create(dir)
	if werr != nil {
		t.Fatal(werr)
	}
	err = r.run(t.Context(), w)
	files = map[string]string{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files, err
}

func same(t *testing.T, got, want map[string]string, what string) {
	t.Helper()
	if len(got) != len(want) || len(want) < 6 {
		t.Errorf("%s: %d files, want %d", what, len(got), len(want))
	}
	for name := range want {
		if got[name] != want[name] {
			i := 0
			for i < min(len(got[name]), len(want[name])) && got[name][i] == want[name][i] {
				i++
			}
			t.Errorf("%s: %s differs from byte %d on: got %.60q, want %.60q", what, name, i, got[name][i:], want[name][i:])
		}
	}
}

// -j changes speed and no byte of output; a second run changes nothing either.
func TestWorkersChangeNoByte(t *testing.T) {
	s := baseline(t, 150)
	want, err := play(t, newRunner(s, Options{Workers: 1, Events: true}))
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{2, 7, 7} {
		got, err := play(t, newRunner(s, Options{Workers: workers, Events: true}))
		if err != nil {
			t.Fatal(err)
		}
		same(t, got, want, fmt.Sprintf("%d workers", workers))
	}
}

func TestUnitsChangeNoByte(t *testing.T) {
	s := baseline(t, 100)
	var want map[string]string
	for _, length := range []int64{1, 3, 100, 1000} {
		r := newRunner(s, Options{Workers: 2})
		r.unitRuns = length
		got, err := play(t, r)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		same(t, got, want, fmt.Sprintf("units of %d", length))
	}
}

// Replication 7 alone is row 7 of all.
func TestOneReplicationAlone(t *testing.T) {
	s := baseline(t, 20)
	files, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Encore().Row(t.Context(), 0, 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.SplitAfter(files["runs.csv"], "\n")[1+7]; string(got) != want {
		t.Errorf("replication 7 alone is\n%s, in all it is\n%s", got, want)
	}
}

// The resolved input that a result holds runs again to the same bytes.
func TestScenarioRunsAgain(t *testing.T) {
	want, err := play(t, newRunner(baseline(t, 30), Options{}))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "scenario.toml")
	if err := os.WriteFile(file, []byte(want["scenario.toml"]), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Load(input.Loader{}, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := play(t, newRunner(s, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want, "run again")
}

// Where nothing is said of replications, the resolved input says how many were played.
func TestDefaultReplications(t *testing.T) {
	s, err := Load(input.Loader{Embedded: configs.FS}, "baseline", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Runs() != 1000 || !bytes.Contains(s.File.TOML(), []byte("[study]\nreplications = 1000\n")) {
		t.Errorf("%d runs, and the resolved input ends in %q", s.Runs(), s.File.TOML()[max(0, len(s.File.TOML())-100):])
	}
}

// A panic in one history makes a row without measures; the others do not notice.
func TestFailedReplication(t *testing.T) {
	s := baseline(t, 60)
	whole, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]string
	for _, workers := range []int{1, 2} {
		r := newRunner(s, Options{Workers: workers})
		r.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
			if rep == 7 || rep == 41 {
				panic("a division\nof nothing")
			}
			return playWar(w, seed, rep, each)
		}
		got, err := play(t, r)
		var failed *Failed
		if !errors.As(err, &failed) || failed.Failed != 2 || err.Error() != "2 of 60 replications failed" {
			t.Fatalf("got %v", err)
		}
		if want == nil {
			want = got
		}
		same(t, got, want, fmt.Sprintf("%d workers", workers))
	}
	lines, all := strings.Split(want["runs.csv"], "\n"), strings.Split(whole["runs.csv"], "\n")
	for i := range all {
		if i == 1+7 || i == 1+41 {
			all[i] = fmt.Sprintf("%d,0,%d%s", i-1, i-1, strings.Repeat(",", len(Measures())))
		}
		if lines[i] != all[i] {
			t.Errorf("line %d is %s, want %s", i+1, lines[i], all[i])
		}
	}
	repeat := fmt.Sprintf(`"seed": %d,
      "message": "a division",
      "repeat": "tripwire trace scenario.toml --rep 41 --seed %[1]d"`, s.Scenario.Seed)
	if !strings.Contains(want["manifest.json"], repeat) {
		t.Errorf("the manifest lacks\n%s\nin\n%s", repeat, want["manifest.json"])
	}
}

func TestCancel(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	before := runtime.NumGoroutine()
	dir := filepath.Join(t.TempDir(), "result")
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = baseline(t, 1_000_000).Run(ctx, w, Options{Workers: 3, Progress: func(Progress) { cancel(stop) }})
	if !errors.Is(err, stop) {
		t.Errorf("got %v, want %v", err, stop)
	}
	if _, err := record.Open(dir); !errors.Is(err, record.ErrUnfinished) {
		t.Errorf("left behind: %v", err)
	}
	after := runtime.NumGoroutine()
	for patience := time.Now().Add(5 * time.Second); after > before && time.Now().Before(patience); after = runtime.NumGoroutine() {
		time.Sleep(time.Millisecond) // one that has said its last word may not have ended yet
	}
	if after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// The measures that the contract names are there, in the types it gives them.
func TestMeasures(t *testing.T) {
	kinds := map[string]record.Kind{}
	for _, c := range Measures() {
		kinds[c.Name] = c.Kind
		if c.Title == "" || c.Doc == "" || slices.Contains(c.Classes, "") {
			t.Errorf("%+v does not say what it is", c)
		}
	}
	for name, kind := range map[string]record.Kind{
		"terms_accepted": record.Bool, "outcome": record.Class, "deterred": record.Bool, "invaded": record.Bool,
		"invasion_kind": record.Class, "t_invasion_d": record.Float, "flareups": record.Int, "gate_failed": record.Class,
		"strike_before_fait_accompli": record.Bool, "front_max_km": record.Float, "losses_russia": record.Int,
		"rung_max": record.Int, "nuclear_use": record.Bool,
	} {
		if got, ok := kinds[name]; !ok || got != kind {
			t.Errorf("measure %s: got %v (%v), want %v", name, got, ok, kind)
		}
	}
}

func TestReader(t *testing.T) {
	r := newReader()
	r.outcome = model.Outcome{
		TermsAccepted: true, Outcome: model.DeterredQuiet, Deterred: model.Maybe(math.NaN()), Kind: model.NoInvasion,
		FrontMaxKm: 12.5, LossesRussia: 7,
	}
	cells := make([]float64, len(r.columns))
	r.read(cells)
	got := map[string]string{}
	for i, c := range r.columns {
		if got[c.Name] = fmt.Sprint(cells[i]); c.Kind == record.Class {
			got[c.Name] = c.Label(cells[i])
		}
	}
	for name, want := range map[string]string{
		"terms_accepted": "1", "outcome": "deterred-quiet", "deterred": "NaN", "invasion_kind": "",
		"invaded": "0", "front_max_km": "12.5", "losses_russia": "7",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// The sums that must come out: classes, and the ways in which the armistice ends.
func TestEstimatesAddUp(t *testing.T) {
	s := baseline(t, 300)
	r := newRunner(s, Options{})
	r.cuts = []cut{newCut(span{0, 1, 0, 300}, 0, 300)}
	tally := newTally()
	err := r.each(t.Context(), []int64{0}, func(b *batch) error {
		for _, c := range b.chunks {
			for row := range slices.Chunk(c.cells, len(Measures())) {
				tally.add(row)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var points estimates
	tally.estimate(&points, Level)
	series := record.NewTable(seriesColumns())
	tally.series(series, 0, float64(s.Scenario.HorizonD), Level)
	cell := func(name string) float64 {
		i := slices.IndexFunc(points.columns, func(c record.Column) bool { return c.Name == name })
		if i < 0 {
			t.Fatalf("points.csv has no column %s", name)
		}
		return points.cells[i]
	}
	if cell("n") != 300 || cell("outcome_n") != 300 {
		t.Errorf("%v histories, %v outcomes, want 300", cell("n"), cell("outcome_n"))
	}
	sum := 0.0
	for _, c := range Measures()[places().outcome].Classes {
		name := "outcome_" + strings.ReplaceAll(c, "-", "_")
		sum += cell(name)
		if low, high := cell(name+"_low"), cell(name+"_high"); !(low <= cell(name) && cell(name) <= high) {
			t.Errorf("%s is %v, outside its interval [%v, %v]", name, cell(name), low, high)
		}
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("the outcome classes sum to %v", sum)
	}
	if got, want := cell("invaded_by_5y"), cell("invaded_share"); math.Abs(got-want) > 1e-9 {
		t.Errorf("invaded within 5 years: %v; invaded at all, in 5 years: %v", got, want)
	}
	// The incidences are shares of all histories, and say so: deterred is one of those with accepted terms.
	for _, years := range []int{1, 2, 3, 5} {
		c := points.columns[record.Index(points.columns, fmt.Sprintf("invaded_by_%dy", years))]
		if !strings.HasSuffix(c.Title, ", of all histories") || !strings.HasPrefix(c.Doc, "share of all histories, those with refused terms among them,") {
			t.Errorf("%s is called %q: %s", c.Name, c.Title, c.Doc)
		}
	}
	if refused := cell("outcome_terms_refused"); refused == 0 || cell("deterred_n") != math.Round(300*(1-refused)) {
		t.Errorf("%v of the histories refuse the terms, and %v can be deterred", refused, cell("deterred_n"))
	}
	last := map[string]float64{}
	for i := range series.Len() {
		row := series.Row(i)
		if !math.IsNaN(row[2]) {
			last[series.Columns[1].Label(row[1])] = row[4]
		}
	}
	quiet := 0
	for _, n := range tally.race.Table().Censored {
		quiet += n
	}
	ended := last["invasion"] + last["settlement"] + last["refusal"] + last["other_end"]
	if want := 1 - float64(quiet)/300; len(last) != 4 || math.Abs(ended-want) > 1e-9 {
		t.Errorf("armistices ended in %v of the histories by the horizon, want %v: %v", ended, want, last)
	}
}
