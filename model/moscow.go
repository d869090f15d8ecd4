package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Moscow describes how Russia chooses: by expected utility under its own beliefs, never under the
// true parameters of the other side.
type Moscow struct {
	Attack             Choice   `toml:"attack" doc:"chosen: Moscow decides; limited or full: an attack of that kind is forced on moscow.attack_d; never: none is possible"`
	AttackD            Days     `toml:"attack_d" doc:"day of a forced attack"`
	AcceptProb         OpenProb `toml:"accept_prob" doc:"chance that Moscow accepts the terms, at the reference burden"`
	ReferenceTerms     Real     `toml:"reference_terms" doc:"burden of the baseline's terms"`
	TermsUS            Real     `toml:"terms_us" doc:"burden of a full American commitment, in utility units"`
	TermsForce         Real     `toml:"terms_force" doc:"burden of a reassurance force of 20,000"`
	TermsMissiles      Real     `toml:"terms_missiles" doc:"burden of 100 Ukrainian missiles that reach Moscow"`
	ReviewD            Interval `toml:"review_d" doc:"interval between reviews of the options"`
	Rationality        Factor   `toml:"rationality" doc:"logit weight of a unit of expected utility; 0 makes every lever stop mattering"`
	TasteD             Interval `toml:"taste_d" doc:"mean time until the random taste for an option is renewed"`
	ResolveSigma       Sigma    `toml:"resolve_sigma" doc:"standard deviation of resolve between histories, in utility units"`
	ResolveFull        Factor   `toml:"resolve_full" doc:"weight of resolve in a full invasion against a limited attack"`
	WeightLimited      Ratio    `toml:"weight_limited" doc:"odds of choosing a limited attack against holding, at the reference utility and without random taste"`
	WeightFull         Ratio    `toml:"weight_full" doc:"odds of a full invasion against holding, likewise"`
	WeightProbe        Ratio    `toml:"weight_probe" doc:"odds of probing against holding, likewise"`
	WeightCoerce       Ratio    `toml:"weight_coerce" doc:"odds of coercion against holding, likewise"`
	WeightSettle       Ratio    `toml:"weight_settle" doc:"odds of seeking a settlement against holding, likewise"`
	ReferenceLimited   Real     `toml:"reference_limited" doc:"expected utility of a limited attack in the baseline at moscow.reference_d, under prior beliefs"`
	ReferenceFull      Real     `toml:"reference_full" doc:"the same for a full invasion"`
	ReferenceProbe     Real     `toml:"reference_probe" doc:"the same for a probe"`
	ReferenceCoerce    Real     `toml:"reference_coerce" doc:"the same for coercion"`
	ReferenceSettle    Real     `toml:"reference_settle" doc:"the same for a settlement"`
	ReferenceD         Days     `toml:"reference_d" doc:"day at which the reference utilities are computed"`
	GoProb             OpenProb `toml:"go_prob" doc:"chance that a build-up ends in an attack, at the reference utility"`
	GoWeight           Factor   `toml:"go_weight" doc:"weight of rationality in that last choice"`
	AssessmentWeight   Share    `toml:"assessment_weight" doc:"weight of a declared lever in the mean of the belief that it concerns"`
	AssessmentSigma    Sigma    `toml:"assessment_sigma" doc:"standard deviation of the error of an assessment, a history (log odds)"`
	BeliefUS           OpenProb `toml:"belief_us_mean" doc:"prior mean of the belief that the United States answers a major attack"`
	BeliefUSN          Ratio    `toml:"belief_us_strength" doc:"weight of that prior, in observations"`
	BeliefCoalition    OpenProb `toml:"belief_coalition_mean" doc:"prior mean of the belief that the coalition fights"`
	BeliefAttribution  OpenProb `toml:"belief_attribution_mean" doc:"prior mean of the belief that a limited attack or a probe is attributed"`
	BeliefAttributionN Ratio    `toml:"belief_attribution_strength" doc:"weight of that prior"`
	BeliefFalseBlame   OpenProb `toml:"belief_false_blame" doc:"prior mean of the belief that Russia is blamed for an incident that is not its doing"`
	BeliefQuality      Ratio    `toml:"belief_quality" doc:"prior mean of the belief about Ukraine's combat quality"`
	SupportPURL        Share    `toml:"support_purl" doc:"share of Ukraine's assessed quality that bought weapons make up, at 600 million dollars a month"`
	SupportAir         Share    `toml:"support_air" doc:"share of it that air policing makes up, with 48 fighters"`
	SupportDrones      Share    `toml:"support_drones" doc:"share of it that Ukrainian long-range drones make up, at 80 a night"`
	BeliefDelayD       Days     `toml:"belief_delay_d" doc:"prior mean of the belief about the delay of an American answer"`
	BeliefAnswer       OpenProb `toml:"belief_answer" doc:"chance with which Moscow expects a real answer to an attributed flare-up"`
	ForgetD            Days     `toml:"forget_d" doc:"half-life of what was learnt"`
	LearnAnswer        Factor   `toml:"learn_answer" doc:"weight of a real answer to a flare-up, as a success of the belief in the United States"`
	LearnSilence       Factor   `toml:"learn_silence" doc:"weight of the absence of an answer, as a failure"`
	EstimateBias       Real     `toml:"estimate_bias" doc:"optimism in the log of the estimated force ratio"`
	EstimateSigma      Sigma    `toml:"estimate_sigma" doc:"standard deviation of the error of that estimate, a history"`
	PlanningD          Days     `toml:"planning_d" doc:"days after D-day for which the force ratio is estimated"`
	NeededLimited      Ratio    `toml:"needed_limited" doc:"estimated main-effort force ratio at which a limited attack succeeds in half of the cases"`
	NeededFull         Ratio    `toml:"needed_full" doc:"the same for a full invasion"`
	NeededSigma        Sigma    `toml:"needed_sigma" doc:"log standard deviation of the ratio needed"`
	BeltElasticity     Factor   `toml:"belt_elasticity" doc:"elasticity of the ratio needed in the depth of prepared belts"`
	ResponseBite       Share    `toml:"response_bite" doc:"share of the chance of success that an American answer without delay would take away"`
	CoalitionBite      Share    `toml:"coalition_bite" doc:"share of the chance of success that a coalition of 20,000 that fights would take away"`
	DiscountPerD       PerDay   `toml:"discount_per_d" doc:"loss of weight of an American answer with its delay"`
	ValueFull          Real     `toml:"value_full" doc:"utility of the full aim"`
	ValueLimited       Real     `toml:"value_limited" doc:"utility of a limited aim"`
	LossFull           Real     `toml:"loss_full" doc:"disutility of a full invasion that fails"`
	LossLimited        Real     `toml:"loss_limited" doc:"disutility of a limited attack that fails"`
	CasualtyCost       Real     `toml:"casualty_cost" doc:"disutility of 100,000 casualties"`
	CasualtiesFull     Count    `toml:"casualties_full" doc:"casualties that Moscow expects of a full invasion, against Ukrainian quality of moscow.casualties_quality"`
	CasualtiesLimited  Count    `toml:"casualties_limited" doc:"the same of a limited attack"`
	CasualtiesQuality  Ratio    `toml:"casualties_quality" doc:"the Ukrainian quality at which these casualties are quoted"`
	GDPCost            Real     `toml:"gdp_cost" doc:"disutility of 1% of GDP"`
	GDPFull            Real     `toml:"gdp_full" doc:"per cent of GDP that Moscow expects snap-back sanctions on a full invasion to cost"`
	GDPLimited         Real     `toml:"gdp_limited" doc:"the same on a limited attack"`
	PenaltyFull        Real     `toml:"penalty_full" doc:"disutility of an American answer to a full invasion without delay"`
	PenaltyLimited     Real     `toml:"penalty_limited" doc:"the same to a limited attack"`
	EscalationFull     Real     `toml:"escalation_full" doc:"disutility of the risk of escalation if the United States answers a full invasion"`
	EscalationLimited  Real     `toml:"escalation_limited" doc:"the same, a limited attack"`
	CoalitionCost      Real     `toml:"coalition_cost" doc:"disutility of fighting a coalition of 20,000"`
	AudienceFull       Real     `toml:"audience_full" doc:"utility of a full invasion before the home audience"`
	AudienceLimited    Real     `toml:"audience_limited" doc:"the same of a limited attack"`
	ProbeValue         Real     `toml:"probe_value" doc:"utility of a probe"`
	ProbeLoss          Real     `toml:"probe_loss" doc:"disutility of being blamed and answered, which a probe makes likelier"`
	CoerceValue        Real     `toml:"coerce_value" doc:"utility of coercion"`
	CoerceLoss         Real     `toml:"coerce_loss" doc:"disutility of coercion if the United States stands firm"`
	CoerceProb         Prob     `toml:"coerce_prob" doc:"chance that coercion wins a concession on sanctions"`
	SettleValue        Real     `toml:"settle_value" doc:"utility of a settlement, for each unit of belief that the United States answers"`
	SettleProb         Prob     `toml:"settle_prob" doc:"chance that an offer of settlement is accepted by the others"`
}

