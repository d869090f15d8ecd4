package model

import (
	"fmt"

	"tripwire/sim"
)

// target is a class of targets.
type target uint8

const (
	bridge target = iota
	railNode
	depot
	airfield
	commandPost
	fuelSite
	targets
)

func (t target) String() string {
	return [...]string{"bridge", "rail node", "depot", "airfield", "command post", "fuel site"}[t]
}

func (s *Strike) count(t target) Count {
	return [targets]Count{s.Bridges, s.RailNodes, s.Depots, s.Airfields, s.C2, s.Fuel}[t]
}
func (s *Strike) pk(t target) float64 {
	return float64([targets]Prob{s.PkBridge, s.PkRail, s.PkDepot, s.PkAirfield, s.PkC2, s.PkFuel}[t])
}
func (s *Strike) repairD(t target) float64 {
	return float64([targets]Days{s.RepairBridgeD, s.RepairRailD, s.RepairDepotD, s.RepairAirfieldD, s.RepairC2D, s.RepairFuelD}[t])
}
func (s *Strike) aims() [targets]float64 {
	return [targets]float64{float64(s.AimBridges), float64(s.AimRail), float64(s.AimDepots),
		float64(s.AimAirfields), float64(s.AimC2), float64(s.AimFuel)}
}

// targetSet is a class of repairable targets: how many stand, and, for bridges, how many of the
// fallen have a pontoon beside them.
type targetSet struct {
	total, up, pontoons int64
	inUse               float64 // share
}

// set makes so many stand.
func (t *targetSet) set(up int64) {
	t.up, t.inUse = up, 1
	if t.total > 0 {
		t.inUse = float64(up) / float64(t.total)
	}
}

// share is the share that is in use.
func (t *targetSet) share() float64 { return t.inUse }

// repair is the return of one target: for a bridge, first its pontoon.
type repair struct {
	target  target
	pontoon bool    // what is ready now is the pontoon
	rest    float64 // days from the pontoon to the bridge
	laid    bool    // a pontoon stands beside it
}

func (r *repair) about() (string, string) { return "strike", "repair" }
func (r *repair) Fire(w *war) {
	w.supply.bring(w)
	t := &w.strike.sets[r.target]
	if r.pontoon {
		t.pontoons++
		r.pontoon, r.laid = false, true
		w.note(func() string { return "a pontoon is laid beside a fallen bridge" })
		w.engine.After(sim.Days(min(r.rest, longest)), r)
		return
	}
	if r.laid {
		t.pontoons--
	}
	t.set(t.up + 1)
	w.note(func() string { return fmt.Sprintf("one %s more is back in use: %d of %d", r.target, t.up, t.total) })
	w.strike.repairs.give(r)
}

// hit takes n targets, chosen by aim and by how well each class falls, out of use, as far as they
// stand within reach, and sets their repair going. It returns how many fell.
func (s *strike) hit(w *war, by campaign, n int64, luck stream, reach float64) int {
	if n == 0 {
		return 0
	}
	w.supply.bring(w)
	fell := 0
	for range n {
		t := s.choose(luck.Uniform())
		set := &s.sets[t]
		safe := int64(float64(set.total) * (1 - reach))
		if set.up <= safe {
			continue
		}
		set.set(set.up - 1)
		fell++
		s.mend(w, by, t)
	}
	return fell
}

// choose picks the class of a target that has fallen.
func (s *strike) choose(u float64) target {
	u *= s.pk
	for t := range targets {
		if u -= s.falls[t]; u < 0 {
			return t
		}
	}
	return targets - 1
}

// mend schedules the return of a target.
func (s *strike) mend(w *war, by campaign, t target) {
	p := &w.Strike
	s.kills[by]++
	luck := s.luck.repair.Numbered(uint64(by)<<40 | s.kills[by])
	scale := float64(p.RepairScale)
	whole := float64(luck.Exp(1) * s.repairD[t] * scale)
	r := s.repairs.take()
	*r = repair{target: t}
	wait := whole
	if t == bridge {
		if pontoon := float64(luck.Exp(1) * float64(p.RepairPontoonD) * scale); pontoon < whole {
			r.pontoon, r.rest, wait = true, whole-pontoon, pontoon
		}
	}
	w.engine.After(sim.Days(min(wait, longest)), r)
}
