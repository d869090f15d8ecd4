package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// posture is what an axis is doing.
type posture uint8

const (
	quiet posture = iota
	grinding
	breakthrough
	culminated
	satisfied // beyond its objective
	retreating
)

func (p posture) String() string {
	return [...]string{"quiet", "grinding", "breakthrough", "culminated", "satisfied", "retreating"}[p]
}

// axis is the state of one axis.
type axis struct {
	*Axis
	index int
	luck  struct{ phase, breach stream }

	belts    []belt
	attacked bool
	posture  posture

	russia, ukraine           float64 // people on the axis; ukraine counts the coalition's fighters
	coalition                 float64 // of which coalition
	russiaAtStart, ukraineMax float64

	objective        float64       // km: the depth that this attack wants
	front, furthest  float64       // km
	stands           fortification // class of the undamaged ground at the front, kept wherever front or dug changes
	dug              belt          // what was dug behind a stopped front: from dugFrom to dug.until
	dugFrom          float64
	stopped          float64 // days that the front has not moved
	pausedUntil      sim.Time
	shock, intensity float64 // of this phase
	met              contact
	ratio, main      float64       // force ratio of the axis, and of its main effort
	assessed         fortification // class of the ground that the ratio was computed on
	breachedAt       float64       // km at which the last breach was made
	exhausted        bool          // exploitation has run out of reach
	breachIn, sealIn float64       // what is left of their cumulative hazards
	broken           bool          // the defence has collapsed
	reached          bool          // the objective has been reached
	heldSince        sim.Time
	holds            bool

	phase   phase
	breach  breach
	seal    seal
	entered beltEntered
	arrived objectiveReached
	stop    culmination
	resumes resumption
	counter counterattack
	fall    collapse
}

func (a *axis) reset() {
	*a = axis{Axis: a.Axis, index: a.index, belts: a.belts, luck: a.luck}
	a.phase.axis, a.breach.axis, a.seal.axis = a, a, a
	a.entered.axis, a.arrived.axis, a.stop.axis, a.resumes.axis = a, a, a, a
	a.counter.axis, a.fall.axis = a, a
	a.stands = a.ground(0)
}

// class is the class of the ground at the front, a breach or a collapse counted.
func (a *axis) class() fortification {
	c := a.stands
	if a.posture == breakthrough {
		c = c.weaker()
	}
	if a.broken {
		c = c.weaker()
	}
	return c
}

// ground is the class of the undamaged ground at a depth.
func (a *axis) ground(at float64) fortification {
	if a.dug.until > 0 && a.dugFrom <= at && at < a.dug.until {
		return a.dug.class
	}
	for _, b := range a.belts {
		if at < b.until {
			return b.class
		}
	}
	return open
}

// boundary is the next depth beyond at where the ground changes.
func (a *axis) boundary(at float64) float64 {
	next := math.Inf(1)
	for _, b := range a.belts {
		if b.until > at {
			next = b.until
			break
		}
	}
	if a.dug.until > 0 {
		if a.dugFrom > at {
			next = min(next, a.dugFrom)
		}
		if a.dug.until > at {
			next = min(next, a.dug.until)
		}
	}
	return next
}

// preparedDepth is where the first belt of prepared ground ends.
func (a *axis) preparedDepth() float64 {
	if len(a.belts) > 0 && a.belts[0].class == prepared {
		return a.belts[0].until
	}
	return 0
}

// fighting says whether the axis attacks now.
func (a *axis) fighting() bool { return a.posture == grinding || a.posture == breakthrough }

// strength is the axis's net Russian strength against D-day.
func (a *axis) strength() float64 {
	if a.russiaAtStart <= 0 {
		return 0
	}
	return a.russia / a.russiaAtStart
}

// phase ends an engagement phase: commanders, ground and weather differ in the next.
type phase struct{ axis *axis }

func (*phase) about() (string, string) { return "ground", "engagement phase" }
func (e *phase) Fire(w *war) {
	w.ground.advance(w)
	e.axis.newPhase(w)
	w.ground.reassess(w)
}

func (a *axis) newPhase(w *war) {
	g := &w.Ground
	eps := a.luck.phase.Normal(0, float64(g.SpreadPhase))
	// The mean of the intensity is 1 whatever its spread.
	sigma := float64(g.IntensitySigma)
	a.intensity = portable.Exp(a.luck.phase.Normal(-sigma*sigma/2, sigma))
	a.shock = portable.Exp(eps + w.attack.spread)
	length := float64(g.PhaseMinD) + a.luck.phase.Exp(float64(g.PhaseMeanD))
	w.engine.After(sim.Days(length), &a.phase)
}

