package model

import (
	"fmt"

	"tripwire/sim"
)

// Ceasefire describes the armistice below the line of attack: who breaks it, how often, and what the
// monitors see.
type Ceasefire struct {
	FlareUpsPerY  PerYear `toml:"flareups_per_y" doc:"incidents a year of all actors, Moscow's own probes not counted"`
	Dispersion    Ratio   `toml:"dispersion" doc:"shape of the negative binomial count of an actor in a year"`
	Directed      Share   `toml:"directed_share" doc:"weight of incidents directed by Moscow"`
	Proxy         Share   `toml:"proxy_share" doc:"weight of incidents by proxies of Moscow"`
	Accident      Share   `toml:"accident_share" doc:"weight of incidents that are accidents"`
	Ukrainian     Share   `toml:"ukrainian_share" doc:"weight of incidents by Ukrainian units"`
	ThirdParty    Share   `toml:"third_party_share" doc:"weight of incidents by third parties"`
	SimmeringPerY PerYear `toml:"simmering_per_y" doc:"detected incidents a year from which an armistice simmers"`
	Detection     Prob    `toml:"detection" doc:"chance that the monitors see an incident and open a case"`
	MaskedProb    Prob    `toml:"masked_prob" doc:"chance that a limited attack begins under a disguise that has to be seen through"`
	MaskedSeenD   Days    `toml:"masked_seen_d" doc:"mean time to see a disguised attack for what it is, with perfect detection"`
	UnmaskKm      Km      `toml:"unmask_km" doc:"a front that has moved so far is no incident any more"`
}

func (c *Ceasefire) check(bad func(key, format string, args ...any)) {
	if c.Directed+c.Proxy+c.Accident+c.Ukrainian+c.ThirdParty == 0 {
		bad("ceasefire.directed_share", "the share of every actor is 0")
	}
}

// actor is who is truly behind an incident.
type actor uint8

const (
	directed actor = iota
	proxy
	accident
	ukrainian
	thirdParty
	actors
)

func (a actor) String() string {
	return [...]string{"directed by Moscow", "by a proxy", "an accident", "by a Ukrainian unit", "by a third party"}[a]
}

// guilty says whether Moscow is responsible.
func (a actor) guilty() bool { return a == directed || a == proxy }

// share is an actor's share of the incidents. What the file gives are weights: a study that moves one
// of them moves all shares.
func (c *Ceasefire) share(a actor) float64 {
	sum := c.Directed + c.Proxy + c.Accident + c.Ukrainian + c.ThirdParty
	return float64([actors]Share{c.Directed, c.Proxy, c.Accident, c.Ukrainian, c.ThirdParty}[a] / sum)
}

// remembered is how many incidents tension can rest on.
const remembered = 16

// ceasefire is the state of the armistice.
type ceasefire struct {
	luck struct{ detect stream }

	sources  [actors]source
	cases    pool[incident]
	opened   uint64             // incidents so far
	counts   [actors + 1]uint64 // of each actor, and of probes, which numbers their luck
	holds    bool
	seen     [remembered]sim.Time // when the last detected incidents were, a ring
	seenNext int
}

func (c *ceasefire) build(w *war) {
	c.luck.detect = w.luck.Stream("ceasefire/detect")
	for a := range c.sources {
		c.sources[a].luck = w.luck.Stream("ceasefire/source/" + actor(a).String())
	}
}

func (c *ceasefire) reset(w *war) {
	c.cases.reset()
	c.opened, c.counts, c.holds, c.seenNext = 0, [actors + 1]uint64{}, true, 0
	for i := range c.seen {
		c.seen[i] = -1
	}
	for a := range c.sources {
		s := &c.sources[a]
		s.actor = actor(a)
		s.year = w.engine.Now()
		s.turns = true
		s.Fire(w)
	}
}

