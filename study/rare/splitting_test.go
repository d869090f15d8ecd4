package rare

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tripwire/sim/random"
)

var long = flag.Bool("long", false, "simulate splitting with ten times the repetitions")

// times is n, or ten times as many.
func times(n int) int {
	if *long {
		return 10 * n
	}
	return n
}

// leaper walks from 1 until it comes to 0 or to its top: it falls by one, or rises by one or two, so that it can
// leap over a level.
type leaper struct {
	top  int
	seed uint64
	luck *random.Luck
	step *random.Stream
}

const fall, climb = 0.6, 0.85 // quantiles

// height is where a leaper is, less 1.
type height int

func newLeaper(top int, seed uint64) func() Process[height] {
	return func() Process[height] {
		l := &leaper{top: top, seed: seed, luck: random.New()}
		l.step = l.luck.Stream("test/leap")
		return l
	}
}

func (l *leaper) Play(from height, key Key, near float64) Segment[height] {
	l.luck.Reset(l.seed, key.Repetition)
	l.luck.Branch(uint64(key.Level)<<32 | uint64(key.Trial))
	s := Segment[height]{At: from, Nearest: float64(from + 1)}
	for s.At >= 0 && int(s.At+1) < l.top && s.Nearest < near {
		switch u := l.step.Uniform(); {
		case u < fall:
			s.At--
		case u < climb:
			s.At++
		default:
			s.At += 2
		}
		s.Work++
		s.Nearest = max(s.Nearest, float64(s.At+1))
	}
	s.Reached = s.Nearest >= near
	s.Ended = s.At < 0 || int(s.At+1) >= l.top
	return s
}

// leapt is the chance of coming to the top: the solution of the walk's linear equations.
func leapt(top int) float64 {
	chance := make([]float64, top+2)
	chance[top], chance[top+1] = 1, 1
	for range 10_000 {
		for i := 1; i < top; i++ {
			chance[i] = fall*chance[i-1] + (climb-fall)*chance[i+1] + (1-climb)*chance[i+2]
		}
	}
	return chance[1]
}

