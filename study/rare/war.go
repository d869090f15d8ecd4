package rare

import (
	"math"
	"slices"

	"tripwire/model"
)

// history is the process of the histories of a scenario. A state is the course that leads to it, and is met
// again by playing the course.
type history struct {
	war  *model.War
	seed uint64
	end  model.End
}

// War is the process of a scenario's histories on their way to a rare end, whose nearness is infinite. The cost
// is counted in events.
func War(s *model.Scenario, end model.End) func() Process[model.Course] {
	return func() Process[model.Course] { return &history{model.New(s), uint64(s.Seed), end} }
}

// ownLuck is added to the number of a path that begins, so that it is no replication of a study with the same
// seed.
const ownLuck = 1 << 63

func (h *history) Play(from model.Course, key Key, near float64) Segment[model.Course] {
	c := model.Course{Rep: from.Rep, Branches: slices.Clone(from.Branches)}
	if key.Level == 0 {
		c.Rep = ownLuck | key.Repetition<<32 | uint64(key.Trial)
	} else {
		c.Branches[len(c.Branches)-1].Key = uint64(key.Level)<<32 | uint64(key.Trial)
	}
	leg := h.war.Follow(h.seed, c, h.end, near)
	s := Segment[model.Course]{Reached: leg.Reached, Ended: leg.Ended, Nearest: leg.Nearest, Work: int64(leg.Events)}
	if leg.Reached {
		c.Branches = append(c.Branches, leg.Branch)
		s.At = c
	}
	return s
}

// Trace tells a history that splitting led to the rare end, event by event, and how its gates were passed.
func Trace(s *model.Scenario, end model.End, c model.Course, each func(model.Entry)) (model.Outcome, [model.GateTime + 1]model.Passage) {
	war := model.New(s)
	outcome := war.TraceCourse(uint64(s.Seed), c, end, each)
	return outcome, war.Passages()
}

// AtEnd is the nearness of a war that has come to its rare end.
var AtEnd = math.Inf(1)
