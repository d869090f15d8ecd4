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

// deploy puts both armies on the axes.
func (g *ground) deploy(w *war) {
	at, f := &w.attack, &w.forces
	army := w.Ukraine.army(w.engine.Now().Days()) * float64(w.Ukraine.CombatShare)
	limited := at.kind == LimitedAttack
	// Where the war has gone on for years, Ukraine stands where the fighting is.
	var widths [axes]float64
	attackers, defenders := w.attackers(at.kind), w.defenders()
	line, width, sent := 0.0, 0.0, 0.0
	for i := range g.axes {
		a := &g.axes[i]
		line += defenders[i]
		sent += attackers[i]
		widths[i] = w.Ground.meet(attackers[i]*at.committed, 1, float64(a.FrontageKm), 1).width
		width += widths[i]
	}
	for i := range g.axes {
		a := &g.axes[i]
		share, stands := attackers[i], defenders[i]
		if at.kind == continuedWar {
			stands = line * widths[i] / width
		}
		a.ukraine = float64(army * stands)
		a.attacked = share > 0
		if !a.attacked {
			give := float64(float64(w.Ground.GiveUpShare) * a.ukraine)
			a.ukraine -= give
			f.ukrainianReserve += give
			continue
		}
		g.attacked = append(g.attacked, a)
		a.russia = share * at.committed
		a.objective = float64(a.ObjectiveKm)
		if limited {
			a.objective *= float64(w.Ending.LimitedAim)
		}
		a.russiaAtStart, a.ukraineMax = a.russia, a.ukraine
		a.posture = grinding
		a.breachIn = a.luck.breach.Exp(1)
	}
	// In a limited attack part of the reserve waits for a larger one.
	own := float64((1 - line) * army)
	if limited {
		own -= float64(own * float64(w.Ukraine.WithheldLimited))
	}
	f.ukrainianReserve += own
	f.russianReserve = (1 - sent) * at.committed
}

// ukrainians counts those on the axes.
func (g *ground) ukrainians() float64 {
	n := 0.0
	for i := range g.axes {
		n += g.axes[i].ukraine
	}
	return n
}

// furthest is the deepest advance so far [km].
func (g *ground) furthest() float64 {
	deepest := 0.0
	for i := range g.axes {
		deepest = max(deepest, g.axes[i].furthest)
	}
	return deepest
}

// attacking says whether any axis attacks.
func (g *ground) attacking() bool {
	for i := range g.axes {
		if g.axes[i].fighting() {
			return true
		}
	}
	return false
}

// because is the fighting that moved a front, whatever event asked where the front stands.
func (g *ground) because(w *war) sim.ID {
	if g.lastCombat != 0 {
		return g.lastCombat
	}
	return w.attack.id
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

// reassess computes who meets whom now and what each axis does next (model.md: Ground, Force ratio).
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