// option is something that Moscow can choose at a review.
type option uint8

const (
	hold option = iota
	probe
	coerce
	limited
	full
	settle
	options
)

func (o option) String() string {
	return [...]string{"hold", "probe", "coerce", "limited attack", "full invasion", "settle"}[o]
}

func (o option) attack() bool { return o == limited || o == full }

// moscow is the state of the Russian leadership.
type moscow struct {
	luck struct{ resolve, belief, order, coerce, settle, terms stream }

	base      [options]float64 // log weight of an option at its reference
	reference [options]float64
	outlook   outlook
	us        belief
	coalition float64 // belief that the coalition fights
	seenAttr  belief  // that what is done below the line is attributed
	answer    belief
	falsely   belief // that Russia is blamed for what is not its doing
	memory    memory
	resolve   float64
	estimate  float64
	tastes    [options]taste
	building  Kind
	stoodDown uint64 // times, which numbers the luck of the mood after it
	reviewed  sim.ID

	terms   firstChoice
	review  review
	horizon goDecision
}

func (m *moscow) build(w *war) {
	m.luck.resolve = w.luck.Stream("moscow/resolve")
	m.luck.belief = w.luck.Stream("moscow/belief")
	m.luck.order = w.luck.Stream("moscow/order")
	m.luck.coerce = w.luck.Stream("moscow/coerce")
	m.luck.settle = w.luck.Stream("moscow/settle")
	m.luck.terms = w.luck.Stream("moscow/terms")
	p := &w.Moscow
	for o, weight := range [options]Ratio{1, p.WeightProbe, p.WeightCoerce, p.WeightLimited, p.WeightFull, p.WeightSettle} {
		m.base[o] = portable.Log(float64(weight))
	}
	m.reference = [options]float64{0, float64(p.ReferenceProbe), float64(p.ReferenceCoerce), float64(p.ReferenceLimited),
		float64(p.ReferenceFull), float64(p.ReferenceSettle)}
	m.outlook = w.Scenario.outlook()
	m.memory = newMemory(p.ForgetD)
	for o := range m.tastes {
		m.tastes[o].option = option(o)
		m.tastes[o].luck = w.luck.Stream("moscow/taste/" + option(o).String())
	}
}