// breach is an operational breakthrough: from grinding to manoeuvre.
type breach struct{ axis *axis }

func (*breach) about() (string, string) { return "ground", "breach" }
func (e *breach) Fire(w *war) {
	a := e.axis
	if a.posture != grinding {
		return
	}
	w.ground.advance(w)
	a.posture, a.breachedAt = breakthrough, a.front
	a.sealIn = a.luck.breach.Exp(1)
	w.attack.breaches++
	f := &w.forces
	russians, ukrainians := float64(f.russianReserve*float64(w.Ground.BreachReserve)), float64(f.ukrainianReserve*float64(w.Ground.BreachReserve))
	f.russianReserve -= russians
	f.ukrainianReserve -= ukrainians
	a.russia += russians
	a.ukraine += ukrainians
	w.note(func() string {
		return fmt.Sprintf("%s: breakthrough at %.1f km, main effort %.1f to 1; reserves move: %.0f Russians, %.0f Ukrainians",
			a.Name, a.front, a.main, russians, ukrainians)
	})
	w.ground.reassess(w)
}

// seal closes a breach.
type seal struct{ axis *axis }

func (*seal) about() (string, string) { return "ground", "breach sealed" }
func (e *seal) Fire(w *war) {
	a := e.axis
	if a.posture != breakthrough {
		return
	}
	w.ground.advance(w)
	a.posture = grinding
	a.breachIn = a.luck.breach.Exp(1)
	w.note(func() string {
		return fmt.Sprintf("%s: the breach is sealed at %.1f km, %.1f km from where it was made", a.Name, a.front, a.front-a.breachedAt)
	})
	w.ground.reassess(w)
}

// culmination is an attack that has spent itself, by losses or by outrunning its supply.
type culmination struct {
	axis  *axis
	reach bool // stopped by reach and not by losses
}

func (*culmination) about() (string, string) { return "ground", "culmination" }
func (e *culmination) Fire(w *war) {
	a, g := e.axis, &w.Ground
	if !a.fighting() {
		return
	}
	w.ground.advance(w)
	pause := g.CulminationD
	if e.reach {
		pause = g.ReachPauseD
	}
	a.posture = culminated
	a.exhausted = e.reach
	a.pausedUntil = w.engine.Now().Add(sim.Days(float64(pause)))
	w.note(func() string {
		why := "losses"
		if e.reach {
			why = "reach"
		}
		return fmt.Sprintf("%s: the attack stops for %s at %.1f km with %.0f%% of its strength", a.Name, why, a.front, 100*a.strength())
	})
	w.ground.reassess(w)
	w.attack.culminatedEverywhere(w)
}

// resumption is an axis that attacks again.
type resumption struct{ axis *axis }

func (*resumption) about() (string, string) { return "ground", "attack resumed" }
func (e *resumption) Fire(w *war) {
	a := e.axis
	if a.posture != culminated {
		return
	}
	w.ground.advance(w)
	a.posture = grinding
	a.breachIn = a.luck.breach.Exp(1)
	w.note(func() string {
		return fmt.Sprintf("%s: attacks again with %.0f%% of its strength", a.Name, 100*a.strength())
	})
	w.ground.reassess(w)
}

// counterattack is Ukraine pushing back a spent attacker.
type counterattack struct{ axis *axis }

func (*counterattack) about() (string, string) { return "ground", "counter-attack" }
func (e *counterattack) Fire(w *war) {
	a := e.axis
	if a.posture != culminated && a.posture != satisfied {
		return
	}
	w.ground.advance(w)
	a.posture = retreating
	w.note(func() string {
		return fmt.Sprintf("%s: Ukraine counter-attacks, the front stands at %.1f km", a.Name, a.front)
	})
	w.ground.reassess(w)
}

// collapse is a defence that has lost so much that its ground no longer counts for what it is.
type collapse struct{ axis *axis }

func (*collapse) about() (string, string) { return "ground", "defence collapses" }
func (e *collapse) Fire(w *war) {
	a := e.axis
	a.broken = true
	w.note(func() string {
		return fmt.Sprintf("%s: the defence collapses with %.0f%% of its people", a.Name, 100*a.ukraine/a.ukraineMax)
	})
	w.ground.advance(w)
	w.ground.reassess(w)
}
