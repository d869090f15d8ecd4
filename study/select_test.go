package study

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/stats"
)

var selections = flag.Int("selections", 100, "how often planted policies are selected from")

// ten is a study of ten policies that its tests plant: their outcomes are not those of any war.
const ten = `[study]
design = "one-at-a-time"
common_luck = false
replications = 20
[study.select]
measure = "front_max_km"
better = "high"
indifference = 1
batch = 1
[[study.factors]]
key = "coalition.troops"
values = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000]
`

// planted plays a study's selector against policies of which policy i has normal outcomes about i.
func planted(t *testing.T, s *Study, luck *rand.Rand, sd, shared float64) *selector {
	t.Helper()
	q := newSelector(s)
	common := map[int64]float64{}
	for spans := q.next(nil); spans != nil; spans = q.next(nil) {
		for _, span := range spans {
			for rep := span.first; rep < span.end; rep++ {
				if _, met := common[rep]; !met {
					common[rep] = luck.NormFloat64()
				}
				for point := span.from; point < span.to; point++ {
					x := float64(point) + sd*(math.Sqrt(shared)*common[rep]+math.Sqrt(1-shared)*luck.NormFloat64())
					q.count(point, rep, x)
				}
			}
		}
	}
	return q
}

// The best of ten normal policies is found as often as is promised, with at most a third of what treating them all
// alike would cost for the same promise (Rinott).
func TestPlantedPolicies(t *testing.T) {
	const sd = 6
	s := mustLoad(t, ten)
	n := *selections
	again := fmt.Sprintf("; see it again: go test ./study -run '^%s$' -selections %d -v", t.Name(), n)
	for _, shared := range []float64{0, .8} {
		correct, spent, equal := 0, 0.0, 0.0
		for i := range n {
			q := planted(t, s, rand.New(rand.NewPCG(uint64(i), 5)), sd, shared)
			if q.best() == 9 {
				correct++
			}
			if !q.decided() || q.spent+q.left != MaxRuns || q.out[9] == 0 != (q.best() == 9) {
				t.Fatalf("repetition %d: decided %v, %d spent and %d left of %d, policy 9 out at %d%s",
					i, q.decided(), q.spent, q.left, MaxRuns, q.out[9], again)
			}
			spent += float64(q.spent) / float64(n)
		}
		h := stats.RinottH(10, 20, .95)
		equal = 10 * h * h * sd * sd
		t.Logf("correlation %v: %d of %d correct, %.0f replications on average; treating all alike takes %.0f", shared, correct, n, spent, equal)
		if e := stats.ClopperPearson(correct, n, .999); e.High < .95 {
			t.Errorf("correlation %v: %d of %d correct, want a share of .95%s", shared, correct, n, again)
		}
		if spent > equal/3 {
			t.Errorf("correlation %v: %.0f replications, want at most a third of %.0f%s", shared, spent, equal, again)
		}
	}
}

// Batches change what an observation is, not what is promised; policies whose values are missing now and then are
// compared by the others.
func TestBatchesOfShares(t *testing.T) {
	s := mustLoad(t, strings.NewReplacer("= 20\n", "= 400\n", `"front_max_km"`, `"deterred"`, "indifference = 1\nbatch = 1", "indifference = 0.04").Replace(ten))
	n, correct := max(10, *selections/10), 0
	for i := range n {
		luck := rand.New(rand.NewPCG(uint64(i), 6))
		q := newSelector(s)
		for spans := q.next(nil); spans != nil; spans = q.next(nil) {
			for _, span := range spans {
				for point := span.from; point < span.to; point++ {
					for rep := span.first; rep < span.end; rep++ {
						x := 0.
						if luck.Float64() < .5+.04*float64(point) {
							x = 1
						}
						if luck.Float64() < .1 {
							x = math.NaN()
						}
						q.count(point, rep, x)
					}
				}
			}
		}
		if q.best() == 9 && q.decided() {
			correct++
		}
	}
	if e := stats.ClopperPearson(correct, n, .999); e.High < .95 {
		t.Errorf("%d of %d correct, want a share of .95; see it again: go test ./study -run '^%s$'", correct, n, t.Name())
	}
}

