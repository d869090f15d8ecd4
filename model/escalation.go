package model

import (
	"fmt"
	"math"

	"tripwire/sim"
)

// Escalation describes the ladder and the rare ends at its top. Nuclear risk stands on its own axis:
// no term of it enters any score.
type Escalation struct {
	Enabled       bool   `toml:"enabled" doc:"Russia may strike NATO territory, signal with and use nuclear weapons"`
	NATO5         PerDay `toml:"nato_strike_rung5_per_d" doc:"hazard of a Russian strike on NATO territory at rung 5"`
	NATO6         PerDay `toml:"nato_strike_rung6_per_d" doc:"the same at rung 6"`
	NATO7         PerDay `toml:"nato_strike_rung7_per_d" doc:"the same at rung 7 and above"`
	NATOWarProb   Prob   `toml:"nato_war_prob" doc:"chance that such a strike becomes war between NATO and Russia"`
	SignalProb    Prob   `toml:"nuclear_signal_prob" doc:"chance of a nuclear signal at each step up by the other side"`
	NuclearPerD   PerDay `toml:"nuclear_use_per_d" doc:"hazard of nuclear use in a renewed war"`
	NuclearDefeat Factor `toml:"nuclear_defeat_factor" doc:"multiplier of that hazard near defeat"`
	DefeatLosses  Factor `toml:"defeat_losses" doc:"Russian casualties, against the force committed, above which Moscow is near defeat"`
	DefeatSupply  Share  `toml:"defeat_supply" doc:"supply ratio of every attacking axis below which Moscow is near defeat, once the coalition or the United States fights"`
	SustainedN    Count  `toml:"sustained_incidents" doc:"detected incidents within escalation.sustained_d that make flare-ups sustained"`
	SustainedD    Days   `toml:"sustained_d" doc:"that span"`
	CalmD         Days   `toml:"calm_d" doc:"time without a step up after which the ladder falls a rung"`
}

func (p *Escalation) check(bad func(key, format string, args ...any)) {
	if p.SustainedN > remembered {
		bad("escalation.sustained_incidents", "%d is more than the %d incidents that the model remembers", p.SustainedN, remembered)
	}
}

// rung is a step of the ladder.
type rung int

const (
	armistice rung = iota
	incidents
	sustainedFlareUps
	limitedAttack
	fullInvasion
	coalitionInCombat
	strikesOccupied
	strikesRussia
	strikesNATO
	nuclearSignal
	nuclearUse
)

// Rungs is the names of the rungs of the ladder, from 0 up.
var Rungs = []string{"armistice", "incidents", "sustained flare-ups", "limited attack", "full invasion",
	"coalition in combat", "American strikes in occupied Ukraine", "American strikes on Russia",
	"Russian strikes on NATO territory", "nuclear signal", "nuclear use"}

func (r rung) String() string { return Rungs[r] }

func rungOf(k Kind) rung {
	if k == LimitedAttack {
		return limitedAttack
	}
	return fullInvasion
}

// escalation is the state of the ladder.
type escalation struct {
	luck struct{ signal, nato, nuclear, war stream }

	rung, highest rung
	war           bool // between NATO and Russia
	nato, nuclear hazard
	calm          calm
	calming       sim.Handle
}

func (e *escalation) build(w *war) {
	e.luck.signal = w.luck.Stream("escalation/signal")
	e.luck.nato = w.luck.Stream("escalation/nato")
	e.luck.nuclear = w.luck.Stream("escalation/nuclear")
	e.luck.war = w.luck.Stream("escalation/war")
}

func (e *escalation) reset(w *war) {
	*e = escalation{luck: e.luck}
	e.nato.event, e.nuclear.event = &natoStruck{}, &nuclearUsed{}
	e.nato.draw(e.luck.nato)
	e.nuclear.draw(e.luck.nuclear)
}

// hazard is an event whose rate changes with the war: it happens when the integral of the rate has
// spent a unit exponential that is drawn once.
type hazard struct {
	left  float64
	rate  float64
	at    sim.Time
	next  sim.Handle
	by    sim.ID // the event that set the rate
	event sim.Event[war]

	above, upTo float64 // what a course lets be known of left: see [Branch]
}

// draw begins anew.
func (h *hazard) draw(luck stream) {
	h.left = luck.Exp(1)
	h.above, h.upTo = 0, math.Inf(1)
}

// set changes the rate, and with it the instant of the event.
func (h *hazard) set(w *war, rate float64) {
	if rate == h.rate {
		return
	}
	now := w.engine.Now()
	spent := h.spent(now)
	h.left -= spent
	h.above -= spent
	h.upTo -= spent
	h.rate, h.at, h.by = rate, now, w.engine.Firing()
	w.engine.Cancel(h.next)
	if rate > 0 {
		if wait := max(h.left, 0) / rate; wait < longest {
			h.next = w.engine.After(sim.Days(wait), h.event)
		}
	}
}

// spent is the integral of the rate since it was set.
func (h *hazard) spent(now sim.Time) float64 { return float64(h.rate * inDays(now.Sub(h.at))) }

