package study

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tripwire/model"
	"tripwire/study/record"
)

var (
	damages = flag.Int("damages", 12, "how many parts to damage, in each of the two ways")
	size    = flag.Int("size", 1, "how many times larger the studies are that are split, stopped and gone on with")
)

// filesIn is the files of a result, without what is not part of it.
func filesIn(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

// stopAfter is a context that ends once so many histories have begun, and the play that counts them.
func stopAfter(t testing.TB, r *runner, histories int64) context.Context {
	ctx, cancel := context.WithCancelCause(t.Context())
	var n atomic.Int64
	inner := r.play
	r.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
		if n.Add(1) == histories {
			cancel(errStop)
		}
		return inner(w, seed, rep, each)
	}
	return ctx
}

var errStop = errors.New("stop")

// runIn plays, or goes on with, the run in dir.
func runIn(t testing.TB, ctx context.Context, dir string, r *runner) error {
	t.Helper()
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r.run(ctx, w)
}

// Stopped and gone on with, on any number of workers, a run leaves the same bytes.
func TestStopAndGoOn(t *testing.T) {
	for name, s := range map[string]*Study{
		"one point": baseline(t, 50**size),
		"sampled":   mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 5\nreplications = 8\nuncertain = [\"air.*\"]\n", fmt.Sprint("study.replications=", 8**size)),
		"until":     mustLoad(t, "[study]\nuntil = \"0.2@deterred\"\nmax_runs = 60\nreplications = 20\n"),
	} {
		t.Run(name, func(t *testing.T) {
			options := Options{Workers: 1, Events: true}
			want, err := play(t, newRunner(s, options))
			if err != nil {
				t.Fatal(err)
			}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
			for _, c := range []struct{ threads, workers int }{{1, 1}, {1, 7}, {3, 2}, {3, 7}} {
				runtime.GOMAXPROCS(c.threads)
				dir := filepath.Join(t.TempDir(), "result")
				options.Workers = c.workers
				stops := 0
				for {
					r := newRunner(s, options)
					err := runIn(t, stopAfter(t, r, int64(14**size)), dir, r)
					if err == nil {
						break
					}
					if !errors.Is(err, errStop) {
						t.Fatal(err)
					}
					if stops++; stops > 20 {
						t.Fatalf("%+v: 20 resumes, and no end", c)
					}
					options.Workers = options.Workers%3 + 1 // others go on with it
				}
				if stops < 2 {
					t.Errorf("%+v: stopped only %d times", c, stops)
				}
				same(t, filesIn(t, dir), want, fmt.Sprintf("%+v, stopped %d times", c, stops))
			}
		})
	}
}

// What was played is not played again.
func TestResumePlaysOnlyTheRest(t *testing.T) {
	s := baseline(t, 200)
	dir := filepath.Join(t.TempDir(), "result")
	r := newRunner(s, Options{Workers: 2})
	if err := runIn(t, stopAfter(t, r, 120), dir, r); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	again := newRunner(s, Options{Workers: 2})
	var played atomic.Int64
	again.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
		played.Add(1)
		return playWar(w, seed, rep, each)
	}
	if err := runIn(t, t.Context(), dir, again); err != nil {
		t.Fatal(err)
	}
	if got := played.Load() + again.progress.Kept; got != 200 || again.progress.Kept < 90 {
		t.Errorf("%d were kept, %d played; 200 were wanted, of which 120 had begun", again.progress.Kept, played.Load())
	}
}

// A panic in one history is kept across a stop.
func TestFailureAcrossAStop(t *testing.T) {
	s := baseline(t, 60)
	boom := func(r *runner) *runner {
		r.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
			if rep%20 == 7 {
				panic("a division\nof nothing")
			}
			return playWar(w, seed, rep, each)
		}
		return r
	}
	var failed *Failed
	want, err := play(t, boom(newRunner(s, Options{Workers: 1})))
	if !errors.As(err, &failed) || failed.Failed != 3 {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "result")
	r := boom(newRunner(s, Options{Workers: 1}))
	if err := runIn(t, stopAfter(t, r, 35), dir, r); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	if err := runIn(t, t.Context(), dir, boom(newRunner(s, Options{Workers: 2}))); !errors.As(err, &failed) || failed.Failed != 3 {
		t.Errorf("gone on with, it says %v", err)
	}
	same(t, filesIn(t, dir), want, "stopped")
}

