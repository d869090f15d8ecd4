package model

import (
	"math"

	"tripwire/sim/portable"
)

// Ground describes land combat: attrition of the Helmbold family, advance by the ratio of forces in
// contact, and the rare change from grinding to breakthrough. Forms and constants: docs/model.md,
// "Ground", from the prototype's calibration against 2025 and the ETO 1944-45 engagements.
type Ground struct {
	HelmboldW         Share    `toml:"helmbold_w" doc:"Helmbold exponent: 1 is Lanchester's square law, 0 the logarithmic law"`
	LossPrepared      PerDay   `toml:"loss_prepared_per_d" doc:"attacker's daily loss in contact against prepared ground, at the reference ratio"`
	LossHasty         PerDay   `toml:"loss_hasty_per_d" doc:"attacker's daily loss in contact against hasty ground"`
	LossOpen          PerDay   `toml:"loss_open_per_d" doc:"attacker's daily loss in contact in the open"`
	ReferenceRatio    Ratio    `toml:"reference_ratio" doc:"strength ratio at which losses and exchange are quoted"`
	ExchangePrepared  Ratio    `toml:"exchange_prepared" doc:"attackers lost for each defender lost, prepared ground"`
	ExchangeHasty     Ratio    `toml:"exchange_hasty" doc:"attackers lost for each defender lost, hasty ground"`
	ExchangeOpen      Ratio    `toml:"exchange_open" doc:"attackers lost for each defender lost, in the open"`
	IntensitySigma    Sigma    `toml:"intensity_sigma" doc:"log standard deviation of the intensity of combat between engagement phases"`
	PausedIntensity   Share    `toml:"paused_intensity" doc:"intensity of combat on an axis that has stopped attacking"`
	AdvancePrepared   KmPerDay `toml:"advance_prepared_km_per_d" doc:"advance through prepared ground at the full force ratio"`
	AdvanceHasty      KmPerDay `toml:"advance_hasty_km_per_d" doc:"advance through hasty ground at the full force ratio"`
	AdvanceOpen       KmPerDay `toml:"advance_open_km_per_d" doc:"advance in exploitation at the full force ratio"`
	FortPrepared      Ratio    `toml:"fortification_prepared" doc:"factor on the defender's strength, prepared ground"`
	FortHasty         Ratio    `toml:"fortification_hasty" doc:"factor on the defender's strength, hasty ground"`
	FortOpen          Ratio    `toml:"fortification_open" doc:"factor on the defender's strength, in the open"`
	LeastRatio        Ratio    `toml:"least_ratio" doc:"force ratio at which an attack begins to move"`
	FullRatio         Ratio    `toml:"full_ratio" doc:"force ratio at which an advance is at full speed and a breach becomes possible"`
	SpreadPhase       Sigma    `toml:"spread_phase" doc:"log standard deviation of the force ratio between engagement phases"`
	SpreadWar         Sigma    `toml:"spread_war" doc:"log standard deviation of the force ratio between wars"`
	PhaseMinD         Delay    `toml:"phase_min_d" doc:"shortest engagement phase"`
	PhaseMeanD        Days     `toml:"phase_mean_d" doc:"mean length of a phase beyond the shortest"`
	SurpriseFull      Real     `toml:"surprise_full" doc:"log gain of force ratio in the opening of a full invasion"`
	SurpriseLimited   Real     `toml:"surprise_limited" doc:"log gain of force ratio in the opening of a limited attack"`
	SurpriseD         Delay    `toml:"surprise_d" doc:"days that the opening's gain lasts"`
	DensityPerKm      PerKm    `toml:"density_per_km" doc:"most people that fit in contact on a kilometre (force to space)"`
	ContactShare      Share    `toml:"contact_share" doc:"share of an axis's attackers that is in contact"`
	WidthShare        Share    `toml:"width_share" doc:"largest share of a frontage that is attacked"`
	CommitShare       Share    `toml:"commit_share" doc:"share of an axis's defenders that comes to the attacked strip"`
	CommitLocal       Factor   `toml:"commit_local" doc:"defenders at once on the attacked strip, against an even spread"`
	CommitD           Days     `toml:"commit_d" doc:"time constant of bringing defenders to the attacked strip"`
	Concentration     Ratio    `toml:"concentration" doc:"force ratio of the main effort against its axis"`
	BreachHazard      PerDay   `toml:"breach_hazard_per_d" doc:"hazard of an operational breach while the main effort has the full force ratio"`
	SealD             Days     `toml:"seal_d" doc:"mean time until a breach is sealed"`
	SealReserve       Factor   `toml:"seal_reserve_factor" doc:"sealing is so much faster with a reserve left"`
	SealCollapse      Factor   `toml:"seal_exhausted_factor" doc:"sealing is so much faster when the main effort is spent"`
	SealReservePeople Count    `toml:"seal_reserve_people" doc:"what counts as a reserve left"`
	SealExhausted     Factor   `toml:"seal_exhausted_ratio" doc:"a main effort below so many times the least ratio is spent"`
	BreachReserve     Share    `toml:"breach_reserve_share" doc:"share of either side's reserve that goes to a breach at once"`
	ReachKm           Km       `toml:"exploitation_reach_km" doc:"exploitation before it must pause for supply"`
	BeyondKm          Km       `toml:"beyond_km" doc:"an axis that stands so far beyond its objective goes over to the defence"`
	ReachPauseD       Delay    `toml:"exploitation_pause_d" doc:"length of that pause"`
	BeltPreparedKm    Km       `toml:"belt_prepared_km" doc:"depth of the prepared belt"`
	BeltHastyKm       Km       `toml:"belt_hasty_km" doc:"depth of hasty positions behind it"`
	DigInD            Days     `toml:"dig_in_d" doc:"a front that has stopped so long behind the prepared belt is dug in"`
	DigInKm           Km       `toml:"dig_in_km" doc:"depth of what is dug"`
	Culmination       Share    `toml:"culmination" doc:"net strength below which an axis stops attacking"`
	Resume            Share    `toml:"resume_share" doc:"it attacks again once it has made good so much of what was lost between full strength and culmination"`
	CulminationD      Delay    `toml:"culmination_pause_d" doc:"shortest pause after culmination"`
	CollapseStrength  Share    `toml:"collapse_strength" doc:"net strength below which a defence collapses and its ground counts a class weaker"`
	CounterScale      Factor   `toml:"counterattack_scale" doc:"speed of a Ukrainian counter-attack against a Russian advance at the same ratio"`
	ReservePerD       PerDay   `toml:"reserve_release_per_d" doc:"share of a reserve that goes each day to the worst axis"`
	GiveUpShare       Share    `toml:"give_up_share" doc:"share of their strength that axes not attacked give to the reserve"`
	SupplyElasticity  Factor   `toml:"supply_elasticity" doc:"exponent of the supply ratio in the speed of advance"`
}

