// Package model is the war: the state of every subject, what can happen to it, and by which
// equation. Start at [War], which plays one history of a [Scenario] from the armistice to its
// [Outcome]; then read the subjects in any order:
//
//	ground.go theatre.go campaign.go axis.go front.go      the fighting on six axes
//	forces.go attack.go ending.go                          both armies, D-day, and how firing stops
//	airdefence.go air.go sea.go purl.go                    salvos, the sky, shipping, weapons that are bought
//	strike.go targets.go supply.go                         long-range strikes, and what they leave of supply
//	tripwire.go                                            the reassurance force
//	ceasefire.go attribution.go                            incidents, and who is blamed for them
//	washington.go washington_before.go gates.go            the American answer
//	moscow.go assessment.go sanctions.go                   what Moscow chooses, and why
//	escalation.go course.go                                the ladder, and ways to its rare ends
//	scenario.go units.go outcome.go scene.go               what goes in, and what comes out
//	known.go pool.go                                       answers that theory knows; memory that is used again
//
// docs/model.md is the published description with the sources; a function that is an equation of it names the section
// and the paragraph.
//
// The package does not know files, TOML, the many replications of a study, or how results are shown.
package model

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tripwire/sim"
	"tripwire/sim/portable"
	"tripwire/sim/random"
)

// War plays histories of one scenario, one at a time. A worker keeps one and uses it again for every
// replication: after the first few it allocates nothing.
type War struct{ w war }

// war is one history: each subject owns its state.
type war struct {
	*Scenario
	engine  sim.Engine[war]
	luck    *random.Luck
	outcome Outcome

	forces      forces
	ground      ground
	attack      attack
	supply      supply
	strike      strike
	tripwire    tripwire
	air         air
	airdefence  airdefence
	purl        purl
	sea         sea
	ceasefire   ceasefire
	attribution attribution
	washington  washington
	sanctions   sanctions
	moscow      moscow
	escalation  escalation

	mobilise mobilise
	horizon  horizon

	supposed [GateTime + 1]Answer

	tell   func(Entry) // nil unless the history is traced
	terse  bool        // it is told without what came of events
	notes  []string    // of the event that is firing
	last   Entry       // that was told
	newest sim.ID      // highest number that was told
}

// Entry is one event of a traced history.
type Entry struct {
	At             sim.Time
	ID, Cause      sim.ID // of the event, and of the event that caused it; 0 is the armistice
	Subject, Event string
	What           string // what came of it; empty for routine
}

// event is what every event of the model is.
type event interface {
	sim.Event[war]
	about() (subject, name string)
}

// New prepares a war. The scenario must have passed its checks and must not change afterwards.
func New(s *Scenario) *War {
	v := &War{}
	w := &v.w
	w.Scenario = s
	w.luck = random.New()
	w.forces.build(w)
	w.ground.build(w)
	w.attack.build(w)
	w.supply.build(w)
	w.strike.build(w)
	w.tripwire.build(w)
	w.air.build(w)
	w.airdefence.build(w)
	w.sea.build(w)
	w.ceasefire.build(w)
	w.attribution.build(w)
	w.washington.build(w)
	w.moscow.build(w)
	w.escalation.build(w)
	return v
}

// Play runs replication rep under a seed and returns its outcome. The same scenario, seed and
// replication give the same outcome whatever this War has played before.
func (v *War) Play(seed, rep uint64) Outcome {
	v.w.luck.Reset(seed, rep)
	return v.w.play()
}

// Trace plays like [War.Play] and tells of every event, in order, after it has fired; then of the gate
// that held an American answer back, if one was asked for, and last of the outcome.
func (v *War) Trace(seed, rep uint64, each func(Entry)) Outcome {
	w := &v.w
	w.tell = each
	w.engine.Trace = w.traced
	defer func() { w.tell, w.engine.Trace = nil, nil }()
	w.last, w.newest = Entry{}, 0
	o := v.Play(seed, rep)
	w.conclude(&o)
	return o
}

// Outline is [War.Trace] without the words for what came of events, which take a fifth of its time: What is empty, but of
// the gate and the outcome.
func (v *War) Outline(seed, rep uint64, each func(Entry)) Outcome {
	v.w.terse = true
	defer func() { v.w.terse = false }()
	return v.Trace(seed, rep, each)
}

// conclude adds what a history came to, each with the event that decided it, after the last that fired:
// the gate at which an American answer stood, and the outcome.
func (w *war) conclude(o *Outcome) {
	last, ended := w.last, w.last.ID
	if o.GateFailed != GateNotAsked {
		last.ID, last.Cause, last.Subject, last.Event = w.newest+1, w.washington.heldBy, "washington", "gate"
		last.What = "what held the American answer back: " + o.GateFailed.String()
		w.tell(last)
	}
	w.tell(Entry{At: last.At, ID: w.newest + 2, Cause: ended, Subject: "outcome", Event: "outcome", What: o.Outcome.String()})
}