func (m *moscow) reset(w *war) {
	p := &w.Moscow
	*m = moscow{luck: m.luck, base: m.base, reference: m.reference, outlook: m.outlook, memory: m.memory, tastes: m.tastes}
	m.resolve = m.luck.resolve.Normal(0, float64(p.ResolveSigma))
	m.estimate = m.luck.belief.Normal(float64(p.EstimateBias), float64(p.EstimateSigma))
	noisy := func(mean, weight float64) belief {
		error := m.luck.belief.Normal(0, float64(p.AssessmentSigma))
		if 0 < mean && mean < 1 {
			mean = portable.Logistic(portable.Logit(mean) + error)
		}
		return belief{prior: mean, weight: weight}
	}
	m.us = noisy(m.outlook.prior.us, float64(p.BeliefUSN))
	m.coalition = noisy(m.outlook.prior.coalition, 1).prior
	m.seenAttr = noisy(m.outlook.prior.attribution, float64(p.BeliefAttributionN))
	m.falsely = belief{prior: float64(p.BeliefFalseBlame), weight: float64(p.BeliefAttributionN)}
	m.answer = belief{prior: m.outlook.prior.answer, weight: float64(p.BeliefUSN)}
	for o := range m.tastes {
		m.tastes[o].renewed = 0
		m.tastes[o].renew(w)
	}
	w.engine.After(0, &m.terms)
	w.engine.After(sim.Days(float64(p.ReviewD)), &m.review)
	if p.Attack == ForcedLimited || p.Attack == ForcedFull {
		w.attack.begin.kind = LimitedAttack
		if p.Attack == ForcedFull {
			w.attack.begin.kind = FullInvasion
		}
		w.engine.At(sim.Time(sim.Days(float64(p.AttackD))), &w.attack.begin)
	}
}

// firstChoice is Moscow's choice on day 0: the armistice with these guarantees, or the war goes on.
type firstChoice struct{}

