package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Ending describes how the firing of a renewed war stops: a monthly decision whose odds move with
// what the war has brought. No term rewards the mere act of an American strike; strikes end a war
// only through supply and losses.
type Ending struct {
	ReviewD         Interval `toml:"review_d" doc:"interval between occasions to stop firing"`
	Base            Real     `toml:"base_logit" doc:"log odds of stopping at an occasion"`
	Limited         Real     `toml:"limited_logit" doc:"added in a limited attack"`
	Per100k         Real     `toml:"per_100k_logit" doc:"added for each 100,000 Russian casualties"`
	LimitedFactor   Factor   `toml:"per_100k_limited_factor" doc:"casualties weigh so much more in a limited attack"`
	Culminated      Real     `toml:"culminated_logit" doc:"added when every attacking axis has culminated"`
	Advancing       Real     `toml:"advancing_logit" doc:"added when a front has moved further than ending.advancing_km since the last occasion"`
	AdvancingKm     Km       `toml:"advancing_km" doc:"what counts as a front that still moves"`
	Supply          Real     `toml:"supply_logit" doc:"added when an axis's supply ratio is below ending.supply_ratio"`
	SupplyRatio     Share    `toml:"supply_ratio" doc:"what counts as supply cut"`
	CoalitionFights Real     `toml:"coalition_fights_logit" doc:"added when the coalition is in combat"`
	FullHeld        Real     `toml:"full_held_logit" doc:"added when the full aim is held for ending.hold_d"`
	LimitedHeld     Real     `toml:"limited_held_logit" doc:"added when an objective is held for ending.hold_d in a limited attack"`
	HoldD           Days     `toml:"hold_d" doc:"days that an objective must be held to count as an accomplished fact"`
	LimitedAim      Share    `toml:"limited_aim_share" doc:"depth that a limited attack wants, against an axis's objective"`
	RepelledKm      Km       `toml:"repelled_km" doc:"a war that ends with every front within this depth was repelled"`
}

// attack is the state of the renewed war, from D-day to the end of firing.
type attack struct {
	luck struct{ spread, end stream }

	kind       Kind
	alertAfter float64 // days from D-day until the defenders know it for an attack
	masked     bool    // begun under a disguise that has to be seen through
	active     bool
	dDay       sim.Time
	id         sim.ID // the D-day event: the cause of what follows from it

	spread, surprise              float64
	qualityRussia, qualityUkraine float64
	committed, shareOfTheatre     float64
	lossesRussia, lossesUkraine   float64
	supplyMin                     float64
	breaches                      int
	fellAny                       bool
	frontsThen                    [axes]float64 // at the last occasion to stop
	occasion                      occasion
	begin                         dDay
}

func (a *attack) build(w *war) {
	a.luck.spread = w.luck.Stream("attack/spread")
	a.luck.end = w.luck.Stream("attack/end")
}

func (a *attack) reset() {
	*a = attack{luck: a.luck, supplyMin: math.Inf(1)}
}

// dDay is the renewal of the war.
type dDay struct{ kind Kind }

func (*dDay) about() (string, string) { return "moscow", "D-day" }
func (e *dDay) Fire(w *war) {
	a, f, now := &w.attack, &w.forces, w.engine.Now()
	a.kind, a.active, a.dDay, a.id = e.kind, true, now, w.engine.Firing()
	if e.kind != continuedWar {
		w.outcome.Invaded, w.outcome.Kind, w.outcome.InvasionD = true, e.kind, now.Days()
	}
	a.spread = a.luck.spread.Normal(0, float64(w.Ground.SpreadWar))
	gain, committed := Real(0), w.Russia.Troops
	switch e.kind {
	case LimitedAttack:
		gain, committed = w.Ground.SurpriseLimited, w.Russia.CommittedLimited
	case FullInvasion:
		gain, committed = w.Ground.SurpriseFull, w.Russia.CommittedFull
	}
	a.surprise = portable.Exp(float64(gain))
	a.committed = float64(committed) * w.sanctions.generation(w)
	a.shareOfTheatre = min(1, float64(committed)/float64(max(1, w.Russia.Troops)))
	a.qualityRussia = w.Russia.quality(now.Days())
	a.qualityUkraine = f.ukrainianQuality(w)

	w.ground.deploy(w)
	w.note(func() string {
		return fmt.Sprintf("%s attack: %.0f people, quality %.2f against %.2f; Ukraine has %.0f on the line and %.0f in reserve",
			e.kind, a.committed, a.qualityRussia, a.qualityUkraine, w.ground.ukrainians(), f.ukrainianReserve)
	})
	w.ground.at = now
	w.supply.open(w)
	for i := range w.ground.axes {
		if ax := &w.ground.axes[i]; ax.attacked {
			ax.newPhase(w)
		}
	}
	w.ground.reassess(w)
	w.engine.After(sim.Day, &w.ground.combat)
	w.engine.After(sim.Days(float64(w.Ending.ReviewD)), &a.occasion)
	w.ceasefire.lapse(w)
	w.escalation.rise(w, rungOf(e.kind))
	w.escalation.review(w)
	if e.kind != continuedWar {
		w.washington.attacked(w)
		w.tripwire.attacked(w)
	}
	w.air.attacked(w)
	w.airdefence.attacked(w)
	w.sea.attacked(w)
	w.strike.attacked(w)
}

