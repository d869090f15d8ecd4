package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// AirDefence describes Russian salvos and the layers that they meet: interceptor drones and fire
// teams against drones, area missiles against cruise missiles, a finite stock of interceptors
// against ballistic ones.
type AirDefence struct {
	DronesPerMonth   PerMonth `toml:"drones_per_month" doc:"drones launched at war rate"`
	MissilesPerMonth PerMonth `toml:"missiles_per_month" doc:"missiles launched at war rate"`
	BallisticShare   Share    `toml:"ballistic_share" doc:"share of the missiles that is ballistic"`
	OpeningDrones    Count    `toml:"opening_drones" doc:"drones of the opening salvo"`
	OpeningMissiles  Count    `toml:"opening_missiles" doc:"missiles of the opening salvo"`
	OpeningD         Days     `toml:"opening_d" doc:"length of the opening, cut into nights"`
	SalvoD           Interval `toml:"salvo_d" doc:"interval between large salvos"`
	SalvoH           Hours    `toml:"salvo_h" doc:"time over which the drones of a salvo arrive"`
	MissileH         Hours    `toml:"missile_h" doc:"time over which its missiles arrive"`
	LimitedShare     Share    `toml:"limited_share" doc:"salvos of a limited attack against those of a full invasion"`
	AimCities        Factor   `toml:"aim_cities" doc:"weight of cities and energy in the choice of targets"`
	AimAirfields     Factor   `toml:"aim_airfields" doc:"weight of airfields"`
	AimLogistics     Factor   `toml:"aim_logistics" doc:"weight of Ukrainian logistics"`
	AimPorts         Factor   `toml:"aim_ports" doc:"weight of ports"`
	DronePerD        PerDay   `toml:"interceptor_drones_per_d" doc:"Ukrainian interceptor drones made a day"`
	DroneStockD      Days     `toml:"interceptor_drones_stock_d" doc:"days of that output that can be kept ready"`
	PkDrone          Prob     `toml:"pk_interceptor_drone" doc:"chance that an interceptor drone kills a drone"`
	Teams            Few      `toml:"fire_teams" doc:"mobile fire teams and guns in the path of a salvo: channels without a queue"`
	TeamMin          Minutes  `toml:"fire_team_min" doc:"time for which a target occupies a team [min]"`
	PkTeam           Prob     `toml:"pk_fire_team" doc:"chance that a team kills a drone"`
	PkTeamCruise     Prob     `toml:"pk_fire_team_cruise" doc:"chance that a team kills a cruise missile"`
	Channels         Few      `toml:"area_channels" doc:"fire channels of medium and long-range systems in the path of a salvo"`
	ChannelMin       Minutes  `toml:"area_channel_min" doc:"time for which a target occupies a channel [min]"`
	ZoneMin          Minutes  `toml:"area_zone_min" doc:"time for which a target waits in the zone before it has flown through [min]"`
	PkArea           Prob     `toml:"pk_area" doc:"chance that an engaged cruise missile is killed"`
	Batteries        Few      `toml:"patriot_batteries" doc:"Patriot batteries"`
	CoveredShare     Share    `toml:"covered_share" doc:"share of ballistic targets that eight batteries cover"`
	Interceptors     Count    `toml:"interceptors" doc:"interceptors in stock at the armistice"`
	Looks            Few      `toml:"interceptors_per_engagement" doc:"most interceptors fired at one target, one after another"`
	PkBallistic      Prob     `toml:"pk_ballistic" doc:"chance that one interceptor kills a ballistic missile"`
	MonthSigma       Sigma    `toml:"month_sigma" doc:"standard deviation of the log odds of every kill chance from month to month"`
	EnergyLoss       Factor   `toml:"energy_loss_per_leaker" doc:"share of Ukraine's output of drones that a leaker on cities and energy takes away"`
	LogisticsLoss    Factor   `toml:"logistics_loss_per_leaker" doc:"share of Ukraine's combat supply that a leaker on logistics takes away"`
	RepairD          Days     `toml:"damage_repair_d" doc:"time constant with which such damage is mended"`
	AircraftLoss     Prob     `toml:"aircraft_loss_per_leaker" doc:"chance that a leaker on an airfield destroys an aircraft"`
}

