package rare

import (
	"context"
	"math"
	"slices"
)

// A Pilot is what pilot trials found.
type Pilot struct {
	Levels   []float64 // the last is the rare end
	Segments int64
	Work     int64
	Whole    float64 // mean work of a path that is played to its end; NaN if there were no pilot trials
}

// pilotLuck numbers the repetition whose luck pilot trials have, and no other repetition.
const pilotLuck = math.MaxUint32 >> 1

// step is the share of the trials that is to pass a level, and is near the best whatever the process:
// Rubino and Tuffin 2009, section 3.3.
const step = 0.2

// mostLevels ends a pilot that goes on and on.
const mostLevels = 64

// levels chooses the levels before a rare end by pilot trials, as many at each level as effort says: they
// are played to their end, and the next level is as near as one in five of them comes.
func levels[S any](ctx context.Context, c crew[S], end float64, effort int, seed uint64) (Pilot, error) {
	pilot := Pilot{}
	entrants := []entrant[S]{{}}
	at := math.Inf(-1)
	for level := 0; level < mostLevels && len(entrants) > 0; level++ {
		first := turn(seed, pilotLuck, level, len(entrants))
		tried := make([]entrant[S], effort)
		if err := c.share(ctx, effort, func(p Process[S], i int) {
			e := entrant[S]{key: Key{pilotLuck, level, i}, from: entrants[(first+i)%len(entrants)].At}
			e.Segment = p.Play(e.from, e.key, math.Inf(1))
			tried[i] = e
		}, nil); err != nil {
			return pilot, err
		}
		count(&pilot, tried)
		if level == 0 {
			pilot.Whole = float64(pilot.Work) / float64(pilot.Segments)
		}
		next, ok := nextLevel(tried, at, end)
		if !ok {
			break
		}
		pilot.Levels = append(pilot.Levels, next)
		tried = slices.DeleteFunc(tried, func(e entrant[S]) bool { return e.Nearest < next })
		if err := c.share(ctx, len(tried), func(p Process[S], i int) {
			e := &tried[i]
			e.Segment = p.Play(e.from, e.key, next)
		}, nil); err != nil {
			return pilot, err
		}
		count(&pilot, tried)
		entrants = slices.DeleteFunc(tried, func(e entrant[S]) bool { return e.Ended })
		at = next
	}
	pilot.Levels = append(pilot.Levels, end)
	return pilot, nil
}

// count adds the cost of trials.
func count[S any](p *Pilot, tried []entrant[S]) {
	for i := range tried {
		p.Segments++
		p.Work += tried[i].Work
	}
}

// nextLevel is how near a share step of the trials came. Where many came as near as the level that they began
// at and no nearer, it is the first that is nearer. There is none if that is the end.
func nextLevel[S any](tried []entrant[S], at, end float64) (float64, bool) {
	var came []float64
	for _, e := range tried {
		came = append(came, e.Nearest)
	}
	slices.Sort(came)
	i := len(came) - max(1, int(step*float64(len(came))))
	for i < len(came) && came[i] <= at {
		i++
	}
	if i == len(came) || came[i] >= end {
		return 0, false
	}
	return came[i], true
}
