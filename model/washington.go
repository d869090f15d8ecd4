package model

import (
	"fmt"
	"math"
	"strings"
	"time"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Washington describes how the United States comes to answer: detect, attribute, warn by non-lethal
// means, decide, obtain consent, task. Every gate can hold the answer back.
type Washington struct {
	Enabled          bool        `toml:"enabled" doc:"the United States may answer with strikes"`
	FloorH           Hours       `toml:"floor_h" doc:"earliest launch of an American strike after D-day"`
	Commitment       Share       `toml:"commitment" doc:"strength of the Article-5-like commitment, as declared"`
	CommitmentWeight Real        `toml:"commitment_weight" doc:"log odds of a decision to strike, for a commitment of 1 against 0"`
	PMajor           OpenProb    `toml:"p_response_major" doc:"chance of a kinetic answer to an attributed full invasion, other things even"`
	PLimited         OpenProb    `toml:"p_response_limited" doc:"chance of a kinetic answer to an attributed limited attack, other things even"`
	PFlareUp         Prob        `toml:"p_response_flareup" doc:"chance of a kinetic answer to an attributed flare-up while flare-ups are sustained"`
	FlareUpRho       Correlation `toml:"flareup_correlation" doc:"common-shock correlation of kinetic answers to the flare-ups of one history"`
	PAnswer          Prob        `toml:"p_answer_flareup" doc:"chance of any real answer to an attributed flare-up: sanctions, weapons, a Ukrainian strike"`
	AnswerLagD       Days        `toml:"answer_lag_d" doc:"mean time until a flare-up is answered, or is seen not to be"`
	WarnD            Days        `toml:"warn_d" doc:"length of the stage of warning, diplomacy and sanctions"`
	ComplyLimited    Prob        `toml:"comply_limited" doc:"chance that Moscow ends a limited attack on the warning alone"`
	ComplyFull       Prob        `toml:"comply_full" doc:"chance that Moscow ends a full invasion on the warning alone"`
	DecisionLagD     Days        `toml:"decision_lag_d" doc:"median time from attribution to a decision"`
	DecisionSigma    Sigma       `toml:"decision_sigma" doc:"log standard deviation of that time"`
	RecheckD         Interval    `toml:"recheck_d" doc:"interval at which a refusal is looked at again, and consent asked again"`
	WillSigma        Sigma       `toml:"will_sigma" doc:"standard deviation of American will between histories (log odds)"`
	ShocksPerY       PerYear     `toml:"will_shocks_per_y" doc:"elections, competing crises and other shocks to American will"`
	ShockSigma       Sigma       `toml:"will_shock_sigma" doc:"standard deviation of one shock (log odds)"`
	WillHalfD        Days        `toml:"will_half_d" doc:"half-life of a shock"`
	CrisisProb       Prob        `toml:"crisis_prob" doc:"chance that a shock is a competing crisis that ties down strike forces"`
	CrisisD          Days        `toml:"crisis_d" doc:"mean length of a competing crisis"`
	CrisisLogit      Real        `toml:"crisis_logit" doc:"log odds of a decision to strike during a competing crisis"`
	CrisisForces     Share       `toml:"crisis_forces_share" doc:"share of strike forces that a competing crisis leaves"`
	DeathsLogit      Real        `toml:"coalition_deaths_logit" doc:"log odds of a decision, once coalition soldiers have died"`
	FightsLogit      Real        `toml:"coalition_fights_logit" doc:"log odds of a decision, once the coalition fights"`
	BreachLogit      Real        `toml:"breach_logit" doc:"log odds of a decision, once Russia has broken through"`
	RungLogit        Real        `toml:"rung_logit" doc:"log odds of a decision for each rung above 3"`
	Preemption       Prob        `toml:"preemption" doc:"chance of a strike on forces massed for an attack, before D-day"`
	PreemptionD      Days        `toml:"preemption_d" doc:"length of such a strike"`
	WarningD         Days        `toml:"warning_believed_d" doc:"median time before D-day at which a warning is believed"`
	WarningSigma     Sigma       `toml:"warning_sigma" doc:"log standard deviation of that time"`
	PreemptionLogit  Real        `toml:"preemption_logit" doc:"log odds that Moscow attacks all the same after a pre-emptive strike"`
	ConsentShare     Factor      `toml:"consent_share" doc:"multiplier on every host's chance of consent"`
	ConsentUK        Prob        `toml:"consent_uk" doc:"chance that the United Kingdom consents to strikes from its bases"`
	ConsentPL        Prob        `toml:"consent_pl" doc:"chance that Poland consents"`
	ConsentRO        Prob        `toml:"consent_ro" doc:"chance that Romania consents"`
	ConsentDE        Prob        `toml:"consent_de" doc:"chance that Germany consents"`
	ConsentOther     Prob        `toml:"consent_other" doc:"chance that the other hosts consent"`
	BasedUK          Share       `toml:"based_uk_share" doc:"weight of the United Kingdom among the bases of the strike aircraft"`
	BasedPL          Share       `toml:"based_pl_share" doc:"weight of Poland"`
	BasedRO          Share       `toml:"based_ro_share" doc:"weight of Romania"`
	BasedDE          Share       `toml:"based_de_share" doc:"weight of Germany"`
	BasedOther       Share       `toml:"based_other_share" doc:"weight of other hosts"`
	ConsentRho       Correlation `toml:"consent_correlation" doc:"common-shock correlation of consent between hosts"`
	ConsentDeaths    Real        `toml:"consent_deaths_logit" doc:"log odds of a host's consent, once coalition soldiers have died"`
	ConsentD         Days        `toml:"consent_d" doc:"mean time to ask all hosts"`
	SeaAlone         Prob        `toml:"sea_alone" doc:"chance that Washington strikes from the sea alone where every host refuses"`
	TaskD            Delay       `toml:"task_d" doc:"time from consent to the first launch"`
}

const hosts = 5

var hostNames = [hosts]string{"the United Kingdom", "Poland", "Romania", "Germany", "others"}

func (p *Washington) consent() [hosts]Prob {
	return [hosts]Prob{p.ConsentUK, p.ConsentPL, p.ConsentRO, p.ConsentDE, p.ConsentOther}
}

// based is the share of the strike aircraft that fly from each host. What the file gives are weights.
func (p *Washington) based() [hosts]float64 {
	sum := p.BasedUK + p.BasedPL + p.BasedRO + p.BasedDE + p.BasedOther
	var shares [hosts]float64
	for h, weight := range [hosts]Share{p.BasedUK, p.BasedPL, p.BasedRO, p.BasedDE, p.BasedOther} {
		shares[h] = float64(weight / sum)
	}
	return shares
}

func (p *Washington) check(bad func(key, format string, args ...any)) {
	if p.BasedUK+p.BasedPL+p.BasedRO+p.BasedDE+p.BasedOther == 0 {
		bad("washington.based_uk_share", "the share of every host is 0")
	}
}

// washington is the state of the American answer.
type washington struct {
	luck struct{ will, shock, decide, lag, consent, warn, answer, see, preempt stream }

	will     float64 // log odds, of this history
	shock    float64 // what is left of the shocks, at shockAt
	shockAt  sim.Time
	crisis   bool
	temper   float64 // the common shock of the kinetic answers to flare-ups
	force    float64 // the chance of one, given that; below 0 until it is asked for
	verdict  float64 // the one latent uniform of this war: a decision is made when P(go) exceeds it
	lag      float64 // this war's decision lag [d]
	disguise *incident

	detected, attributed, warned, decided, consented, tasked, struck bool
	held                                                             Gate                   // where the answer stands
	heldBy                                                           sim.ID                 // the event that left it there
	reached                                                          [GateTime + 1]sim.Time // when the answer came to a gate
	looks                                                            [GateTime + 1]int      // how often it was left there
	basing                                                           float64
	attributedAt                                                     sim.Time
	preempted                                                        bool

	shocks   willShock
	over     crisisOver
	see      attackSeen
	warning  warning
	warnEnds warningEnds
	decide   decision
	consent  consent
	task     tasking
	preempt  preemption
	answers  pool[flareUpAnswer]
}

func (p *washington) build(w *war) {
	p.luck.will = w.luck.Stream("washington/will")
	p.luck.shock = w.luck.Stream("washington/shock")
	p.luck.decide = w.luck.Stream("washington/decide")
	p.luck.lag = w.luck.Stream("washington/lag")
	p.luck.consent = w.luck.Stream("washington/consent")
	p.luck.warn = w.luck.Stream("washington/warn")
	p.luck.answer = w.luck.Stream("washington/answer")
	p.luck.see = w.luck.Stream("washington/see")
	p.luck.preempt = w.luck.Stream("washington/preempt")
}

func (p *washington) reset(w *war) {
	*p = washington{luck: p.luck, answers: p.answers, force: -1}
	p.answers.reset()
	c := &w.Washington
	p.will = p.luck.will.Normal(0, float64(c.WillSigma))
	p.verdict, p.temper = p.luck.decide.Uniform(), p.luck.decide.Uniform()
	p.lag = p.luck.lag.LogNormal(1, float64(c.DecisionSigma)) * float64(c.DecisionLagD)
	if c.ShocksPerY > 0 {
		w.engine.After(p.untilShock(w), &p.shocks)
	}
}

func (p *washington) untilShock(w *war) time.Duration {
	return sim.Days(min(p.luck.shock.Exp(365/float64(w.Washington.ShocksPerY)), longest))
}

// willNow is American will in log odds, with what is left of the shocks.
func (p *washington) willNow(w *war) float64 {
	age := inDays(w.engine.Now().Sub(p.shockAt))
	return p.will + float64(p.shock*decay(age, float64(w.Washington.WillHalfD)))
}

// willShock is an election, a competing crisis, or another jolt to American will.
type willShock struct{}

func (*willShock) about() (string, string) { return "washington", "will shock" }
func (e *willShock) Fire(w *war) {
	p, c := &w.washington, &w.Washington
	p.shock = p.willNow(w) - p.will + p.luck.shock.Normal(0, float64(c.ShockSigma))
	p.shockAt = w.engine.Now()
	crisis, length := p.luck.shock.Happens(float64(c.CrisisProb)), p.luck.shock.Exp(float64(c.CrisisD))
	if crisis && !p.crisis {
		p.crisis = true
		w.engine.After(sim.Days(length), &p.over)
	}
	w.note(func() string {
		word := ""
		if crisis {
			word = "; a competing crisis ties down forces"
		}
		return fmt.Sprintf("American will now %+.2f%s", p.willNow(w), word)
	})
	w.engine.After(p.untilShock(w), e)
}

// crisisOver frees what a competing crisis tied down.
type crisisOver struct{}

func (*crisisOver) about() (string, string) { return "washington", "competing crisis over" }
func (e *crisisOver) Fire(w *war)           { w.washington.crisis = false }

// attacked starts the pipeline at D-day.
func (p *washington) attacked(w *war) {
	p.hold(w, GateDetection)
	c := &w.Ceasefire
	// Both draws are made whatever the attack, so that kinds and levers meet the same luck.
	masked, unit := p.luck.see.Happens(float64(c.MaskedProb)), p.luck.see.Exp(1)
	w.attack.masked = masked && w.attack.kind == LimitedAttack
	if w.attack.masked {
		w.attack.alertAfter = math.Inf(1)
	}
	if !w.attack.masked {
		w.engine.After(0, &p.see)
		return
	}
	switch {
	case c.Detection > 0:
		w.engine.After(w.wait(GateDetection, sim.Days(min(float64(c.MaskedSeenD)*unit/float64(c.Detection), longest))), &p.see)
	case w.opens(GateDetection):
		w.engine.After(0, &p.see)
	}
}

// attribute passes the gate of attribution.
func (p *washington) attribute(w *war) {
	now := w.engine.Now()
	p.attributed, p.attributedAt = true, now
	p.hold(w, GateWarning)
	w.outcome.AttributionDelayD = inDays(now.Sub(w.attack.dDay))
	w.engine.After(0, &p.warning)
}

// warning opens the stage of non-lethal means.
type warning struct{}

func (*warning) about() (string, string) { return "washington", "warning" }
func (e *warning) Fire(w *war) {
	w.sanctions.snapBack(w)
	w.note(func() string {
		return fmt.Sprintf("demand to withdraw within %.0f days; sanctions at %.0f%%", float64(w.Washington.WarnD), 100*w.sanctions.level)
	})
	w.engine.After(w.wait(GateWarning, sim.Days(float64(w.Washington.WarnD))), &w.washington.warnEnds)
}

// warningEnds is the end of the stage: Moscow complies, or Washington turns to force.
type warningEnds struct{}

func (*warningEnds) about() (string, string) { return "washington", "warning runs out" }
func (e *warningEnds) Fire(w *war) {
	p, c := &w.washington, &w.Washington
	if !w.attack.active {
		return
	}
	comply := c.ComplyFull
	if w.attack.kind == LimitedAttack {
		comply = c.ComplyLimited
	}
	if p.luck.warn.Happens(float64(comply)) && !w.opens(GateWarning) {
		w.ground.advance(w)
		w.note(func() string { return "Moscow stops firing on the warning" })
		w.finish(w.attack.class(w))
		return
	}
	if w.shut(GateWarning) {
		return
	}
	p.warned = true
	p.hold(w, GateDecision)
	w.note(func() string { return "the demand is ignored; Washington turns to the question of force" })
	if !c.Enabled && !w.opens(GateDecision) {
		return
	}
	lag := w.wait(GateDecision, sim.Days(min(p.lag, longest)))
	w.engine.At(max(p.attributedAt.Add(lag), w.engine.Now()), &p.decide)
}

// odds is the log odds of a decision to strike now (model.md: Washington).
func (p *washington) odds(w *war) float64 {
	c := &w.Washington
	base := c.PMajor
	if w.attack.kind == LimitedAttack {
		base = c.PLimited
	}
	x := portable.Logit(float64(base)) + p.willNow(w) + float64(float64(c.CommitmentWeight)*(float64(c.Commitment)-0.5))
	if w.tripwire.deaths {
		x += float64(c.DeathsLogit)
	}
	if w.tripwire.fights {
		x += float64(c.FightsLogit)
	}
	if w.attack.breaches > 0 {
		x += float64(c.BreachLogit)
	}
	if over := w.escalation.rung - limitedAttack; over > 0 {
		x += float64(float64(c.RungLogit) * float64(over))
	}
	if p.crisis {
		x += float64(c.CrisisLogit)
	}
	return x
}

// decision is Washington's choice for or against strikes. Its luck is one latent uniform a war, so
// that looking again changes the answer only if something has changed.
type decision struct{}

func (*decision) about() (string, string) { return "washington", "decision" }
func (e *decision) Fire(w *war) {
	p := &w.washington
	if !w.attack.active || p.decided {
		return
	}
	chance := portable.Logistic(p.odds(w))
	p.decided = (p.verdict < chance || w.opens(GateDecision)) && !w.shut(GateDecision)
	w.note(func() string {
		word := "no strikes; to be looked at again"
		if p.decided {
			word = "strikes are ordered"
		}
		return fmt.Sprintf("chance of strikes %.2f, American will %+.2f: %s", chance, p.willNow(w), word)
	})
	if !p.decided {
		p.hold(w, GateDecision)
		w.engine.After(sim.Days(float64(w.Washington.RecheckD)), e)
		return
	}
	p.hold(w, GateConsent)
	w.engine.After(w.wait(GateConsent, sim.Days(p.luck.consent.Exp(float64(w.Washington.ConsentD)))), &p.consent)
}

// consent is the hosts' answer. One common shock moves all of them.
type consent struct{}

func (*consent) about() (string, string) { return "washington", "host consent" }
func (e *consent) Fire(w *war) {
	p, c := &w.washington, &w.Washington
	if !w.attack.active || p.consented {
		return
	}
	agreed, sea := p.ask(w)
	switch {
	case w.shut(GateConsent):
		agreed, p.basing, sea = [hosts]bool{}, 0, false
	case w.opens(GateConsent) && p.basing == 0 && !sea:
		agreed, p.basing = [hosts]bool{true, true, true, true, true}, 1
	}
	p.consented = p.basing > 0 || sea
	w.note(func() string {
		var list []string
		for h, yes := range agreed {
			if yes {
				list = append(list, hostNames[h])
			}
		}
		switch {
		case len(list) > 0:
			return fmt.Sprintf("consent of %s: %.0f%% of the aircraft can fly", strings.Join(list, ", "), 100*p.basing)
		case sea:
			return "every host refuses: strikes from the sea alone"
		}
		return "every host refuses: no strikes; to be asked again"
	})
	if !p.consented {
		p.hold(w, GateConsent)
		w.engine.After(sim.Days(float64(c.RecheckD)), e)
		return
	}
	p.hold(w, GateCapacity)
	w.engine.After(w.wait(GateCapacity, sim.Days(float64(c.TaskD))), &p.task)
}

// ask puts the question to every host, and to Washington whether it would go from the sea alone. The
// draws are the same each time: only what has happened since can change a mind.
func (p *washington) ask(w *war) (agreed [hosts]bool, sea bool) {
	c := &w.Washington
	luck := p.luck.consent.Lasting(0)
	shock := luck.Uniform()
	moved := 0.0
	if w.tripwire.deaths {
		moved = float64(c.ConsentDeaths)
	}
	p.basing = 0
	based, chances := c.based(), c.consent()
	for h := range hosts {
		chance := min(1, float64(chances[h])*float64(c.ConsentShare))
		if 0 < chance && chance < 1 {
			chance = portable.Logistic(portable.Logit(chance) + moved)
		}
		agreed[h] = luck.Happens(commonShock(shock, chance, float64(c.ConsentRho)))
		if agreed[h] {
			p.basing += based[h]
		}
	}
	return agreed, luck.Happens(float64(c.SeaAlone))
}

// commonShock is a voter's chance given the common shock of quantile u: beta-Bernoulli votes of mean
// p whose pairwise correlation is rho. With five voters of .35 at correlation 1/3, some one of them
// says yes with probability .69, where independent votes would give .88 (model.md: Tripwire, National decisions).
func commonShock(u, p, rho float64) float64 {
	if p <= 0 || p >= 1 || rho <= 0 {
		return p
	}
	n := 1/rho - 1
	return portable.BetaQuantile(u, p*n, (1-p)*n)
}

// tasking puts the strike into force, if there is anything to strike with.
type tasking struct{}

func (*tasking) about() (string, string) { return "washington", "tasking" }
func (e *tasking) Fire(w *war) {
	p := &w.washington
	if !w.attack.active || p.tasked {
		return
	}
	if !w.strike.capable(w) && !w.opens(GateCapacity) || w.shut(GateCapacity) {
		w.note(func() string { return "nothing to strike with; to be looked at again" })
		p.hold(w, GateCapacity)
		w.engine.After(sim.Days(float64(w.Washington.RecheckD)), e)
		return
	}
	p.tasked = true
	p.hold(w, GateTime)
	w.note(func() string { return "strike packages are tasked" })
	w.strike.begin(w)
}

// hold notes where the answer stands, and the event that left it there.
func (p *washington) hold(w *war, g Gate) {
	p.held, p.heldBy = g, w.engine.Firing()
	if p.looks[g]++; p.looks[g] == 1 {
		p.reached[g] = w.engine.Now()
	}
}

// gate is where the answer to the attack was held back, at the end of the history.
func (p *washington) gate(w *war) Gate {
	switch {
	case !w.outcome.Invaded:
		return GateNotAsked
	case !p.struck:
		return p.held
	case w.outcome.StrikeBeforeFaitAccompli == 0:
		return GateTime
	}
	return GateNone
}
