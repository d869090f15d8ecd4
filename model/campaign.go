package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// ground is the state of the fighting on all axes. Between updates everything moves in closed form:
// attrition by [helmbold], fronts by constant speed within a belt, flows linearly.
type ground struct {
	axes       [axes]axis
	attacked   []*axis  // in their order
	at         sim.Time // the state below is of this instant
	terrain    [classes]terrain
	logRange   float64 // from the least ratio at which an attack moves to the full one
	area       float64
	combat     combat
	lastCombat sim.ID
}

// terrain is what ground of one class does to those who fight on it.
type terrain struct {
	loss, kill float64 // scales of attrition, of the attacker and of the defender
	speed      float64 // of an advance at the full force ratio [km/d]
	fort       float64 // factor on the defender's strength
}

// build makes what no replication changes.
func (g *ground) build(w *war) {
	for i, described := range w.Theatre.all() {
		a := &g.axes[i]
		a.Axis, a.index = described, i
		depth := float64(float64(w.Ground.BeltPreparedKm) * float64(described.BeltScale))
		a.belts = belts(belt{prepared, depth}, belt{hasty, depth + float64(w.Ground.BeltHastyKm)})
		a.luck.phase = w.luck.Stream(fmt.Sprintf("ground/phase/%d", i))
		a.luck.breach = w.luck.Stream(fmt.Sprintf("ground/breach/%d", i))
	}
	g.attacked = make([]*axis, 0, axes)
	p := &w.Ground
	g.logRange = portable.Log(float64(p.FullRatio) / float64(p.LeastRatio))
	r0, exponent := float64(p.ReferenceRatio), float64(p.HelmboldW)
	for c := range classes {
		g.terrain[c] = terrain{
			loss:  p.loss(c) * power(r0, exponent),
			kill:  p.loss(c) / p.exchange(c) * power(r0, 1-exponent),
			speed: p.speed(c),
			fort:  p.fort(c),
		}
	}
}

func (g *ground) reset() {
	for i := range g.axes {
		g.axes[i].reset()
	}
	g.attacked = g.attacked[:0]
	g.at, g.area, g.lastCombat = 0, 0, 0
}

// combat is the daily reassessment of every attacked axis.
type combat struct{}

func (*combat) about() (string, string) { return "ground", "combat" }
func (e *combat) Fire(w *war) {
	w.ground.lastCombat = w.engine.Firing()
	w.ground.advance(w)
	w.ground.reassess(w)
	w.engine.After(sim.Day, e)
}

// advance brings fronts, losses, flows and hazards from the last update to now.
func (g *ground) advance(w *war) {
	dt := inDays(w.engine.Now().Sub(g.at))
	g.at = w.engine.Now()
	if dt <= 0 || !w.attack.active {
		return
	}
	w.supply.bring(w)
	above := w.air.sky(w)
	for _, a := range g.attacked {
		class := a.class()
		a.fight(w, dt, class, above)
		a.move(w, dt, class, above)
		a.wear(w, dt)
	}
	w.forces.flow(w, dt)
}

// fight is attrition over dt days of the people in contact, on ground of a class.
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

// speed is the rate of advance now [km/d], negative under a counter-attack.
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

// reverse is the force ratio of a Ukrainian counter-attack on the strip.
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

// because is the fighting that moved a front, whatever event asked where the front stands.
func (g *ground) because(w *war) sim.ID {
	if g.lastCombat != 0 {
		return g.lastCombat
	}
	return w.attack.id
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

// wear spends the cumulative hazards of breach and sealing over dt days.
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

// flow moves replacements and reserves over dt days.
func (f *forces) flow(w *war, dt float64) {
	r := &w.Russia
	pool := float64(float64(r.RecruitsPerMonth) / 30 * dt * w.attack.shareOfTheatre * w.sanctions.generation(w))
	if w.attack.kind == FullInvasion {
		out := float64(f.strategic * (1 - portable.Exp(-float64(r.StrategicPerD)*dt)))
		f.strategic -= out
		pool += out
	}
	if f.arriving > 0 {
		pool += float64(f.arriving * dt)
		if w.engine.Now() >= f.arrivingUntil {
			f.arriving = 0
		}
	}
	deficit := 0.0
	var lacks [axes]float64 // people
	attacked := w.ground.attacked
	best := attacked[0] // for Russia, and the worst for Ukraine
	for i, a := range attacked {
		lacks[i] = positive(a.russiaAtStart - a.russia)
		deficit += lacks[i]
		if a.ratio > best.ratio {
			best = a
		}
	}
	filled := min(pool, deficit)
	for i, a := range attacked {
		if lacks[i] > 0 {
			a.russia += float64(lacks[i] / deficit * filled)
		}
	}
	f.russianReserve += pool - filled
	released := 1 - portable.Exp(-float64(w.Ground.ReservePerD)*dt)
	send := float64(f.russianReserve * released)
	f.russianReserve -= send
	best.russia += send

	recruits := float64(float64(w.Ukraine.RecruitsPerMonth) / 30 * dt * float64(w.Ukraine.RecruitsCombat))
	if w.attack.kind == LimitedAttack {
		recruits *= 1 - float64(w.Ukraine.WithheldLimited)
	}
	f.ukrainianReserve += float64(recruits)
	send = float64(f.ukrainianReserve * released)
	f.ukrainianReserve -= send
	best.ukraine += send
}

// reassess computes who meets whom now and what each axis does next.
func (g *ground) reassess(w *war) {
	if !w.attack.active {
		return
	}
	now := w.engine.Now()
	p, at := &w.Ground, &w.attack
	days := inDays(now.Sub(at.dDay))
	arrived, surprise := p.arrived(at.alerted(days)), 1.0
	if days < float64(p.SurpriseD) {
		surprise = at.surprise
	}
	ours := w.airdefence.ukrainianSupply(w)
	area := 0.0
	for _, a := range g.attacked {
		supply := w.supply.ratio(a.index)
		if supply < at.supplyMin {
			at.supplyMin = supply
		}
		a.met = p.meet(a.russia, a.ukraine, float64(a.FrontageKm), arrived)
		a.ratio, a.main, a.assessed = 0, 0, a.class()
		if a.met.defender > 0 {
			a.ratio = a.met.attacker * at.qualityRussia * supply / (a.met.defender * at.qualityUkraine * ours * g.terrain[a.assessed].fort) *
				a.shock * surprise
			a.main = a.ratio * float64(p.Concentration)
		} else if a.met.attacker > 0 {
			a.ratio, a.main = math.Inf(1), math.Inf(1)
		}
		area += float64(a.met.width * a.front)
		a.decide(w, now)
	}
	g.area = max(g.area, area)
	if at.kind != continuedWar {
		w.washington.unmask(w)
		w.tripwire.approached(w)
	}
}

// decide schedules a change of posture where one is due.
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