func (w *war) play() Outcome {
	w.engine.Reset()
	w.engine.Limit = eventLimit
	w.notes = w.notes[:0]
	w.outcome = Outcome{TermsAccepted: true, Deterred: Maybe(Missing), BuildUpD: Missing, InvasionD: Missing, AttributionDelayD: Missing,
		FirstStrikeD: Missing, StrikeBeforeFaitAccompli: Maybe(Missing), WarD: Missing, SupplyMin: Missing, StockOutD: Missing}

	w.forces.reset(w)
	w.tripwire.reset(w)
	w.sanctions.reset(w)
	w.ground.reset()
	w.attack.reset()
	w.supply.reset()
	w.strike.reset(w)
	w.escalation.reset(w)
	w.air.reset(w)
	w.airdefence.reset(w)
	w.purl.reset(w)
	w.sea.reset(w)
	w.washington.reset(w)
	w.ceasefire.reset(w)
	w.moscow.reset(w)
	end := sim.Time(sim.Days(float64(w.HorizonD)))
	w.engine.At(end, &w.horizon)
	if stop := w.engine.Run(w, end); stop != sim.Halted {
		panic("model: a history ended by " + stop.String() + " and not by its own end")
	}
	return w.outcome
}

// eventLimit catches loops: a war of five years has a few thousand events.
const eventLimit = 5_000_000

// horizon is the end of the time that is looked at.
type horizon struct{}

func (*horizon) about() (string, string) { return "outcome", "horizon" }
func (*horizon) Fire(w *war) {
	w.engine.Blame(w.moscow.reviewed)
	if w.attack.kind == NoInvasion {
		w.finish(w.simmer())
		return
	}
	w.engine.Blame(w.attack.id)
	w.ground.advance(w)
	if _, full := w.attack.holds(w); full && w.attack.kind == FullInvasion && w.attack.heldFor(w, float64(w.Ending.HoldD)) {
		w.finish(FullAimAchieved)
		return
	}
	w.finish(OngoingAtHorizon)
}

// simmer tells a quiet armistice from one that simmers.
func (w *war) simmer() Class {
	if float64(w.outcome.Detected) >= float64(w.Ceasefire.SimmeringPerY)*float64(w.HorizonD)/365 {
		return DeterredSimmering
	}
	return DeterredQuiet
}

// finish ends the history and fills the rest of its outcome.
func (w *war) finish(c Class) {
	o, now := &w.outcome, w.engine.Now()
	w.ground.advance(w)
	if !o.TermsAccepted {
		c = TermsRefused
	}
	o.Outcome = c
	if c != TermsRefused {
		o.Deterred = maybe(c.Deterred())
	}
	o.EndD = now.Days()
	if a := &w.attack; a.kind != NoInvasion {
		o.WarD = inDays(now.Sub(a.dDay))
		o.FrontMaxKm = w.ground.furthest()
		o.AreaMaxKm2 = w.ground.area
		o.LossesRussia = int64(math.Round(a.lossesRussia))
		o.LossesUkraine = int64(math.Round(a.lossesUkraine))
		o.SupplyMin = a.supplyMin
		if !a.anyFell || !o.Invaded {
			o.StrikeBeforeFaitAccompli = Maybe(Missing)
		} else if !w.washington.struck {
			o.StrikeBeforeFaitAccompli = 0
		}
	}
	o.LossesCoalition = int64(math.Round(w.tripwire.losses))
	o.GateFailed = w.washington.gate(w)
	o.InterceptorsLeft = w.airdefence.interceptors
	o.RungMax = int64(w.escalation.highest)
	w.attack.active = false
	w.engine.Stop()
}

// note adds to what is told of the event that is firing. The words are made only if somebody listens.
func (w *war) note(words func() string) {
	if w.tell != nil && !w.terse {
		w.notes = append(w.notes, words())
	}
}

func (w *war) traced(at sim.Time, id, cause sim.ID, ev sim.Event[war]) {
	subject, name := ev.(event).about()
	w.last = Entry{At: at, ID: id, Cause: cause, Subject: subject, Event: name, What: strings.Join(w.notes, "; ")}
	w.newest = max(w.newest, id)
	w.tell(w.last)
	w.notes = w.notes[:0]
}

// plural is a count of things in words.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// stream is the luck of one random process.
type stream = *random.Stream

// inDays is a span in days.
func inDays(d time.Duration) float64 { return float64(d) / float64(sim.Day) }

// positive is x, or 0 if that is more: unlike max it does not ask about NaN and -0, which costs more than the rest.
func positive(x float64) float64 {
	if x < 0 {
		return 0
	}
	return x
}

// decay is the share that is left after days of what has such a half-life [d].
func decay(days, halfLife float64) float64 { return portable.Exp(-math.Ln2 * days / halfLife) }