func (g *Ground) check(bad func(key, format string, args ...any)) {
	if g.FullRatio <= g.LeastRatio {
		bad("ground.full_ratio", "%v must be above ground.least_ratio (%v)", float64(g.FullRatio), float64(g.LeastRatio))
	}
}

func (g *Ground) loss(c fortification) float64 {
	return float64([classes]PerDay{g.LossPrepared, g.LossHasty, g.LossOpen}[c])
}
func (g *Ground) exchange(c fortification) float64 {
	return float64([classes]Ratio{g.ExchangePrepared, g.ExchangeHasty, g.ExchangeOpen}[c])
}
func (g *Ground) speed(c fortification) float64 {
	return float64([classes]KmPerDay{g.AdvancePrepared, g.AdvanceHasty, g.AdvanceOpen}[c])
}
func (g *Ground) fort(c fortification) float64 {
	return float64([classes]Ratio{g.FortPrepared, g.FortHasty, g.FortOpen}[c])
}

// helmbold returns the strengths, t days on, of two sides that wear each other down by
//
//	dA/dt = -a A^(1-w) B^w      dB/dt = -b B^(1-w) A^w
//
// (Helmbold 1965; w = 1 is Lanchester's square law, w = 0 the logarithmic law of Peterson). In
// p = A^w and q = B^w the system is linear, so it has a closed form for every w. A side that is
// destroyed stays at 0, and the other keeps what it had then (model.md: Ground, Attrition).
func helmbold(a0, b0, a, b, w, t float64) (aLeft, bLeft float64) {
	if a0 <= 0 || b0 <= 0 {
		return max(a0, 0), max(b0, 0)
	}
	if w == 0 {
		return a0 * portable.Exp(-a*t), b0 * portable.Exp(-b*t)
	}
	p, q := power(a0, w), power(b0, w)
	if a == 0 || b == 0 {
		return root(max(p-float64(w*a*q*t), 0), w), root(max(q-float64(w*b*p*t), 0), w)
	}
	// p' = -wa q and q' = -wb p: with n = sqrt(a/b) q the modes p ± n decay and grow at wλ.
	lambda, scale := float64(w*math.Sqrt(a*b)), math.Sqrt(a/b)
	n := float64(scale * q)
	if p != n {
		// The weaker side, if any, is gone at T: tanh(λT) = ratio of weaker to stronger.
		weak, strong := p, n
		if n < p {
			weak, strong = n, p
		}
		// tanh x < x, so that T is beyond t unless weak/strong is less than λt; twice that is clear of rounding, and mostly
		// spares the logarithm.
		if weak < float64(2*lambda*t*strong) && t >= portable.Log((strong+weak)/(strong-weak))/(2*lambda) {
			left := math.Sqrt(float64((strong - weak) * (strong + weak)))
			if p > n {
				return root(left, w), 0
			}
			return 0, root(left/scale, w)
		}
	}
	grow := portable.Exp(lambda * t)
	up, down := float64((p-n)*grow/2), float64((p+n)/grow/2)
	return root(positive(down+up), w), root(positive(down-up)/scale, w)
}