func estimate(t *testing.T, process func() Process[height], o Options) *Result[height] {
	t.Helper()
	r, err := Estimate(t.Context(), process, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// moments are the mean and the standard deviation.
func moments(sample []float64) (mean, sd float64) {
	for _, x := range sample {
		mean += x / float64(len(sample))
	}
	for _, x := range sample {
		sd += (x - mean) * (x - mean) / float64(len(sample)-1)
	}
	return mean, math.Sqrt(sd)
}

func TestSplittingIsUnbiased(t *testing.T) {
	const top = 14
	want := leapt(top)
	for name, c := range map[string]struct {
		levels []float64
		effort int
	}{
		"one level":          {nil, 1000},
		"levels in passing":  {[]float64{3, 5, 7, 9, 11}, 30},
		"levels at odds":     {[]float64{1, 2, 3, 12, 13}, 50},
		"effort that is bad": {[]float64{4, 8}, 7},
	} {
		p := newLeaper(top, 3)()
		how := plan{append(c.levels, top), c.effort, 3}
		var all []float64
		for i := range times(2000) {
			all = append(all, once(p, how, uint64(i)).Estimate)
		}
		mean, sd := moments(all)
		if z := (mean - want) / (sd / math.Sqrt(float64(len(all)))); !(math.Abs(z) <= 4) {
			t.Errorf("%s: mean %.5g of %d estimates, want %.5g: %.1f standard errors off (go test ./study/rare -run %s -long)", name, mean, len(all), want, z, t.Name())
		}
	}
}

// The chosen levels must not bias what is estimated with them, and the interval must hold the truth as often as it
// says.
func TestIntervalCovers(t *testing.T) {
	const top, level = 14, 0.95
	want, n := leapt(top), times(400)
	var values []float64
	covered := 0
	for seed := range uint64(n) {
		r := estimate(t, newLeaper(top, seed), Options{End: top, Effort: 100, Repetitions: 20, Level: level, Seed: seed, Workers: 1})
		values = append(values, r.Value)
		if r.Low <= want && want <= r.High {
			covered++
		}
	}
	mean, sd := moments(values)
	if z := (mean - want) / (sd / math.Sqrt(float64(n))); !(math.Abs(z) <= 4) {
		t.Errorf("mean %.5g of %d estimates, want %.5g: %.1f standard errors off", mean, n, want, z)
	}
	share := float64(covered) / float64(n)
	t.Logf("the interval held the truth in %d of %d", covered, n)
	if off := 4 * math.Sqrt(level*(1-level)/float64(n)); math.Abs(share-level) > off {
		t.Errorf("the interval holds the truth in %.3f of %d estimates, want %v to %.3f (go test ./study/rare -run %s -long)", share, n, level, off, t.Name())
	}
}

// No repetition reaches the end: the limit alone says something, and it must be above the truth as often as it says.
func TestNoneReached(t *testing.T) {
	const top, level = 14, 0.95
	want := leapt(top)
	for effort, levels := range map[int][]float64{20: {}, 6: {4, 8}, 10: {8}} {
		none, held := 0, 0
		for seed := range uint64(times(1000)) {
			r := estimate(t, newLeaper(top, seed), Options{End: top, Before: levels, Effort: effort, Repetitions: 2, Level: level, Seed: seed, Workers: 1})
			if r.Value > 0 {
				continue
			}
			none++
			if r.High >= want {
				held++
			}
			if r.Low != 0 || !(r.High > 0 && r.High <= 1) || !math.IsInf(r.RelativeError, 1) || r.Example != nil || !slices.Contains(r.Warnings, WarnNone) {
				t.Fatalf("levels %v, seed %d: %+v", levels, seed, r)
			}
		}
		t.Logf("levels %v: %d none, limit held %d", levels, none, held)
		if none < 50 || float64(held) < level*float64(none) {
			t.Errorf("levels %v: the limit is above the truth in %d of %d estimates without a hit, want 50 and a share of %v or more", levels, held, none, level)
		}
	}
}

func TestWarnings(t *testing.T) {
	process := newLeaper(14, 1)
	warned := func(o Options) string {
		o.End, o.Level, o.Seed, o.Workers = 14, 0.95, 1, 1
		return strings.Join(estimate(t, process, o).Warnings, "\n")
	}
	if got := warned(Options{Effort: 500, Repetitions: 20}); got != "" {
		t.Errorf("with effort enough: %s", got)
	}
	fine := []float64{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}
	for warning, o := range map[string]Options{
		WarnGenealogy: {Before: fine, Effort: 20, Repetitions: 200},
		WarnFew:       {Effort: 500, Repetitions: 19},
		WarnMissed:    {Before: []float64{4, 8}, Effort: 10, Repetitions: 40},
		WarnImprecise: {Before: []float64{4, 8}, Effort: 10, Repetitions: 4},
	} {
		if got := warned(o); !strings.Contains(got, warning) {
			t.Errorf("%d repetitions of %d: %q, want %q", o.Repetitions, o.Effort, got, warning)
		}
	}
}

func TestWorkersChangeNoDigit(t *testing.T) {
	o := Options{End: 14, Effort: 50, Repetitions: 11, Level: 0.95, Seed: 1, Workers: 1}
	told := 0
	o.Done = func(n int) {
		if told++; n != told {
			t.Errorf("told of %d repetitions, want %d", n, told)
		}
	}
	want := estimate(t, newLeaper(14, 1), o)
	if told != 11 {
		t.Errorf("told of %d repetitions, want 11", told)
	}
	o.Done = nil
	for _, o.Workers = range []int{2, 7, 40} {
		if got := estimate(t, newLeaper(14, 1), o); show(got) != show(want) {
			t.Errorf("%d workers: got\n%s\nwant\n%s", o.Workers, show(got), show(want))
		}
	}
}

// show is a result with what its pointer points to.
func show(r *Result[height]) string {
	plain := *r
	plain.Example = nil
	return fmt.Sprintf("%+v example %v", plain, *r.Example)
}

// faulty panics in one repetition, and cancels in another.
type faulty struct {
	Process[height]
	cancel context.CancelCauseFunc
}

var errEnough = errors.New("enough")

func (f *faulty) Play(from height, key Key, near float64) Segment[height] {
	if key.Repetition == 3 {
		if f.cancel == nil {
			panic("repetition 3")
		}
		f.cancel(errEnough)
	}
	return f.Process.Play(from, key, near)
}

func TestFaultsAndCancellation(t *testing.T) {
	o := Options{End: 14, Effort: 50, Repetitions: 20, Level: 0.95, Seed: 1, Workers: 2}
	ctx, cancel := context.WithCancelCause(t.Context())
	if _, err := Estimate(ctx, func() Process[height] { return &faulty{newLeaper(14, 1)(), cancel} }, o); !errors.Is(err, errEnough) {
		t.Errorf("cancelled in a repetition: got error %v, want %v", err, errEnough)
	}
	if _, err := Estimate(ctx, newLeaper(14, 1), o); !errors.Is(err, errEnough) {
		t.Errorf("cancelled before the pilot: got error %v, want %v", err, errEnough)
	}
	defer func() {
		if fault := recover(); fault != "repetition 3" {
			t.Errorf("a fault in a worker: recovered %v, want that of repetition 3", fault)
		}
	}()
	Estimate(t.Context(), func() Process[height] { return &faulty{newLeaper(14, 1)(), nil} }, o)
	t.Error("a fault in a worker was lost")
}

// A queue with a load of one half holds 20 customers before it is empty with chance 1/(2^20 - 1). Splitting must find
// that to 10% with 40,000 segments of paths, where plain paths would need 10^8.
func TestQueue(t *testing.T) {
	if want := 1 / (math.Exp2(buffer) - 1); queueFull != want {
		t.Fatalf("the known answer is %v, want %v", queueFull, want)
	}
	var values, said []float64
	n := times(100)
	for seed := range uint64(n) {
		o := queueOptions
		o.Seed = seed
		r, err := Estimate(t.Context(), newQueue(seed), o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Segments > 40_000 {
			t.Fatalf("seed %d: %d segments, want at most 40,000", seed, r.Segments)
		}
		values, said = append(values, r.Value), append(said, r.RelativeError)
	}
	mean, sd := moments(values)
	saidMean, _ := moments(said)
	t.Logf("mean %.5g, true relative error %.4f, said %.4f", mean, sd/queueFull, saidMean)
	if sd > 0.1*queueFull {
		t.Errorf("relative standard error %.3f over %d seeds, want at most .1", sd/queueFull, n)
	}
	if z := (mean - queueFull) / (sd / math.Sqrt(float64(n))); !(math.Abs(z) <= 4) {
		t.Errorf("mean %.5g of %d seeds, want %.5g: %.1f standard errors off", mean, n, queueFull, z)
	}
	KnownAnswers(func(k Known) {
		if !k.OK() {
			t.Errorf("%s: got %v, want %v to %v", k.Name, k.Got, k.Want, k.Tolerance)
		}
		if k.Got = 2 * k.Want; k.OK() {
			t.Errorf("%s: twice the truth passes", k.Name)
		}
	})
}