func (p *AirDefence) check(bad func(key, format string, args ...any)) {
	if p.AimCities+p.AimAirfields+p.AimLogistics+p.AimPorts == 0 {
		bad("airdefence.aim_cities", "every aim_ weight is 0")
	}
}

// weapon is a kind of Russian long-range weapon.
type weapon uint8

const (
	drone weapon = iota
	cruise
	ballistic
	weapons
)

// airdefence is the state of the defence and of the damage done.
type airdefence struct {
	luck struct{ salvo, month, hub stream }
	odds kills // log odds of every kill chance

	interceptors   int64
	empty          bool
	dronesReady    float64
	dronesAt       sim.Time
	salvos         uint64
	month          uint64 // of the war, from 1, whose chances those are
	kills          kills
	opening        int // nights of it that are left
	energy, supply damage
	salvo          salvo
}

// damage is a share of capacity that is out, mended exponentially.
type damage struct {
	share float64
	at    sim.Time
}

// now is the share that is out at an instant.
func (d *damage) now(at sim.Time, tau float64) float64 {
	if d.share > 0 {
		d.share *= portable.Exp(-inDays(at.Sub(d.at)) / tau)
	}
	d.at = at
	return d.share
}

// add takes away a share for each of n hits of what is still there.
func (d *damage) add(at sim.Time, tau float64, n int64, each float64) {
	left := 1 - d.now(at, tau)
	d.share = 1 - float64(left*portable.Exp(-float64(n)*each))
}

func (d *airdefence) build(w *war) {
	d.luck.salvo = w.luck.Stream("airdefence/salvo")
	d.luck.month = w.luck.Stream("airdefence/month")
	d.luck.hub = w.luck.Stream("airdefence/hub")
	d.odds = w.AirDefence.kills()
}

func (d *airdefence) reset(w *war) {
	*d = airdefence{luck: d.luck, odds: d.odds}
	d.interceptors = int64(w.AirDefence.Interceptors)
	d.dronesReady = float64(w.AirDefence.DronePerD) * float64(w.AirDefence.DroneStockD)
}

// attacked opens the salvos at D-day.
func (d *airdefence) attacked(w *war) {
	d.opening = max(1, int(math.Round(float64(w.AirDefence.OpeningD))))
	d.runOut(w)
	w.engine.After(0, &d.salvo)
}

// erlangLoss is the share of targets that find every one of c channels busy, at an offered load of a
// erlangs (Erlang 1917), by the usual recursion (model.md: Air defence).
func erlangLoss(c int64, a float64) float64 {
	b := 1.0
	for k := int64(1); k <= c; k++ {
		b = float64(a*b) / (float64(k) + float64(a*b))
	}
	return b
}

// erlangAbandon is the share of targets that leave an Erlang-A queue unserved: c channels, arrivals at
// rate lambda, service at rate mu, patience with rate theta (Palm 1957). Here patience is the time
// that a target takes to fly through the zone (model.md: Air defence).
func erlangAbandon(c int64, lambda, mu, theta float64) float64 {
	// Far beyond saturation the queue is a fluid: what is not served leaves. It also bounds the work.
	if lambda > 1e4*(float64(float64(c)*mu)+theta) {
		return 1 - float64(float64(c)*mu)/lambda
	}
	// Weights of the birth-death chain, relative to the state with all channels busy.
	below, weight := 0.0, 1.0
	for k := c; k > 0; k-- {
		weight = weight * float64(k) * mu / lambda
		below += weight
	}
	busy, above, leaving := 1.0, 0.0, 0.0
	weight = 1
	for j := int64(1); ; j++ {
		out := float64(float64(c)*mu) + float64(float64(j)*theta)
		weight = weight * lambda / out
		above += weight
		leaving += float64(float64(j) * theta * weight)
		// Weights rise until departures match arrivals, and may rise beyond any float.
		if weight > 1e200 {
			below, busy, above, leaving, weight = below/1e200, busy/1e200, above/1e200, leaving/1e200, weight/1e200
		}
		if out > lambda && weight < 1e-17*(busy+above) {
			break
		}
	}
	return leaving / (lambda * (below + busy + above))
}

