package study

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tripwire/model"
	"tripwire/study/record"
)

const shardedText = "[study]\ndesign = \"latin-hypercube\"\npoints = 5\nreplications = 20\nuncertain = [\"air.*\"]\n"

// hash is one hash of the names and bytes of all files.
func hash(files map[string]string) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(files[name]), files[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// playShards plays shards 1 to of of a study, each in a folder of its own.
func playShards(t testing.TB, of int64, runner func() *runner) (dirs []string) {
	t.Helper()
	root := t.TempDir()
	for i := int64(1); i <= of; i++ {
		r := runner()
		r.opt.Shard = record.Shard{Number: i, Of: of}
		dirs = append(dirs, filepath.Join(root, fmt.Sprint(i)))
		if err := runIn(t, t.Context(), dirs[i-1], r); err != nil && !errors.As(err, new(*Failed)) {
			t.Fatal(err)
		}
	}
	return dirs
}

// mergeOf merges what lies in folders, and returns the files of the result.
func mergeOf(t testing.TB, r *runner, dirs ...string) (map[string]string, error) {
	t.Helper()
	r.play = func(*model.War, uint64, uint64, func(model.Entry)) model.Outcome { panic("a merge plays nothing") }
	var from []*record.Parts
	for _, dir := range dirs {
		parts, err := record.OpenParts(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer parts.Close()
		from = append(from, parts)
	}
	to := filepath.Join(t.TempDir(), "result")
	w, err := record.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if err = r.merge(t.Context(), from, w); err != nil && !errors.As(err, new(*Failed)) {
		if _, there := os.Stat(to); there == nil {
			t.Errorf("a merge that came to %v left %s", err, to)
		}
		return nil, err
	}
	return filesIn(t, to), err
}

// One hash of every file: on any number of workers and cores, cut into units of any size and shards of any number,
// which are cut short and gone on with.
func TestNoSplitChangesAByte(t *testing.T) {
	s := mustLoad(t, strings.Replace(shardedText, "points = 5", "points = 3", 1), fmt.Sprint("study.replications=", 8**size))
	options := Options{Workers: 1, Events: true, Parquet: true}
	files, err := play(t, newRunner(s, options))
	if err != nil {
		t.Fatal(err)
	}
	want := hash(files)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	combinations := 0
	for _, threads := range []int{1, 3} {
		for _, workers := range []int{1, 4} {
			for _, unit := range []int64{0, 1, 33} {
				for _, of := range []int64{1, 3} {
					combinations++
					runtime.GOMAXPROCS(threads)
					options.Workers = workers
					runner := func() *runner {
						r := newRunner(s, options)
						r.unitRuns = unit
						return r
					}
					root := t.TempDir()
					var dirs []string
					for i := range of {
						dir := filepath.Join(root, fmt.Sprint(i))
						dirs = append(dirs, dir)
						for stops := 0; ; stops++ {
							r := runner()
							r.opt.Shard = record.Shard{Number: i + 1, Of: of}
							ctx := t.Context()
							if stops == 0 {
								ctx = stopAfter(t, r, int64(4**size))
							}
							if err := runIn(t, ctx, dir, r); err == nil {
								break
							} else if !errors.Is(err, errStop) || stops > 0 {
								t.Fatal(err)
							}
						}
					}
					slices.Reverse(dirs)
					got, err := mergeOf(t, runner(), dirs...)
					if err != nil {
						t.Fatal(err)
					}
					if hash(got) != want {
						same(t, got, files, fmt.Sprintf("GOMAXPROCS %d, %d workers, units of %d, %d shards", threads, workers, unit, of))
					}
				}
			}
		}
	}
	if combinations != 24 {
		t.Errorf("%d combinations, want 24", combinations)
	}
}

// What lies in several shards, of other numbers, or in a whole run that was cut short is taken once.
func TestMergeOfOverlaps(t *testing.T) {
	s := mustLoad(t, shardedText)
	runner := func() *runner { return newRunner(s, Options{Workers: 2}) }
	want, err := play(t, runner())
	if err != nil {
		t.Fatal(err)
	}
	halves, thirds := playShards(t, 2, runner), playShards(t, 3, runner)
	short := filepath.Join(t.TempDir(), "short")
	r := runner()
	if err := runIn(t, stopAfter(t, r, 50), short, r); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	for what, dirs := range map[string][]string{
		"halves twice":     append(slices.Clone(halves), halves...),
		"halves, a third":  append(slices.Clone(halves), thirds[1]),
		"a half, thirds":   append(slices.Clone(thirds), halves[0]),
		"thirds, a stump":  append(slices.Clone(thirds), short),
		"more than needed": append(append(slices.Clone(halves), thirds...), short),
	} {
		got, err := mergeOf(t, runner(), dirs...)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		same(t, got, want, what)
	}
	// There are more shards than units: some are whole and empty.
	many := playShards(t, 120, runner)
	got, err := mergeOf(t, runner(), many...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want, "120 shards")
}

// A merge tells of every row when it has been read, and again when it is in the result.
func TestMergeTellsHowFarItIs(t *testing.T) {
	s := mustLoad(t, shardedText)
	runner := func() *runner { return newRunner(s, Options{Workers: 2}) }
	dirs := playShards(t, 2, runner)
	r, steps, last := runner(), 0, Progress{}
	r.opt.Progress = func(p Progress) {
		if p.Runs != 100 || p.Done < last.Done || p.Written < last.Written || p.Written > 0 && p.Done < p.Runs || p == last {
			t.Errorf("after %+v it tells %+v", last, p)
		}
		steps, last = steps+1, p
	}
	if _, err := mergeOf(t, r, dirs...); err != nil {
		t.Fatal(err)
	}
	if last.Done != 100 || last.Written != 100 || last.Accepted == 0 || steps < 20 {
		t.Errorf("in the end, after %d steps, it tells %+v", steps, last)
	}
}

// Failed histories of all shards are in the manifest, as on one machine.
func TestMergeOfFailures(t *testing.T) {
	s := baseline(t, 60)
	runner := func() *runner {
		r := newRunner(s, Options{Workers: 2})
		r.play = func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
			if rep%20 == 7 {
				panic("a division of nothing")
			}
			return playWar(w, seed, rep, each)
		}
		return r
	}
	want, err := play(t, runner())
	if !errors.As(err, new(*Failed)) {
		t.Fatal(err)
	}
	got, err := mergeOf(t, runner(), playShards(t, 4, runner)...)
	if failed := new(*Failed); !errors.As(err, failed) || (*failed).Failed != 3 || (*failed).Runs != 60 {
		t.Errorf("the merge comes to %v, want 3 of 60 replications failed", err)
	}
	same(t, got, want, "4 shards")
}

// Without a shard, with one cut short, or with a damaged part, a merge names what is missing, and no more.
func TestMergeOfTooLittle(t *testing.T) {
	s := mustLoad(t, shardedText)
	runner := func() *runner { return newRunner(s, Options{Workers: 2}) }
	dirs := playShards(t, 4, runner)
	lacks := func(what string, want []int64, dirs ...string) *Missing {
		t.Helper()
		_, err := mergeOf(t, runner(), dirs...)
		m := new(*Missing)
		if !errors.As(err, m) {
			t.Fatalf("%s: got %v, want missing shards %v", what, err, want)
		}
		if got := (*m).Shards(4); !slices.Equal(got, want) || (*m).Of != 100 {
			t.Errorf("%s: missing shards %v of %d histories, want %v of 100", what, got, (*m).Of, want)
		}
		return *m
	}
	if m := lacks("two of four", []int64{2, 4}, dirs[0], dirs[2]); m.Runs < 40 || m.Runs > 60 {
		t.Errorf("half of the shards are there, and %d of 100 histories are missing", m.Runs)
	}
	short := filepath.Join(t.TempDir(), "short")
	r := runner()
	r.opt.Shard = record.Shard{Number: 3, Of: 4}
	if err := runIn(t, stopAfter(t, r, 10), short, r); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	all := lacks("without the third", []int64{3}, dirs[0], dirs[1], dirs[3]).Runs
	if some := lacks("with a stump of the third", []int64{3}, dirs[0], dirs[1], dirs[3], short).Runs; some >= all {
		t.Errorf("a stump of shard 3 brings the missing histories from %d to %d", all, some)
	}
	parts, err := filepath.Glob(filepath.Join(dirs[2], ".tripwire/parts/*.part"))
	if err != nil || len(parts) == 0 {
		t.Fatal(parts, err)
	}
	data, err := os.ReadFile(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(parts[0], data, 0o644); err != nil {
		t.Fatal(err)
	}
	var told []string
	r = runner()
	r.opt.Warn = func(what string) { told = append(told, what) }
	if _, err := mergeOf(t, r, dirs...); !errors.As(err, new(*Missing)) {
		t.Errorf("with a damaged part the merge comes to %v", err)
	}
	if want := parts[0] + ": is damaged: its SHA-256 is another: what it held is missing"; len(told) != 1 || told[0] != want {
		t.Errorf("of a damaged part it tells %q, want %q", told, want)
	}
	if again, err := os.ReadFile(parts[0]); err != nil || string(again) != string(data) {
		t.Errorf("the merge changed a shard: %v", err)
	}
	// Run again, the shard plays what was damaged.
	r = runner()
	r.opt.Shard = record.Shard{Number: 3, Of: 4}
	if err := runIn(t, t.Context(), dirs[2], r); err != nil {
		t.Fatal(err)
	}
	want, err := play(t, runner())
	if err != nil {
		t.Fatal(err)
	}
	got, err := mergeOf(t, runner(), dirs...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, want, "mended")
}

// A folder whose parts are of another run is no shard of this one.
func TestMergeOfForeigners(t *testing.T) {
	runner := func(text string) func() *runner {
		s := mustLoad(t, text)
		return func() *runner { return newRunner(s, Options{Workers: 2}) }
	}
	mine := playShards(t, 2, runner(shardedText))
	theirs := playShards(t, 2, runner(strings.Replace(shardedText, "20", "21", 1)))
	if _, err := mergeOf(t, runner(shardedText)(), mine[0], theirs[1]); err == nil || !strings.Contains(err.Error(), "is a part of another run") {
		t.Errorf("with a shard of another study the merge comes to %v", err)
	}
}

// A disk that fails, or a signal, at any point of a merge leaves the shards as they were and no half of a result; the same
// merge again comes to its end.
func TestMergeAgain(t *testing.T) {
	s := mustLoad(t, shardedText)
	runner := func() *runner { return newRunner(s, Options{Workers: 2}) }
	want, err := play(t, runner())
	if err != nil {
		t.Fatal(err)
	}
	dirs := playShards(t, 2, runner)
	to := filepath.Join(t.TempDir(), "result")
	merge := func(ctx context.Context, fail int) (operations int, err error) {
		w, err := record.Create(to)
		if err != nil {
			t.Fatal(err)
		}
		w.Fault = func(op, name string) error {
			if operations++; operations == fail {
				return errStop
			}
			return nil
		}
		var from []*record.Parts
		for _, dir := range dirs {
			parts, err := record.OpenParts(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer parts.Close()
			from = append(from, parts)
		}
		err = s.Merge(ctx, from, w, Options{})
		return operations, err
	}
	stopped, cancel := context.WithCancelCause(t.Context())
	cancel(errStop)
	if _, err := merge(stopped, 0); !errors.Is(err, errStop) {
		t.Errorf("a merge that is interrupted comes to %v", err)
	}
	for fail := 1; ; fail++ {
		n, err := merge(t.Context(), fail)
		if n < fail {
			break // nothing failed
		}
		if !errors.Is(err, errStop) {
			t.Fatalf("operation %d failed, and the merge comes to %v", fail, err)
		}
		if _, err := merge(t.Context(), 0); err != nil {
			t.Fatalf("after operation %d failed, the merge again comes to %v", fail, err)
		}
		same(t, filesIn(t, to), want, fmt.Sprintf("after operation %d failed", fail))
		if err := os.RemoveAll(to); err != nil || t.Failed() {
			t.Fatal(err)
		}
	}
}
