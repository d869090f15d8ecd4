package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/random"
)

// What Washington does before an attack: it answers flare-ups, and may strike forces that mass.

// blame is called when a case ends with Russia blamed.
func (p *washington) blame(w *war, i *incident) {
	if i.masked {
		w.engine.After(0, &w.attribution.leap)
		return
	}
	if i.by.guilty() {
		w.outcome.Attributed++
	} else {
		w.outcome.Misattributed++
	}
	a := p.answers.take()
	*a = flareUpAnswer{guilty: i.by.guilty(), serial: i.serial, luck: p.luck.answer.Numbered(i.number)}
	w.engine.After(sim.Days(min(a.luck.Exp(float64(w.Washington.AnswerLagD)), longest)), a)
}

// flareUpAnswer is what is done about a flare-up for which Russia is blamed: non-lethal means first.
type flareUpAnswer struct {
	guilty bool
	serial uint64 // of the incident
	luck   random.Stream
}

func (*flareUpAnswer) about() (string, string) { return "washington", "answer to a flare-up" }
func (e *flareUpAnswer) Fire(w *war) {
	p, c := &w.washington, &w.Washington
	answered := e.luck.Happens(float64(c.PAnswer))
	// Force is not for single incidents.
	kinetic := c.Enabled && w.escalation.rung >= sustainedFlareUps && e.luck.Happens(p.forceful(w))
	w.note(func() string {
		switch {
		case kinetic:
			return fmt.Sprintf("incident %d: answered with a strike in occupied Ukraine", e.serial)
		case answered:
			return fmt.Sprintf("incident %d: answered with sanctions and weapons", e.serial)
		}
		return fmt.Sprintf("incident %d: no real answer", e.serial)
	})
	if answered {
		w.sanctions.tighten(w, float64(w.Sanctions.FlareUpStep))
	}
	if kinetic && w.ceasefire.holds {
		w.escalation.rise(w, strikesOccupied)
	}
	w.moscow.sawAnswer(w, answered || kinetic, e.guilty)
	p.answers.give(e)
}

// forceful is the chance of a kinetic answer to one flare-up of this history.
func (p *washington) forceful(w *war) float64 {
	if p.force < 0 {
		p.force = commonShock(p.temper, float64(w.Washington.PFlareUp), float64(w.Washington.FlareUpRho))
	}
	return p.force
}

// warn is called when Russia begins to mass: the warning may be believed early enough to act on it.
func (p *washington) warn(w *war, buildUp float64) {
	c := &w.Washington
	early := p.luck.preempt.LogNormal(float64(c.WarningD), float64(c.WarningSigma))
	strikes := p.luck.preempt.Happens(float64(c.Preemption))
	if !c.Enabled || !strikes || early >= buildUp {
		return
	}
	w.engine.After(sim.Days(buildUp-early), &p.preempt)
}

// preemption is a strike on a force that masses, before D-day.
type preemption struct{}

func (*preemption) about() (string, string) { return "washington", "pre-emptive strike" }
func (e *preemption) Fire(w *war) {
	p := &w.washington
	if p.preempted || w.moscow.building == NoInvasion {
		return
	}
	if _, sea := p.ask(w); p.basing == 0 && !sea {
		w.note(func() string { return "every host refuses: no strike on the force that masses" })
		return
	}
	p.preempted = true
	w.strike.preemptive, w.strike.massing = int(math.Ceil(float64(w.Washington.PreemptionD))), true
	w.note(func() string { return "Washington strikes the force that masses" })
	w.strike.begin(w)
	w.escalation.rise(w, strikesRussia)
}
