package model

import (
	"fmt"
	"math"
	"time"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Coalition describes the European reassurance force on the ground: what it is, under which rules it
// may fight, and what can come to its help.
type Coalition struct {
	Enabled         bool        `toml:"enabled" doc:"a reassurance force stands in Ukraine"`
	Troops          Count       `toml:"troops" doc:"people of the ground force"`
	States          Few         `toml:"states" doc:"contributing states with combat troops, each deciding for itself"`
	HubDistanceKm   Km          `toml:"hub_distance_km" doc:"distance of the hubs from the armistice line"`
	ContactKm       Km          `toml:"contact_km" doc:"a front so close to a hub is contact"`
	ROE             ROE         `toml:"roe" doc:"rules of engagement: R0 withdraw, R1 self-defence, R2 hold position, R3 integrated defence, R4 pre-delegated fires"`
	StayR0          Prob        `toml:"stay_r0" doc:"chance that a contingent stays and fights after first deaths, at R0"`
	StayR1          Prob        `toml:"stay_r1" doc:"the same at R1"`
	StayR2          Prob        `toml:"stay_r2" doc:"the same at R2"`
	StayR3          Prob        `toml:"stay_r3" doc:"the same at R3"`
	StayR4          Prob        `toml:"stay_r4" doc:"the same at R4"`
	StayRho         Correlation `toml:"stay_correlation" doc:"common-shock correlation of the states' decisions"`
	DoubtShare      Share       `toml:"doubt_share" doc:"fall of the chance to stay when success looks unlikely"`
	SizeShare       Share       `toml:"size_share" doc:"rise of the chance to stay for a force twice as large"`
	FloorH          Hours       `toml:"decision_floor_h" doc:"earliest national decision after first deaths, or after D-day at R3 and above"`
	DecisionD       Delay       `toml:"decision_d" doc:"mean time of national decisions beyond that floor"`
	DeliberateProb  Prob        `toml:"deliberate_prob" doc:"chance that Russia strikes the hubs deliberately at the opening of a full invasion"`
	HubHit          Prob        `toml:"hub_hit_per_leaker" doc:"chance that a leaker hits a hub, for 20,000 people in hubs"`
	HitDeathsProb   Prob        `toml:"hit_deaths_prob" doc:"chance that such a hit kills"`
	HitPeople       Count       `toml:"hit_people" doc:"dead and wounded of a hit that kills"`
	CompanyPeople   Count       `toml:"company_people" doc:"people of a company"`
	RaidCompanies   Few         `toml:"raid_companies" doc:"companies of a Russian raid on a hub"`
	DuelPerD        PerDay      `toml:"duel_per_d" doc:"companies that a company puts out of action in a day of fire-fight"`
	RaidD           Days        `toml:"raid_d" doc:"longest fire-fight of a raid: then the raiders go"`
	DuelQuality     Ratio       `toml:"duel_quality" doc:"a coalition company's rate against a Russian one's"`
	CompanyLoss     Share       `toml:"company_loss_share" doc:"share of a company lost when it is put out of action"`
	CombatShare     Share       `toml:"combat_share" doc:"share of the force that can fight on the line"`
	Quality         Ratio       `toml:"quality" doc:"combat quality of a coalition soldier"`
	TrainersFactor  Ratio       `toml:"trainers_factor" doc:"factor of coalition trainers on the half-time of Ukraine's regeneration"`
	BrigadeD        Delay       `toml:"reinforce_brigade_d" doc:"time from the decision to fight to the arrival of a brigade"`
	DivisionD       Delay       `toml:"reinforce_division_d" doc:"time to the arrival of a division"`
	CorpsD          Delay       `toml:"reinforce_corps_d" doc:"time to the arrival of a corps"`
	BrigadePeople   Count       `toml:"brigade_people" doc:"people of the brigade"`
	DivisionPeople  Count       `toml:"division_people" doc:"people of the division"`
	CorpsPeople     Count       `toml:"corps_people" doc:"people of the corps"`
	ReinforceFactor Factor      `toml:"reinforce_scale" doc:"multiplier on every reinforcement"`
}

func (c *Coalition) stay() float64 {
	return float64([...]Prob{c.StayR0, c.StayR1, c.StayR2, c.StayR3, c.StayR4}[c.ROE.level()])
}

// tripwire is the state of the reassurance force.
type tripwire struct {
	luck struct{ hit, vote, raid, delay stream }

	trainers  bool
	deaths    bool // first deaths have occurred
	fights    bool
	withdrawn bool
	share     float64 // of the states that fight
	losses    float64 // people
	left      float64 // people of the force still in Ukraine
	duels     uint64
	strikes   uint64

	vote    nationalDecisions
	raid    raid
	tranche [3]reinforcement
}

func (t *tripwire) build(w *war) {
	t.luck.hit = w.luck.Stream("tripwire/hit")
	t.luck.vote = w.luck.Stream("tripwire/vote")
	t.luck.raid = w.luck.Stream("tripwire/raid")
	t.luck.delay = w.luck.Stream("tripwire/delay")
}

func (t *tripwire) reset(w *war) {
	*t = tripwire{luck: t.luck}
	t.trainers = w.Coalition.Enabled
	if w.Coalition.Enabled {
		t.left = float64(w.Coalition.Troops)
	}
}

// attacked puts the force at risk at D-day.
func (t *tripwire) attacked(w *war) {
	c := &w.Coalition
	// The draws are made whatever the levers say, so that two policies meet the same luck.
	raided := t.luck.raid.Uniform()
	if !c.Enabled || t.left == 0 {
		return
	}
	if raided < float64(c.DeliberateProb) && w.attack.kind == FullInvasion {
		w.engine.After(sim.Day, &t.raid)
	}
	if c.ROE.level() >= IntegratedDefence.level() {
		// Integrated defence and pre-delegated fires need no deaths first.
		delay := t.luck.delay.Lasting(0)
		w.engine.After(t.decisionTime(w, delay.Exp(1)), &t.vote)
	}
}

// exposure is the chance that one leaker hits a hub: in proportion to the people there.
func (t *tripwire) exposure(w *war) float64 {
	return min(1, float64(w.Coalition.HubHit)*t.left/20_000)
}

func (t *tripwire) decisionTime(w *war, unit float64) time.Duration {
	return sim.Hours(float64(w.Coalition.FloorH)) + sim.Days(float64(w.Coalition.DecisionD)*unit)
}

// hit is n leakers that strike hubs.
func (t *tripwire) hit(w *war, n int64) {
	c := &w.Coalition
	t.strikes++
	luck := t.luck.hit.Numbered(t.strikes)
	deadly := luck.Binomial(n, float64(c.HitDeathsProb))
	dead := min(t.left, float64(deadly)*float64(c.HitPeople))
	t.losses += dead
	t.left -= dead
	w.note(func() string {
		return fmt.Sprintf("%d strike hubs of the reassurance force: %.0f dead and wounded", n, dead)
	})
	if deadly > 0 {
		t.die(w)
	}
}

// die notes first deaths, on which every contributing state has to decide.
func (t *tripwire) die(w *war) {
	if t.deaths {
		return
	}
	t.deaths = true
	if !t.fights && !t.withdrawn {
		delay := t.luck.delay.Lasting(0)
		w.engine.After(t.decisionTime(w, delay.Exp(1)), &t.vote)
	}
}

// approached is called as fronts move: one close to a hub is contact.
func (t *tripwire) approached(w *war) {
	if t.left == 0 || t.deaths || t.withdrawn {
		return
	}
	reach := float64(w.Coalition.HubDistanceKm - w.Coalition.ContactKm)
	for i := range w.ground.axes {
		if a := &w.ground.axes[i]; a.attacked && a.Hub && a.front >= reach {
			w.engine.After(0, &t.raid)
			return
		}
	}
}

// raid is a fire-fight at a hub: a front that has reached it, or a deliberate attack.
type raid struct{}

func (*raid) about() (string, string) { return "tripwire", "fire-fight" }
func (e *raid) Fire(w *war) {
	t, c := &w.tripwire, &w.Coalition
	if !w.attack.active || t.withdrawn || t.left == 0 {
		return
	}
	hubs := 0
	for i := range w.ground.axes {
		if w.ground.axes[i].Hub {
			hubs++
		}
	}
	people := t.left * float64(c.CombatShare) / float64(max(1, hubs))
	defenders := int(math.Round(people / float64(max(1, c.CompanyPeople))))
	attackers := int(c.RaidCompanies)
	t.duels++
	luck := t.luck.raid.Numbered(t.duels)
	rate := float64(c.DuelPerD)
	lostA, lostB, days := duel(&luck, attackers, defenders, rate*float64(c.DuelQuality), rate, float64(c.RaidD))
	dead := float64(float64(lostB) * float64(c.CompanyPeople) * float64(c.CompanyLoss))
	t.losses += dead
	t.left = max(0, t.left-dead)
	w.attack.lossesRussia += float64(float64(lostA) * float64(c.CompanyPeople) * float64(c.CompanyLoss))
	w.note(func() string {
		return fmt.Sprintf("%d companies attack a hub of %d: %d and %d are put out of action in %.1f days", attackers, defenders, lostA, lostB, days)
	})
	if lostB > 0 {
		t.die(w)
	}
}

// duel plays the stochastic square law: each of the attackers puts a defender out of action at rate
// b a day, and each defender an attacker at rate a, until one side is gone. It is exact: a Markov
// jump chain with exponential waits. It is broken off after so many days. It returns the losses of both
// and the duration in days (model.md: Tripwire, Fire-fight).
func duel(luck stream, attackers, defenders int, a, b, longest float64) (lostAttackers, lostDefenders int, days float64) {
	m, n := attackers, defenders
	for m > 0 && n > 0 {
		toA, toB := float64(float64(n)*a), float64(float64(m)*b)
		if toA+toB == 0 {
			break
		}
		wait := luck.Exp(1 / (toA + toB))
		if days+wait > longest {
			days = longest
			break
		}
		days += wait
		if luck.Happens(toA / (toA + toB)) {
			m--
		} else {
			n--
		}
	}
	return attackers - m, defenders - n, days
}

// nationalDecisions is the contributing states' choice to stay and fight, or to go.
type nationalDecisions struct{}

func (*nationalDecisions) about() (string, string) { return "tripwire", "national decisions" }
func (e *nationalDecisions) Fire(w *war) {
	t, c := &w.tripwire, &w.Coalition
	if !w.attack.active || t.fights || t.withdrawn || t.left == 0 {
		return
	}
	p := c.stay() + w.coalitionSize()
	unlikely := w.attack.breaches > 0 || w.attack.anyFell
	if unlikely {
		p -= float64(c.DoubtShare)
	}
	p = min(1, max(0, p))
	chance, stays := commonShock(t.luck.vote.Uniform(), p, float64(c.StayRho)), int64(0)
	for i := range int64(c.States) {
		luck := t.luck.vote.Numbered(uint64(i))
		if luck.Happens(chance) {
			stays++
		}
	}
	t.share = float64(stays) / float64(max(1, c.States))
	t.fights = 2*stays >= int64(c.States) && stays > 0
	w.note(func() string {
		word := "the force withdraws"
		if t.fights {
			word = "the force fights and calls for reinforcement"
		}
		return fmt.Sprintf("%d of %d states stay (chance of each %.2f): %s", stays, c.States, p, word)
	})
	if !t.fights {
		t.withdrawn, t.left = true, 0
		w.outcome.Collapsed = true
		return
	}
	w.ground.advance(w)
	fighters := float64(t.left * t.share * float64(c.CombatShare))
	t.left = float64(t.left*t.share) - fighters // the others go home
	t.join(w, fighters)
	w.ground.reassess(w)
	w.escalation.rise(w, coalitionInCombat)
	people := [3]Count{c.BrigadePeople, c.DivisionPeople, c.CorpsPeople}
	for i, d := range [3]Delay{c.BrigadeD, c.DivisionD, c.CorpsD} {
		n := float64(people[i]) * t.share * float64(c.ReinforceFactor)
		if n < 1 {
			continue
		}
		t.tranche[i] = reinforcement{name: [...]string{"brigade", "division", "corps"}[i], people: n}
		w.engine.After(sim.Days(float64(d)), &t.tranche[i])
	}
}

// coalitionSize is what size adds to the chance to stay: little, by doublings of 20,000.
func (s *Scenario) coalitionSize() float64 {
	if s.Coalition.Troops == 0 {
		return 0
	}
	return float64(s.Coalition.SizeShare) * (portable.Log(float64(s.Coalition.Troops)/20_000) / math.Ln2)
}

// join puts coalition people into the line where it is weakest, in Ukrainian equivalents.
func (t *tripwire) join(w *war, people float64) {
	worst := -1
	for i := range w.ground.axes {
		if a := &w.ground.axes[i]; a.attacked && (worst < 0 || a.ratio > w.ground.axes[worst].ratio) {
			worst = i
		}
	}
	a := &w.ground.axes[worst]
	n := people * float64(w.Coalition.Quality) / w.attack.qualityUkraine
	a.ukraine += n
	a.coalition += n
	w.note(func() string { return fmt.Sprintf("%s: %.0f coalition soldiers enter the line", a.Name, people) })
}

// reinforcement is a formation that arrives from outside Ukraine.
type reinforcement struct {
	name   string
	people float64
}

func (*reinforcement) about() (string, string) { return "tripwire", "reinforcement" }
func (e *reinforcement) Fire(w *war) {
	if !w.attack.active {
		return
	}
	w.ground.advance(w)
	w.note(func() string { return fmt.Sprintf("a %s of %.0f arrives", e.name, e.people) })
	w.tripwire.join(w, e.people*float64(w.Coalition.CombatShare))
	w.ground.reassess(w)
}