func (*firstChoice) about() (string, string) { return "moscow", "the terms" }
func (e *firstChoice) Fire(w *war) {
	m, p := &w.moscow, &w.Moscow
	if p.Attack != Chosen {
		return
	}
	logit := portable.Logit(float64(p.AcceptProb)) -
		float64(float64(p.Rationality)*(w.burden()-float64(p.ReferenceTerms)+m.resolve))
	chance := portable.Logistic(logit)
	w.outcome.TermsAccepted = m.luck.terms.Happens(chance)
	w.note(func() string {
		if w.outcome.TermsAccepted {
			return fmt.Sprintf("chance of accepting %.2f: Moscow accepts", chance)
		}
		return fmt.Sprintf("chance of accepting %.2f: Moscow refuses, and the war goes on", chance)
	})
	if w.outcome.TermsAccepted {
		return
	}
	// No coalition force enters a Ukraine at war; sanctions and deliveries are raised.
	w.tripwire.trainers, w.tripwire.left = false, 0
	w.sanctions.tighten(w, 1)
	w.attack.begin.kind = continuedWar
	w.engine.After(0, &w.attack.begin)
}

// taste is the random part of the utility of one option: drawn from a Gumbel distribution, so that
// choices are logit, and renewed now and then, so that how often Moscow reviews hardly matters.
type taste struct {
	luck    stream
	option  option
	value   float64
	renewed uint64 // times, which numbers its luck
}

func (*taste) about() (string, string) { return "moscow", "taste renewed" }
func (t *taste) Fire(w *war)           { t.renew(w) }

// gumbel is the quantile of the standard Gumbel distribution.
func gumbel(u float64) float64 { return -portable.Log(-portable.Log(u)) }

func (t *taste) renew(w *war) {
	t.renewed++
	luck := t.luck.Numbered(t.renewed)
	t.value = gumbel(luck.Uniform())
	w.engine.After(sim.Days(min(luck.Exp(float64(w.Moscow.TasteD)), longest)), t)
}

// now is Moscow's assessment at this moment.
func (m *moscow) now(w *war) assessment {
	b, at := m.outlook.prior, w.engine.Now()
	m.us.forget(at, &m.memory)
	m.seenAttr.forget(at, &m.memory)
	m.answer.forget(at, &m.memory)
	m.falsely.forget(at, &m.memory)
	b.falsely = m.falsely.mean()
	b.us, b.coalition, b.attribution, b.answer = m.us.mean(), m.coalition, m.seenAttr.mean(), m.answer.mean()
	m.outlook.at(&b, at.Days())
	b.estimate, b.generation = m.estimate, w.sanctions.generation(w)
	return b
}

// score is the log weight of an option without its random taste (model.md: Moscow, Options).
func (m *moscow) score(w *war, o option, eu float64) float64 {
	return m.base[o] + float64(float64(w.Moscow.Rationality)*(eu+m.leaning(w, o)-m.reference[o]))
}

// leaning is the part of this history's resolve in an option.
func (m *moscow) leaning(w *war, o option) float64 {
	switch o {
	case limited:
		return m.resolve
	case full:
		return m.resolve * float64(w.Moscow.ResolveFull)
	}
	return 0
}

// review is Moscow's regular choice between its options.
type review struct{ eu [options]terms }

func (*review) about() (string, string) { return "moscow", "review" }
func (e *review) Fire(w *war) {
	if !w.ceasefire.holds {
		return
	}
	m := &w.moscow
	m.reviewed = w.engine.Firing()
	now := w.engine.Now()
	b := m.now(w)
	free := w.Moscow.Attack == Chosen && now >= w.forces.windowOpens && m.building == NoInvasion
	best, bestScore := hold, math.Inf(-1)
	for o := range options {
		if o.attack() && !free || o == settle && w.Moscow.Attack != Chosen {
			continue
		}
		e.eu[o] = m.outlook.utility(o, &b)
		if score := m.score(w, o, e.eu[o].sum()) + m.tastes[o].value; score > bestScore {
			best, bestScore = o, score
		}
	}
	w.note(func() string {
		s := fmt.Sprintf("%s; belief that the United States answers %.2f, that the coalition fights %.2f, that an attack is attributed %.2f", best, b.us, b.coalition, b.attribution)
		if free {
			s += fmt.Sprintf("; expected utility of a limited attack %.2f, of a full invasion %.2f", e.eu[limited].sum(), e.eu[full].sum())
		}
		if best.attack() {
			t := e.eu[best]
			s += fmt.Sprintf(" (success %.2f: gain %+.2f, failure %+.2f, casualties %+.2f, sanctions %+.2f, penalty %+.2f, escalation %+.2f, coalition %+.2f, audience %+.2f)",
				t.success, t.gain, t.failure, t.casualties, t.sanctions, t.penalty, t.escalation, t.coalition, t.audience)
		}
		return s
	})
	m.act(w, best)
	w.engine.After(sim.Days(float64(w.Moscow.ReviewD)), e)
}