// A damaged part is found, whichever byte it is, and what it held is played again, and nothing else.
func TestDamagedParts(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 3\nreplications = 16\nuncertain = [\"air.*\"]\n")
	want, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	template := filepath.Join(t.TempDir(), "template")
	for _, after := range []int64{14, 14} { // two parts at least
		r := newRunner(s, Options{Workers: 1})
		if err := runIn(t, stopAfter(t, r, after), template, r); !errors.Is(err, errStop) {
			t.Fatal(err)
		}
	}
	luck := rand.New(rand.NewPCG(1, 2))
	for i := range 2 * *damages {
		dir := filepath.Join(t.TempDir(), "x")
		if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
			t.Fatal(err)
		}
		parts, err := filepath.Glob(filepath.Join(dir, ".tripwire/parts/*.part"))
		if err != nil || len(parts) < 2 { // a slow machine makes more
			t.Fatalf("%d parts, %v", len(parts), err)
		}
		file := parts[luck.IntN(len(parts))]
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at := luck.IntN(len(data))
		what := fmt.Sprintf("cut to %d of %d bytes", at, len(data))
		if i%2 == 0 {
			data[at] ^= 1 << luck.IntN(8)
			what = fmt.Sprintf("with another bit in byte %d of %d", at, len(data))
		} else {
			data = data[:at]
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var told []string
		r := newRunner(s, Options{Workers: 2, Warn: func(what string) { told = append(told, what) }})
		if err := runIn(t, t.Context(), dir, r); err != nil {
			t.Fatalf("a part %s: %v", what, err)
		}
		if len(told) != 1 || !strings.Contains(told[0], filepath.Base(file)) || r.progress.Kept == 0 {
			t.Errorf("a part %s: told %q, kept %d histories", what, told, r.progress.Kept)
		}
		same(t, filesIn(t, dir), want, "a part "+what)
		if t.Failed() {
			return
		}
	}
}

// A disk on which the n-th operation fails: it is said, and the run can be gone on with.
func TestEveryFaultCanBeGoneOnWith(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"list\"\nreplications = 9\n[[study.cases]]\nname = \"a\"\n[[study.cases]]\nname = \"b\"\n")
	want, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no space left on device")
	for n := 1; ; n++ {
		dir := filepath.Join(t.TempDir(), "result")
		ops, at := 0, ""
		run := func(fault bool) error {
			w, err := record.Create(dir)
			if err != nil {
				t.Fatal(err)
			}
			if fault {
				w.Fault = func(op, name string) error {
					if ops++; ops == n {
						at = op + " " + name
						return broken
					}
					return nil
				}
			}
			return newRunner(s, Options{Workers: 2}).run(t.Context(), w)
		}
		err := run(true)
		if at == "" {
			if err != nil || n < 30 {
				t.Errorf("only %d operations pass through the writer: %v", n, err)
			}
			return
		}
		if !errors.Is(err, broken) {
			t.Errorf("operation %d (%s) failed, and the run says %v", n, at, err)
		}
		if err := run(false); err != nil {
			t.Errorf("operation %d (%s) failed, and so does going on: %v", n, at, err)
		}
		same(t, filesIn(t, dir), want, fmt.Sprintf("after operation %d (%s)", n, at))
		if t.Failed() {
			return
		}
	}
}

// A folder that is removed under a run, while it plays or while it puts the result together, ends it with one line that
// says so, and never with a panic.
func TestFolderThatGoesAway(t *testing.T) {
	s := baseline(t, 3000)
	for when, now := range map[string]func(p Progress) bool{
		"at the beginning":                func(p Progress) bool { return p.Done > 0 },
		"when a part is there":            func(p Progress) bool { return p.Done > p.Runs/2 },
		"when the result is put together": func(p Progress) bool { return p.Written > p.Runs/2 },
	} {
		dir := filepath.Join(t.TempDir(), "result")
		gone := false
		r := newRunner(s, Options{Workers: 2, Progress: func(p Progress) {
			if !gone && now(p) {
				if err := os.RemoveAll(dir); err != nil {
					t.Error(err)
				}
				gone = true
			}
		}})
		err := runIn(t, t.Context(), dir, r)
		if e := new(record.Error); !gone || !errors.As(err, &e) || !strings.HasSuffix(err.Error(), " (somebody removed the folder: begin again)") || strings.Contains(err.Error(), "\n") {
			t.Errorf("removed %s (%v), it comes to %v", when, gone, err)
		}
	}
}

