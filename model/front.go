package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// What one axis does between two updates: losses, the way of the front, hazards, and the change of posture.

// fight is attrition over dt days of the people in contact, on ground of a class (model.md: Ground, Attrition).
func (a *axis) fight(w *war, dt float64, class fortification, above sky) {
	intensity := a.intensity
	attacker, defender := a.met.attacker, a.met.defender
	switch a.posture {
	case retreating:
		class = hasty
		attacker, defender = defender, attacker
	case culminated, satisfied, quiet:
		intensity *= float64(w.Ground.PausedIntensity)
	}
	on := &w.ground.terrain[class]
	lossA, lossD := on.loss*intensity, on.kill*intensity
	// Glide bombs fall on Ukrainians, whoever attacks.
	if a.posture == retreating {
		lossA *= above.glide
	} else {
		lossD *= above.glide
	}
	left, stand := helmbold(attacker, defender, lossA, lossD, float64(w.Ground.HelmboldW), dt)
	lostA, lostD := attacker-left, defender-stand
	if a.posture == retreating {
		lostA, lostD = lostD, lostA
	}
	if lostA > a.russia {
		lostA = a.russia
	}
	if lostD > a.ukraine {
		lostD = a.ukraine
	}
	a.russia -= lostA
	w.attack.lossesRussia += lostA
	if a.coalition != 0 && a.ukraine > 0 {
		coalition := lostD * a.coalition / a.ukraine
		a.coalition -= coalition
		w.tripwire.losses += float64(coalition * w.attack.qualityUkraine / float64(w.Coalition.Quality)) // in people again
		w.attack.lossesUkraine += lostD - coalition
	} else {
		w.attack.lossesUkraine += lostD
	}
	a.ukraine -= lostD
}

// speed is the rate of advance now [km/d], negative under a counter-attack (model.md: Ground, Advance).
func (a *axis) speed(w *war, class fortification, above sky) float64 {
	p, on := &w.Ground, &w.ground.terrain
	switch {
	case a.posture == retreating:
		return -on[hasty].speed * w.ground.gain(p, a.reverse(w)) * float64(p.CounterScale)
	case !a.fighting():
		return 0
	}
	v := on[class].speed * w.ground.gain(p, a.ratio*on[a.assessed].fort/on[class].fort) * above.advance
	if s := w.supply.ratio(a.index); s < 1 {
		v *= portable.Pow(s, float64(p.SupplyElasticity))
	}
	return v
}

// reverse is the force ratio of a Ukrainian counter-attack on the strip (model.md: Ground, Postures).
func (a *axis) reverse(w *war) float64 {
	if a.met.attacker <= 0 {
		return math.Inf(1)
	}
	fort := w.ground.terrain[hasty].fort
	if a.dug.until > 0 {
		fort = w.ground.terrain[prepared].fort
	}
	return a.met.defender * w.attack.qualityUkraine / (a.met.attacker * w.attack.qualityRussia * w.supply.ratio(a.index) * fort)
}

// move carries the front through the belts that it meets in dt days.
func (a *axis) move(w *war, dt float64, class fortification, above sky) {
	start := a.front
	for dt > 0 {
		v := a.speed(w, class, above)
		if v <= 0 {
			if v < 0 {
				a.front = positive(a.front + float64(v*dt))
				a.stands = a.ground(a.front)
			}
			break
		}
		edge := a.boundary(a.front)
		if reach := a.front + float64(v*dt); reach < edge {
			a.front = reach
			break
		}
		dt -= (edge - a.front) / v
		a.front, a.stands = edge, a.ground(edge)
		if before := class; a.class() != before {
			class = a.class()
			a.entered.class = class
			w.engine.AtBecause(w.engine.Now(), &a.entered, w.ground.because(w))
		}
	}
	switch moved := a.front - start; {
	case moved != 0:
		a.stopped = 0
	case a.front > 0:
		a.stopped += dt
		a.digIn(w)
	}
	if a.front > a.furthest {
		a.furthest = a.front
	}
	switch holds := a.front >= a.objective; {
	case holds && !a.holds:
		a.holds, a.heldSince = true, w.engine.Now()
		if !a.reached {
			a.reached = true
			w.engine.AtBecause(w.engine.Now(), &a.arrived, w.ground.because(w))
		}
	case !holds:
		a.holds = false
	}
}