// power is x^w, at the cost of a square root where the default exponent allows it.
func power(x, w float64) float64 {
	switch w {
	case 0.5:
		return math.Sqrt(x)
	case 1:
		return x
	}
	return portable.Pow(x, w)
}

// root undoes power.
func root(x, w float64) float64 {
	switch w {
	case 0.5:
		return x * x
	case 1:
		return x
	}
	return portable.Pow(x, 1/w)
}

// contact is the strip of an axis that is attacked and who meets on it.
type contact struct {
	width    float64 // km
	attacker float64 // people in contact
	defender float64
}

// meet is the contact of r attackers and b defenders of a frontage [km]: the attacker fills what force to space
// allows; of the defenders who are to come to the strip, the share arrived is there.
// See model.md: Ground, Contact.
func (g *Ground) meet(r, b, frontage, arrived float64) contact {
	rho := float64(g.DensityPerKm)
	width := min(float64(g.ContactShare)*r/rho, float64(g.WidthShare)*frontage)
	if width <= 0 {
		return contact{}
	}
	even := float64(g.CommitLocal) * width / frontage
	share := even + float64(positive(float64(g.CommitShare)-even)*arrived)
	room := rho * width
	come := b
	if share < 1 {
		come = b * share
	}
	if come > room {
		come = room
	}
	if r > room {
		r = room
	}
	return contact{width, r, come}
}

// arrived is the share of those who are to come to the attacked strip that is there t days after the alarm.
// See model.md: Ground, Contact.
func (g *Ground) arrived(t float64) float64 { return 1 - portable.Exp(-t/float64(g.CommitD)) }

// gain is the share of full speed at which a force ratio moves: none at the least ratio, all at the
// full ratio, and by the logarithm between (model.md: Ground, Advance).
func (g *ground) gain(p *Ground, ratio float64) float64 {
	if ratio <= float64(p.LeastRatio) {
		return 0
	}
	return min(1, portable.Log(ratio/float64(p.LeastRatio))/g.logRange)
}

// Success is the share of attacks at a force ratio that gain ground: those whose ratio, with the spread
// between phases and between wars, is above the least at which an attack moves.
func (g *Ground) Success(ratio float64) float64 {
	phase, war := float64(g.SpreadPhase), float64(g.SpreadWar)
	spread := math.Sqrt(float64(phase*phase) + float64(war*war))
	return portable.NormalCDF(portable.Log(ratio/float64(g.LeastRatio)) / max(spread, 1e-9))
}
