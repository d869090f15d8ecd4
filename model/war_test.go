package model

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/sim"
)

// baseline is the embedded ledger with parameters set as a user would with --set.
func baseline(t testing.TB, sets ...string) *Scenario {
	t.Helper()
	s := new(Scenario)
	if _, err := (input.Loader{Embedded: configs.FS}).Load("baseline", sets, s, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBaselineIsBelievable(t *testing.T) {
	const n = 1000
	s := baseline(t)
	w := New(s)
	count := map[Class]int{}
	invaded, accepted := 0, 0
	for rep := range uint64(n) {
		o := w.Play(uint64(s.Seed), rep)
		count[o.Outcome]++
		if o.Invaded {
			invaded++
		}
		if o.TermsAccepted {
			accepted++
		}
	}
	if len(count) < 5 {
		t.Errorf("only %d outcome classes in %d histories: %v", len(count), n, count)
	}
	sum := 0
	for c, k := range count {
		sum += k
		if c == 0 || k == n {
			t.Errorf("class %q holds %d of %d histories", c, k, n)
		}
	}
	if sum != n {
		t.Errorf("the classes hold %d of %d histories", sum, n)
	}
	// The total is a choice (moscow.weight_*), and this is the choice: about .3.
	if invaded < n/5 || invaded > n*2/5 {
		t.Errorf("%d of %d histories see an invasion; the ledger says about .3", invaded, n)
	}
}

func TestAHistoryIsAFunctionOfItsKey(t *testing.T) {
	s := baseline(t)
	w := New(s)
	want := make([]string, 200)
	for rep := range want {
		want[rep] = fmt.Sprintf("%+v", w.Play(7, uint64(rep)))
	}
	// Backwards, in another war, traced or not: the same.
	other := New(s)
	for rep := len(want) - 1; rep >= 0; rep-- {
		got := fmt.Sprintf("%+v", other.Play(7, uint64(rep)))
		if rep%3 == 0 {
			got = fmt.Sprintf("%+v", other.Trace(7, uint64(rep), func(Entry) {}))
		}
		if got != want[rep] {
			t.Fatalf("replication %d played backwards:\n got %s\nwant %s", rep, got, want[rep])
		}
	}
	if New(s).Play(8, 0) == New(s).Play(7, 0) {
		t.Error("seeds 7 and 8 give the same first history")
	}
}

func TestEveryEventHasAnEarlierCause(t *testing.T) {
	s := baseline(t)
	w := New(s)
	seen := map[Class]bool{}
	for rep := range uint64(1500) {
		fired := map[sim.ID]Entry{}
		var last Entry
		order := 0
		o := w.Trace(3, rep, func(e Entry) {
			if _, ok := fired[e.Cause]; e.Cause != 0 && !ok {
				t.Fatalf("replication %d: event %d (%s) is caused by %d, which never fired", rep, e.ID, e.Event, e.Cause)
			}
			if e.Subject == "" || e.Event == "" || e.At < last.At {
				t.Fatalf("replication %d: entry %+v after %+v", rep, e, last)
			}
			fired[e.ID], last = e, e
			order++
		})
		if last.Event != "outcome" || last.What != o.Outcome.String() {
			t.Fatalf("replication %d ends with %+v, want outcome %q", rep, last, o.Outcome)
		}
		concluding := uint64(1)
		if o.GateFailed != GateNotAsked {
			concluding = 2
		}
		if uint64(order) != w.w.engine.Fired()+concluding {
			t.Fatalf("replication %d: %d entries of %d events", rep, order, w.w.engine.Fired())
		}
		walk(t, rep, fired, last, o)
		seen[o.Outcome] = true
	}
	for c := TermsRefused; c <= DeterredQuiet; c++ {
		if !seen[c] {
			t.Errorf("no history that ends in %s was walked", c)
		}
	}
}

// walk follows the causes of an outcome, and of the gate that failed, back to the armistice, and asks for
// what has to lie on the way.
func walk(t *testing.T, rep uint64, fired map[sim.ID]Entry, last Entry, o Outcome) {
	t.Helper()
	chain := func(e Entry) map[string]bool {
		names := map[string]bool{}
		for ok := true; ok; e, ok = fired[e.Cause] {
			names[e.Event] = true
		}
		return names
	}
	way := chain(last)
	var want []string
	switch {
	case o.Invaded && o.Outcome != NATORussiaWar && o.Outcome != NuclearUse:
		want = []string{"D-day"}
	case o.Outcome == Settled, o.Outcome.Deterred():
		want = []string{"review"}
	case o.Outcome == TermsRefused:
		want = []string{"the terms"}
	case o.Outcome == NuclearUse:
		want = []string{"nuclear use"}
	case o.Outcome == NATORussiaWar:
		want = []string{"strike on NATO territory"}
	}
	for _, name := range want {
		if !way[name] {
			t.Fatalf("replication %d, %s: no %q among its causes %v", rep, o.Outcome, name, way)
		}
	}
	if o.GateFailed == GateNotAsked {
		return
	}
	for _, e := range fired {
		if e.Event != "gate" {
			continue
		}
		if e.Cause == 0 {
			t.Fatalf("replication %d: gate %s has no cause", rep, o.GateFailed)
		}
		// All but a pre-empted answer begin with D-day.
		if way := chain(e); !way["D-day"] {
			t.Fatalf("replication %d: gate %s comes from %v, without D-day", rep, o.GateFailed, way)
		}
	}
}

func TestOutcomesAreConsistent(t *testing.T) {
	s := baseline(t)
	w := New(s)
	for rep := range uint64(2000) {
		o := w.Play(11, rep)
		bad := func(format string, args ...any) {
			t.Errorf("replication %d: %s\n%+v", rep, fmt.Sprintf(format, args...), o)
		}
		if o.Invaded != (o.Kind != NoInvasion) || o.Invaded == (o.InvasionD != o.InvasionD) {
			bad("invaded, kind and time disagree")
		}
		if (o.Deterred == 1) != o.Outcome.Deterred() {
			bad("deterred is %v in class %s", o.Deterred, o.Outcome)
		}
		if o.Outcome.Deterred() && o.Invaded {
			bad("deterred and invaded")
		}
		if o.Invaded == (o.GateFailed == GateNotAsked) {
			bad("gate %q", o.GateFailed)
		}
		if o.USWeaponsUsed > int64(s.Strike.TomahawkAllotted+s.Strike.AirLaunched) {
			bad("more weapons used than allotted")
		}
		if o.FirstStrikeD < o.AttributionDelayD || (o.FirstStrikeD == o.FirstStrikeD && o.AttributionDelayD != o.AttributionDelayD) {
			bad("struck before the attack was attributed")
		}
		if o.FirstStrikeD < float64(s.Washington.FloorH)/24 {
			bad("struck before the floor of the American tier")
		}
		if o.Attributed+o.Misattributed > o.Detected || o.Detected > o.FlareUps || o.Probes > o.FlareUps {
			bad("incidents do not add up")
		}
		if o.LossesRussia < 0 || o.LossesUkraine < 0 || o.LossesCoalition < 0 || o.FrontMaxKm < 0 || o.SupplyMin < 0 || o.SupplyMin > 1 {
			bad("out of range")
		}
		if o.RungMax == int64(nuclearUse) != o.NuclearUse || o.TermsAccepted && o.NuclearUse != (o.Outcome == NuclearUse) {
			bad("nuclear use and its rung disagree")
		}
		if !(o.EndD > 0 && o.EndD <= float64(s.HorizonD)) {
			bad("ends on day %v", o.EndD)
		}
	}
}

// Every gate of the American answer holds it back in some histories, and none in all.
func TestEveryGateCanFail(t *testing.T) {
	// Levers that put each gate under strain, as a study would.
	for _, c := range []struct {
		gate Gate
		sets []string
	}{
		{GateNone, nil},
		{GateDetection, []string{"moscow.attack=limited", "ceasefire.masked_prob=1", "ceasefire.detection=0.2"}},
		{GateAttribution, []string{"moscow.attack=limited", "ceasefire.masked_prob=1"}},
		{GateWarning, []string{"moscow.attack=limited", "washington.comply_limited=0.5"}},
		{GateDecision, nil},
		{GateConsent, []string{"moscow.attack=full", "washington.consent_share=0.3", "washington.sea_alone=0.2"}},
		{GateCapacity, []string{"moscow.attack=full", "strike.least_package=80"}},
		{GateTime, []string{"moscow.attack=full", "ground.breach_hazard_per_d=0.05", "ukraine.effectiveness_max=1.1"}},
	} {
		w := New(baseline(t, c.sets...))
		n, attacks := 0, 0
		for rep := range uint64(600) {
			o := w.Play(1, rep)
			if o.Invaded {
				attacks++
			}
			if o.GateFailed == c.gate {
				n++
			}
		}
		if n == 0 || n == attacks {
			t.Errorf("gate %q with %v: %d of %d attacks", c.gate, c.sets, n, attacks)
		}
	}
}

func TestBaselineGates(t *testing.T) {
	w := New(baseline(t))
	seen := map[Gate]int{}
	for rep := range uint64(8000) {
		seen[w.Play(1, rep).GateFailed]++
	}
	for g := GateNone; g <= GateTime; g++ {
		if seen[g] == 0 {
			t.Errorf("gate %q never decides in 8,000 baseline histories: %v", g, seen)
		}
	}
}

// moscow.reference_* are the utilities of the baseline at moscow.reference_d, under prior beliefs and without any error
// of estimate.
func TestReferenceUtilitiesAreTheLedgers(t *testing.T) {
	s := baseline(t)
	m := &s.Moscow
	v := s.outlook()
	b := v.prior
	v.at(&b, float64(m.ReferenceD))
	b.estimate, b.generation = float64(m.EstimateBias), 1
	utility := func(o option) float64 { return v.utility(o, &b).sum() }
	for _, x := range []struct {
		key  string
		got  float64
		want Real
	}{
		{"probe", utility(probe), m.ReferenceProbe}, {"coerce", utility(coerce), m.ReferenceCoerce},
		{"limited", utility(limited), m.ReferenceLimited}, {"full", utility(full), m.ReferenceFull},
		{"settle", utility(settle), m.ReferenceSettle}, {"terms", s.burden(), m.ReferenceTerms},
	} {
		if math.Abs(x.got-float64(x.want)) > 5e-4 {
			t.Errorf("moscow.reference_%s is %v in configs/baseline.toml; the baseline's utility is %.4f", x.key, x.want, x.got)
		}
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	w := New(baseline(t))
	rep := uint64(0)
	for ; rep < 300; rep++ {
		w.Play(1, rep)
	}
	if n := testing.AllocsPerRun(1, func() {
		for rep = range 300 {
			w.Play(1, rep)
		}
	}); n > 0 {
		t.Errorf("%v allocations in 300 histories played before", n)
	}
}

// A parameter that changes nothing is a promise that the model does not keep. Each is set to the ends of
// its believed range, or to its other value, in histories that reach every subject.
func TestNoParameterIsDead(t *testing.T) {
	// Some act only when another lever is pulled.
	needs := map[string][]string{
		"sea.escorts":                      {"sea.straits_open=true"},
		"sea.escort_share":                 {"sea.straits_open=true", "sea.escorts=3"},
		"sea.straits_open":                 {"sea.escorts=3"},
		"sea.p_hit_mine":                   {"sea.mines=2000"},
		"sea.mines_adrift_per_y":           {"sea.p_hit_mine=0.002"},
		"sea.mines":                        {"sea.p_hit_mine=0.002"},
		"sea.sweepers":                     {"sea.p_hit_mine=0.002"},
		"sea.sweep_per_d":                  {"sea.p_hit_mine=0.002"},
		"sea.enabled":                      {"sea.p_hit_mine=0.002"},
		"purl.realised_us_share":           {`purl.payer="united-states"`},
		"strike.ukraine_missiles_per_d":    {"strike.ukraine_missiles=100"},
		"strike.ukraine_missile_p_arrive":  {"strike.ukraine_missiles=100"},
		"washington.preemption_logit":      {"washington.preemption=1", "russia.buildup_full_d=180", "russia.buildup_limited_d=180"},
		"escalation.nuclear_use_per_d":     {"escalation.nuclear_defeat_factor=1000"},
		"escalation.nuclear_defeat_factor": {"escalation.nuclear_use_per_d=0.0001"},
		"escalation.defeat_losses":         {"escalation.nuclear_use_per_d=0.0001", "escalation.nuclear_defeat_factor=1000"},
		"escalation.defeat_supply":         {"escalation.nuclear_use_per_d=0.0001", "escalation.nuclear_defeat_factor=1000", "strike.effect=1"},
		"washington.commitment_weight":     {"washington.commitment=0.9"},
		"moscow.belt_elasticity":           {"ground.belt_prepared_km=40"},
		"moscow.terms_missiles":            {"strike.ukraine_missiles=100"},
		"ceasefire.unmask_km":              {"ceasefire.masked_prob=1", "ceasefire.masked_seen_d=1000"},
		"moscow.support_purl":              {"purl.enabled=false"},
		"moscow.support_air":               {"air.enabled=false"},
		"moscow.support_drones":            {"strike.ukraine_enabled=false"},
		"axis.kyiv.decides":                {"ukraine.effectiveness_max=1", "axis.kyiv.full_share=0.3"},
		"washington.warning_sigma":         {"washington.preemption=1"},
		"washington.warning_believed_d":    {"washington.preemption=1"},
		"washington.preemption_d":          {"washington.preemption=1"},
		"washington.floor_h":               {"washington.decision_lag_d=0.1", "washington.warn_d=0.1", "washington.consent_d=0.1", "washington.task_d=0"},
		"axis.kherson.decides":             {"ukraine.effectiveness_max=1", "moscow.attack=full"},
		"ukraine.untrained_share":          {"coalition.enabled=false"},
		"ending.hold_d":                    {"ukraine.effectiveness_max=1", "ending.full_held_logit=3"},
		"ground.dig_in_km":                 {"ukraine.effectiveness_max=1", "ground.dig_in_d=10", "ground.breach_hazard_per_d=0.05", "ground.beyond_km=50", "ending.base_logit=-8"},
		"coalition.size_share":             {"coalition.troops=30000"},
		"coalition.stay_r0":                {"coalition.roe=R0"},
		"coalition.stay_r2":                {"coalition.roe=R2"},
		"coalition.stay_r3":                {"coalition.roe=R3"},
		"coalition.stay_r4":                {"coalition.roe=R4"},
		"coalition.duel_per_d":             {"coalition.deliberate_prob=1"},
		"axis.donbas.hub":                  {"coalition.hub_distance_km=50"},
		"axis.zaporizhzhia.hub":            {"coalition.hub_distance_km=50"},
		"axis.kharkiv.hub":                 {"coalition.hub_distance_km=50"},
		"axis.sumy.hub":                    {"coalition.hub_distance_km=50"},
		"axis.kherson.hub":                 {"coalition.hub_distance_km=50"},
		"moscow.attack_d":                  {`moscow.attack="full"`},
		"coalition.hub_distance_km":        {"ukraine.effectiveness_max=1", "ground.beyond_km=200", "coalition.contact_km=60", "ground.exploitation_reach_km=400"},
		"coalition.contact_km":             {"ukraine.effectiveness_max=1", "ground.beyond_km=200", "coalition.hub_distance_km=70"},
	}
	ignored := map[string]string{
		"title": "a text", "question": "a text",
		"axis.donbas.name": "a text", "axis.zaporizhzhia.name": "a text", "axis.kharkiv.name": "a text",
		"axis.sumy.name": "a text", "axis.kyiv.name": "a text", "axis.kherson.name": "a text",
		"strike.tomahawk_stock": "bounds strike.tomahawk_allotted, by a rule",
		"moscow.reference_d":    "documents the reference utilities; TestReferenceUtilitiesAreTheLedgers holds it",
	}
	const n = 100
	worlds := [][]string{{}, {"moscow.attack=full"}, {"moscow.attack=limited"}, {"moscow.accept_prob=0.01"}}
	file, err := (input.Loader{Embedded: configs.FS}).Load("baseline", nil, new(Scenario), nil)
	if err != nil {
		t.Fatal(err)
	}
	histories := func(s *Scenario, until func(rep int, outcome string) bool) {
		w := New(s)
		for rep := range n {
			if until(rep, fmt.Sprintf("%+v", w.Play(uint64(s.Seed), uint64(rep)))) {
				return
			}
		}
	}
	plain := make([][n]string, len(worlds))
	for i, world := range worlds {
		histories(baseline(t, world...), func(rep int, o string) bool { plain[i][rep] = o; return false })
	}
	for _, p := range input.Spec(new(Scenario)) {
		if _, ok := ignored[p.Key]; ok {
			continue
		}
		t.Run(p.Key, func(t *testing.T) {
			t.Parallel()
			now, _ := file.Get(p.Key)
			var others []string
			switch {
			case now.Kind == "boolean":
				others = []string{"true", "false"}
			case p.Key == "coalition.roe":
				others = []string{`"R0"`, `"R4"`}
			case p.Key == "purl.payer":
				others = []string{`"united-states"`}
			case p.Key == "moscow.attack":
				others = []string{`"never"`}
			case now.Low != nil && *now.Low != *now.High:
				others = []string{fmt.Sprint(*now.Low), fmt.Sprint(*now.High)}
			case strings.HasPrefix(p.Key, "moscow.reference"), p.Key == "moscow.casualties_quality", p.Key == "seed":
				others = []string{"3"}
			case strings.HasSuffix(p.Key, "_share"):
				others = []string{"0.05"}
			default:
				t.Fatalf("no other value of %s is known to this test", p.Key)
			}
			for i, world := range worlds {
				base, want := world, plain[i]
				if more, ok := needs[p.Key]; ok {
					base = append(append([]string{}, world...), more...)
					histories(baseline(t, base...), func(rep int, o string) bool { want[rep] = o; return false })
				}
				for _, value := range others {
					s := new(Scenario)
					if _, err := (input.Loader{Embedded: configs.FS}).Load("baseline", append(append([]string{}, base...), p.Key+"="+value), s, nil); err != nil {
						continue // against a rule between parameters: the other end will do
					}
					differs := false
					histories(s, func(rep int, o string) bool { differs = o != want[rep]; return differs })
					if differs {
						return
					}
				}
			}
			t.Errorf("%s changes no outcome of %d histories in any of %v", p.Key, n, worlds)
		})
	}
}
