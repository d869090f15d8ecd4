package model

import (
	"fmt"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Russia describes the Russian forces in people, and how they come.
type Russia struct {
	Troops           Count    `toml:"troops" doc:"people in theatre, operational reserve included"`
	StrategicReserve Count    `toml:"strategic_reserve" doc:"people of the strategic reserve"`
	StrategicPerD    PerDay   `toml:"strategic_release_per_d" doc:"share of the strategic reserve that reaches a full invasion each day"`
	RecruitsPerMonth PerMonth `toml:"recruits_per_month" doc:"recruitment in war, spread over the theatre in proportion to strength"`
	CommittedFull    Count    `toml:"committed_full" doc:"people committed to a full invasion"`
	CommittedLimited Count    `toml:"committed_limited" doc:"people committed to a limited attack"`
	ReserveShare     Share    `toml:"reserve_full_share" doc:"share of the force of a full invasion that is held in reserve"`
	QualityStart     Ratio    `toml:"quality_start" doc:"combat quality at the armistice (Ukraine at the armistice is 1)"`
	QualityEnd       Ratio    `toml:"quality_end" doc:"combat quality after long rest"`
	QualityD         Days     `toml:"quality_d" doc:"time constant of the recovery of quality"`
	WindowMedianD    Days     `toml:"window_median_d" doc:"median time after the armistice until an attack is possible"`
	WindowSigma      Sigma    `toml:"window_sigma" doc:"log standard deviation of that time"`
	BuildUpFullD     Days     `toml:"buildup_full_d" doc:"visible build-up before a full invasion"`
	BuildUpLimitedD  Days     `toml:"buildup_limited_d" doc:"visible build-up before a limited attack"`
	Mobilised        Count    `toml:"mobilised" doc:"people of a mobilisation"`
	MobiliseD        Days     `toml:"mobilise_d" doc:"days over which the mobilised arrive"`
	MobiliseProb     Prob     `toml:"mobilise_prob" doc:"chance that Moscow mobilises once a full invasion culminates everywhere"`
}

// Ukraine describes the Ukrainian army and how it regrows.
type Ukraine struct {
	Army               Count    `toml:"army" doc:"people in the armed forces; the terms cap it at 800,000"`
	CombatShare        Share    `toml:"combat_share" doc:"share of the army in ground combat units"`
	EffectivenessStart Ratio    `toml:"effectiveness_start" doc:"combat quality at the armistice"`
	EffectivenessMax   Ratio    `toml:"effectiveness_max" doc:"combat quality when regeneration is complete, with coalition trainers"`
	RegenerationHalfD  Days     `toml:"regeneration_half_d" doc:"time to half of the regeneration, without coalition trainers"`
	RegenerationSpread Ratio    `toml:"regeneration_spread" doc:"width of the logistic curve against its half-time"`
	UntrainedShare     Share    `toml:"untrained_share" doc:"share of the gain in quality that is reached without coalition trainers"`
	QualitySigma       Sigma    `toml:"quality_sigma" doc:"log standard deviation of true quality about its plan, a history; Moscow does not see it"`
	FatiguePerY        Real     `toml:"fatigue_per_y" doc:"yearly change of the army's size by fatigue and demobilisation (log scale)"`
	RecruitsPerMonth   PerMonth `toml:"recruits_per_month" doc:"recruitment in war"`
	RecruitsCombat     Share    `toml:"recruits_combat_share" doc:"share of recruits that goes to ground combat units"`
	ReserveShare       Share    `toml:"reserve_share" doc:"share of the ground combat units that is held in reserve"`
	WithheldLimited    Share    `toml:"withheld_limited_share" doc:"share of the reserve, and of recruits, that is kept back during a limited attack"`
}

// forces is the state of both armies away from the axes.
type forces struct {
	luck struct{ window, quality, mobilise stream }

	windowOpens   sim.Time // an attack is impossible before
	ukraineSecret float64  // true quality over its plan

	trained   float64 // regeneration so far, in half-times
	trainedAt sim.Time
	gained    float64 // quality gained by it

	russianReserve, strategic, arriving float64 // people not yet on an axis; arriving per day
	arrivingUntil                       sim.Time
	mobilised                           bool
	ukrainianReserve                    float64
}

func (f *forces) build(w *war) {
	f.luck.window = w.luck.Stream("forces/window")
	f.luck.quality = w.luck.Stream("forces/quality")
	f.luck.mobilise = w.luck.Stream("forces/mobilise")
}

func (f *forces) reset(w *war) {
	*f = forces{luck: f.luck}
	r := &w.Russia
	f.windowOpens = sim.Time(sim.Days(f.luck.window.LogNormal(float64(r.WindowMedianD), float64(r.WindowSigma))))
	f.ukraineSecret = portable.Exp(f.luck.quality.Normal(0, float64(w.Ukraine.QualitySigma)))
	f.strategic = float64(r.StrategicReserve)
}

// quality is combat quality so many days after the armistice: it recovers exponentially with rest (model.md: Forces).
func (r *Russia) quality(days float64) float64 {
	gap := float64(r.QualityEnd - r.QualityStart)
	return float64(r.QualityEnd) - float64(gap*portable.Exp(-days/float64(r.QualityD)))
}

// regeneration is the share of the gain in quality reached after z half-times of training: a
// logistic curve through 0 at z = 0 and 1/2 at z = 1 (model.md: Forces).
func (u *Ukraine) regeneration(z float64) float64 {
	at := func(z float64) float64 { return portable.Logistic((z - 1) / float64(u.RegenerationSpread)) }
	if z <= 1 {
		zero := at(0)
		return (at(z) - zero) / (0.5 - zero) / 2
	}
	return at(z)
}

// gain is the quality that the whole of the regeneration adds.
func (u *Ukraine) gain(trainers bool) float64 {
	gain := float64(u.EffectivenessMax - u.EffectivenessStart)
	if !trainers {
		gain *= float64(u.UntrainedShare)
	}
	return gain
}

// planned is the quality so many days after the armistice, as anybody could compute it.
func (s *Scenario) planned(days float64, trainers bool) float64 {
	u := &s.Ukraine
	z := days * s.trainingPace(trainers)
	return float64(u.EffectivenessStart) + float64(u.gain(trainers)*u.regeneration(z))
}

// trainingPace is how many half-times of regeneration a day brings.
func (s *Scenario) trainingPace(trainers bool) float64 {
	half := float64(s.Ukraine.RegenerationHalfD)
	if trainers {
		half *= float64(s.Coalition.TrainersFactor)
	}
	return 1 / half
}

// train brings the regeneration up to now; it is called whenever trainers come or go.
func (f *forces) train(w *war) {
	now, trainers := w.engine.Now(), w.tripwire.trainers
	before := w.Ukraine.regeneration(f.trained)
	f.trained += float64(inDays(now.Sub(f.trainedAt)) * w.trainingPace(trainers))
	f.gained += float64((w.Ukraine.regeneration(f.trained) - before) * w.Ukraine.gain(trainers))
	f.trainedAt = now
}

// ukrainianQuality is the army's true combat quality now.
func (f *forces) ukrainianQuality(w *war) float64 {
	f.train(w)
	return (float64(w.Ukraine.EffectivenessStart) + f.gained) * f.ukraineSecret
}

// army is Ukraine's army in people, under fatigue (model.md: Forces).
func (u *Ukraine) army(days float64) float64 {
	return float64(u.Army) * portable.Exp(float64(u.FatiguePerY)*days/365)
}

// flow moves replacements and reserves over dt days (model.md: Forces).
func (f *forces) flow(w *war, dt float64) {
	r := &w.Russia
	pool := float64(float64(r.RecruitsPerMonth) / 30 * dt * w.attack.shareOfTheatre * w.sanctions.generation(w))
	if w.attack.kind == FullInvasion {
		out := float64(f.strategic * (1 - portable.Exp(-float64(r.StrategicPerD)*dt)))
		f.strategic -= out
		pool += out
	}
	if f.arriving > 0 {
		pool += float64(f.arriving * dt)
		if w.engine.Now() >= f.arrivingUntil {
			f.arriving = 0
		}
	}
	deficit := 0.0
	var lacks [axes]float64 // people
	attacked := w.ground.attacked
	best := attacked[0] // for Russia, and the worst for Ukraine
	for i, a := range attacked {
		lacks[i] = positive(a.russiaAtStart - a.russia)
		deficit += lacks[i]
		if a.ratio > best.ratio {
			best = a
		}
	}
	filled := min(pool, deficit)
	for i, a := range attacked {
		if lacks[i] > 0 {
			a.russia += float64(lacks[i] / deficit * filled)
		}
	}
	f.russianReserve += pool - filled
	released := 1 - portable.Exp(-float64(w.Ground.ReservePerD)*dt)
	send := float64(f.russianReserve * released)
	f.russianReserve -= send
	best.russia += send

	recruits := float64(float64(w.Ukraine.RecruitsPerMonth) / 30 * dt * float64(w.Ukraine.RecruitsCombat))
	if w.attack.kind == LimitedAttack {
		recruits *= 1 - float64(w.Ukraine.WithheldLimited)
	}
	f.ukrainianReserve += float64(recruits)
	send = float64(f.ukrainianReserve * released)
	f.ukrainianReserve -= send
	best.ukraine += send
}

// mobilise is Moscow's decision, once a full invasion has culminated everywhere.
type mobilise struct{}

func (*mobilise) about() (string, string) { return "forces", "mobilisation" }
func (*mobilise) Fire(w *war) {
	f := &w.forces
	f.mobilised = true
	if !f.luck.mobilise.Happens(float64(w.Russia.MobiliseProb)) {
		w.note(func() string { return "Moscow decides against a mobilisation" })
		return
	}
	f.arriving = float64(w.Russia.Mobilised) / float64(w.Russia.MobiliseD)
	f.arrivingUntil = w.engine.Now().Add(sim.Days(float64(w.Russia.MobiliseD)))
	w.note(func() string {
		return fmt.Sprintf("Moscow mobilises %d people over %.0f days", w.Russia.Mobilised, float64(w.Russia.MobiliseD))
	})
}
