// Package rare estimates the probability of rare ends by fixed-effort multilevel splitting. Start at
// [Estimate]; [War] is what splits histories of a scenario.
//
// A path to a rare end passes levels, each of which a fair share of the paths that reached the one before
// goes on to reach. At each level a fixed number of trials begins from the states in which the level was
// entered, with luck of their own. The product of the shares that pass is an unbiased estimate, whatever
// the levels; they only decide how precise it is (Garvels, The splitting method in rare event simulation,
// PhD thesis, Twente 2000; L'Ecuyer, Demers and Tuffin, ACM TOMACS 17(2), 2007; Rubino and Tuffin, Rare
// Event Simulation using Monte Carlo Methods, 2009, chapter 3). The levels are chosen by pilot trials, and
// the estimate is made with other luck.
package rare

import (
	"context"
	"math"
	"slices"
	"sync"

	"tripwire/sim/random"
)

// A Key is the luck of a trial. No two trials of an estimate have the same.
type Key struct {
	Repetition uint64
	Level      int // from 0; what is reached is the level after
	Trial      int
}

// A Process is split: it plays one path at a time, and belongs to one goroutine.
type Process[S any] interface {
	// Play goes on from a state, with the luck of a key, until the path is as near to the rare end as is
	// asked for, or is over. It must depend on nothing else. The state of a path that begins is S's zero
	// value.
	Play(from S, key Key, near float64) Segment[S]
}

// A Segment is what came of a trial.
type Segment[S any] struct {
	At      S       // where it came as near as was asked for, for the first time
	Reached bool    // it did
	Ended   bool    // the path was over there: nothing more can come of it
	Nearest float64 // how near it came; up to there
	Work    int64   // in events or another unit of cost
}

// entrant is a state in which a level was entered.
type entrant[S any] struct {
	Segment[S]
	root int // the trial at the first level from which it descends
	key  Key // of the trial that came there
	from S   // and where that began
}

// A Plan is how a process is split.
type Plan struct {
	Levels []float64 // nearness, rising; the last is the rare end
	Effort int       // trials at each level
	Seed   uint64    // of what decides with which state the trials of a level begin
}

// A Repetition is one estimate by splitting.
type Repetition[S any] struct {
	Estimate float64 // of the probability
	Crossed  []int   // trials that reached each level
	Distinct []int   // trials of the first level from which those descend
	Segments int64   // trials that were played
	Work     int64
	Example  *S // a state at the rare end; nil if it was not reached
}

// Once makes one estimate, with the luck of a repetition's number.
func Once[S any](p Process[S], plan Plan, repetition uint64) Repetition[S] {
	levels := len(plan.Levels)
	r := Repetition[S]{Estimate: 1, Crossed: make([]int, levels), Distinct: make([]int, levels)}
	entrants := []entrant[S]{{}}
	for level, near := range plan.Levels {
		var next []entrant[S]
		each(entrants, plan, repetition, level, func(i int, from *entrant[S]) {
			e := entrant[S]{root: from.root, key: Key{repetition, level, i}, from: from.At}
			if level == 0 {
				e.root = i
			}
			if from.Ended {
				if from.Nearest >= near {
					e.Segment = from.Segment
					next = append(next, e)
				}
				return
			}
			e.Segment = p.Play(from.At, e.key, near)
			r.Segments++
			r.Work += e.Work
			if e.Reached {
				next = append(next, e)
			}
		})
		r.Crossed[level], r.Distinct[level] = len(next), roots(next)
		r.Estimate *= float64(len(next)) / float64(plan.Effort)
		if len(next) == 0 {
			return r
		}
		entrants = next
	}
	r.Example = &entrants[0].At
	return r
}

// each gives every trial of a level the state that it begins with: all states as often, but for a rest that
// begins at a random one of them, so that none is expected more often.
func each[S any](entrants []entrant[S], plan Plan, repetition uint64, level int, try func(i int, from *entrant[S])) {
	luck := random.New()
	luck.Reset(plan.Seed, repetition)
	turn := luck.Stream("rare/turn").Numbered(uint64(level))
	n := len(entrants)
	first := min(int(turn.Uniform()*float64(n)), n-1)
	for i := range plan.Effort {
		try(i, &entrants[(first+i)%n])
	}
}

