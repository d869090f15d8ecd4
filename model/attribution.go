package model

import (
	"fmt"

	"tripwire/sim"
	"tripwire/sim/portable"
	"tripwire/sim/random"
)

// Attribution describes how responsibility becomes clear: Wald's sequential test over items of
// evidence for incidents below the line, a single leap for an overt attack.
type Attribution struct {
	Threshold      OpenProb `toml:"threshold" doc:"posterior probability at which Russia is blamed"`
	Exonerate      OpenProb `toml:"exonerate" doc:"posterior probability at which Russia is cleared"`
	Prior          OpenProb `toml:"prior" doc:"prior probability that an incident is Russia's doing"`
	Forensic       Evidence `toml:"forensic"`
	Signals        Evidence `toml:"signals"`
	Imagery        Evidence `toml:"imagery"`
	Human          Evidence `toml:"human"`
	Diagnosticity  Factor   `toml:"diagnosticity" doc:"how much better the responsible are told from others: scales f1 - f0 of every kind of evidence"`
	ClarityMedian  Ratio    `toml:"clarity_median" doc:"median of the factor that one incident puts on all evidence rates"`
	ClaritySigma   Sigma    `toml:"clarity_sigma" doc:"log standard deviation of that factor"`
	DenialDirected Prob     `toml:"denial_directed" doc:"chance that Moscow denies and obscures an incident that it directed"`
	DenialProxy    Prob     `toml:"denial_proxy" doc:"chance that an incident by a proxy is denied and obscured"`
	DenialDilution Share    `toml:"denial_dilution" doc:"share of the evidence's power to tell that denial leaves"`
	FalseFlagAway  Prob     `toml:"false_flag_away" doc:"chance that evidence away from Russia is planted in a directed incident"`
	FalseFlagTo    Prob     `toml:"false_flag_to" doc:"chance that evidence towards Russia is planted in a third party's incident"`
	PlantedPerD    PerDay   `toml:"planted_per_d" doc:"rate of planted items at clarity 1"`
	CaseD          Days     `toml:"case_d" doc:"mean time until an undecided case is dropped"`
	OvertD         Delay    `toml:"overt_delay_d" doc:"median time to attribute a full invasion"`
	LimitedD       Delay    `toml:"limited_delay_d" doc:"median time to attribute an open limited attack"`
	OvertSigma     Sigma    `toml:"overt_sigma" doc:"log standard deviation of the time to attribute an attack"`
	MaskedClarity  Factor   `toml:"masked_clarity" doc:"factor on all evidence rates of a disguised attack against an incident's"`
}

// Evidence describes one kind of evidence: Poisson arrivals of items that point to Russia, or away.
type Evidence struct {
	PerD PerDay   `toml:"per_d" doc:"items a day at clarity 1"`
	F1   OpenProb `toml:"f1" doc:"chance that an item points to Russia when Russia is responsible"`
	F0   OpenProb `toml:"f0" doc:"chance that an item points to Russia when it is not"`
}

const evidenceKinds = 4

var evidenceKeys = [evidenceKinds]string{"forensic", "signals", "imagery", "human"}

func (p *Attribution) kinds() [evidenceKinds]*Evidence {
	return [evidenceKinds]*Evidence{&p.Forensic, &p.Signals, &p.Imagery, &p.Human}
}

func (p *Attribution) check(bad func(key, format string, args ...any)) {
	if p.Prior >= p.Threshold {
		bad("attribution.threshold", "%v must be above attribution.prior (%v)", float64(p.Threshold), float64(p.Prior))
	}
	if p.Exonerate >= p.Prior {
		bad("attribution.exonerate", "%v must be below attribution.prior (%v)", float64(p.Exonerate), float64(p.Prior))
	}
	for i, e := range p.kinds() {
		if e.F1 <= e.F0 {
			bad("attribution."+evidenceKeys[i]+".f1", "%v must be above f0 (%v): else an item says nothing", float64(e.F1), float64(e.F0))
		}
	}
}

