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
//
// It knows neither files nor how an estimate is shown.
package rare

import "tripwire/sim/random"

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

// A plan is how a process is split.
type plan struct {
	levels []float64 // nearness, rising; the last is the rare end
	effort int       // trials at each level
	seed   uint64    // of what decides with which state the trials of a level begin
}

// A repetition is one estimate by splitting.
type repetition[S any] struct {
	Estimate float64 // of the probability
	Crossed  []int   // trials that reached each level
	Distinct []int   // trials of the first level from which those descend
	Segments int64   // trials that were played
	Work     int64
	Example  *S // a state at the rare end; nil if it was not reached
}

// once makes one estimate, with the luck of a repetition's number.
func once[S any](p Process[S], how plan, number uint64) repetition[S] {
	levels := len(how.levels)
	r := repetition[S]{Estimate: 1, Crossed: make([]int, levels), Distinct: make([]int, levels)}
	entrants := []entrant[S]{{}}
	for level, near := range how.levels {
		var next []entrant[S]
		first := turn(how.seed, number, level, len(entrants))
		for i := range how.effort {
			from := &entrants[(first+i)%len(entrants)]
			e := entrant[S]{root: from.root, key: Key{number, level, i}, from: from.At}
			if level == 0 {
				e.root = i
			}
			if from.Ended {
				if from.Nearest >= near {
					e.Segment = from.Segment
					next = append(next, e)
				}
				continue
			}
			e.Segment = p.Play(from.At, e.key, near)
			r.Segments++
			r.Work += e.Work
			if e.Reached {
				next = append(next, e)
			}
		}
		r.Crossed[level], r.Distinct[level] = len(next), roots(next)
		r.Estimate *= float64(len(next)) / float64(how.effort)
		if len(next) == 0 {
			return r
		}
		entrants = next
	}
	r.Example = &entrants[0].At
	return r
}

// turn is which of n states the first trial of a level begins with; the next trial begins with the next state.
// So all begin as many trials, but for a rest that falls to a random run of them: none is expected to begin more.
func turn(seed, repetition uint64, level, n int) int {
	luck := random.New()
	luck.Reset(seed, repetition)
	u := luck.Stream("rare/turn").Numbered(uint64(level))
	return min(int(u.Uniform()*float64(n)), n-1)
}

func roots[S any](entrants []entrant[S]) int {
	seen := map[int]bool{}
	for i := range entrants {
		seen[entrants[i].root] = true
	}
	return len(seen)
}