func roots[S any](entrants []entrant[S]) int {
	seen := map[int]bool{}
	for i := range entrants {
		seen[entrants[i].root] = true
	}
	return len(seen)
}

// pilotLuck numbers the repetition whose luck pilot trials have, and no other repetition.
const pilotLuck = math.MaxUint32 >> 1

// A Pilot is what pilot trials found.
type Pilot struct {
	Levels   []float64
	Segments int64
	Work     int64
	Whole    float64 // mean work of a path that is played to its end
}

// Step is the share of the trials that is to pass a level, and is near the best whatever the process:
// Rubino and Tuffin 2009, section 3.3.
const Step = 0.2

// mostLevels ends a pilot that goes on and on.
const mostLevels = 64

// Levels chooses the levels before a rare end by pilot trials, as many at each level as effort says: they
// are played to their end, and the next level is as near as one in five of them comes.
func Levels[S any](ctx context.Context, p Process[S], end float64, effort int, seed uint64) (Pilot, error) {
	pilot := Pilot{}
	entrants := []entrant[S]{{}}
	at := math.Inf(-1)
	for level := 0; level < mostLevels; level++ {
		var tried []entrant[S]
		each(entrants, Plan{Effort: effort, Seed: seed}, pilotLuck, level, func(i int, from *entrant[S]) {
			if ctx.Err() != nil || from.Ended {
				return
			}
			e := entrant[S]{key: Key{pilotLuck, level, i}, from: from.At}
			e.Segment = p.Play(e.from, e.key, math.Inf(1))
			pilot.Segments++
			pilot.Work += e.Work
			tried = append(tried, e)
		})
		if ctx.Err() != nil {
			return pilot, context.Cause(ctx)
		}
		if level == 0 {
			pilot.Whole = float64(pilot.Work) / float64(pilot.Segments)
		}
		next, ok := nextLevel(tried, at, end)
		if !ok {
			break
		}
		pilot.Levels = append(pilot.Levels, next)
		entrants = entrants[:0:0]
		for _, e := range tried {
			if e.Nearest >= next {
				e.Segment = p.Play(e.from, e.key, next)
				pilot.Segments++
				pilot.Work += e.Work
				entrants = append(entrants, e)
			}
		}
		at = next
	}
	pilot.Levels = append(pilot.Levels, end)
	return pilot, nil
}

// nextLevel is how near a share Step of the trials came. Where many came as near as the level that they began
// at and no nearer, it is the first that is nearer. There is none if that is the end.
func nextLevel[S any](tried []entrant[S], at, end float64) (float64, bool) {
	var came []float64
	for _, e := range tried {
		came = append(came, e.Nearest)
	}
	slices.Sort(came)
	if len(came) == 0 {
		return 0, false
	}
	i := len(came) - max(1, int(Step*float64(len(came))))
	for i < len(came) && came[i] <= at {
		i++
	}
	if i == len(came) || came[i] >= end {
		return 0, false
	}
	return came[i], true
}

// Repeat makes estimates of their own luck on so many workers, each with a process of its own. What comes is
// in the order of the repetitions, and the same for any number of workers.
func Repeat[S any](ctx context.Context, process func() Process[S], plan Plan, repetitions, workers int, done func(n int)) ([]Repetition[S], error) {
	all := make([]Repetition[S], repetitions)
	work, finished := make(chan int), make(chan struct{})
	faults := make(chan any, workers)
	var wait sync.WaitGroup
	for range min(workers, repetitions) {
		wait.Go(func() {
			defer func() {
				if fault := recover(); fault != nil {
					faults <- fault
					for range work { // the others' share is not played: the fault ends it all
					}
				}
			}()
			p := process()
			for i := range work {
				all[i] = Once(p, plan, uint64(i))
				finished <- struct{}{}
			}
		})
	}
	go func() {
		defer close(work)
		for i := range repetitions {
			select {
			case work <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		wait.Wait()
		close(finished)
	}()
	n := 0
	for range finished {
		if n++; done != nil {
			done(n)
		}
	}
	select {
	case fault := <-faults:
		panic(fault)
	default:
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return all, nil
}