// source is one actor's stream of flare-ups. Its intensity is drawn anew each year from a gamma
// distribution, so that yearly counts are negative binomial.
type source struct {
	luck  stream
	actor actor
	rate  float64 // [1/d]
	year  sim.Time
	turns bool // the next event is the turn of the year and no flare-up
	flare bool // the last event was a flare-up
	next  sim.Handle
}

func (s *source) about() (string, string) {
	if s.flare {
		return "ceasefire", "flare-up"
	}
	return "ceasefire", "year turns"
}

func (s *source) Fire(w *war) {
	s.flare = !s.turns
	if s.turns {
		c := &w.Ceasefire
		mean := float64(c.FlareUpsPerY) * c.share(s.actor) / 365
		s.rate = s.luck.Gamma(float64(c.Dispersion), mean)
		s.year = w.engine.Now().Add(365 * sim.Day)
	} else {
		w.ceasefire.open(w, s.actor, false)
	}
	s.turns = true
	next := s.year
	if s.rate > 0 {
		if flare := w.engine.Now().Add(sim.Days(min(s.luck.Exp(1/s.rate), longest))); flare < s.year {
			s.turns, next = false, flare
		}
	}
	s.next = w.engine.At(next, s)
}

// open begins an incident; if the monitors see it, a case of attribution begins with it.
func (c *ceasefire) open(w *war, by actor, probe bool) {
	c.opened++
	w.outcome.FlareUps++
	kind := by
	if probe {
		kind = actors
	}
	c.counts[kind]++
	number := uint64(kind)<<32 | c.counts[kind]
	luck := c.luck.detect.Numbered(number)
	if !luck.Happens(float64(w.Ceasefire.Detection)) {
		w.note(func() string { return fmt.Sprintf("incident %d, %s: nobody sees it", c.opened, by) })
		return
	}
	w.outcome.Detected++
	w.note(func() string { return fmt.Sprintf("incident %d, %s: seen, a case is opened", c.opened, by) })
	now := w.engine.Now()
	c.seen[c.seenNext%len(c.seen)] = now
	c.seenNext++
	w.escalation.incident(w)
	w.attribution.begin(w, number, by, 1)
}

// recently counts detected incidents of the last days, as far as the ring remembers.
func (c *ceasefire) recently(w *war, days float64) int {
	n, since := 0, w.engine.Now().Sub(sim.Time(0))-sim.Days(days)
	for _, t := range c.seen {
		if t >= 0 && t.Sub(sim.Time(0)) >= since {
			n++
		}
	}
	return n
}

// lapse ends the armistice: flare-ups are now part of the war.
func (c *ceasefire) lapse(w *war) {
	c.holds = false
	for a := range c.sources {
		w.engine.Cancel(c.sources[a].next)
	}
}

// attackSeen is the moment at which the monitors know an attack for what it is.
type attackSeen struct{}

func (*attackSeen) about() (string, string) { return "ceasefire", "attack detected" }
func (e *attackSeen) Fire(w *war) {
	p := &w.washington
	if p.detected || !w.attack.active {
		return
	}
	w.attack.alertAfter = min(w.attack.alertAfter, inDays(w.engine.Now().Sub(w.attack.dDay)))
	if w.shut(GateDetection) {
		return
	}
	p.detected = true
	p.hold(w, GateAttribution)
	w.note(func() string {
		if w.attack.masked {
			return "the disguised attack is seen for more than an incident"
		}
		return "the attack is open and seen for what it is"
	})
	w.attribution.seen(w)
}

// unmask makes a disguised attack that has gone too far as plain as any other.
func (p *washington) unmask(w *war) {
	if !w.attack.masked || p.attributed || w.ground.furthest() < float64(w.Ceasefire.UnmaskKm) {
		return
	}
	w.attack.masked = false
	if p.disguise != nil {
		w.engine.Cancel(p.disguise.next)
		w.ceasefire.cases.give(p.disguise)
		p.disguise = nil
	}
	if p.detected {
		w.attribution.seen(w)
		return
	}
	w.engine.After(0, &p.see)
}