// act does what was chosen.
func (m *moscow) act(w *war, o option) {
	switch o {
	case probe:
		w.outcome.Probes++
		w.ceasefire.open(w, directed, true)
	case coerce:
		w.escalation.rise(w, incidents)
		w.sea.coerce(w)
		if m.luck.coerce.Happens(float64(w.Moscow.CoerceProb)) {
			w.sanctions.concede(w)
			w.note(func() string { return fmt.Sprintf("the West gives way: sanctions at %.0f%%", 100*w.sanctions.level) })
		}
	case limited:
		m.mass(w, LimitedAttack, w.Russia.BuildUpLimitedD)
	case full:
		m.mass(w, FullInvasion, w.Russia.BuildUpFullD)
	case settle:
		if m.luck.settle.Happens(float64(w.Moscow.SettleProb)) {
			w.note(func() string { return "a settlement is reached" })
			w.finish(Settled)
			return
		}
		w.note(func() string { return "an offer of settlement is declined" })
	}
}

// mass begins a build-up.
func (m *moscow) mass(w *war, k Kind, length Days) {
	m.building = k
	if math.IsNaN(w.outcome.BuildUpD) {
		w.outcome.BuildUpD = w.engine.Now().Days()
	}
	m.horizon.kind = k
	w.engine.After(sim.Days(float64(length)), &m.horizon)
	w.washington.warn(w, float64(length))
}

// goDecision is the last choice, when the build-up is complete.
type goDecision struct{ kind Kind }

func (*goDecision) about() (string, string) { return "moscow", "go or no-go" }
func (e *goDecision) Fire(w *war) {
	m, p := &w.moscow, &w.Moscow
	o := limited
	if e.kind == FullInvasion {
		o = full
	}
	b := m.now(w)
	t := m.outlook.utility(o, &b)
	logit := portable.Logit(float64(p.GoProb)) +
		float64(float64(p.GoWeight)*float64(p.Rationality)*(t.sum()+m.leaning(w, o)-m.reference[o]))
	if w.washington.preempted {
		logit += float64(w.Washington.PreemptionLogit)
	}
	chance := portable.Logistic(logit)
	attacks := m.luck.order.Happens(chance)
	w.note(func() string {
		word := "the force stands down"
		if attacks {
			word = "the order is given"
		}
		return fmt.Sprintf("%s: expected utility %.2f, chance of going %.2f: %s", o, t.sum(), chance, word)
	})
	if attacks {
		w.attack.begin.kind = e.kind
		w.engine.After(0, &w.attack.begin)
		return
	}
	m.building = NoInvasion
	// Having stood down, Moscow does not mass again in the same mood.
	m.stoodDown++
	again := m.tastes[o].luck.Numbered(1<<32 | m.stoodDown)
	m.tastes[o].value = gumbel(again.Uniform())
}

// sawAnswer is what Moscow learns from the fate of an attributed flare-up: by how informative an
// answer, or its absence, is.
func (m *moscow) sawAnswer(w *war, answered, guilty bool) {
	p, now := &w.Moscow, w.engine.Now()
	if guilty {
		m.seenAttr.learn(now, &m.memory, float64(p.LearnAnswer), 0)
	} else {
		m.falsely.learn(now, &m.memory, 1, 0)
	}
	if answered {
		m.us.learn(now, &m.memory, float64(p.LearnAnswer), 0)
		m.answer.learn(now, &m.memory, 1, 0)
		return
	}
	m.us.learn(now, &m.memory, 0, float64(p.LearnSilence))
	m.answer.learn(now, &m.memory, 0, 1)
}

// unattributed is what Moscow learns from a case that came to nothing: it knows whether it was guilty.
func (m *moscow) unattributed(w *war, i *incident) {
	now := w.engine.Now()
	switch {
	case i.masked:
	case i.by.guilty():
		m.seenAttr.learn(now, &m.memory, 0, float64(w.Moscow.LearnAnswer))
	default:
		m.falsely.learn(now, &m.memory, 0, 1)
	}
}