// shootLookShoot plays threats against a finite stock of interceptors, one at each threat a look, until
// the threats, the stock or the looks are gone. It returns the leakers and the interceptors used.
// See model.md: Air defence.
func shootLookShoot(luck stream, threats, stock int64, p float64, looks int) (leakers, used int64) {
	for range looks {
		shots := min(threats, stock-used)
		used += shots
		threats -= luck.Binomial(shots, p)
	}
	return threats, used
}

// kills are the kill chances, or their log odds.
type kills struct{ drone, team, area, teamCruise, ballistic float64 }

func (p *AirDefence) kills() kills {
	odds := func(p Prob) float64 { return portable.Logit(float64(p)) }
	return kills{odds(p.PkDrone), odds(p.PkTeam), odds(p.PkArea), odds(p.PkTeamCruise), odds(p.PkBallistic)}
}

// under is the chances of log odds under an effect on all of them.
func (k *kills) under(effect float64) kills {
	of := func(odds float64) float64 { return portable.Logistic(odds + effect) }
	return kills{of(k.drone), of(k.team), of(k.area), of(k.teamCruise), of(k.ballistic)}
}

// salvo is one large salvo from launch to impact.
type salvo struct{}

func (*salvo) about() (string, string) { return "airdefence", "salvo" }
func (e *salvo) Fire(w *war) {
	if !w.attack.active {
		return
	}
	d, p, now := &w.airdefence, &w.AirDefence, w.engine.Now()
	d.salvos++
	// What is launched, what is engaged, what is intercepted and what is hit have luck of their own, so
	// that a lever on one moves no draw of another.
	luck, below, above, hits := d.luck.salvo.Numbered(4*d.salvos), d.luck.salvo.Numbered(4*d.salvos+1),
		d.luck.salvo.Numbered(4*d.salvos+2), d.luck.salvo.Numbered(4*d.salvos+3)
	nights := float64(max(1, int(math.Round(float64(p.OpeningD)))))
	drones, missiles := float64(p.DronesPerMonth)/30*float64(p.SalvoD), float64(p.MissilesPerMonth)/30*float64(p.SalvoD)
	gap := float64(p.SalvoD)
	if d.opening > 0 {
		d.opening--
		drones, missiles = float64(p.OpeningDrones)/nights, float64(p.OpeningMissiles)/nights
		gap = float64(p.OpeningD) / nights
	}
	if w.attack.kind == LimitedAttack {
		drones, missiles = drones*float64(p.LimitedShare), missiles*float64(p.LimitedShare)
	}
	var n, leak [weapons]int64
	n[drone] = luck.Poisson(drones)
	n[ballistic] = luck.Poisson(missiles * float64(p.BallisticShare))
	n[cruise] = luck.Poisson(missiles * float64(1-p.BallisticShare))
	if month := uint64(inDays(now.Sub(w.attack.dDay)) / 30); d.month != month+1 {
		luck := d.luck.month.Lasting(month)
		d.month, d.kills = month+1, d.odds.under(luck.Normal(0, float64(p.MonthSigma)))
	}

	leak[drone], leak[cruise] = d.engage(w, &below, n[drone], n[cruise])
	leak[ballistic] = d.intercept(w, &above, n[ballistic])
	total := leak[drone] + leak[cruise] + leak[ballistic]
	o := &w.outcome
	o.Salvos++
	o.Launched += n[drone] + n[cruise] + n[ballistic]
	o.Leakers += total
	o.LaunchedCruise += n[cruise]
	o.LeakersCruise += leak[cruise]
	o.LaunchedBallistic += n[ballistic]
	o.LeakersBallistic += leak[ballistic]
	w.note(func() string {
		return fmt.Sprintf("%d drones, %d cruise and %d ballistic missiles: %d, %d and %d leak; %d interceptors left",
			n[drone], n[cruise], n[ballistic], leak[drone], leak[cruise], leak[ballistic], d.interceptors)
	})
	d.strike(w, &hits, total)
	w.engine.After(sim.Days(gap), e)
}

