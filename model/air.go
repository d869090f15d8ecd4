package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/random"
)

// Air describes the contest in the air: coalition fighters that police the sky from outside Ukraine,
// and who controls the air over the front in a renewed war.
type Air struct {
	Enabled         bool     `toml:"enabled" doc:"coalition fighters police Ukraine's sky"`
	Fighters        Few      `toml:"fighters" doc:"coalition fighters"`
	FailuresPerD    PerDay   `toml:"failures_per_d" doc:"failures a day of a fighter that is in service"`
	RepairD         Days     `toml:"repair_d" doc:"mean time of a crew to mend a fighter"`
	Crews           Few      `toml:"repair_crews" doc:"repair crews"`
	SortiesPerD     PerDay   `toml:"sorties_per_d" doc:"sorties of five hours a day of a fighter in service"`
	SurgePerD       PerDay   `toml:"surge_per_d" doc:"the same in a surge"`
	SurgeD          Delay    `toml:"surge_d" doc:"length of the surge after D-day"`
	Orbits          Few      `toml:"orbits" doc:"orbits wanted, two fighters each"`
	StationH        Hours    `toml:"station_h" doc:"time on station [h]"`
	TurnH           Hours    `toml:"turn_h" doc:"time on the ground between sorties"`
	BaseKm          Km       `toml:"base_km" doc:"distance of the bases from the orbits"`
	SpeedKmPerH     KmPerH   `toml:"speed_km_per_h" doc:"speed in transit [km/h]"`
	ClosestKm       Km       `toml:"closest_km" doc:"closest approach of the orbits to Russia"`
	PolicedShare    Share    `toml:"policed_share" doc:"share of a salvo that passes the policed zone, where orbits stay 200 km from Russia"`
	KillsPerSortie  Factor   `toml:"kills_per_sortie" doc:"drones or cruise missiles that a fighter on station kills in a salvo"`
	IncursionsPerY  PerYear  `toml:"incursions_per_y" doc:"Russian aircraft and stray drones in the policed zone, in the armistice"`
	IncidentProb    Prob     `toml:"incident_prob" doc:"chance that an intercept becomes an incident, at R0"`
	IncidentROE     Factor   `toml:"incident_roe_factor" doc:"that chance is so much larger with each step of the ROE"`
	IncidentLoss    Prob     `toml:"incident_loss_prob" doc:"chance that an incident costs a coalition fighter"`
	RussianPower    Factor   `toml:"russian_power" doc:"Russian air power over the front, in units of the whole with all airfields up"`
	UkraineFighters Few      `toml:"ukraine_fighters" doc:"Ukrainian fighters"`
	FighterPower    Factor   `toml:"fighter_power" doc:"air power of one Ukrainian or coalition fighter, in the same units"`
	SAMPower        Factor   `toml:"sam_power" doc:"air power of ground-based defence while interceptors last; half of it without"`
	AdvanceWeight   Real     `toml:"advance_weight" doc:"effect of full air control against none on the speed of advance, about its middle"`
	GlideWeight     Real     `toml:"glide_weight" doc:"share of the defender's losses that glide bombs cause at the rate of 2025"`
	GlidePerMonth   PerMonth `toml:"glide_bombs_per_month" doc:"glide bombs a month at half control of the air"`
}

// shuttle is how many aircraft keep n on station round the clock, and how many sorties a day that takes,
// given the time on station and the whole cycle of a sortie [h] (model.md: Air, Policing).
func shuttle(n int64, station, transit, turn float64) (aircraft int64, sortiesPerD float64) {
	cycle := float64(2*transit) + station + turn
	return int64(math.Ceil(float64(float64(n)*cycle) / station)), float64(n) * 24 / station
}

// air is the state of the air.
type air struct {
	luck struct{ service, incursion stream }

	inService random.Picker // by stationary weights of the number of fighters in service
	orbits    orbits
	clash     float64 // chance that an intercept becomes an incident
	flying    int64   // in service this week
	coverage  float64 // share of the orbits that is kept
	weeks     uint64
	fighters  int64 // coalition
	ukraine   float64
	surgeEnds sim.Time
	cycle     sortieCycle
}

