package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

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
	anyFell                       bool
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
	w.supply.fill(w)
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
