package study

import (
	"tripwire/stats"
	"tripwire/study/record"
)

// A span is a range of design points times a range of replications.
type span struct {
	from, to   int64 // points
	first, end int64 // replications
}

func (s span) runs() int64 { return (s.to - s.from) * (s.end - s.first) }

// A cut is a span in units of work, which are spans themselves: of several points, or of one and some
// of its replications. It depends on the study alone, so that whoever goes on with a run finds the units of
// whoever began it.
//
// The replications are cut into blocks, each of which goes over all points before the next begins: a
// run that is cut short is an even sample of the design. A block is cut into units: of several points,
// or of one and a part (of subs) of the block's replications.
type cut struct {
	span
	base               int64 // number of the first unit in the whole run
	blockReps, blocks  int64
	unitReps, subs     int64
	unitPoints, groups int64
	units              int64
}

const (
	unitRuns  = 256     // how many runs a unit has in a long study
	mostUnits = 1 << 20 // how many units a span is cut into, before units grow instead
)

// newCut cuts a span of a study; runs is how many runs a unit has, 0 where that is to be found.
func newCut(s span, base, runs int64) cut {
	if runs <= 0 {
		// Short studies are cut finer, so that all workers have something to do.
		runs = max(1, min(unitRuns, s.runs()/64), s.runs()/mostUnits)
	}
	points, reps := s.to-s.from, s.end-s.first
	c := cut{span: s, base: base, blockReps: reps}
	if points > 1 {
		// A block is short, but not so short that preparing a point costs more than playing it. What is
		// added later is an even sample already.
		most := int64(64)
		if s.first > 0 {
			most = 8
		}
		c.blockReps = max(min(reps, 8), ceil(reps, most))
	}
	c.blocks = ceil(reps, c.blockReps)
	c.unitReps = min(runs, c.blockReps)
	c.subs = ceil(c.blockReps, c.unitReps)
	c.unitPoints = 1
	if c.subs == 1 {
		c.unitPoints = max(1, runs/c.blockReps)
	}
	c.groups = ceil(points, c.unitPoints)
	c.units = c.blocks * c.groups * c.subs
	return c
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// unit is the unit of a number. The last block may leave it nothing to do.
func (c *cut) unit(number int64) span {
	number -= c.base
	block, group, sub := number/(c.groups*c.subs), number/c.subs%c.groups, number%c.subs
	last := min(c.first+(block+1)*c.blockReps, c.end)
	first := min(c.first+block*c.blockReps+sub*c.unitReps, last)
	return span{
		from: c.from + group*c.unitPoints, to: min(c.from+(group+1)*c.unitPoints, c.to),
		first: first, end: min(first+c.unitReps, last),
	}
}

// A schedule says what to play next, given what came of everything that it has said before: nothing, if
// that was all. The replications of a point begin at 0 and leave none out. What it says may depend on
// the rows of those histories alone, so that it says the same on any number of workers and after any
// resume.
type schedule func(so []measured) []span

// schedule is that of the study's settings.
func (s *Study) schedule() schedule {
	points, n := s.plan.points, int64(s.Settings.Replications)
	all := func(first, end int64) []span { return []span{{0, points, first, end}} }
	if !s.sequential() {
		return func(so []measured) []span {
			if so != nil {
				return nil
			}
			return all(0, n)
		}
	}
	rule, _ := s.Settings.Until.rule()
	most, played := s.mostReplications(), int64(0)
	return func(so []measured) []span {
		if played == most || played > 0 && rule.met(so) {
			return nil
		}
		first := played
		played = min(max(n, stats.NextLook(first)), most)
		return all(first, played)
	}
}

// sequential says whether the study decides as it goes how long to go on.
func (s *Study) sequential() bool { return s.Settings.Until != "" || s.Settings.Select != nil }

// Fixed says whether it is known before anything is played what the study will play, so that it can be played in
// shards.
func (s *Study) Fixed() bool { return !s.sequential() }

// mostReplications is at each point.
func (s *Study) mostReplications() int64 {
	if s.Settings.Select != nil {
		return int64(s.Settings.MaxRuns)
	}
	if s.sequential() {
		return int64(s.Settings.MaxRuns) / s.plan.points
	}
	return int64(s.Settings.Replications)
}

// number is a run's number in the whole design. Where replications are fixed it counts the rows of
// runs.csv. Where their number is open, or differs between points, it counts the replications of the
// endless design, each over all points: so it is known before the end, and no two runs share it.
func (s *Study) number(point, rep int64) int64 {
	if s.sequential() {
		return rep*s.plan.points + point
	}
	return point*int64(s.Settings.Replications) + rep
}

// replications is how many were played at each point, as the manifest has it.
func replications(cuts []cut, d *record.Design) {
	d.Replications = 0
	uneven := false
	for i := range cuts {
		d.Replications = max(d.Replications, cuts[i].end)
		uneven = uneven || cuts[i].to-cuts[i].from < d.Points
	}
	if !uneven {
		return
	}
	d.ByPoint = make([]int64, d.Points)
	for i := range cuts {
		for point := cuts[i].from; point < cuts[i].to; point++ {
			d.ByPoint[point] = max(d.ByPoint[point], cuts[i].end)
		}
	}
}
