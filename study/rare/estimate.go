package rare

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tripwire/stats"
)

// The warnings of an estimate.
const (
	WarnImprecise = "relative error above 30%: more effort or more repetitions"
	WarnGenealogy = "few ancestors: the paths at a level descend from fewer than 10 trials in a typical repetition; more effort"
	WarnFew       = "fewer than 20 repetitions: the interval leans on an approximation"
	WarnMissed    = "some repetitions never reached the end: the estimates are skewed, and the interval can be too narrow"
	WarnNone      = "no repetition reached the end: only the upper limit says anything"
)

// Where warnings begin.
const (
	mostError      = 0.3
	fewAncestors   = 10
	fewRepetitions = 20
)

// A Level is what all repetitions found at one level.
type Level struct {
	Near     float64
	Trials   int64   // of the repetitions that came to the level before
	Crossed  int64   // of those trials
	Share    float64 // Crossed of Trials
	Distinct float64 // trials of the first level from which those that crossed descend: the mean over those repetitions
}

// A Result is the probability of a rare end, estimated by splitting.
type Result[S any] struct {
	stats.Estimate
	RelativeError float64 // standard error over the value; infinite if that is 0
	Levels        []Level
	Estimates     []float64 // of the repetitions
	Segments      int64
	Work          int64
	Pilot         Pilot
	Example       *S // the first repetition's path to the rare end; nil if there is none

	// What plain paths, each played to its end, would need for the same relative error; infinite if the
	// value is 0. Their work is not known without pilot trials.
	BruteRuns float64
	BruteWork float64
}

// Options are how an estimate is made.
type Options struct {
	End         float64   // nearness of the rare end
	Before      []float64 // the levels before it, rising; nil to have them chosen by pilot trials
	Effort      int       // trials at each level
	Repetitions int       // 2 or more
	Level       float64   // confidence of the interval
	Seed        uint64
	Workers     int                   // 1 or more; they change no digit
	Done        func(repetitions int) // told as they are done, if not nil
}

// Estimate estimates the probability of the rare end by repeated splitting.
func Estimate[S any](ctx context.Context, process func() Process[S], o Options) (*Result[S], error) {
	if o.Repetitions < 2 || o.Effort < 1 || o.Workers < 1 {
		panic(fmt.Sprintf("rare: %d repetitions of %d trials on %d workers: want 2, 1 and 1 or more", o.Repetitions, o.Effort, o.Workers))
	}
	workers := newCrew(process, o.Workers)
	pilot := Pilot{Levels: append(slices.Clone(o.Before), o.End), Whole: math.NaN()}
	if o.Before == nil {
		var err error
		if pilot, err = levels(ctx, workers, o.End, o.Effort, o.Seed); err != nil {
			return nil, err
		}
	}
	how := plan{pilot.Levels, o.Effort, o.Seed}
	all := make([]repetition[S], o.Repetitions)
	if err := workers.share(ctx, o.Repetitions, func(p Process[S], i int) { all[i] = once(p, how, uint64(i)) }, o.Done); err != nil {
		return nil, err
	}
	return conclude(all, pilot, o), nil
}

// conclude sums up the repetitions.
func conclude[S any](all []repetition[S], pilot Pilot, o Options) *Result[S] {
	r := &Result[S]{Pilot: pilot}
	missed := 0
	for i := range all {
		one := &all[i]
		r.Estimates = append(r.Estimates, one.Estimate)
		r.Segments += one.Segments
		r.Work += one.Work
		if one.Estimate == 0 {
			missed++
		}
		if r.Example == nil {
			r.Example = one.Example
		}
	}
	thin := false
	for k, near := range pilot.Levels {
		l, came := Level{Near: near}, 0
		for i := range all {
			if k > 0 && all[i].Crossed[k-1] == 0 {
				continue
			}
			l.Trials += int64(o.Effort)
			l.Crossed += int64(all[i].Crossed[k])
			l.Distinct += float64(all[i].Distinct[k])
			came++
		}
		if came == 0 {
			break
		}
		l.Distinct /= float64(came)
		l.Share = float64(l.Crossed) / float64(l.Trials)
		thin = thin || l.Distinct < fewAncestors
		r.Levels = append(r.Levels, l)
	}
	if missed == len(all) {
		r.Estimate = none(all, r.Levels, o)
		r.RelativeError, r.BruteRuns, r.BruteWork = math.Inf(1), math.Inf(1), math.Inf(1)
		return r
	}
	r.Estimate, r.RelativeError = interval(r.Estimates, o.Level)
	r.BruteRuns = (1 - r.Value) / (r.Value * r.RelativeError * r.RelativeError)
	r.BruteWork = r.BruteRuns * pilot.Whole
	if len(all) < fewRepetitions {
		r.Warnings = append(r.Warnings, WarnFew)
	}
	if missed > 0 {
		r.Warnings = append(r.Warnings, WarnMissed)
	}
	if r.RelativeError > mostError {
		r.Warnings = append(r.Warnings, WarnImprecise)
	}
	if thin {
		r.Warnings = append(r.Warnings, WarnGenealogy)
	}
	return r
}

// interval is the mean of independent unbiased estimates of a probability, with Student's interval on its
// logarithm (by the delta method): a product of shares is skewed, and its limits cannot be below 0. At least
// one of the estimates must not be 0.
func interval(estimates []float64, level float64) (e stats.Estimate, relativeError float64) {
	sample := stats.NewSample(estimates)
	mean := sample.Mean(level)
	e = stats.Estimate{Value: mean.Value, Level: level, N: mean.N, Method: "fixed-effort splitting, Student's interval on the logarithm"}
	half := mean.HalfWidth() / mean.Value
	e.Low, e.High = mean.Value*math.Exp(-half), min(1, mean.Value*math.Exp(half))
	return e, math.Sqrt(sample.Moments().Variance()/float64(mean.N)) / mean.Value
}

// none is the one-sided limit if no repetition reached the end. The probability is that of the last level
// that was entered, times that of going on from there. Each factor has an upper limit at half the risk: the
// second that of no event in as many independent trials as there were ancestors, so that all descendants of
// one trial count as one.
func none[S any](all []repetition[S], levels []Level, o Options) stats.Estimate {
	e := stats.Estimate{Level: o.Level, N: len(all), Method: "one-sided limit of a splitting that never reached the end", Warnings: []string{WarnNone}}
	entered := len(levels) - 2
	if entered < 0 {
		e.High = stats.ZeroCount(int(levels[0].Trials), o.Level).High
		return e
	}
	reached, ancestors := make([]float64, len(all)), 0
	for i := range all {
		reached[i] = 1
		for _, crossed := range all[i].Crossed[:entered+1] {
			reached[i] *= float64(crossed) / float64(o.Effort)
		}
		ancestors += all[i].Distinct[entered]
	}
	before, _ := interval(reached, o.Level)
	e.High = before.High * stats.ZeroCount(ancestors, (1+o.Level)/2).High
	return e
}