// build computes the machine-repair distribution: fighters fail while they are in service, and a
// limited number of crews mends them (Palm's finite-source queue).
func (a *air) build(w *war) {
	a.luck.service, a.luck.incursion = w.luck.Stream("air/service"), w.luck.Stream("air/incursion")
	p := &w.Air
	n := int(p.Fighters)
	weights := make([]float64, n+1)
	// weight[k] is of k fighters down, from none: up(k-1)·fail = min(k, crews)·repair. Only ratios count, so
	// that what grows too large is scaled down.
	weight := 1.0
	weights[n] = 1
	for k := 1; k <= n; k++ {
		crews := min(k, max(1, int(p.Crews)))
		weight *= float64(n-k+1) * float64(p.FailuresPerD) * float64(p.RepairD) / float64(crews)
		weights[n-k] = weight
		if weight > 1e200 {
			for i := range weights {
				weights[i] /= weight
			}
			weight = 1
		}
	}
	a.inService = random.NewPicker(weights)
	a.orbits = p.kept()
	chance := float64(p.IncidentProb)
	for range max(0, w.Coalition.ROE.level()) {
		chance *= float64(p.IncidentROE)
	}
	a.clash = min(1, chance)
}

// orbits is what it takes to keep all of them.
type orbits struct {
	aircraft, sorties float64 // sorties a day
	rate, surge       float64 // sorties a day of a fighter, as far as these orbits are
}

func (p *Air) kept() orbits {
	transit := float64(p.BaseKm) / float64(p.SpeedKmPerH)
	aircraft, sorties := shuttle(2*int64(p.Orbits), float64(p.StationH), transit, float64(p.TurnH))
	// The sustained rate is a number of flying hours: longer sorties are fewer.
	of := 5 / (float64(2*transit) + float64(p.StationH))
	return orbits{float64(aircraft), sorties, float64(p.SortiesPerD) * of, float64(p.SurgePerD) * of}
}

func (a *air) reset(w *war) {
	*a = air{luck: a.luck, inService: a.inService, orbits: a.orbits, clash: a.clash}
	a.fighters, a.ukraine = int64(w.Air.Fighters), float64(w.Air.UkraineFighters)
	if w.Air.Enabled {
		w.engine.After(0, &a.cycle)
	}
}

// attacked begins the surge.
func (a *air) attacked(w *war) {
	a.surgeEnds = w.engine.Now().Add(sim.Days(float64(w.Air.SurgeD)))
	if w.Air.Enabled {
		a.keep(w)
	}
}

// sortieCycle is one week of air policing: single sorties would be tens of thousands of events.
type sortieCycle struct{}

func (*sortieCycle) about() (string, string) { return "air", "sortie cycle" }
func (e *sortieCycle) Fire(w *war) {
	a, p := &w.air, &w.Air
	a.weeks++
	luck := a.luck.service.Numbered(a.weeks)
	lost := int64(w.Air.Fighters) - a.fighters
	a.flying = max(0, int64(a.inService.Quantile(luck.Uniform()))-lost)
	a.keep(w)
	if w.ceasefire.holds {
		a.police(w)
	}
	w.note(func() string {
		if a.coverage < 1 {
			return fmt.Sprintf("%d of %d fighters in service keep %.0f%% of %d orbits", a.flying, a.fighters, 100*a.coverage, p.Orbits)
		}
		return ""
	})
	w.engine.After(7*sim.Day, e)
}

// keep computes the share of the wanted orbits that the fighters in service can keep: bounded by
// aircraft, and by the sorties that they can fly.
func (a *air) keep(w *war) {
	if w.Air.Orbits == 0 {
		a.coverage = 0
		return
	}
	rate := a.orbits.rate
	if w.engine.Now() < a.surgeEnds {
		rate = a.orbits.surge
	}
	flying := float64(a.flying)
	a.coverage = min(1, flying/a.orbits.aircraft, flying*rate/a.orbits.sorties)
}

