package model

import (
	"fmt"
	"math"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Strike describes long-range weapons against what sustains the attack: American packages after the
// decision, Ukrainian drones every night, and the repair that undoes both.
type Strike struct {
	TomahawkStock      Count  `toml:"tomahawk_stock" doc:"sea-launched cruise missiles that the United States has"`
	TomahawkAllotted   Count  `toml:"tomahawk_allotted" doc:"sea-launched cruise missiles allotted to the strikes"`
	TomahawkBurstPerD  PerDay `toml:"tomahawk_burst_per_d" doc:"launch capacity in the opening"`
	TomahawkBurstD     Delay  `toml:"tomahawk_burst_d" doc:"length of the opening"`
	TomahawkPerD       PerDay `toml:"tomahawk_per_d" doc:"launch capacity after the opening"`
	FlightH            Hours  `toml:"flight_h" doc:"time from launch to arrival"`
	Aircraft           Count  `toml:"aircraft" doc:"strike aircraft in range, if every host consents"`
	Availability       Share  `toml:"availability" doc:"share of them that is mission-capable"`
	SortiesPerD        PerDay `toml:"sorties_per_d" doc:"sorties a day of an available aircraft"`
	WeaponsPerSortie   Factor `toml:"weapons_per_sortie" doc:"stand-off weapons a sortie"`
	AirLaunched        Count  `toml:"air_launched" doc:"air-launched stand-off weapons allotted to the strikes"`
	LeastPackage       Count  `toml:"least_package" doc:"weapons a day below which no campaign is begun"`
	PArrive            Prob   `toml:"p_arrive" doc:"chance that an American weapon gets through"`
	PkBridge           Prob   `toml:"pk_bridge" doc:"chance that an arrival puts a bridge out of use"`
	PkRail             Prob   `toml:"pk_rail" doc:"chance that an arrival puts a rail node out of use"`
	PkDepot            Prob   `toml:"pk_depot" doc:"chance that an arrival puts a depot out of use"`
	PkAirfield         Prob   `toml:"pk_airfield" doc:"chance that an arrival puts an airfield out of use"`
	PkC2               Prob   `toml:"pk_c2" doc:"chance that an arrival puts a command post out of use"`
	PkFuel             Prob   `toml:"pk_fuel" doc:"chance that an arrival puts a fuel site out of use"`
	Effect             Share  `toml:"effect" doc:"share of P(arrive)·Pk that a campaign keeps against dispersal, decoys and duplicates"`
	AdaptD             Days   `toml:"adapt_d" doc:"time constant with which Russian adaptation wears that share down"`
	Bridges            Count  `toml:"bridges" doc:"bridges that matter"`
	RailNodes          Count  `toml:"rail_nodes" doc:"rail nodes that matter"`
	Depots             Count  `toml:"depots" doc:"depots"`
	Airfields          Count  `toml:"airfields" doc:"airfields in use"`
	C2                 Count  `toml:"c2" doc:"command posts of armies and corps"`
	Fuel               Count  `toml:"fuel" doc:"fuel sites"`
	AimBridges         Factor `toml:"aim_bridges" doc:"weight of bridges in the choice of targets"`
	AimRail            Factor `toml:"aim_rail" doc:"weight of rail nodes"`
	AimDepots          Factor `toml:"aim_depots" doc:"weight of depots"`
	AimAirfields       Factor `toml:"aim_airfields" doc:"weight of airfields"`
	AimC2              Factor `toml:"aim_c2" doc:"weight of command posts"`
	AimFuel            Factor `toml:"aim_fuel" doc:"weight of fuel sites"`
	RepairBridgeD      Days   `toml:"repair_bridge_d" doc:"mean time to rebuild a bridge"`
	RepairPontoonD     Days   `toml:"repair_pontoon_d" doc:"mean time to lay a pontoon beside a bridge"`
	RepairRailD        Days   `toml:"repair_rail_d" doc:"mean time to mend a rail node"`
	RepairDepotD       Days   `toml:"repair_depot_d" doc:"mean time to replace a depot"`
	RepairAirfieldD    Days   `toml:"repair_airfield_d" doc:"mean time to mend an airfield"`
	RepairC2D          Days   `toml:"repair_c2_d" doc:"mean time to replace a command post"`
	RepairFuelD        Days   `toml:"repair_fuel_d" doc:"mean time to mend a fuel site"`
	RepairScale        Factor `toml:"repair_scale" doc:"multiplier on every repair time"`
	OccupiedShare      Share  `toml:"occupied_share" doc:"share of the targets that stand in occupied Ukraine"`
	WidenProb          Prob   `toml:"widen_prob" doc:"chance that strikes are widened to Russia"`
	WidenD             Delay  `toml:"widen_d" doc:"time from the first strike to that step"`
	UkraineEnabled     bool   `toml:"ukraine_enabled" doc:"Ukraine strikes with its own long-range drones"`
	UkraineFloorH      Hours  `toml:"ukraine_floor_h" doc:"first Ukrainian drone night after D-day"`
	UkraineDrones      PerDay `toml:"ukraine_drones_per_d" doc:"Ukrainian long-range drones a night"`
	UkraineArrive      Prob   `toml:"ukraine_p_arrive" doc:"chance that one gets through"`
	UkraineWarhead     Share  `toml:"ukraine_warhead" doc:"its effect against a missile's"`
	UkraineMissiles    Count  `toml:"ukraine_missiles" doc:"Ukrainian long-range missiles at the armistice, able to reach Moscow"`
	MissilesPerD       PerDay `toml:"ukraine_missiles_per_d" doc:"most of them fired in a night of war"`
	MissileArrive      Prob   `toml:"ukraine_missile_p_arrive" doc:"chance that one gets through"`
	RailShare          Share  `toml:"rail_share" doc:"share of supply that comes by rail; the rest is by road"`
	PontoonShare       Share  `toml:"pontoon_share" doc:"share of a bridge's traffic that a pontoon carries"`
	Slack              Ratio  `toml:"slack" doc:"undamaged throughput against demand"`
	DepotWeight        Share  `toml:"depot_weight" doc:"share of throughput that depots handle"`
	FuelWeight         Share  `toml:"fuel_weight" doc:"share of throughput that lives on fuel sites"`
	C2Weight           Share  `toml:"c2_weight" doc:"share of the supply ratio lost with every command post"`
	DepotFloor         Share  `toml:"depot_floor" doc:"share of depot capacity that stays when every depot is out"`
	DepotD             Days   `toml:"depot_d" doc:"depot stock behind an axis, in days of supply"`
	DepotSigma         Sigma  `toml:"depot_sigma" doc:"log standard deviation of that stock between axes"`
	ExploitationDemand Factor `toml:"exploitation_demand" doc:"demand in exploitation against grinding"`
	RailheadKm         Km     `toml:"railhead_km" doc:"distance from the armistice line to the railheads"`
	TruckKm            Km     `toml:"truck_km" doc:"distance from the railhead that trucks can sustain"`
}

func (s *Strike) check(bad func(key, format string, args ...any)) {
	if s.TomahawkAllotted > s.TomahawkStock {
		bad("strike.tomahawk_allotted", "%d is more than strike.tomahawk_stock (%d)", s.TomahawkAllotted, s.TomahawkStock)
	}
	sum := 0.0
	for _, aim := range s.aims() {
		sum += aim
	}
	if sum <= 0 {
		bad("strike.aim_bridges", "every aim_ weight is 0")
	}
}

// campaign is who strikes. Each has luck of its own for repairs, so that one does not move the other's.
type campaign uint8

const (
	american campaign = iota
	ukrainianDrones
	campaigns
)

// strike is the state of both strike campaigns.
type strike struct {
	luck struct{ us, ukraine, repair, widen stream }

	sets    [targets]targetSet
	falls   [targets]float64 // chance that a weapon that gets through puts a target of that class out of use
	pk      float64          // of any class
	repairD [targets]float64 // mean days
	repairs pool[repair]
	kills   [campaigns]uint64 // so far, which numbers their luck

	tomahawks, airLaunched int64
	begun                  bool
	began                  sim.Time
	days                   uint64 // of the campaign
	inFlight               int64
	widened                bool
	preemptive             int  // days left of a pre-emptive campaign
	massing                bool // the campaign is against forces that mass, in Russia and Belarus too

	launch  launch
	arrival arrival
	widen   widening
	night   droneNight
}

func (s *strike) build(w *war) {
	s.luck.us = w.luck.Stream("strike/us")
	s.luck.ukraine = w.luck.Stream("strike/ukraine")
	s.luck.repair = w.luck.Stream("strike/repair")
	s.luck.widen = w.luck.Stream("strike/widen")
	sum := 0.0
	p := &w.Strike
	var upTo [targets]float64 // sums of aim
	for t, aim := range p.aims() {
		sum += aim
		upTo[t] = sum
	}
	s.pk = 0
	from := 0.0
	for t, aim := range p.aims() {
		pk, to := p.pk(target(t)), upTo[t]/sum
		s.pk += float64(aim / sum * pk)
		s.falls[t] = float64((to - from) * pk)
		from = to
		s.repairD[t] = p.repairD(target(t))
	}
}

func (s *strike) reset(w *war) {
	*s = strike{luck: s.luck, falls: s.falls, pk: s.pk, repairD: s.repairD, repairs: s.repairs}
	s.repairs.reset()
	for t := range s.sets {
		n := int64(w.Strike.count(target(t)))
		s.sets[t] = targetSet{total: n}
		s.sets[t].set(n)
	}
	s.tomahawks, s.airLaunched = int64(w.Strike.TomahawkAllotted), int64(w.Strike.AirLaunched)
}

// attacked starts Ukraine's own campaign.
func (s *strike) attacked(w *war) {
	if w.Strike.UkraineEnabled {
		w.engine.After(sim.Hours(float64(w.Strike.UkraineFloorH)), &s.night)
	}
}

// forces is the share of American strike forces that a competing crisis leaves.
func (s *strike) forces(w *war) float64 {
	if w.washington.crisis {
		return float64(w.Washington.CrisisForces)
	}
	return 1
}

// packageOf is how many weapons of each kind can fly on a day of the campaign.
func (s *strike) packageOf(w *war, day float64) (sea, air int64) {
	p, left := &w.Strike, s.forces(w)
	capacity := float64(p.TomahawkPerD)
	if day < float64(p.TomahawkBurstD) {
		capacity = float64(p.TomahawkBurstPerD)
	}
	sorties := float64(p.Aircraft) * float64(p.Availability) * float64(p.SortiesPerD) * w.washington.basing
	sea = min(s.tomahawks, int64(math.Round(capacity*left)))
	air = min(s.airLaunched, int64(math.Round(sorties*float64(p.WeaponsPerSortie)*left)))
	return sea, air
}

// capable says whether there is enough to begin with.
func (s *strike) capable(w *war) bool {
	sea, air := s.packageOf(w, 0)
	return sea+air > 0 && sea+air >= int64(w.Strike.LeastPackage)
}

// begin opens the American campaign.
func (s *strike) begin(w *war) {
	if s.begun {
		s.massing = s.massing && !w.attack.active
		return
	}
	if w.attack.active && w.shut(GateTime) {
		return
	}
	s.begun = true
	start := w.engine.Now()
	if w.attack.active && !w.hurried(GateTime) {
		start = max(start, w.attack.dDay.Add(sim.Hours(float64(w.Washington.FloorH))))
	}
	s.began = start
	w.engine.At(start, &s.launch)
}

// goingOn says whether an American campaign has weapons left that can fly.
func (s *strike) goingOn(w *war) bool {
	return s.begun && (s.tomahawks > 0 || s.airLaunched > 0 && w.washington.basing > 0)
}

// launch is one day's package.
type launch struct{}

func (*launch) about() (string, string) { return "strike", "package flown" }
func (e *launch) Fire(w *war) {
	s := &w.strike
	if s.preemptive == 0 && !(w.attack.active && w.washington.tasked) {
		s.begun, s.massing = false, false
		return
	}
	if s.preemptive > 0 {
		s.preemptive--
	}
	day := inDays(w.engine.Now().Sub(s.began))
	sea, air := s.packageOf(w, day)
	if s.tomahawks+s.airLaunched == 0 {
		w.note(func() string { return "the weapons allotted are spent" })
		return
	}
	if n := sea + air; n > 0 {
		s.tomahawks -= sea
		s.airLaunched -= air
		s.inFlight = n
		w.outcome.USWeaponsUsed += n
		w.note(func() string { return fmt.Sprintf("%d from the sea, %d from the air", sea, air) })
		w.engine.After(sim.Hours(float64(w.Strike.FlightH)), &s.arrival)
	}
	w.engine.After(sim.Day, e)
}

// arrival is a package at its targets.
type arrival struct{}

func (*arrival) about() (string, string) { return "strike", "package arrives" }
func (e *arrival) Fire(w *war) {
	s, p := &w.strike, &w.Strike
	day := inDays(w.engine.Now().Sub(s.began))
	kept := float64(p.Effect) * portable.Exp(-day/float64(p.AdaptD))
	s.days++
	luck := s.luck.us.Numbered(s.days)
	first := !w.washington.struck && w.washington.tasked
	killing := luck.Binomial(s.inFlight, float64(p.PArrive)*s.pk*kept)
	hits := s.hit(w, american, killing, &luck, s.reach(w))
	w.note(func() string {
		return fmt.Sprintf("%d weapons: %s out; bridges %d/%d, rail %d/%d, depots %d/%d", s.inFlight, plural(hits, "target"),
			s.sets[bridge].up, s.sets[bridge].total, s.sets[railNode].up, s.sets[railNode].total, s.sets[depot].up, s.sets[depot].total)
	})
	if first && w.attack.active {
		w.washington.struck, w.washington.heldBy = true, w.engine.Firing()
		w.outcome.FirstStrikeD = inDays(w.engine.Now().Sub(w.attack.dDay))
		w.outcome.StrikeBeforeFaitAccompli = 1
		if w.attack.anyFell {
			w.outcome.StrikeBeforeFaitAccompli = 0
		}
		w.escalation.rise(w, strikesOccupied)
		w.engine.After(sim.Days(float64(p.WidenD)), &s.widen)
	}
}

// reach is the share of each class that may be struck.
func (s *strike) reach(w *war) float64 {
	if s.widened || s.massing {
		return 1
	}
	return float64(w.Strike.OccupiedShare)
}

// widening is the step from targets in occupied Ukraine to targets in Russia.
type widening struct{}

func (*widening) about() (string, string) { return "strike", "widening" }
func (e *widening) Fire(w *war) {
	if !w.attack.active {
		return
	}
	s := &w.strike
	s.widened = s.luck.widen.Happens(float64(w.Strike.WidenProb))
	w.note(func() string {
		if s.widened {
			return "strikes are widened to Russia"
		}
		return "strikes stay in occupied Ukraine"
	})
	if s.widened {
		w.escalation.rise(w, strikesRussia)
	}
}

// droneNight is one night of Ukrainian long-range drones.
type droneNight struct{}

func (*droneNight) about() (string, string) { return "strike", "drone night" }
func (e *droneNight) Fire(w *war) {
	if !w.attack.active {
		return
	}
	s, p := &w.strike, &w.Strike
	night := uint64(w.engine.Now().Sub(w.attack.dDay) / sim.Day)
	luck := s.luck.ukraine.Numbered(night)
	drones := int64(math.Round(float64(p.UkraineDrones) * (1 - w.airdefence.energy.now(w.engine.Now(), float64(w.AirDefence.RepairD)))))
	killing := luck.Binomial(drones, float64(p.UkraineArrive)*float64(p.UkraineWarhead)*s.pk)
	missiles := min(int64(w.purl.missiles), int64(math.Round(float64(p.MissilesPerD))))
	w.purl.missiles -= float64(missiles)
	killing += luck.Binomial(missiles, float64(p.MissileArrive)*s.pk*float64(p.Effect))
	if hits := s.hit(w, ukrainianDrones, killing, &luck, 1); hits > 0 {
		w.note(func() string {
			return fmt.Sprintf("%d drones and %d missiles: %s out", drones, missiles, plural(hits, "target"))
		})
	}
	w.engine.After(sim.Day, e)
}
