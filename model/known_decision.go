package model

import (
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// evidence is a posterior after items that come at random and the silence between them.
func (k knowns) evidence() {
	// Five items in ten days, at .6 a day if guilty and .2 if not.
	var s sequentialTest
	for range 5 {
		s.item(.6, .2)
	}
	s.silence(.6, .2, 10)
	k.exact("evidence/log-likelihood-ratio", s.logOdds, 1.4930614433405485)
	s.logOdds += portable.Logit(.3)
	k.exact("evidence/posterior", s.posterior(), .6560551617729786)

	b := belief{prior: .5, weight: 4}
	m := newMemory(365)
	b.learn(0, &m, 3, 1)
	k.exact("belief/mean", b.mean(), .625)
	// Such a belief, drawn as a common shock is: the correlation of a Beta is one over one more than its weight.
	luck, rho := luckOf("belief"), 1/(1+b.weight+b.yes+b.no)
	k.sd("belief/sd", drawn(20_000, func() float64 { return commonShock(luck.Uniform(), b.mean(), rho) }), .1613743060919757)
}

// walks is Wald's sequential test (Annals of Mathematical Statistics 16, 1945) between thresholds that are
// whole steps away, which makes it a random walk between two barriers: gambler's ruin.
func (k knowns) walks() {
	for _, c := range []struct {
		name          string
		up, down      int
		odds, p       float64 // of the analyst, and of the truth
		blamed, items float64
	}{
		{"sequential-test/3-3", 3, 3, .6, .6, .77142857142857143, 8.1428571428571429},
		{"sequential-test/6-3/guilty", 6, 3, .6, .6, .72249752229930624, 17.512388503468781},
		{"sequential-test/6-3/innocent", 6, 3, .6, .4, .063429137760158573, 12.145688800792864},
		{"random-walk/5-3", 5, 3, .55, .55, .56594174050458531, 15.275339240366825},
	} {
		blamed, items := stepped(c.up, c.down, c.odds, c.p)
		k.exact(c.name+"/p-up", blamed, c.blamed)
		k.exact(c.name+"/steps", items, c.items)
	}
	const n = 100_000
	blamed, days := weighed(luckOf("sequential-test/poisson"), n, .6, .2, .05, .10)
	k.mean("sequential-test/poisson/p-up", blamed, .89838808140152735)
	k.mean("sequential-test/poisson/days", days, 10.517642332409008)
}

// stepped is the law of a sequential test of items that say odds : 1-odds for or against guilt, carried
// from item to item with its probability until nothing is left to decide: the chance that it blames, and the
// expected number of items. An item is for guilt with chance p.
func stepped(up, down int, odds, p float64) (blamed, items float64) {
	step := portable.Log(odds / (1 - odds))
	// Half a step of slack keeps rounding from adding a step.
	start := sequentialTest{upper: (float64(up) - .5) * step, lower: -(float64(down) - .5) * step}
	type state struct {
		test sequentialTest
		mass float64
	}
	states := make([]state, up+down+1) // by steps up from the lower threshold
	states[down] = state{start, 1}
	for left := 1.0; left > 1e-15; {
		next := make([]state, len(states))
		left = 0
		for i, s := range states {
			if s.mass == 0 {
				continue
			}
			items += s.mass
			for _, move := range [2]struct {
				steps  int
				p1, p0 float64
				chance float64
			}{{+1, odds, 1 - odds, p}, {-1, 1 - odds, odds, 1 - p}} {
				t, mass := s.test, float64(s.mass*move.chance)
				t.item(move.p1, move.p0)
				switch t.verdict() {
				case +1:
					blamed += mass
				case 0:
					to := &next[i+move.steps]
					to.test = t
					to.mass += mass
					left += mass
				}
			}
		}
		states = next
	}
	return blamed, items
}

// weighed is n sequential tests of a guilty suspect in continuous time: items at rate r1 a day, r0 if he were
// innocent, and silence that speaks for him, between Wald's thresholds for errors of alpha and beta.
func weighed(luck stream, n int, r1, r0, alpha, beta float64) (blamed, days draws) {
	start := sequentialTest{upper: portable.Log((1 - beta) / alpha), lower: portable.Log(beta / (1 - alpha))}
	blamed, days = make(draws, n), make(draws, n)
	for i := range n {
		for t := start; t.verdict() == 0; {
			wait := luck.Exp(1 / r1)
			// Silence alone clears him once it has lasted long enough.
			if clear := (t.logOdds - t.lower) / (r1 - r0); clear <= wait {
				days[i] += clear
				break
			}
			days[i] += wait
			t.silence(r1, r0, wait)
			if t.item(r1, r0); t.verdict() == +1 {
				blamed[i] = 1
			}
		}
	}
	return blamed, days
}

// cases is the sequential test as the war plays it: cases of attribution with items of one kind, half an
// item a day, thresholds of u steps up and six down.
func (k knowns) cases() {
	const n = 100_000
	for _, c := range []struct {
		name          string
		up            int
		falsely, days float64 // chance to blame the innocent; days to decide on the guilty
	}{
		{"attribution/4-6", 4, .18336923739767342, 32.830676432572167},
		{"attribution/8-6", 8, .035715297220127198, 68.14816058037358},
	} {
		falsely, _ := investigated(n, c.up, 6, .6, .5, accident)
		k.mean(c.name+"/p-false", falsely, c.falsely)
		_, days := investigated(n, c.up, 6, .6, .5, directed)
		k.mean(c.name+"/days", days, c.days)
		blamed, _ := stepped(c.up, 6, .6, .4)
		k.exact(c.name+"/p-false/exact", blamed, c.falsely)
		_, items := stepped(c.up, 6, .6, .6)
		k.exact(c.name+"/days/exact", items/.5, c.days)
	}
}

// investigated plays n cases against the author of an incident: whether Russia is blamed, and after how many
// days the case is closed. Items come at a rate a day and point to the guilty with chance f, to the innocent
// with 1-f; the prior is even.
func investigated(n, up, down int, f, perD float64, by actor) (blamed, days draws) {
	step := portable.Logit(f)
	w := bare(func(s *Scenario) {
		p := &s.Attribution
		p.Prior = .5
		p.Threshold = OpenProb(portable.Logistic((float64(up) - .5) * step))
		p.Exonerate = OpenProb(portable.Logistic(-(float64(down) - .5) * step))
		for _, e := range p.kinds() {
			e.F1, e.F0 = OpenProb(f), OpenProb(1-f)
		}
		p.Forensic.PerD = PerDay(perD)
		p.Diagnosticity, p.ClarityMedian = 1, 1
		p.CaseD = Days(math.Inf(1)) // no case is dropped
		s.Moscow.ForgetD = 365
	})
	blamed, days = make(draws, n), make(draws, n)
	for i := range n {
		w.engine.Reset()
		w.luck.Reset(1, uint64(i))
		w.washington.reset(w)
		w.outcome = Outcome{}
		c := w.attribution.begin(w, 1, by, 1)
		for at, open := w.engine.Scheduled(c.next); open; at, open = w.engine.Scheduled(c.next) {
			w.engine.Run(w, at)
		}
		blamed[i], days[i] = float64(w.outcome.Attributed+w.outcome.Misattributed), w.engine.Now().Days()
	}
	return blamed, days
}

// pipelines is the decision pipeline, a chain of exponential stages on the engine, and its races.
func (k knowns) pipelines() {
	const n = 100_000
	stages := []float64{3, 10, 5, 2}
	c := &chain{luck: luckOf("pipeline"), means: stages}
	days := drawn(n, func() float64 { d, _ := c.play(); return d })
	k.mean("pipeline/mean_d", days, 20)
	k.variance("pipeline/variance_d2", days, 138)
	k.mean("pipeline/p-within-7-d", days.where(func(x float64) bool { return x <= 7 }), .077016835522984647)
	k.mean("pipeline/p-within-14-d", days.where(func(x float64) bool { return x <= 14 }), .35484033688140056)

	c = &chain{luck: luckOf("pipeline/rival"), means: stages, rivalMean: 20}
	k.mean("pipeline/p-before-rival", drawn(n, func() float64 {
		if _, first := c.play(); first {
			return 1
		}
		return 0
	}), .42160737812911726)

	for _, r := range []struct {
		name        string
		speed, slow float64
		want        float64
	}{
		{"race/1.5-km-per-d", 1.5, 1, .78710644635244491},
		{"race/1.5-km-per-d/twice-the-delay", 1.5, 2, .48474091229337244},
		{"race/0.5-km-per-d", .5, 1, .98492274170481582},
		{"race/5-km-per-d", 5, 1, .26237059812864988},
	} {
		k.mean(r.name, raced(r.name, n, stages, r.slow, r.speed, .6), r.want)
	}
}

// A chain is a pipeline of stages, one after the other, each of exponential length, and perhaps a rival that
// ends it.
type chain struct {
	engine    sim.Engine[chain]
	luck      stream
	means     []float64 // of the stages [d]
	rivalMean float64   // [d]; 0 is no rival
	passed    int
	stage     stagePassed
	rival     rivalFirst
}

// play is how long it took, and whether every stage was passed.
func (c *chain) play() (days float64, whole bool) {
	c.engine.Reset()
	c.passed = 0
	if c.rivalMean > 0 {
		c.engine.After(sim.Days(c.luck.Exp(c.rivalMean)), &c.rival)
	}
	c.stage.begin(c)
	c.engine.Run(c, sim.Time(sim.MaxSpan))
	return c.engine.Now().Days(), c.passed == len(c.means)
}

// stagePassed is the end of a stage.
type stagePassed struct{}

func (e *stagePassed) begin(c *chain) {
	c.engine.After(sim.Days(c.luck.Exp(c.means[c.passed])), e)
}

func (e *stagePassed) Fire(c *chain) {
	if c.passed++; c.passed == len(c.means) {
		c.engine.Stop()
		return
	}
	e.begin(c)
}

// rivalFirst is a rival that is there before the last stage is passed.
type rivalFirst struct{}

func (*rivalFirst) Fire(c *chain) { c.engine.Stop() }

// raced is 1 for each of n races in which the pipeline, its stages so many times as slow, is through before
// a front has taken an objective 50 km deep. The front moves by [axis.move], all of a war at one speed
// [km/d], which is lognormal.
func raced(name string, n int, stages []float64, slow, median, sigma float64) draws {
	c := &chain{luck: luckOf(name)}
	for _, mean := range stages {
		c.means = append(c.means, slow*mean)
	}
	w := bare(func(s *Scenario) {
		s.Ground.LeastRatio, s.Ground.FullRatio, s.Ground.FortOpen = 1, 2, 1
	})
	w.supply.reset()
	a, speed := &w.ground.axes[0], luckOf(name+"/speed")
	return drawn(n, func() float64 {
		days, _ := c.play()
		w.engine.Reset()
		a.reset()
		a.posture, a.assessed, a.ratio, a.objective = breakthrough, open, 10, 50
		w.ground.terrain[open].speed = speed.LogNormal(median, sigma)
		if a.move(w, days, open, w.air.sky(w)); a.holds {
			return 0
		}
		return 1
	})
}

// votes is five votes of chance .35 each, of which at least one is to be yes: those of contingents to stay
// and fight, and those of hosts.
func (k knowns) votes() {
	const n, independent, correlated = 30_000, .8839709375, .68768204166666667
	k.mean("contingents/independent", polled(n, .35, 0), independent)
	k.mean("contingents/common-shock", polled(n, .35, 1.0/3), correlated)
	k.mean("hosts/independent", asked(n, .35, 0), independent)
	k.mean("hosts/common-shock", asked(n, .35, 1.0/3), correlated)
}

// polled is 1 for each of n times that at least one of five states decides to stay and fight.
func polled(n int, p, rho float64) draws {
	w := bare(func(s *Scenario) {
		s.Coalition = Coalition{Enabled: true, ROE: SelfDefence, States: 5, StayR1: Prob(p), StayRho: Correlation(rho)}
		s.Ground.CommitD = 1
	})
	t := &w.tripwire
	w.ground.axes[0].attacked = true
	w.attack.active, w.attack.qualityUkraine = true, 1
	rep := uint64(0)
	return drawn(n, func() float64 {
		w.engine.Reset()
		w.luck.Reset(1, rep)
		rep++
		t.left, t.deaths, t.fights, t.withdrawn = 1, true, false, false
		t.vote.Fire(w)
		return math.Ceil(t.share)
	})
}

// asked is 1 for each of n times that at least one of five hosts consents.
func asked(n int, p, rho float64) draws {
	w := bare(func(s *Scenario) {
		c := &s.Washington
		c.ConsentUK, c.ConsentPL, c.ConsentRO, c.ConsentDE, c.ConsentOther = Prob(p), Prob(p), Prob(p), Prob(p), Prob(p)
		c.BasedUK, c.BasedPL, c.BasedRO, c.BasedDE, c.BasedOther = .2, .2, .2, .2, .2
		c.ConsentShare, c.ConsentRho = 1, Correlation(rho)
	})
	w.attack.active = true
	rep := uint64(0)
	return drawn(n, func() float64 {
		w.engine.Reset()
		w.luck.Reset(1, rep)
		rep++
		w.washington.consented = false
		if w.washington.consent.Fire(w); w.washington.consented {
			return 1
		}
		return 0
	})
}