// police plays the incursions of a week: those that are met can become incidents.
func (a *air) police(w *war) {
	p := &w.Air
	luck := a.luck.incursion.Numbered(a.weeks)
	n := luck.Poisson(float64(p.IncursionsPerY) * 7 / 365)
	if n == 0 {
		return
	}
	met := luck.Binomial(n, a.coverage)
	clashes := luck.Binomial(met, a.clash)
	if clashes == 0 {
		return
	}
	lost := luck.Binomial(clashes, float64(p.IncidentLoss))
	w.outcome.AirIncidents += clashes
	a.lose(w, lost)
	w.note(func() string {
		return fmt.Sprintf("%d of %d intercepts end in an incident; %d fighters lost", clashes, met, lost)
	})
	w.escalation.rise(w, incidents)
}

func (a *air) lose(w *war, n int64) {
	n = min(n, a.fighters)
	a.fighters -= n
	w.outcome.AircraftLost += n
}

// thin lets the fighters on station take what passes them of a salvo.
func (a *air) thin(w *war, luck stream, drones, missiles int64) (int64, int64) {
	p := &w.Air
	// Further from Russia the zone is smaller, and fewer of a salvo pass it.
	policed := min(1, float64(p.PolicedShare)*referenceClosestKm/float64(p.ClosestKm))
	passD, passM := luck.Uniform(), luck.Uniform()
	// Nobody polices the sky of a war whose armistice was refused, and nobody may shoot at R0.
	if !p.Enabled || w.attack.kind == continuedWar || w.Coalition.ROE.level() < SelfDefence.level() {
		return drones, missiles
	}
	left := int64(math.Floor(a.coverage * float64(2*p.Orbits) * float64(p.KillsPerSortie)))
	killM := min(left, random.BinomialQuantile(passM, missiles, policed))
	killD := min(left-killM, random.BinomialQuantile(passD, drones, policed))
	return drones - killD, missiles - killM
}

// bombed loses Ukrainian fighters on the ground.
func (a *air) bombed(w *war, n int64) {
	lost := min(float64(n), a.ukraine)
	a.ukraine -= lost
	w.outcome.AircraftLost += int64(lost)
}

// control is Russia's share of the air power over the front, in [0, 1] (model.md: Air, Control).
func (a *air) control(w *war) float64 {
	p := &w.Air
	russia := float64(float64(p.RussianPower) * w.strike.sets[airfield].share())
	sam := float64(p.SAMPower)
	if w.airdefence.empty {
		sam /= 2
	}
	fighters := a.ukraine
	if p.Enabled && w.tripwire.fights {
		fighters += float64(a.flying)
	}
	other := sam + float64(fighters*float64(p.FighterPower))
	if russia+other <= 0 {
		return 0.5
	}
	return russia / (russia + other)
}

// sky is what the air does to the fighting below: factors on the speed of advance, 1 at half control, and
// on Ukraine's losses, by glide bombs, 1 at the rate of 2025, which comes with half control too.
type sky struct{ advance, glide float64 }

func (a *air) sky(w *war) sky {
	control := a.control(w)
	rate := float64(w.Air.GlidePerMonth) * 2 * control
	return sky{
		advance: max(0, 1+float64(float64(w.Air.AdvanceWeight)*(control-0.5))),
		glide:   max(0, 1+float64(float64(w.Air.GlideWeight)*(rate/referenceGlidePerMonth-1))),
	}
}

// referenceClosestKm is the approach for which air.policed_share is quoted: Sky Shield, 2025.
const referenceClosestKm = 200

// referenceGlidePerMonth is the rate at which losses were calibrated: Ukrainian air force, 2025.
const referenceGlidePerMonth = 5500
