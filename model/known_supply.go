package model

import (
	"math"

	"tripwire/sim"
)

// targets is what strikes and repair leave of a network: each target falls at a rate and is mended after an
// exponential time, apart from all others.
func (k knowns) targets() {
	// One that stands at the start and falls at .05 a day, with 5 days of repair: the renewal equation.
	const n = 100_000
	k.mean("renewal/p-up-after-7-d", renewed("renewal", n, .05, 5, 7), .83475478869008903)

	// Four rail links of capacity 100 feed a demand of 250.
	up, cut, ratio := interdicted("links", 2_000, 500, 4, .10, 6, 400.0/250)
	k.mean("links/up", up, .625)
	k.mean("links/all-cut", cut, .019775390625)
	k.mean("links/supply-ratio", ratio, .835205078125)
}

// network is a war in which rail links are all that counts: so many, mended after repairD days, and with a
// throughput of so much of the demand while all stand, which nobody stores.
func network(name string, links int64, perD, repairD, slack float64) (*war, *raidOnLinks) {
	w := bare(func(s *Scenario) {
		p := &s.Strike
		p.RailNodes, p.RepairRailD, p.RepairScale = Count(links), Days(repairD), 1
		p.AimRail, p.PkRail = 1, 1
		p.RailShare, p.Slack, p.TruckKm, p.RailheadKm = 1, Ratio(slack), 1, 1
	})
	w.ground.attacked = append(w.ground.attacked, &w.ground.axes[0])
	return w, &raidOnLinks{luck: luckOf(name), perD: perD}
}

// raidOnLinks strikes each link that stands at a rate a day.
type raidOnLinks struct {
	luck stream
	perD float64
}

func (r *raidOnLinks) begin(w *war) {
	w.engine.Reset()
	w.strike.reset(w)
	w.supply.reset()
	w.supply.fill(w)
	r.wait(w)
}

func (r *raidOnLinks) wait(w *war) {
	total := float64(w.strike.sets[railNode].total)
	w.engine.After(sim.Days(r.luck.Exp(1/(r.perD*total))), r)
}

func (r *raidOnLinks) Fire(w *war) {
	// A raid on a link that is down already finds nothing.
	if r.luck.Happens(w.strike.sets[railNode].share()) {
		w.strike.hit(w, american, 1, r.luck, 1)
	}
	r.wait(w)
}

// renewed is 1 for each of n times that a target stands after so many days.
func renewed(name string, n int, perD, repairD, days float64) draws {
	w, r := network(name, 1, perD, repairD, 1)
	rep := uint64(0)
	return drawn(n, func() float64 {
		w.luck.Reset(1, rep)
		rep++
		r.begin(w)
		w.engine.Run(w, sim.Time(sim.Days(days)))
		return w.strike.sets[railNode].share()
	})
}

// interdicted looks at a network once a day, in histories of so many days after long enough: the share of links that
// stand, the share of days on which none does, and the mean supply ratio of an axis, by history.
func interdicted(name string, histories, days int, links int64, perD, repairD, slack float64) (up, cut, ratio draws) {
	w, r := network(name, links, perD, repairD, slack)
	const longEnough = 100 * sim.Day
	up, cut, ratio = make(draws, histories), make(draws, histories), make(draws, histories)
	for h := range histories {
		w.luck.Reset(1, uint64(h))
		r.begin(w)
		w.engine.Run(w, sim.Time(longEnough))
		for range days {
			w.engine.Run(w, w.engine.Now().Add(sim.Day))
			w.supply.bring(w)
			share := w.strike.sets[railNode].share()
			up[h] += share / float64(days)
			if share == 0 {
				cut[h] += 1 / float64(days)
			}
			ratio[h] += w.supply.ratio(0) / float64(days)
		}
	}
	return up, cut, ratio
}

// sorties is what keeps two aircraft on station for four hours each, two hours from their base, with six
// hours on the ground.
func (k knowns) sorties() {
	aircraft, sorties := shuttle(2, 4, 2, 6)
	k.exact("cap/aircraft", float64(aircraft), 7)
	k.exact("cap/sorties-per-d", sorties, 12)
}

// queue is the M/M/1 queue, by the engine and the streams on which the war runs, at a load of .8.
func (k knowns) queue() {
	number, se := queued("mm1", 250_000, .8)
	k.estimated("mm1/number", number, se, 4)
}

// queued is the mean number in the system of an M/M/1 queue, over so many cycles from one arrival at an empty
// system to the next. Cycles are independent, so the standard error is that of a ratio.
func queued(name string, cycles int, load float64) (number, se float64) {
	s := &station{luck: luckOf(name), between: 1 / load, left: cycles}
	s.engine.After(0, &s.arrival)
	s.engine.Run(s, sim.Time(sim.MaxSpan))
	area, length := 0.0, 0.0
	for i := range cycles {
		area += s.areas[i]
		length += s.lengths[i]
	}
	number = area / length
	squares := 0.0
	for i := range cycles {
		off := s.areas[i] - float64(number*s.lengths[i])
		squares += float64(off * off)
	}
	return number, math.Sqrt(squares) / length
}

// A station serves who comes, one at a time, in a minute on average.
type station struct {
	engine         sim.Engine[station]
	luck           stream
	between        float64 // mean time between arrivals [min]
	n              int     // in the system
	at             sim.Time
	left           int       // cycles still to begin
	areas, lengths []float64 // of each cycle: number in the system over time, and time [d]
	arrival        customerComes
	service        customerServed
}

// after schedules an event within an exponential time [min].
func (s *station) after(mean float64, ev sim.Event[station]) {
	s.engine.After(sim.Hours(s.luck.Exp(mean)/60), ev)
}

// spend brings the cycle up to now.
func (s *station) spend() {
	if last := len(s.areas) - 1; last >= 0 {
		days := inDays(s.engine.Now().Sub(s.at))
		s.areas[last] += float64(float64(s.n) * days)
		s.lengths[last] += days
	}
	s.at = s.engine.Now()
}

type customerComes struct{}

func (e *customerComes) Fire(s *station) {
	s.spend()
	if s.n == 0 {
		if s.left == 0 {
			s.engine.Stop()
			return
		}
		s.left--
		s.areas, s.lengths = append(s.areas, 0), append(s.lengths, 0)
		s.after(1, &s.service)
	}
	s.n++
	s.after(s.between, e)
}

type customerServed struct{}

func (e *customerServed) Fire(s *station) {
	s.spend()
	if s.n--; s.n > 0 {
		s.after(1, e)
	}
}