// digIn fortifies a front that has stood still behind the first prepared belt.
func (a *axis) digIn(w *war) {
	if a.stopped < float64(w.Ground.DigInD) || a.front < a.preparedDepth() || a.front < a.dug.until {
		return
	}
	a.dugFrom, a.dug = a.front, belt{prepared, a.front + float64(w.Ground.DigInKm)}
	a.stands = a.ground(a.front)
}

// wear spends the cumulative hazards of breach and sealing over dt days (model.md: Ground, Breach).
func (a *axis) wear(w *war, dt float64) {
	g := &w.Ground
	switch a.posture {
	case grinding:
		if a.main < float64(g.FullRatio) {
			return
		}
		before := a.breachIn
		a.breachIn -= float64(float64(g.BreachHazard) * dt)
		if before > 0 && a.breachIn <= 0 {
			w.engine.After(0, &a.breach)
		}
	case breakthrough:
		rate := 1 / float64(g.SealD)
		if w.forces.ukrainianReserve > float64(g.SealReservePeople) {
			rate *= float64(g.SealReserve)
		}
		if a.main < float64(g.SealExhausted)*float64(g.LeastRatio) {
			rate *= float64(g.SealCollapse)
		}
		before := a.sealIn
		a.sealIn -= float64(rate * dt)
		if before > 0 && a.sealIn <= 0 {
			w.engine.After(0, &a.seal)
		}
	}
}

// decide schedules a change of posture where one is due (model.md: Ground, Postures).
func (a *axis) decide(w *war, now sim.Time) {
	g := &w.Ground
	switch {
	case a.fighting() && a.front >= a.objective+float64(g.BeyondKm):
		a.posture = satisfied
		w.note(func() string {
			return fmt.Sprintf("%s: beyond its objective, the attack goes over to the defence", a.Name)
		})
	case a.posture == satisfied && !a.holds:
		a.posture = grinding
		w.note(func() string { return fmt.Sprintf("%s: its objective is lost, and attacked again", a.Name) })
	case a.posture == breakthrough && a.front-a.breachedAt >= float64(g.ReachKm):
		a.stop.reach = true
		w.engine.After(0, &a.stop)
	case a.fighting() && a.strength() < float64(g.Culmination):
		a.stop.reach = false
		w.engine.After(0, &a.stop)
	case a.posture == culminated && now >= a.pausedUntil && a.strength() >= a.needs(g):
		w.engine.After(0, &a.resumes)
	case (a.posture == culminated || a.posture == satisfied) && a.front > 0 && a.reverse(w) > float64(g.LeastRatio):
		w.engine.After(0, &a.counter)
	case a.posture == retreating && (a.front <= 0 || a.reverse(w) <= float64(g.LeastRatio)):
		a.posture = culminated
		w.note(func() string { return fmt.Sprintf("%s: the counter-attack ends at %.1f km", a.Name, a.front) })
	}
	if !a.broken && a.ukraine < float64(float64(g.CollapseStrength)*a.ukraineMax) {
		w.engine.After(0, &a.fall)
		a.broken = true
	} else if a.broken && a.ukraine > float64((1+float64(g.CollapseStrength))/2*a.ukraineMax) {
		a.broken = false
	}
}

// needs is the net strength at which a stopped axis attacks again.
func (a *axis) needs(g *Ground) float64 {
	if a.exhausted {
		return float64(g.Culmination)
	}
	return float64(g.Culmination) + float64(float64(g.Resume)*float64(1-g.Culmination))
}
