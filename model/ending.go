package model

import (
	"fmt"

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

// stopping is the probability that the firing stops now (model.md: Outcome).
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