// First rounds that agree in every history do not say that the policies are the same.
func TestNoVarianceInTheFirstRound(t *testing.T) {
	s := mustLoad(t, strings.NewReplacer("= 20\n", "= 200\n", `"front_max_km"`, `"nuclear_use"`, "indifference = 1\nbatch = 1", "indifference = 0.001").Replace(ten))
	q := newSelector(s)
	rounds := 0
	for spans := q.next(nil); spans != nil; spans = q.next(nil) {
		rounds++
		for _, span := range spans {
			for point := span.from; point < span.to; point++ {
				for rep := span.first; rep < span.end; rep++ {
					q.count(point, rep, 0)
				}
			}
		}
	}
	if rounds < 2 || !q.decided() || q.spent > 1_000_000 {
		t.Errorf("ten policies without an event: %d rounds, decided %v, %d runs; want more than one round, and an end", rounds, q.decided(), q.spent)
	}
}

// A policy without any value cannot be compared: the study stops undecided after its first round.
func TestNothingToSelectBy(t *testing.T) {
	q := newSelector(mustLoad(t, ten))
	if rounds := len(q.next(nil)); rounds != 1 {
		t.Fatalf("the first round has %d spans, want 1", rounds)
	}
	if more := q.next(nil); more != nil || q.decided() || q.best() != -1 {
		t.Errorf("without a value: %v more, decided %v, best %d", more, q.decided(), q.best())
	}
}

// OCBA spends its budget to the last run, most of it on the best and what is near it, and finds it.
func TestOCBASpendsTheBudget(t *testing.T) {
	s := mustLoad(t, strings.Replace(ten, "indifference = 1\nbatch = 1", `procedure = "ocba"`, 1), "study.max_runs=1803")
	correct, n := 0, *selections
	for i := range n {
		q := planted(t, s, rand.New(rand.NewPCG(uint64(i), 7)), 6, 0)
		sum := int64(0)
		for _, k := range q.played {
			sum += k
		}
		if q.left != 0 || sum != 1803 || q.decided() {
			t.Fatalf("%d of 1803 runs are left, %d were given, decided %v", q.left, sum, q.decided())
		}
		if q.played[9]+q.played[8] < 4*q.played[0] {
			t.Fatalf("repetition %d: the two best have %v of 1803 runs", i, q.played)
		}
		if q.best() == 9 {
			correct++
		}
	}
	if e := stats.ClopperPearson(correct, n, .999); e.High < .8 {
		t.Errorf("%d of %d correct; see it again: go test ./study -run '^%s$'", correct, n, t.Name())
	}
}

func TestAllot(t *testing.T) {
	for _, c := range []struct {
		want []float64
		have []int64
		step int64
		more []int64
	}{
		{[]float64{10, 20, 30}, []int64{10, 10, 10}, 30, []int64{0, 10, 20}},
		{[]float64{5, 50, 5}, []int64{20, 20, 20}, 7, []int64{0, 7, 0}},
		{[]float64{10.5, 10.5, 9}, []int64{0, 0, 0}, 30, []int64{11, 10, 9}},
		{[]float64{0, 0}, []int64{3, 3}, 3, []int64{2, 1}},
	} {
		if got := allot(c.want, c.have, c.step); !slices.Equal(got, c.more) {
			t.Errorf("want %v, have %v: of %d it gives %v, want %v", c.want, c.have, c.step, got, c.more)
		}
	}
}

// plant puts normal outcomes about the point's number in the place of the war's; the key of own luck holds both.
func plant(r *runner) *runner {
	r.play = func(_ *model.War, seed, key uint64, _ func(model.Entry)) model.Outcome {
		luck := rand.New(rand.NewPCG(seed, key))
		return model.Outcome{Outcome: model.DeterredQuiet, Deterred: model.Maybe(1), FrontMaxKm: 50 + float64(key>>32) + 6*luck.NormFloat64()}
	}
	return r
}

