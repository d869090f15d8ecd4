package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// A Branch is a point of a history from which on its luck is other luck. Histories with the same branches
// are the same history: so a state of the war is kept as the branches that led to it, and met again by
// playing them.
type Branch struct {
	After uint64 // events that have fired by then, 1 or more
	Key   uint64 // of the luck from here on

	// What is known of the clock of the end that is looked for: how much of its unit exponential is left. Within
	// these bounds it is drawn anew at the branch, as it has no memory; so it keeps its distribution, and the
	// futures of one state do not share their most important draw.
	Above, UpTo float64
}

// A Course is a replication and its branches, in order.
type Course struct {
	Rep      uint64
	Branches []Branch
}

// An End is a rare end of histories that is looked for: a height of the ladder, or the war between NATO and
// Russia.
type End struct {
	rung rung // at least
	war  bool // that war, whatever the rung
}

// RareEnd is the end of that name: nuclear-use, nato-russia-war, or rung=K with K from 1 to 10.
func RareEnd(name string) (e End, ok bool) {
	switch name {
	case NuclearUse.String():
		return End{rung: nuclearUse}, true
	case NATORussiaWar.String():
		return End{war: true}, true
	}
	digits, ok := strings.CutPrefix(name, "rung=")
	k, err := strconv.Atoi(digits)
	return End{rung: rung(k)}, ok && err == nil && rung(k) > armistice && rung(k) <= nuclearUse
}

func (e End) String() string {
	switch {
	case e.war:
		return "war between NATO and Russia"
	case e.rung == nuclearUse:
		return e.rung.String()
	}
	return fmt.Sprintf("rung %d or higher: %v", e.rung, e.rung)
}

// clock is the hazard that leads to the end, if one does.
func (e End) clock(s *escalation) *hazard {
	switch {
	case e.rung == nuclearUse:
		return &s.nuclear
	case e.war || e.rung >= strikesNATO:
		return &s.nato
	}
	return nil
}

// struckNATO is how near a history is once Russia has struck NATO territory: nearer than any clock shows.
const struckNATO = 1e300

// nearness is how near a history is to its end, for splitting: below 0 the highest rung so far, less 11;
// above 0 one over the days that the clock of the end would still run at the present hazard [1/d]; and
// infinite at the end.
func (e End) nearness(w *war) float64 {
	s := &w.escalation
	clock := e.clock(s)
	switch {
	case e.war && s.war, !e.war && s.highest >= e.rung:
		return math.Inf(1)
	case clock == &s.nato && s.highest >= strikesNATO:
		return struckNATO
	case clock != nil && clock.rate > 0:
		left := clock.left - clock.spent(w.engine.Now())
		return min(clock.rate/max(left, 1e-100), struckNATO/2)
	}
	return float64(s.highest) - float64(nuclearUse) - 1
}

// Level is a nearness in words, in which a time is written as the caller writes numbers.
func (e End) Level(nearness float64, write func(days float64) string) string {
	switch {
	case math.IsInf(nearness, 1):
		return e.String()
	case nearness == struckNATO:
		return strikesNATO.String()
	case nearness > 0:
		what := "a strike on NATO territory"
		if e.rung == nuclearUse {
			what = "nuclear use"
		}
		return fmt.Sprintf("%s due in %s days", what, write(1/nearness))
	}
	r := rung(nearness + float64(nuclearUse) + 1)
	return fmt.Sprintf("rung %d: %v", r, r)
}

// A Leg is what came of a course after its last branch.
type Leg struct {
	Reached bool    // it came as near as was asked for
	Ended   bool    // and the history ended there
	Branch  Branch  // the point where it did, without a key
	Nearest float64 // how near it came, up to that point
	Events  uint64  // that fired, from the armistice on
}

// follower plays a course.
type follower struct {
	branches []Branch
	next     int // of the branches
	end      End
	near     float64
	leg      Leg
}

// Follow plays a course, and after its last branch goes on until the history is as near to the end as is
// asked for, or is over. The same scenario, seed and course give the same leg.
func (v *War) Follow(seed uint64, c Course, end End, near float64) Leg {
	w := &v.w
	f := &follower{branches: c.Branches, end: end, near: near, leg: Leg{Nearest: math.Inf(-1)}}
	w.engine.Trace = func(sim.Time, sim.ID, sim.ID, sim.Event[war]) { f.step(w) }
	defer func() { w.engine.Trace = nil }()
	v.Play(seed, c.Rep)
	f.leg.Events = w.engine.Fired()
	return f.leg
}

// TraceCourse plays a course to the end of its history, and tells of every event like [War.Trace].
func (v *War) TraceCourse(seed uint64, c Course, end End, each func(Entry)) Outcome {
	w := &v.w
	f := &follower{branches: c.Branches, end: end, near: math.Inf(1)}
	w.tell, w.last, w.newest = each, Entry{}, 0
	w.engine.Trace = func(at sim.Time, id, cause sim.ID, ev sim.Event[war]) {
		w.traced(at, id, cause, ev)
		f.branch(w)
	}
	defer func() { w.tell, w.engine.Trace = nil, nil }()
	o := v.Play(seed, c.Rep)
	w.conclude(&o)
	return o
}

// branch lets the luck begin anew where it is to.
func (f *follower) branch(w *war) {
	s := &w.escalation
	for ; f.next < len(f.branches) && f.branches[f.next].After == w.engine.Fired(); f.next++ {
		b := f.branches[f.next]
		w.luck.Branch(b.Key)
		for _, h := range []struct {
			*hazard
			luck stream
		}{{&s.nato, s.luck.nato}, {&s.nuclear, s.luck.nuclear}} {
			if h.hazard == f.end.clock(s) {
				h.redraw(w, h.luck, b.Above, b.UpTo)
			} else {
				h.redraw(w, h.luck, 0, math.Inf(1))
			}
		}
	}
}

// step looks at a history after an event.
func (f *follower) step(w *war) {
	f.branch(w)
	if f.next < len(f.branches) || f.leg.Reached {
		return
	}
	near := f.end.nearness(w)
	f.leg.Nearest = max(f.leg.Nearest, near)
	clock := f.end.clock(&w.escalation)
	if near < f.near {
		if clock != nil {
			// It was not as near as this, so more than this was left.
			clock.above = max(clock.above, clock.rate/f.near+clock.spent(w.engine.Now()))
		}
		return
	}
	f.leg.Reached, f.leg.Ended = true, w.outcome.Outcome != 0
	f.leg.Branch = Branch{After: w.engine.Fired(), UpTo: math.Inf(1)}
	if clock != nil {
		spent := clock.spent(w.engine.Now())
		f.leg.Branch.Above, f.leg.Branch.UpTo = max(0, clock.above-spent), clock.upTo-spent
		if 0 < f.near && f.near < struckNATO && near < struckNATO {
			f.leg.Branch.UpTo = min(f.leg.Branch.UpTo, clock.rate/f.near)
		}
	}
	w.engine.Stop()
}

// redraw draws what is left of the clock from its distribution between two bounds.
func (h *hazard) redraw(w *war, luck stream, above, upTo float64) {
	rate, by := h.rate, h.by
	h.set(w, 0)
	h.left = above - portable.Log1p(float64(luck.Uniform()*portable.Expm1(above-upTo)))
	h.above, h.upTo = above, upTo
	h.set(w, rate)
	h.by = by
}