// sequentialTest is Wald's sequential probability ratio test (1945) in log odds.
type sequentialTest struct {
	logOdds      float64 // of guilt, the prior's included
	upper, lower float64 // log odds at which to blame, and to clear
}

// item weighs one observation of probability (or density) p1 if guilty and p0 if not.
func (t *sequentialTest) item(p1, p0 float64) { t.logOdds += portable.Log(p1 / p0) }

// silence weighs a time without items, where the guilty leave them at rate r1 and others at r0.
func (t *sequentialTest) silence(r1, r0, days float64) { t.logOdds -= float64((r1 - r0) * days) }

// posterior is the probability of guilt.
func (t *sequentialTest) posterior() float64 { return portable.Logistic(t.logOdds) }

// verdict is +1 to blame, -1 to clear, 0 to go on.
func (t *sequentialTest) verdict() int {
	switch {
	case t.logOdds >= t.upper:
		return 1
	case t.logOdds <= t.lower:
		return -1
	}
	return 0
}

// weight is what an item of one kind adds to the log odds, to Russia or away from it.
type weight struct{ f1, f0, to, away float64 }

// attribution is the state of attribution: the weights of evidence, plain and under denial.
type attribution struct {
	luck struct{ incident, attack stream }

	weights [2][evidenceKinds]weight // [denied]
	rates   [evidenceKinds]float64
	total   float64
	limits  sequentialTest
	leap    attackAttributed
}

func (a *attribution) build(w *war) {
	a.luck.incident = w.luck.Stream("attribution/incident")
	a.luck.attack = w.luck.Stream("attribution/attack")
	p := &w.Scenario.Attribution
	a.limits = sequentialTest{
		logOdds: portable.Logit(float64(p.Prior)),
		upper:   portable.Logit(float64(p.Threshold)),
		lower:   portable.Logit(float64(p.Exonerate)),
	}
	a.total = 0
	for i, e := range p.kinds() {
		a.rates[i] = float64(e.PerD)
		a.total += a.rates[i]
		for denied := range a.weights {
			power := float64(p.Diagnosticity)
			if denied == 1 {
				power *= float64(p.DenialDilution)
			}
			f0 := float64(e.F0)
			// An item cannot point with certainty, however good the analyst.
			f1 := min(f0+float64(power*float64(e.F1-e.F0)), 0.99)
			a.weights[denied][i] = weight{f1: f1, f0: f0,
				to: portable.Log(f1 / f0), away: portable.Log((1 - f1) / (1 - f0))}
		}
	}
}

// incident is one case: an incident, or an attack in disguise, whose author is sought. It fires with
// each item of evidence, and when the case is dropped.
type incident struct {
	luck    random.Stream
	number  uint64 // keys its luck
	serial  uint64 // in the history
	by      actor
	masked  bool // the disguised opening of an attack
	denied  int
	planted int // +1 planted items point to Russia, -1 away, 0 none
	clarity float64
	items   float64 // rate of honest items [1/d]
	anyItem float64 // with the planted ones
	any     float64 // of everything that can happen next, the end included
	test    sequentialTest
	opened  sim.Time
	next    sim.Handle
}

// disguised is the number of the case against an attack in disguise.
const disguised = 1 << 40

// begin opens a case. Its luck is its own, so that a case elsewhere cannot move it.
func (a *attribution) begin(w *war, number uint64, by actor, clarity float64) *incident {
	p := &w.Scenario.Attribution
	i := w.ceasefire.cases.take()
	*i = incident{luck: a.luck.incident.Numbered(number), number: number, serial: w.ceasefire.opened, by: by, masked: number == disguised,
		test: a.limits, opened: w.engine.Now()}
	i.clarity = clarity * i.luck.LogNormal(float64(p.ClarityMedian), float64(p.ClaritySigma))
	deny, flag := i.luck.Uniform(), i.luck.Uniform()
	switch by {
	case directed:
		if deny < float64(p.DenialDirected) {
			i.denied = 1
		}
		if flag < float64(p.FalseFlagAway) {
			i.planted = -1
		}
	case proxy:
		if deny < float64(p.DenialProxy) {
			i.denied = 1
		}
	case thirdParty:
		if flag < float64(p.FalseFlagTo) {
			i.planted = 1
		}
	}
	i.items = float64(a.total * i.clarity)
	i.anyItem = i.items
	if i.planted != 0 {
		i.anyItem += float64(float64(p.PlantedPerD) * i.clarity)
	}
	i.any = i.anyItem + 1/float64(p.CaseD)
	i.schedule(w)
	return i
}