// A selection has the same bytes on any number of workers, and wherever it was stopped.
func TestSelectionChangesNoByte(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for name, s := range map[string]*Study{
		"kim-nelson": mustLoad(t, ten),
		"batches":    mustLoad(t, strings.NewReplacer("= 20\n", "= 40\n", "batch = 1", "batch = 4").Replace(ten)),
		"ocba":       mustLoad(t, strings.Replace(ten, "indifference = 1\nbatch = 1", `procedure = "ocba"`, 1), "study.max_runs=503"),
	} {
		t.Run(name, func(t *testing.T) {
			want, err := play(t, plant(newRunner(s, Options{Workers: 1})))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(want["manifest.json"], `"best": 9`) || !strings.Contains(want["manifest.json"], `"replications_by_point"`) {
				t.Errorf("the manifest has no best of uneven replications:\n%s", want["manifest.json"])
			}
			var ids []string
			for _, line := range strings.Split(strings.TrimSpace(want["runs.csv"]), "\n")[1:] {
				ids = append(ids, line[:strings.Index(line, ",")])
			}
			if n := len(ids); len(slices.Compact(slices.Sorted(slices.Values(ids)))) != n {
				t.Errorf("some of %d rows have one number", n)
			}
			for _, workers := range []int{2, 7} {
				got, err := play(t, plant(newRunner(s, Options{Workers: workers})))
				if err != nil {
					t.Fatal(err)
				}
				same(t, got, want, fmt.Sprintf("%d workers", workers))
			}
			runtime.GOMAXPROCS(3)
			dir := filepath.Join(t.TempDir(), "result")
			for stops := 0; ; stops++ {
				r := plant(newRunner(s, Options{Workers: stops%3 + 1}))
				err := runIn(t, stopAfter(t, r, 130), dir, r)
				if err == nil {
					if stops < 2 {
						t.Errorf("it was stopped only %d times", stops)
					}
					break
				}
				if !errors.Is(err, errStop) || stops > 60 {
					t.Fatalf("after %d stops: %v", stops, err)
				}
			}
			same(t, filesIn(t, dir), want, "stopped")
		})
	}
}

// Under sampled futures a choice is eliminated at all of them, and every one meets the same.
func TestSelectionOverFutures(t *testing.T) {
	s := mustLoad(t, `[study]
design = "list"
points = 3
uncertain = ["air.*"]
replications = 20
max_runs = 3000
[study.select]
indifference = 0.15
batch = 2
[[study.cases]]
name = "as it is"
[[study.cases]]
name = "nothing"
set = { washington.enabled = false, coalition.enabled = false, air.enabled = false, ukraine.army = 300000 }
[[study.cases]]
name = "much"
set = { ukraine.effectiveness_max = 2 }
`)
	r := newRunner(s, Options{Workers: 2})
	if _, err := play(t, r); err != nil {
		t.Fatal(err)
	}
	m := r.pick.selection()
	if m.Best == 1 || m.EliminatedAt[1] == 0 || !m.Decided {
		t.Errorf("got %+v", m)
	}
	for i := range int64(3) {
		for _, k := range r.cuts {
			if k.from%3 != 0 || k.to%3 != 0 {
				t.Errorf("choice %d: %+v cuts the futures of a choice apart", i, k.span)
			}
		}
	}
}

