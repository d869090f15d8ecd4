package model

import (
	"math"
	"time"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// belief is a Beta belief: a prior mean and weight, and what was seen since, which is forgotten
// exponentially.
type belief struct {
	prior, weight float64
	yes, no       float64
	at            sim.Time
}

// mean is the belief now.
func (b *belief) mean() float64 {
	return (float64(b.prior*b.weight) + b.yes) / (b.weight + b.yes + b.no)
}

// memory is what is left of what was seen, by a half-life. It keeps its last answer, because beliefs are mostly looked at
// together, and at equal intervals.
type memory struct {
	halfLife float64
	span     time.Duration
	kept     float64 // after span
}

func newMemory(halfLife Days) memory { return memory{halfLife: float64(halfLife), kept: 1} }

func (m *memory) after(span time.Duration) float64 {
	if span != m.span {
		m.span, m.kept = span, decay(inDays(span), m.halfLife)
	}
	return m.kept
}

// forget brings the belief up to now.
func (b *belief) forget(now sim.Time, m *memory) {
	if b.yes != 0 || b.no != 0 {
		kept := m.after(now.Sub(b.at))
		b.yes *= kept
		b.no *= kept
	}
	b.at = now
}

// learn adds what was seen.
func (b *belief) learn(now sim.Time, m *memory, yes, no float64) {
	b.forget(now, m)
	b.yes += yes
	b.no += no
}

// assessment is how Moscow sees the other side at one moment, before any luck of a history.
type assessment struct {
	us, coalition, attribution float64 // beliefs
	prompt                     float64 // weight of an American answer, by its delay
	sanctions                  float64 // snap-back, 1 if certain
	estimate                   float64 // error of the log force ratio
	answer                     float64 // to an attributed flare-up
	falsely                    float64 // blamed for what is not its doing

	quality, army float64 // of Ukraine: combat quality, and people of its ground force
	russian       float64 // combat quality of Russia
	generation    float64 // factor on Russian force generation
}

// weigh is the mean of a belief: part prior, part what a declared lever says (model.md: Moscow, Beliefs).
func (m *Moscow) weigh(base, assessed float64) float64 {
	omega := float64(m.AssessmentWeight)
	return float64((1-omega)*base) + float64(omega*assessed)
}

// priors are the prior means of Moscow's beliefs under the declared levers. What is switched off is
// assessed at 0; the true probability of an American answer never enters.
func (s *Scenario) priors() assessment {
	m := &s.Moscow
	var us, coalition, sanctions float64
	if s.Washington.Enabled {
		us = float64(s.Washington.Commitment)
	}
	if s.Coalition.Enabled {
		coalition = min(1, max(0, s.Coalition.stay()+s.coalitionSize()))
	}
	if s.Sanctions.Enabled {
		sanctions = 1
	}
	lag := float64(s.Attribution.OvertD) + float64(s.Washington.WarnD) +
		float64(float64(s.Washington.DecisionLagD)*portable.Exp(float64(s.Washington.DecisionSigma*s.Washington.DecisionSigma)/2)) +
		float64(s.Washington.ConsentD) + float64(s.Washington.TaskD)
	return assessment{
		us:          m.weigh(float64(m.BeliefUS), us),
		coalition:   m.weigh(float64(m.BeliefCoalition), coalition),
		attribution: m.weigh(float64(m.BeliefAttribution), float64(s.Ceasefire.Detection)),
		prompt:      portable.Exp(-float64(m.DiscountPerD) * m.weigh(float64(m.BeliefDelayD), lag)),
		sanctions:   m.weigh(1, sanctions),
		answer:      float64(m.BeliefAnswer),
		falsely:     float64(m.BeliefFalseBlame),
	}
}

// outlook is what Moscow estimates with that the scenario fixes.
type outlook struct {
	*Scenario
	prior         assessment
	support       float64
	defenders     [axes]float64 // share of Ukraine's ground force on each axis
	arrived       float64       // how far they have come to the attacked strips
	limited, full plan
	belt          float64 // what the depth of prepared belts adds to the log of the ratio needed
	size          float64 // of the coalition's force against 20,000, by what it weighs
}

// plan is an attack as Moscow plans it.
type plan struct {
	people [axes]float64 // on each axis, before sanctions tell on them
	wins   int           // axes that must succeed
	needed float64       // log of the force ratio at which one does in half of the cases
}

func (s *Scenario) outlook() outlook {
	m := &s.Moscow
	planned := func(k Kind, people Count, wins int, needed Ratio) plan {
		p := plan{people: s.attackers(k), wins: wins, needed: portable.Log(float64(needed))}
		for i := range p.people {
			p.people[i] *= float64(people)
		}
		return p
	}
	return outlook{
		Scenario:  s,
		prior:     s.priors(),
		support:   s.support(),
		defenders: s.defenders(),
		arrived:   s.Ground.arrived(float64(m.PlanningD)),
		// A limited attack succeeds on its best axis; a full invasion needs three.
		limited: planned(LimitedAttack, s.Russia.CommittedLimited, 1, m.NeededLimited),
		full:    planned(FullInvasion, s.Russia.CommittedFull, 3, m.NeededFull),
		belt:    float64(float64(m.BeltElasticity) * portable.Log(float64(s.Ground.BeltPreparedKm)/referenceBeltKm)),
		size:    math.Sqrt(float64(s.Coalition.Troops) / 20_000),
	}
}

// at dates an assessment: what both armies are so many days after the armistice, as Moscow sees them.
func (v *outlook) at(b *assessment, days float64) {
	b.quality = v.Moscow.weigh(float64(v.Moscow.BeliefQuality), v.planned(days, v.Coalition.Enabled)*v.support)
	b.army = v.Ukraine.army(days) * float64(v.Ukraine.CombatShare)
	b.russian = v.Russia.quality(days)
}

// support is what weapons that are bought, jets that police the sky and long-range drones make of an
// army in Moscow's eyes: 1 as in the baseline, less where they are fewer, at most twice as much more.
// See model.md: Moscow, Beliefs.
func (s *Scenario) support() float64 {
	m := &s.Moscow
	level := func(enabled bool, now, reference float64) float64 {
		if !enabled {
			return 0
		}
		return min(2, now/reference)
	}
	purl := level(s.PURL.Enabled, s.PURL.monthly(), referencePURL)
	air := level(s.Air.Enabled, float64(s.Air.Fighters), referenceFighters)
	drones := level(s.Strike.UkraineEnabled, float64(s.Strike.UkraineDrones), referenceDrones)
	return 1 - float64(float64(m.SupportPURL)*(1-purl)) - float64(float64(m.SupportAir)*(1-air)) - float64(float64(m.SupportDrones)*(1-drones))
}

// What the baseline has: the support at which moscow.support_* are quoted.
const (
	referencePURL     = 600 // USD million a month
	referenceFighters = 48
	referenceDrones   = 80 // a night
)

// terms are the parts of an expected utility, as the trace shows them.
type terms struct {
	success                                                                        float64 // probability
	gain, failure, casualties, sanctions, penalty, escalation, coalition, audience float64
}

func (t terms) sum() float64 {
	return t.gain + t.failure + t.casualties + t.sanctions + t.penalty + t.escalation + t.coalition + t.audience
}

// mainEffort is the log of the force ratio that Moscow plans with, at its main effort against prepared ground, on the last
// of the axes that must succeed (model.md: Moscow, Utilities).
func (v *outlook) mainEffort(p *plan, b *assessment) float64 {
	g := &v.Ground
	var best [3]float64
	for i, a := range v.Theatre.all() {
		c := g.meet(p.people[i]*b.generation, b.army*v.defenders[i], float64(a.FrontageKm), v.arrived)
		if c.attacker <= 0 || c.defender <= 0 {
			continue
		}
		ratio := c.attacker / c.defender
		for i := range best {
			if ratio > best[i] {
				best[i], ratio = ratio, best[i]
			}
		}
	}
	ratio := best[p.wins-1]
	if ratio <= 0 {
		return math.Inf(-1)
	}
	return portable.Log(ratio * b.russian * float64(g.Concentration) / (b.quality * float64(g.FortPrepared)))
}

// success is Moscow's estimate of the probability that an attack succeeds if nobody answers.
// See model.md: Moscow, Utilities.
func (v *outlook) success(p *plan, logRatio float64) float64 {
	return portable.NormalCDF((logRatio - p.needed - v.belt) / max(float64(v.Moscow.NeededSigma), 1e-9))
}

// referenceBeltKm is the depth of prepared belts at which moscow.needed_* are quoted.
const referenceBeltKm = 25

// attackUtility is the expected utility of an attack, term by term (model.md: Moscow, Utilities).
func (v *outlook) attackUtility(kind Kind, b *assessment) terms {
	m := &v.Moscow
	isFull := kind == FullInvasion
	pick := func(whole, part Real) float64 {
		if isFull {
			return float64(whole)
		}
		return float64(part)
	}
	plan, attributed, casualties := &v.full, 1.0, m.CasualtiesFull
	if !isFull {
		plan, attributed, casualties = &v.limited, b.attribution, m.CasualtiesLimited
	}
	answered := attributed * b.us * b.prompt
	p := v.success(plan, v.mainEffort(plan, b)+b.estimate)
	p *= 1 - float64(float64(m.ResponseBite)*answered)
	p = float64(p * (1 - float64(min(1, float64(m.CoalitionBite)*v.size)*b.coalition)))
	return terms{
		success:    p,
		gain:       p * pick(m.ValueFull, m.ValueLimited),
		failure:    -(1 - p) * pick(m.LossFull, m.LossLimited),
		casualties: -float64(m.CasualtyCost) * float64(casualties) / 100_000 * b.quality / float64(m.CasualtiesQuality),
		sanctions:  -float64(m.GDPCost) * pick(m.GDPFull, m.GDPLimited) * b.sanctions,
		penalty:    -pick(m.PenaltyFull, m.PenaltyLimited) * answered,
		escalation: -pick(m.EscalationFull, m.EscalationLimited) * b.us,
		coalition:  -float64(m.CoalitionCost) * v.size * b.coalition,
		audience:   pick(m.AudienceFull, m.AudienceLimited),
	}
}

// utility is the expected utility of any option; holding is 0.
func (v *outlook) utility(o option, b *assessment) terms {
	m := &v.Moscow
	switch o {
	case probe:
		// Who is blamed anyhow has less to lose by a probe: only the difference deters (Baliga, Bueno de
		// Mesquita and Wolitzky 2020).
		return terms{gain: float64(m.ProbeValue), failure: -float64(m.ProbeLoss) * max(0, b.attribution-b.falsely) * b.answer}
	case coerce:
		return terms{gain: float64(m.CoerceValue), failure: -float64(m.CoerceLoss) * b.us}
	case limited:
		return v.attackUtility(LimitedAttack, b)
	case full:
		return v.attackUtility(FullInvasion, b)
	case settle:
		return terms{gain: float64(m.SettleValue) * b.us}
	}
	return terms{}
}

// burden is how hard the terms are for Moscow to swallow, in utility units: a large American role, a
// large force, Ukrainian missiles that reach Moscow (model.md: Moscow, The terms).
func (s *Scenario) burden() float64 {
	p, x := &s.Moscow, 0.0
	if s.Washington.Enabled {
		x += float64(float64(p.TermsUS) * float64(s.Washington.Commitment))
	}
	if s.Coalition.Enabled {
		x += float64(float64(p.TermsForce) * float64(s.Coalition.Troops) / 20_000)
	}
	missiles := float64(s.Strike.UkraineMissiles)
	if s.PURL.monthly() > 0 {
		// What a year of packages brings.
		missiles += float64(float64(s.PURL.Missiles) * s.PURL.monthly() * 12 / max(1, float64(s.PURL.Package)))
	}
	return x + float64(float64(p.TermsMissiles)*min(1, missiles/100))
}