// engage is the defence against what breathes air: coalition fighters, interceptor drones, fire teams,
// area missiles.
func (d *airdefence) engage(w *war, luck stream, drones, missiles int64) (leakDrones, leakCruise int64) {
	p, now := &w.AirDefence, w.engine.Now()
	tau := float64(p.RepairD)
	output := float64(p.DronePerD) * (1 - d.energy.now(now, tau))
	d.dronesReady = min(float64(p.DronePerD)*float64(p.DroneStockD), d.dronesReady+float64(output*inDays(now.Sub(d.dronesAt))))
	d.dronesAt = now

	hours, burst := max(float64(p.SalvoH), 0.1), max(float64(p.MissileH), 0.1)
	drones, missiles = w.air.thin(w, luck, drones, missiles)

	ready := int64(d.dronesReady)
	shots := min(ready, drones)
	d.dronesReady -= float64(shots)
	drones -= luck.Binomial(shots, d.kills.drone)

	// Teams take whatever comes; a target that finds all of them busy flies on.
	load := float64(drones+missiles) / hours / 60 * float64(p.TeamMin)
	engaged := 1 - erlangLoss(int64(p.Teams), load)
	drones -= luck.Binomial(drones, engaged*d.kills.team)
	// Area systems serve cruise missiles as long as they are in the zone.
	if missiles > 0 {
		served := 0.0
		if p.Channels > 0 {
			served = 1 - erlangAbandon(int64(p.Channels), float64(missiles)/burst/60, 1/float64(p.ChannelMin), 1/float64(p.ZoneMin))
		}
		missiles -= luck.Binomial(missiles, served*d.kills.area)
		missiles -= luck.Binomial(missiles, engaged*d.kills.teamCruise)
	}
	return drones, missiles
}

// intercept is the defence against ballistic missiles: only where batteries stand, and as long as
// interceptors last.
func (d *airdefence) intercept(w *war, luck stream, missiles int64) (leak int64) {
	p := &w.AirDefence
	covered := luck.Binomial(missiles, min(1, float64(p.CoveredShare)*float64(p.Batteries)/referenceBatteries))
	through, used := shootLookShoot(luck, covered, d.interceptors, d.kills.ballistic, int(p.Looks))
	d.interceptors -= used
	if used > 0 {
		d.runOut(w)
	}
	return missiles - covered + through
}

// runOut notes an empty stock, and the first time that a war emptied it.
func (d *airdefence) runOut(w *war) {
	if d.interceptors > 0 || d.empty {
		return
	}
	d.empty = true
	if w.outcome.StockOutD != w.outcome.StockOutD {
		w.outcome.StockOutD = inDays(w.engine.Now().Sub(w.attack.dDay))
	}
	w.note(func() string { return "there is no interceptor left" })
}

// referenceBatteries is the number of batteries for which airdefence.covered_share is quoted.
const referenceBatteries = 8

// strike spends leakers on what they were aimed at.
func (d *airdefence) strike(w *war, luck stream, leakers int64) {
	p, now := &w.AirDefence, w.engine.Now()
	tau := float64(p.RepairD)
	left, weight := leakers, float64(p.AimCities+p.AimAirfields+p.AimLogistics+p.AimPorts)
	take := func(aim Factor) int64 {
		if weight <= 0 {
			return 0
		}
		n := luck.Binomial(left, min(1, float64(aim)/weight))
		weight -= float64(aim)
		left -= n
		return n
	}
	cities, airfields, logistics := take(p.AimCities), take(p.AimAirfields), take(p.AimLogistics)
	d.energy.add(now, tau, cities, float64(p.EnergyLoss))
	d.supply.add(now, tau, logistics, float64(p.LogisticsLoss))
	w.air.bombed(w, luck.Binomial(airfields, float64(p.AircraftLoss)))
	w.sea.bombed(w, left)
	hub := d.luck.hub.Numbered(d.salvos)
	if n := hub.Binomial(leakers, w.tripwire.exposure(w)); n > 0 {
		w.tripwire.hit(w, n)
	}
}

// ukrainianSupply is the supply ratio of Ukraine's forces in combat.
func (d *airdefence) ukrainianSupply(w *war) float64 {
	return 1 - d.supply.now(w.engine.Now(), float64(w.AirDefence.RepairD))
}