// Memory and time of a part are bounded: what was played is on the disk before the run ends.
func TestPartsComeWhileItRuns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "result")
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := time.Time{}
	began := time.Now()
	err = baseline(t, 1_000_000).Run(ctx, w, Options{Workers: 1, Progress: func(Progress) {
		if parts, _ := filepath.Glob(filepath.Join(dir, ".tripwire/parts/*.part")); len(parts) > 0 && seen.IsZero() {
			seen = time.Now()
			cancel()
		} else if time.Since(began) > 20*time.Second {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || seen.IsZero() {
		t.Errorf("after %v there is no part: %v", time.Since(began), err)
	}
}

func TestUntil(t *testing.T) {
	for _, c := range []struct {
		sets    []string
		met     bool
		between [2]int64
	}{
		{[]string{`study.until="0.15@deterred"`}, true, [2]int64{100, 260}},
		{[]string{`study.until="50%@outcome=deterred-quiet"`}, true, [2]int64{20, 400}},
		{[]string{`study.until="100%@losses_russia"`}, true, [2]int64{30, 800}},
		{[]string{`study.until="0.001"`, "study.max_runs=90"}, false, [2]int64{90, 90}},
	} {
		s := mustLoad(t, "[study]\nreplications = 20\n", c.sets...)
		var want map[string]string
		for _, workers := range []int{1, 2, 7} {
			r := newRunner(s, Options{Workers: workers})
			got, err := play(t, r)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = got
			}
			same(t, got, want, fmt.Sprintf("%v on %d workers", c.sets, workers))
			stop := r.rule.stopping(&s.Settings, r.rounds, r.so)
			if n := r.progress.Done; stop.Met != c.met || n < c.between[0] || n > c.between[1] || r.rounds < 2 {
				t.Errorf("%v: met %v after %d histories in %d rounds, want %v within %v", c.sets, stop.Met, n, r.rounds, c.met, c.between)
			}
			if !strings.Contains(got["manifest.json"], fmt.Sprintf(`"met": %v`, c.met)) {
				t.Errorf("%v: the manifest does not say whether it was met", c.sets)
			}
		}
	}
}

// Run numbers are unique where the number of replications is open, and known before the end.
func TestNumbersOfAnOpenDesign(t *testing.T) {
	s := mustLoad(t, gridText, `study.until="0.9"`, "study.max_runs=150", "study.replications=9")
	files, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i, line := range strings.Split(strings.TrimSpace(files["runs.csv"]), "\n")[1:] {
		cells := strings.Split(line, ",")
		n := len(strings.Split(files["runs.csv"], "\n")) - 2
		point, rep := i/(n/6), i%(n/6)
		if want := fmt.Sprintf("%d,%d,%d", rep*6+point, point, rep); strings.Join(cells[:3], ",") != want {
			t.Fatalf("row %d begins with %v, want %s", i, cells[:3], want)
		}
		ids = append(ids, cells[0])
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != len(ids) || len(ids)%6 != 0 {
		t.Errorf("%d rows, of which some have one number", len(ids))
	}
}

// A schedule may give points different numbers of replications: rows, estimates and the manifest follow.
func TestUnevenCuts(t *testing.T) {
	s := mustLoad(t, gridText)
	cuts := []cut{newCut(span{0, 6, 0, 10}, 0, 0)}
	cuts = append(cuts, newCut(span{2, 4, 10, 25}, cuts[0].units, 3))
	cuts = append(cuts, newCut(span{3, 4, 25, 31}, cuts[1].base+cuts[1].units, 2))
	dir := t.TempDir()
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := newRunner(s, Options{Workers: 2})
	origin := s.Origin(r.opt)
	if err := w.Begin(origin, nil); err != nil {
		t.Fatal(err)
	}
	c, err := openCheckpoint([]*record.Parts{w.Parts()}, w, origin, r.opt.Warn)
	if err != nil {
		t.Fatal(err)
	}
	r.cuts = cuts
	for i := range cuts {
		var todo []int64
		for n := cuts[i].base; n < cuts[i].base+cuts[i].units; n++ {
			if u := cuts[i].unit(n); u.first < u.end {
				todo = append(todo, n)
			}
		}
		if err := r.each(t.Context(), todo, func(b *batch) error { return c.add(b.number, b.bytes) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.flush(); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	err = c.each(cuts, 6, func(c *chunk) error {
		for i := range len(c.cells) / len(Measures()) {
			got = append(got, fmt.Sprint(c.point, c.first+int64(i)))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d := record.Design{Points: 6}
	replications(cuts, &d)
	if !slices.Equal(d.ByPoint, []int64{10, 10, 25, 31, 10, 10}) || d.Replications != 31 || d.Runs() != 96 {
		t.Errorf("the manifest has %+v", d)
	}
	for row := range d.Runs() {
		want = append(want, fmt.Sprint(d.Run(row)))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%q, want\n%q", got, want)
	}
	if err := w.Abandon(); err != nil {
		t.Fatal(err)
	}
}

func TestUntilIsChecked(t *testing.T) {
	for set, want := range map[string]string{
		`study.until="deterred"`:       "must be WIDTH or WIDTH@MEASURE",
		`study.until="-1@deterred"`:    "must be WIDTH or WIDTH@MEASURE",
		`study.until="NaN"`:            "must be WIDTH or WIDTH@MEASURE",
		`study.until="0.1@deterrred"`:  `must name a measure, and "deterrred" is none`,
		`study.until="0.1@outcome"`:    "must say which class: outcome=",
		`study.until="0.1@outcome=no"`: "must say which class: outcome=",
		`study.until="0.1@war_d=x"`:    "war_d has none",
		`study.until="2@deterred"`:     "must be a width below 1",
		`study.max_runs=7`:             "is of no use without until",
	} {
		if _, err := loadText(t, gridText, set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", set, err, want)
		}
	}
	if _, err := loadText(t, gridText, `study.until="0.1"`, "study.max_runs=5"); err == nil || !strings.Contains(err.Error(), "5 is less than one history at each of 6 points") {
		t.Errorf("max_runs below the number of points: %v", err)
	}
}
