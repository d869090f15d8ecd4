package model

import (
	"fmt"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Sea describes the lane to Ukraine's Black Sea ports: what threatens a ship, what insurers make of
// it, and who clears mines.
type Sea struct {
	Enabled      bool    `toml:"enabled" doc:"coalition ships clear and watch the lane"`
	ShipsPerD    PerDay  `toml:"ships_per_d" doc:"transits a day on an open lane"`
	MtPerMonth   Cargo   `toml:"mt_per_month" doc:"cargo of that flow [Mt a month]"`
	PArmistice   Prob    `toml:"p_hit_armistice" doc:"chance that a transit is hit in the armistice, mines not counted"`
	PHarassed    Prob    `toml:"p_hit_harassed" doc:"the same under harassment"`
	PBlockade    Prob    `toml:"p_hit_blockade" doc:"the same under blockade"`
	PMine        Prob    `toml:"p_hit_mine" doc:"chance that a transit is hit by any one mine in the lane"`
	MinesAtStart Count   `toml:"mines" doc:"mines in the lane at the armistice"`
	MinesLaid    Count   `toml:"mines_laid" doc:"mines laid at the opening of a blockade"`
	DriftPerY    PerYear `toml:"mines_adrift_per_y" doc:"mines that drift into the lane in a year"`
	Sweepers     Few     `toml:"sweepers" doc:"mine-countermeasure ships at work"`
	SweepPerD    PerDay  `toml:"sweep_per_d" doc:"share of the mines that one such ship clears in a day"`
	BlockadeProb Prob    `toml:"blockade_prob" doc:"chance that a full invasion brings a blockade, and not harassment alone"`
	HarassProb   Prob    `toml:"harass_prob" doc:"chance that a limited attack, or coercion, brings harassment"`
	HarassD      Days    `toml:"harass_d" doc:"mean length of harassment by coercion"`
	Limit        Prob    `toml:"insurers_limit" doc:"perceived chance of a hit at which flow halves"`
	CloseFactor  Factor  `toml:"close_factor" doc:"the lane closes at so many times that chance"`
	PerceiveD    Days    `toml:"perceive_half_d" doc:"half-life of perceived risk"`
	RecoverD     Days    `toml:"recover_half_d" doc:"half-life of the recovery of flow"`
	PortLoss     Factor  `toml:"port_loss_per_leaker" doc:"share of port capacity that a leaker takes away"`
	PortRepairD  Days    `toml:"port_repair_d" doc:"time constant with which ports are mended"`
	StraitsOpen  bool    `toml:"straits_open" doc:"the Straits are open to warships of other states (Montreux)"`
	Escorts      Few     `toml:"escorts" doc:"warships of other states that would escort, if the Straits were open"`
	EscortShare  Share   `toml:"escort_share" doc:"share of the attacks on ships that one escort prevents"`
}

// regime is what Russia does to shipping.
type regime uint8

const (
	openLane regime = iota
	harassed
	blockade
	regimes
)

func (r regime) String() string { return [...]string{"left alone", "harassed", "blockaded"}[r] }

// sea is the state of the lane.
type sea struct {
	luck struct{ hit, choice stream }
	kept struct{ perceived, flow, mines float64 } // shares that are left after a week: of a risk, of a gap in the flow, of mines
	miss float64                                  // log chance that a mine misses a ship
	hit  [regimes]float64                         // chance that a transit is hit, mines not counted

	regime    regime
	mines     float64
	perceived float64 // chance of a hit, as insurers see it
	flow      float64 // share of the full flow
	closed    bool
	ports     damage
	batches   uint64
	batch     transit
	over      harassmentOver
}

func (s *sea) build(w *war) {
	s.luck.hit, s.luck.choice = w.luck.Stream("sea/hit"), w.luck.Stream("sea/choice")
	p := &w.Sea
	s.kept.perceived, s.kept.flow = decay(week, float64(p.PerceiveD)), decay(week, float64(p.RecoverD))
	s.kept.mines = 1
	if p.Enabled {
		s.kept.mines = portable.Exp(-float64(p.Sweepers) * float64(p.SweepPerD) * week)
	}
	s.miss = portable.Log1p(-min(float64(p.PMine), 0.999999))
	for r, chance := range [regimes]Prob{p.PArmistice, p.PHarassed, p.PBlockade} {
		s.hit[r] = float64(chance)
		if p.StraitsOpen {
			for range p.Escorts {
				s.hit[r] *= 1 - float64(p.EscortShare)
			}
		}
	}
}

func (s *sea) reset(w *war) {
	*s = sea{luck: s.luck, kept: s.kept, miss: s.miss, hit: s.hit, flow: 1, mines: float64(w.Sea.MinesAtStart)}
	w.engine.After(7*sim.Day, &s.batch)
}

// attacked brings the war to the lane.
func (s *sea) attacked(w *war) {
	p := &w.Sea
	luck := s.luck.choice.Numbered(0)
	u := luck.Uniform()
	switch {
	case w.attack.kind == FullInvasion && u < float64(p.BlockadeProb):
		s.regime = blockade
		s.mines += float64(p.MinesLaid)
	case w.attack.kind == FullInvasion, u < float64(p.HarassProb):
		s.regime = harassed
	default:
		s.regime = openLane
	}
	w.note(func() string { return "shipping: " + s.regime.String() })
}

// coerce harasses shipping for a time, as a part of coercion in the armistice.
func (s *sea) coerce(w *war) {
	hit, length := s.luck.choice.Happens(float64(w.Sea.HarassProb)), s.luck.choice.Exp(float64(w.Sea.HarassD))
	if !hit || s.regime != openLane {
		return
	}
	s.regime = harassed
	w.note(func() string { return fmt.Sprintf("shipping is harassed for %.0f days", length) })
	w.engine.After(sim.Days(min(length, longest)), &s.over)
}

// harassmentOver ends harassment by coercion.
type harassmentOver struct{}

func (*harassmentOver) about() (string, string) { return "sea", "harassment ends" }
func (e *harassmentOver) Fire(w *war) {
	if w.ceasefire.holds {
		w.sea.regime = openLane
	}
}

// bombed is leakers on ports.
func (s *sea) bombed(w *war, n int64) {
	if n > 0 {
		s.ports.add(w.engine.Now(), float64(w.Sea.PortRepairD), n, float64(w.Sea.PortLoss))
	}
}

// danger is the true chance that a transit is hit: attackers and mines, each missing independently (model.md: Sea).
func (s *sea) danger() float64 {
	miss := float64((1 - s.hit[s.regime]) * portable.Exp(float64(s.mines*s.miss)))
	return 1 - miss
}

// week is the span of a transit [d].
const week = 7.0

// transit is a week of shipping.
type transit struct{}

func (*transit) about() (string, string) { return "sea", "transits" }
func (e *transit) Fire(w *war) {
	s, p := &w.sea, &w.Sea
	s.batches++
	luck := s.luck.hit.Numbered(s.batches)
	now := w.engine.Now()
	s.mines += float64(p.DriftPerY) * week / 365
	s.mines *= s.kept.mines
	capacity := 1 - s.ports.now(now, float64(p.PortRepairD))
	flow := min(s.flow, capacity)
	ships := float64(p.ShipsPerD) * week * flow
	hits := luck.Poisson(ships * s.danger())
	w.outcome.ShipsHit += hits
	w.outcome.FlowLostMt += float64(float64(p.MtPerMonth) * week / 30 * (1 - flow))

	// Insurers see hits among ships; without ships they see the last ones, and forget.
	keep := s.kept.perceived
	seen := float64(p.PArmistice)
	if ships > 0 {
		seen = float64(hits) / ships
	} else if s.regime != openLane {
		seen = s.perceived
	}
	s.perceived = float64(keep*s.perceived) + float64((1-keep)*seen)
	wanted, was := 1.0, s.closed
	s.closed = s.perceived > float64(float64(p.Limit)*float64(p.CloseFactor))
	switch {
	case s.closed:
		wanted = 0
	case s.perceived > float64(p.Limit):
		wanted = 0.5
	}
	if wanted < s.flow {
		s.flow = wanted // ships turn back at once, and come back slowly
	} else {
		s.flow = wanted - float64((wanted-s.flow)*s.kept.flow)
	}
	if hits > 0 || was != s.closed {
		w.note(func() string {
			word := ""
			if was != s.closed {
				word = map[bool]string{true: "; the lane closes", false: "; the lane opens again"}[s.closed]
			}
			return fmt.Sprintf("%d of %.0f ships hit, perceived risk %.4f, flow %.0f%%%s", hits, ships, s.perceived, 100*s.flow, word)
		})
	}
	w.engine.After(7*sim.Day, e)
}