// alerted is for how many days the defenders have been moving to the attacked strips: nobody moves
// against an attack that is still taken for an incident.
func (a *attack) alerted(days float64) float64 {
	if a.kind == continuedWar {
		return longest
	}
	return max(0, days-a.alertAfter)
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

// objectiveFell notes that an objective has fallen.
func (a *attack) objectiveFell() {
	a.fellAny = true
}

// holds counts the objectives held now, and says whether they are the full aim.
func (a *attack) holds(w *war) (objectives int, full bool) {
	for i := range w.ground.axes {
		if ax := &w.ground.axes[i]; ax.attacked && ax.holds {
			objectives++
			full = full || ax.Decides
		}
	}
	return objectives, full || objectives >= 3
}

// heldFor says whether some objective has been held for so many days.
func (a *attack) heldFor(w *war, days float64) bool {
	for i := range w.ground.axes {
		if ax := &w.ground.axes[i]; ax.attacked && ax.holds && inDays(w.engine.Now().Sub(ax.heldSince)) >= days {
			return true
		}
	}
	return false
}

// culminatedEverywhere lets Moscow consider a mobilisation.
func (a *attack) culminatedEverywhere(w *war) {
	if a.kind == FullInvasion && !w.forces.mobilised && !w.ground.attacking() {
		w.engine.After(0, &w.mobilise)
	}
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

// occasion is a monthly occasion to stop firing.
type occasion struct{}

func (*occasion) about() (string, string) { return "outcome", "occasion to stop firing" }
func (e *occasion) Fire(w *war) {
	w.ground.advance(w)
	w.ground.reassess(w)
	a := &w.attack
	p := a.stopping(w)
	stop := a.luck.end.Happens(p)
	w.note(func() string {
		word := "firing goes on"
		if stop {
			word = "firing stops"
		}
		return fmt.Sprintf("chance of stopping %.3f: %s; furthest %.1f km, %.0f Russian and %.0f Ukrainian casualties",
			p, word, w.ground.furthest(), a.lossesRussia, a.lossesUkraine)
	})
	if stop {
		w.finish(a.class(w))
		return
	}
	for i := range w.ground.axes {
		a.frontsThen[i] = w.ground.axes[i].front
	}
	w.escalation.review(w)
	w.engine.After(sim.Days(float64(w.Ending.ReviewD)), e)
}

// stopping is the probability that the firing stops now.
func (a *attack) stopping(w *war) float64 {
	e := &w.Ending
	logit, weight := float64(e.Base), float64(e.Per100k)
	limited := a.kind == LimitedAttack
	if limited {
		logit += float64(e.Limited)
		weight *= float64(e.LimitedFactor)
	}
	logit += float64(weight * a.lossesRussia / 100_000)
	if !w.ground.attacking() {
		logit += float64(e.Culminated)
	}
	moved, cut := false, false
	for i := range w.ground.axes {
		ax := &w.ground.axes[i]
		moved = moved || ax.front-a.frontsThen[i] > float64(e.AdvancingKm)
		cut = cut || ax.attacked && w.supply.ratio(i) < float64(e.SupplyRatio)
	}
	if moved {
		logit += float64(e.Advancing)
	}
	if cut {
		logit += float64(e.Supply)
	}
	if w.tripwire.fights {
		logit += float64(e.CoalitionFights)
	}
	if a.heldFor(w, float64(e.HoldD)) {
		_, full := a.holds(w)
		switch {
		case full:
			logit += float64(e.FullHeld)
		case limited:
			logit += float64(e.LimitedHeld)
		}
	}
	return portable.Logistic(logit)
}

// class is how the war ends if firing stops now. After that nothing moves, so what is held then is
// held for as long as an accomplished fact takes.
func (a *attack) class(w *war) Class {
	objectives, full := a.holds(w)
	switch {
	case full && a.kind == FullInvasion:
		return FullAimAchieved
	case objectives > 0:
		return LimitedFaitAccompli
	}
	for i := range w.ground.axes {
		if w.ground.axes[i].front > float64(w.Ending.RepelledKm) {
			return FrozenNewLine
		}
	}
	return InvasionRepelled
}