// rise is a step up the ladder, if it is one.
func (e *escalation) rise(w *war, to rung) {
	w.engine.Cancel(e.calming)
	e.calming = w.engine.After(sim.Days(float64(w.Escalation.CalmD)), &e.calm)
	if to <= e.rung {
		return
	}
	e.rung = to
	e.highest = max(e.highest, to)
	w.note(func() string { return fmt.Sprintf("the ladder rises to rung %d, %s", to, to) })
	if (to == coalitionInCombat || to == strikesOccupied || to == strikesRussia) && w.Escalation.Enabled {
		if luck := e.luck.signal.Lasting(uint64(to)); luck.Happens(float64(w.Escalation.SignalProb)) {
			e.signal(w)
		}
	}
	e.review(w)
}

// signal is a nuclear signal. It is a flag of its own, and the ninth rung only on top of strikes on
// NATO territory: otherwise it would hide what fighting has come to.
func (e *escalation) signal(w *war) {
	w.outcome.NuclearSignal = true
	w.note(func() string { return "Moscow gives a nuclear signal" })
	if e.rung == strikesNATO {
		e.rung = nuclearSignal
		e.highest = max(e.highest, e.rung)
	}
}

// incident is a detected incident of the armistice.
func (e *escalation) incident(w *war) {
	to := incidents
	if w.ceasefire.recently(w, float64(w.Escalation.SustainedD)) >= int(w.Escalation.SustainedN) {
		to = sustainedFlareUps
	}
	e.rise(w, to)
}

// review sets the hazards to what the war is now (model.md: Escalation).
func (e *escalation) review(w *war) {
	p := &w.Escalation
	if !p.Enabled {
		return
	}
	rate := 0.0
	switch {
	case e.rung >= strikesRussia:
		rate = float64(p.NATO7)
	case e.rung == strikesOccupied:
		rate = float64(p.NATO6)
	case e.rung == coalitionInCombat:
		rate = float64(p.NATO5)
	}
	e.nato.set(w, rate)
	rate = 0
	if w.attack.active {
		rate = float64(p.NuclearPerD)
		if e.nearDefeat(w) {
			rate *= float64(p.NuclearDefeat)
		}
	}
	e.nuclear.set(w, rate)
}

// nearDefeat says whether Moscow's attack is close to a defeat that threatens the regime: its
// army lost, or its supply cut everywhere while others fight beside Ukraine (model.md: Escalation).
func (e *escalation) nearDefeat(w *war) bool {
	if w.attack.lossesRussia > float64(float64(w.Escalation.DefeatLosses)*w.attack.committed) {
		return true
	}
	if e.rung < coalitionInCombat {
		return false
	}
	for i := range w.ground.axes {
		if a := &w.ground.axes[i]; a.attacked && w.supply.ratio(i) >= float64(w.Escalation.DefeatSupply) {
			return false
		}
	}
	return true
}

// calm is a rung down after a time without a step up, as far as what goes on allows.
type calm struct{}

func (*calm) about() (string, string) { return "escalation", "calm" }
func (c *calm) Fire(w *war) {
	e := &w.escalation
	floor := armistice
	if w.attack.active {
		floor = rungOf(w.attack.kind)
		if w.tripwire.fights {
			floor = coalitionInCombat
		}
		if w.strike.goingOn(w) {
			floor = e.rung
		}
	}
	if e.rung > floor {
		e.rung--
		w.note(func() string { return fmt.Sprintf("the ladder falls to rung %d, %s", e.rung, e.rung) })
		e.review(w)
	}
	if e.rung == armistice {
		return
	}
	e.calming = w.engine.After(sim.Days(float64(w.Escalation.CalmD)), c)
}

// natoStruck is a Russian strike on NATO territory.
type natoStruck struct{}

func (*natoStruck) about() (string, string) { return "escalation", "strike on NATO territory" }
func (*natoStruck) Fire(w *war) {
	e := &w.escalation
	w.engine.Blame(e.nato.by)
	e.nato.draw(e.luck.nato)
	e.nato.rate, e.nato.at = 0, w.engine.Now()
	wider := e.luck.war.Happens(float64(w.Escalation.NATOWarProb))
	e.war = wider
	w.note(func() string {
		if wider {
			return "Russia strikes NATO territory: war between NATO and Russia"
		}
		return "Russia strikes NATO territory; the alliance answers short of war"
	})
	e.rise(w, strikesNATO)
	if luck := e.luck.signal.Lasting(uint64(strikesNATO)); luck.Happens(float64(w.Escalation.SignalProb)) {
		e.signal(w)
	}
	if wider {
		w.finish(NATORussiaWar)
		return
	}
	e.review(w)
}

// nuclearUsed is the use of a nuclear weapon. No history goes on beyond it.
type nuclearUsed struct{}

func (*nuclearUsed) about() (string, string) { return "escalation", "nuclear use" }
func (*nuclearUsed) Fire(w *war) {
	w.engine.Blame(w.escalation.nuclear.by)
	w.outcome.NuclearUse = true
	w.escalation.rung, w.escalation.highest = nuclearUse, nuclearUse
	w.note(func() string { return "a nuclear weapon is used" })
	w.finish(NuclearUse)
}
