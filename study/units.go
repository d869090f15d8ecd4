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
// or of one and a part (of subs) of the block's replications. All of them are cut evenly, so that units are of
// one size but for one point and one replication.
type cut struct {
	span
	base                 int64 // number of the first unit in the whole run
	blocks, groups, subs int64 // of replications, of points, and of the replications of a block
	units                int64
}

const (
	unitRuns  = 256     // how many runs a unit has in a long study
	fewRuns   = 8       // of less than so many it has but one
	mostUnits = 1 << 20 // how many units a span is cut into, before units grow instead
)

// newCut cuts a span of a study; runs is how many runs a unit has, 0 where that is to be found.
func newCut(s span, base, runs int64) cut {
	if runs <= 0 {
		// Short studies are cut finer, so that all workers have something to do, and the shortest so fine that
		// units of one size come out.
		if runs = s.runs() / 64; runs < fewRuns {
			runs = 1
		}
		runs = max(min(unitRuns, runs), s.runs()/mostUnits)
	}
	points, reps := s.to-s.from, s.end-s.first
	blockReps := reps
	if points > 1 {
		// A block is short, but not so short that preparing a point costs more than playing it. What is
		// added later is an even sample already.
		most := int64(64)
		if s.first > 0 {
			most = 8
		}
		if blockReps = max(min(reps, 8), ceil(reps, most)); runs == 1 {
			blockReps = 1
		}
	}
	c := cut{span: s, base: base, blocks: ceil(reps, blockReps)}
	blockReps = ceil(reps, c.blocks)
	c.subs = ceil(blockReps, min(runs, blockReps))
	unitPoints := int64(1)
	if c.subs == 1 {
		unitPoints = max(1, runs/blockReps)
		if groups := ceil(points, unitPoints); points/groups < 4 && points%groups != 0 {
			unitPoints = 1 // pieces of two points and of one would be of very different sizes
		}
	}
	c.groups = ceil(points, unitPoints)
	c.units = c.blocks * c.groups * c.subs
	return c
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// piece is one of so many even pieces of a whole; the first are longer by one where they cannot be alike.
func piece(whole, pieces, i int64) (from, to int64) {
	each, longer := whole/pieces, whole%pieces
	return i*each + min(i, longer), (i+1)*each + min(i+1, longer)
}

// pieceAt is which piece something lies in.
func pieceAt(whole, pieces, at int64) int64 {
	each, longer := whole/pieces, whole%pieces
	if at < longer*(each+1) {
		return at / (each + 1)
	}
	return (at - longer) / each
}

// unit is the unit of a number. One of a shorter block may have nothing to do.
func (c *cut) unit(number int64) span {
	number -= c.base
	block, group, sub := number/(c.groups*c.subs), number/c.subs%c.groups, number%c.subs
	from, to := piece(c.to-c.from, c.groups, group)
	begin, end := piece(c.end-c.first, c.blocks, block)
	first, last := piece(end-begin, c.subs, sub)
	return span{from: c.from + from, to: c.from + to, first: c.first + begin + first, end: c.first + begin + last}
}

// group is which of the groups of points a point is in, and the how manieth it is there.
func (c *cut) group(point int64) (group, within int64) {
	group = pieceAt(c.to-c.from, c.groups, point-c.from)
	from, _ := piece(c.to-c.from, c.groups, group)
	return group, point - c.from - from
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
