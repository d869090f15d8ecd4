package model

import "fmt"

// Theatre is the six axes along which Russia can attack. An axis is one-dimensional: depth in km
// behind the armistice line, through belts of fortification to an objective.
type Theatre struct {
	Donbas       Axis `toml:"donbas"`
	Zaporizhzhia Axis `toml:"zaporizhzhia"`
	Kharkiv      Axis `toml:"kharkiv"`
	Sumy         Axis `toml:"sumy"`
	Kyiv         Axis `toml:"kyiv"`
	Kherson      Axis `toml:"kherson"`
}

// Axis describes one axis of advance.
type Axis struct {
	Name         Name   `toml:"name" doc:"the axis in traces and figures"`
	FrontageKm   Km     `toml:"frontage_km" doc:"length of the line on this axis"`
	ObjectiveKm  Km     `toml:"objective_km" doc:"depth at which the axis's objective falls"`
	BeltScale    Factor `toml:"belt_scale" doc:"depth of the prepared belt here against ground.belt_prepared_km"`
	Decides      bool   `toml:"decides" doc:"reaching this objective alone is the full aim"`
	FullShare    Share  `toml:"full_share" doc:"weight of this axis in a full invasion"`
	LimitedShare Share  `toml:"limited_share" doc:"weight of this axis in a limited attack"`
	WarShare     Share  `toml:"continued_share" doc:"weight of this axis if the terms are refused and the war goes on"`
	UkraineShare Share  `toml:"ukraine_share" doc:"weight of this axis in Ukraine's defence"`
	Hub          bool   `toml:"hub" doc:"a hub of the reassurance force stands behind this axis"`
}

const axes = 6

// all lists the axes in their fixed order. Luck is keyed by this order, never by the name.
func (t *Theatre) all() [axes]*Axis {
	return [axes]*Axis{&t.Donbas, &t.Zaporizhzhia, &t.Kharkiv, &t.Sumy, &t.Kyiv, &t.Kherson}
}

// weights are the four ways in which a force is spread over the axes. What the file gives are weights:
// only their ratios count, so that a study may move one without another.
func (a *Axis) weights() [4]Share {
	return [4]Share{a.LimitedShare, a.FullShare, a.WarShare, a.UkraineShare}
}

const (
	spreadLimited = iota
	spreadFull
	spreadContinued
	spreadUkraine
)

// spread is the share of a force that stands on each axis, its reserve apart.
func (t *Theatre) spread(which int, reserve Share) (shares [axes]float64) {
	sum := 0.0
	for i, a := range t.all() {
		shares[i] = float64(a.weights()[which])
		sum += shares[i]
	}
	for i := range shares {
		shares[i] = shares[i] / sum * float64(1-reserve)
	}
	return shares
}

// attackers is the share of an attacking force on each axis.
func (s *Scenario) attackers(k Kind) [axes]float64 {
	switch k {
	case LimitedAttack:
		return s.Theatre.spread(spreadLimited, 0)
	case FullInvasion:
		return s.Theatre.spread(spreadFull, s.Russia.ReserveShare)
	}
	return s.Theatre.spread(spreadContinued, 0)
}

// AttackedKm is the width that so many people attack on the first day, over all axes [km]. The kind
// NoInvasion stands for the war that goes on where the terms are refused.
func (s *Scenario) AttackedKm(k Kind, people Count) float64 {
	width, shares := 0.0, s.attackers(k)
	for i, a := range s.Theatre.all() {
		width += s.Ground.meet(shares[i]*float64(people), 1, float64(a.FrontageKm), 1).width
	}
	return width
}

// defenders is the share of Ukraine's ground force on each axis.
func (s *Scenario) defenders() [axes]float64 {
	return s.Theatre.spread(spreadUkraine, s.Ukraine.ReserveShare)
}

func (t *Theatre) check(bad func(key, format string, args ...any)) {
	for which, key := range [4]string{"limited_share", "full_share", "continued_share", "ukraine_share"} {
		sum := 0.0
		for _, a := range t.all() {
			sum += float64(a.weights()[which])
		}
		if sum == 0 {
			bad("axis.donbas."+key, "the %s of every axis is 0", key)
		}
	}
}

// fortification is the class of a belt: how much it favours the defender.
type fortification uint8

const (
	prepared fortification = iota
	hasty
	open
	classes
)

func (f fortification) String() string { return [...]string{"prepared", "hasty", "open"}[f] }

// weaker is the class that a belt counts as after a breach.
func (f fortification) weaker() fortification {
	if f == open {
		return open
	}
	return f + 1
}

// belt is a stretch of an axis of one class, up to a depth.
type belt struct {
	class fortification
	until float64 // km from the armistice line
}

// belts lists what an axis holds in front of open country. Neighbours of one class are one belt, so
// that how a file cuts a belt into pieces cannot matter.
func belts(pieces ...belt) []belt {
	var out []belt
	for _, p := range pieces {
		switch {
		case len(out) > 0 && p.until <= out[len(out)-1].until:
		case len(out) > 0 && out[len(out)-1].class == p.class:
			out[len(out)-1].until = p.until
		default:
			out = append(out, p)
		}
	}
	return out
}

// beltEntered is a front that has come to a belt of another class.
type beltEntered struct {
	axis  *axis
	class fortification
}

func (*beltEntered) about() (string, string) { return "theatre", "belt entered" }
func (e *beltEntered) Fire(w *war) {
	w.note(func() string {
		return fmt.Sprintf("%s: the front is at %.1f km and meets %s ground", e.axis.Name, e.axis.front, e.class)
	})
}

// objectiveReached is a front that has come to the depth of its objective.
type objectiveReached struct{ axis *axis }

func (*objectiveReached) about() (string, string) { return "theatre", "objective reached" }
func (e *objectiveReached) Fire(w *war) {
	a := e.axis
	w.note(func() string {
		return fmt.Sprintf("%s: the objective at %.0f km falls on day %.0f of the war",
			a.Name, a.objective, inDays(w.engine.Now().Sub(w.attack.dDay)))
	})
	w.attack.anyFell = true
}
