package model

import (
	"fmt"
	"math"
	"time"

	"tripwire/sim"
)

// PURL describes American weapons for Ukraine that others pay for: money becomes packages, packages
// become deliveries, never more than production allows.
type PURL struct {
	Enabled    bool    `toml:"enabled" doc:"weapons are bought for Ukraine"`
	Payer      Payer   `toml:"payer" doc:"who pays: europe, or united-states"`
	Wanted     Dollars `toml:"wanted_musd_per_month" doc:"money asked for a month [USD million]"`
	Realised   Factor  `toml:"realised_share" doc:"share of it that Europe finds"`
	RealisedUS Factor  `toml:"realised_us_share" doc:"share of it that the United States would find"`
	Package    Dollars `toml:"package_musd" doc:"price of a package [USD million]"`
	LagD       Delay   `toml:"delivery_lag_d" doc:"time from pledge to delivery"`
	PerPackage Factor  `toml:"interceptors_per_package" doc:"interceptors in a package"`
	PerY       PerYear `toml:"interceptors_per_y" doc:"most interceptors that production leaves for Ukraine in a year"`
	GrowthPerY Factor  `toml:"interceptors_growth_per_y" doc:"yearly growth of that number"`
	Missiles   Factor  `toml:"missiles_per_package" doc:"long-range missiles in a package"`
	WarFactor  Factor  `toml:"war_factor" doc:"money in a renewed war against money in the armistice"`
}

// Payer is who pays for weapons.
type Payer string

const (
	Europe       Payer = "europe"
	UnitedStates Payer = "united-states"
)

func (p Payer) Allowed() (string, bool) {
	return `must be "europe" or "united-states"`, p == Europe || p == UnitedStates
}

// monthly is the money that is found in a month [USD million].
func (p *PURL) monthly() float64 {
	if !p.Enabled {
		return 0
	}
	share := p.Realised
	if p.Payer == UnitedStates {
		share = p.RealisedUS
	}
	return float64(p.Wanted) * float64(share)
}

// purl is the state of deliveries.
type purl struct {
	quota      float64 // interceptors that production has left for Ukraine and nobody has bought
	quotaAt    sim.Time
	fraction   float64 // of an interceptor
	missiles   float64 // delivered, not yet fired
	pledge     pledge
	deliveries pool[delivery]
}

func (p *purl) reset(w *war) {
	*p = purl{deliveries: p.deliveries, missiles: float64(w.Strike.UkraineMissiles)}
	p.deliveries.reset()
	if w.PURL.monthly() > 0 && w.PURL.Package > 0 {
		w.engine.After(p.gap(w), &p.pledge)
	}
}

// gap is the time between packages, at the money that is found now.
func (p *purl) gap(w *war) time.Duration {
	money := w.PURL.monthly()
	if w.attack.active {
		money *= float64(w.PURL.WarFactor)
	}
	if money <= 0 {
		return sim.Days(longest)
	}
	return sim.Days(min(float64(w.PURL.Package)/money*30, longest))
}

// allow lets production add to the quota; it cannot be saved beyond half a year.
func (p *purl) allow(w *war) {
	now, c := w.engine.Now(), &w.PURL
	years := now.Days() / 365
	rate := float64(c.PerY) * (1 + float64(float64(c.GrowthPerY)*years)) / 365
	p.quota = min(p.quota+float64(rate*inDays(now.Sub(p.quotaAt))), rate*182)
	p.quotaAt = now
}

// pledge is one package paid for.
type pledge struct{}

func (*pledge) about() (string, string) { return "purl", "package pledged" }
func (e *pledge) Fire(w *war) {
	p := &w.purl
	p.allow(w)
	n := min(float64(w.PURL.PerPackage), p.quota)
	p.quota -= n
	d := p.deliveries.take()
	*d = delivery{interceptors: n, missiles: float64(w.PURL.Missiles)}
	w.engine.After(sim.Days(float64(w.PURL.LagD)), d)
	w.engine.After(p.gap(w), e)
}

// delivery is one package that arrives.
type delivery struct{ interceptors, missiles float64 }

func (*delivery) about() (string, string) { return "purl", "package delivered" }
func (d *delivery) Fire(w *war) {
	p := &w.purl
	whole := math.Floor(d.interceptors + p.fraction)
	p.fraction += d.interceptors - whole
	w.airdefence.interceptors += int64(whole)
	w.airdefence.empty = w.airdefence.empty && w.airdefence.interceptors == 0
	p.missiles += d.missiles
	w.note(func() string {
		return fmt.Sprintf("%.0f interceptors arrive, %d in stock", whole, w.airdefence.interceptors)
	})
	p.deliveries.give(d)
}