func (i *incident) schedule(w *war) {
	wait := sim.Days(min(i.luck.Exp(1/i.any), longest))
	if i.masked {
		wait = w.wait(GateAttribution, wait)
	}
	i.next = w.engine.After(wait, i)
}

func (i *incident) about() (string, string) { return "attribution", "evidence" }

func (i *incident) Fire(w *war) {
	which := i.luck.Uniform() * i.any
	to := i.luck.Uniform()
	switch {
	case which < i.items:
		i.weigh(w, which/i.clarity, to)
	case which < i.anyItem:
		// Planted forensic items are taken at face value.
		k := &w.attribution.weights[i.denied][0]
		if i.planted > 0 {
			i.test.logOdds += k.to
		} else {
			i.test.logOdds += k.away
		}
	default:
		i.close(w, "the case is dropped", nil)
		return
	}
	switch i.test.verdict() {
	case 1:
		i.close(w, "Russia is blamed", w.washington.blame)
	case -1:
		i.close(w, "Russia is cleared", nil)
	default:
		i.schedule(w)
	}
}

// weigh takes one honest item: which, in [0, total rate), picks its kind.
func (i *incident) weigh(w *war, which, to float64) {
	a, kind := &w.attribution, 0
	for kind < evidenceKinds-1 && which >= a.rates[kind] {
		which -= a.rates[kind]
		kind++
	}
	k := &a.weights[i.denied][kind]
	points := k.f0
	if i.by.guilty() {
		points = k.f1
	}
	if to < points {
		i.test.logOdds += k.to
	} else {
		i.test.logOdds += k.away
	}
}

// close ends a case; then, if Russia is blamed, is told of it while the case still stands.
func (i *incident) close(w *war, how string, then func(*war, *incident)) {
	if i.masked && then == nil && w.opens(GateAttribution) {
		how, then = "Russia is blamed", w.washington.blame
	}
	w.note(func() string {
		return fmt.Sprintf("incident %d (%s): %s after %.0f days, posterior %.2f",
			i.serial, i.by, how, inDays(w.engine.Now().Sub(i.opened)), i.test.posterior())
	})
	if then != nil {
		then(w, i)
	} else {
		w.moscow.unattributed(w, i)
	}
	if i.masked {
		w.washington.disguise = nil // or unmask would give the case back a second time
	}
	w.ceasefire.cases.give(i)
}

// attackAttributed is the moment at which the renewed war is clearly Russia's.
type attackAttributed struct{}

func (*attackAttributed) about() (string, string) { return "attribution", "attack attributed" }
func (e *attackAttributed) Fire(w *war) {
	if !w.attack.active || w.washington.attributed || w.shut(GateAttribution) {
		return
	}
	w.note(func() string {
		return fmt.Sprintf("the attack is attributed to Russia %.1f days after D-day", inDays(w.engine.Now().Sub(w.attack.dDay)))
	})
	w.washington.attribute(w)
}

// seen begins the attribution of an attack that has been seen.
func (a *attribution) seen(w *war) {
	p := &w.Scenario.Attribution
	median := p.LimitedD
	if w.attack.kind == FullInvasion {
		median = p.OvertD
	}
	delay := a.luck.attack.LogNormal(1, float64(p.OvertSigma)) * float64(median)
	if w.attack.masked {
		w.washington.disguise = a.begin(w, disguised, directed, float64(p.MaskedClarity))
		return
	}
	w.engine.After(w.wait(GateAttribution, sim.Days(delay)), &a.leap)
}