// Policies are what differs between their files and the one that the study extends; what the study sets holds for
// all of them, and the resolved input needs none of the files.
func TestPolicies(t *testing.T) {
	const text = `[study]
design = "list"
policies = ["paper-tripwire", "mine/own.toml"]
[[study.cases]]
name = "in place"
set = { coalition.roe = "R3", air.fighters = 12 }
[moscow]
review_d = 77
`
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.MkdirAll("mine", 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte("extends = \"baseline\"\n"+text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("study.toml", text)
	write("mine/own.toml", "title = \"Own\"\nseed = 9\n[coalition]\ntroops = 44_000\n")
	write("own.toml", "")
	l := input.Loader{Embedded: configs.FS}
	s, err := Load(l, "study.toml", []string{"study.replications=3"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for point := range s.Points() {
		at, _, err := s.At(point, 0)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s: %v %v %v %v %v", s.plan.labels[point], at.Coalition.Troops, at.Coalition.ROE, at.Air.Fighters, at.Moscow.ReviewD, at.Seed))
	}
	base, _, err := baseline(t, 1).At(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		fmt.Sprintf("paper-tripwire: 30000 R0 %v 77 %v", base.Air.Fighters, base.Seed),
		fmt.Sprintf("own: 44000 %v %v 77 %v", base.Coalition.ROE, base.Air.Fighters, base.Seed),
		fmt.Sprintf("in place: %v R3 12 77 %v", base.Coalition.Troops, base.Seed),
	}
	if !slices.Equal(got, want) {
		t.Errorf("the points are\n%q, want\n%q", got, want)
	}
	for set, want := range map[string]string{
		`study.policies=["mine/own.toml", "own.toml"]`:           `--set:1:34: study.policies[1]: "own.toml" has the name "own", which policies[0] has too: rename one`,
		`study.cases=[{name="own", set={coalition.roe = "R3"}}]`: `study.toml:4:31: study.policies[1]: "mine/own.toml" has the name "own", which cases[0] has too: rename one`,
	} {
		if _, err := Load(l, "study.toml", []string{set}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", set, err, want)
		}
	}
	if err := errors.Join(os.Remove("study.toml"), os.RemoveAll("mine"), os.WriteFile("again.toml", s.File.TOML(), 0o666)); err != nil {
		t.Fatal(err)
	}
	again, err := Load(input.Loader{}, "again.toml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if again.File.Hash() != s.File.Hash() || string(again.File.TOML()) != string(s.File.TOML()) {
		t.Errorf("the resolved input resolves to another:\n%s", again.File.TOML())
	}
}

func TestSelectIsChecked(t *testing.T) {
	const list = "[study]\ndesign = \"list\"\n[study.select]\nindifference = 0.1\n[[study.cases]]\nname = \"a\"\n[[study.cases]]\nname = \"b\"\n"
	for set, want := range map[string]string{
		`study.select.measure="outcome"`:          "must say which class: outcome=",
		`study.select.measure="war_d"`:            "does not say whether high or low values of war_d are better",
		`study.select.better="most"`:              "must be high or low",
		`study.select.procedure="rinott"`:         "must be kim-nelson or ocba",
		`study.select.confidence=1`:               "must be in [0.5, 0.9999]",
		`study.select.indifference=0`:             "must be above 0",
		`study.select.indifference=2`:             "2 must be below 1: deterred is a share",
		`study.select.procedure="ocba"`:           "is of no use to ocba, which promises nothing",
		`study.replications=190`:                  "190 must be a multiple of the batch (20) and 10 batches or more",
		`study.replications=210`:                  "210 must be a multiple of the batch (20)",
		`study.max_runs=1999`:                     "1999 is less than the first round, 1000 replications at each of 2 points",
		`study.until="0.1"`:                       "does not go with [study.select]",
		`study.policies=["baseline", "nowhere"]`:  `study.policies[1]: "nowhere" no such file`,
		`study.policies=["../up.toml"]`:           "must be the path of a file beside this one",
		`study.policies=["worth"]`:                `study.policies[0]: "worth" is a study, and no policy`,
		`study.cases=[{name="a"}]`:                "has one point to select from",
		`study.design="latin-hypercube"`:          "needs a design of chosen points",
		`study.policies=["baseline", "baseline"]`: `--set:1:29: study.policies[1]: "baseline" is given twice: leave one out`,
	} {
		if _, err := loadText(t, list, set); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", set, err, want)
		}
	}
}
