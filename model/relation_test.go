package model

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"tripwire/configs"
	"tripwire/input"
)

// play returns n histories of the baseline with parameters set, all under one seed, so that two
// calls meet the same luck.
func play(t *testing.T, n int, sets ...string) []Outcome {
	t.Helper()
	w := New(baseline(t, sets...))
	out := make([]Outcome, n)
	for rep := range out {
		out[rep] = w.Play(1, uint64(rep))
	}
	return out
}

func share(outcomes []Outcome, yes func(*Outcome) bool) float64 {
	n := 0
	for i := range outcomes {
		if yes(&outcomes[i]) {
			n++
		}
	}
	return float64(n) / float64(len(outcomes))
}

func invaded(o *Outcome) bool { return o.Invaded }

// sameChoice fails unless Moscow did the same in every history.
func sameChoice(t *testing.T, what string, a, b []Outcome) {
	t.Helper()
	for rep := range a {
		if a[rep].Kind != b[rep].Kind || (a[rep].InvasionD != b[rep].InvasionD && a[rep].Invaded) {
			t.Fatalf("%s: in replication %d Moscow chose %q on day %v and %q on day %v", what, rep,
				a[rep].Kind, a[rep].InvasionD, b[rep].Kind, b[rep].InvasionD)
		}
	}
}

func TestMoscowDoesNotKnowTheTruth(t *testing.T) {
	base := play(t, 600)
	sameChoice(t, "true P(go)", base, play(t, 600, "washington.p_response_major=0.9", "washington.p_response_limited=0.6"))
	sameChoice(t, "true Ukrainian quality", base, play(t, 600, "ukraine.quality_sigma=0"))
	sameChoice(t, "true breach hazard", base, play(t, 600, "ground.breach_hazard_per_d=0.02"))
}

func TestWithoutRationalityNoLeverMatters(t *testing.T) {
	// A pre-emptive strike is an act and no lever of belief, and a wider war ends a history: both stay out.
	zero := []string{"moscow.rationality=0", "washington.preemption=0", "escalation.enabled=false"}
	base := play(t, 600, zero...)
	for _, lever := range []string{"washington.commitment=0.95", "washington.enabled=false", "coalition.roe=R4", "coalition.enabled=false",
		"ukraine.effectiveness_max=2", "sanctions.enabled=false", "moscow.belief_us_mean=0.9"} {
		sameChoice(t, lever, base, play(t, 600, append([]string{lever}, zero...)...))
	}
}

func TestHowOftenMoscowReviewsHardlyMatters(t *testing.T) {
	monthly := share(play(t, 3000), invaded)
	twice := share(play(t, 3000, "moscow.review_d=15"), invaded)
	if d := twice - monthly; d > .03 || d < -.03 {
		t.Errorf("P(invaded) is %.3f with monthly reviews and %.3f with twice as many", monthly, twice)
	}
}

func TestNamesOfAxesAreOnlyNames(t *testing.T) {
	a := play(t, 200)
	b := play(t, 200, `axis.donbas.name="Somewhere"`, `axis.kyiv.name="Elsewhere"`)
	for rep := range a {
		same(t, rep, &a[rep], &b[rep])
	}
}

// same compares two outcomes, missing equal to missing.
func same(t *testing.T, rep int, a, b *Outcome) {
	t.Helper()
	x, y := reflect.ValueOf(*a), reflect.ValueOf(*b)
	for i := range x.NumField() {
		f, g := x.Field(i).Interface(), y.Field(i).Interface()
		if f != g && (f == f || g == g) {
			t.Fatalf("replication %d: %s is %v and %v", rep, x.Type().Field(i).Name, f, g)
		}
	}
}

func TestSplittingABeltChangesNothing(t *testing.T) {
	whole := belts(belt{prepared, 25}, belt{hasty, 65})
	halves := belts(belt{prepared, 12.5}, belt{prepared, 25}, belt{hasty, 45}, belt{hasty, 65})
	if !reflect.DeepEqual(whole, halves) {
		t.Fatalf("halves of belts make %v, whole ones %v", halves, whole)
	}
	s := baseline(t, "moscow.attack=full")
	a, b := New(s), New(s)
	for i := range b.w.ground.axes {
		ax := &b.w.ground.axes[i]
		var cut []belt
		from := 0.0
		for _, p := range ax.belts {
			cut = append(cut, belt{p.class, (from + p.until) / 2}, p)
			from = p.until
		}
		ax.belts = belts(cut...)
	}
	for rep := range 100 {
		x, y := a.Play(1, uint64(rep)), b.Play(1, uint64(rep))
		same(t, rep, &x, &y)
	}
}

func TestRelations(t *testing.T) {
	const n = 400
	full := "moscow.attack=full"
	mean := func(of func(*Outcome) float64, sets ...string) float64 {
		sum := 0.0
		for _, o := range play(t, n, append(sets, full)...) {
			sum += of(&o)
		}
		return sum / n
	}
	front := func(o *Outcome) float64 { return o.FrontMaxKm }
	struck := func(o *Outcome) float64 {
		if o.FirstStrikeD > 0 {
			return 1
		}
		return 0
	}
	supply := func(o *Outcome) float64 { return o.SupplyMin }
	fought := func(o *Outcome) float64 {
		if o.RungMax >= int64(coalitionInCombat) {
			return 1
		}
		return 0
	}
	for _, c := range []struct {
		what     string
		of       func(*Outcome) float64
		from, to []string
		margin   float64 // the least rise from `from` to `to`
	}{
		{"front, with worse Ukrainian quality", front, []string{"ukraine.effectiveness_max=1.5"}, []string{"ukraine.effectiveness_max=1.2"}, 3},
		{"front, with a higher breach hazard", front, []string{"ground.breach_hazard_per_d=0.0005"}, []string{"ground.breach_hazard_per_d=0.02"}, 3},
		{"strikes, with a readier Washington", struck, []string{"washington.p_response_major=0.1"}, []string{"washington.p_response_major=0.8"}, .3},
		{"strikes, with consent", struck, []string{"washington.consent_share=0"}, []string{"washington.consent_share=1"}, .1},
		{"supply, with slower repair undone", supply, []string{"strike.repair_scale=2"}, []string{"strike.repair_scale=0.01"}, .1},
		{"supply, with fewer weapons", supply, []string{"strike.air_launched=1200"}, []string{"strike.air_launched=0"}, .05},
		{"combat of the coalition, with looser ROE", fought, []string{"coalition.roe=R1", "washington.enabled=false"}, []string{"coalition.roe=R3", "washington.enabled=false"}, .1},
	} {
		a, b := mean(c.of, c.from...), mean(c.of, c.to...)
		if b-a < c.margin {
			t.Errorf("%s: %.3f with %v, %.3f with %v; expected a rise of at least %v", c.what, a, c.from, b, c.to, c.margin)
		}
	}
}

func TestSwitchedOffMeansOff(t *testing.T) {
	for _, o := range play(t, 400, "moscow.attack=full", "washington.enabled=false", "coalition.enabled=false", "strike.ukraine_enabled=false", "escalation.enabled=false") {
		if o.USWeaponsUsed != 0 || o.LossesCoalition != 0 || o.RungMax > int64(fullInvasion) || o.NuclearSignal || o.NuclearUse || o.Outcome == NATORussiaWar {
			t.Fatalf("something that is switched off acted: %+v", o)
		}
	}
}

// Utility has no unit: in twice as large a one, with half the weight on each, Moscow does the same.
func TestUnitOfAccount(t *testing.T) {
	a := play(t, 300)
	s := baseline(t)
	m := &s.Moscow
	for _, x := range []*Real{&m.ValueFull, &m.ValueLimited, &m.LossFull, &m.LossLimited, &m.CasualtyCost, &m.GDPCost, &m.PenaltyFull, &m.PenaltyLimited,
		&m.EscalationFull, &m.EscalationLimited, &m.CoalitionCost, &m.AudienceFull, &m.AudienceLimited, &m.ProbeValue, &m.ProbeLoss,
		&m.CoerceValue, &m.CoerceLoss, &m.SettleValue, &m.TermsUS, &m.TermsForce, &m.TermsMissiles, &m.ReferenceTerms,
		&m.ReferenceLimited, &m.ReferenceFull, &m.ReferenceProbe, &m.ReferenceCoerce, &m.ReferenceSettle} {
		*x *= 2
	}
	m.ResolveSigma *= 2
	m.Rationality /= 2
	w := New(s)
	for rep := range a {
		b := w.Play(1, uint64(rep))
		same(t, rep, &a[rep], &b)
	}
}

// How a force is spread over hubs is nothing to a leaker, nor to the states that vote: only a raid and
// a front that comes close meet one hub.
func TestSplittingTheHubsChangesNothing(t *testing.T) {
	far := []string{"moscow.attack=full", "coalition.deliberate_prob=0", "coalition.hub_distance_km=400"}
	a := play(t, 150, far...)
	b := play(t, 150, append(far, "axis.kherson.hub=true", "axis.donbas.hub=true")...)
	for rep := range a {
		same(t, rep, &a[rep], &b[rep])
	}
}

// The order of tables in a file is nothing to the war.
func TestOrderOfTables(t *testing.T) {
	text, err := fs.ReadFile(configs.FS, "baseline.toml")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "\n[")
	var b strings.Builder
	b.WriteString(parts[0])
	for i := len(parts) - 1; i > 0; i-- {
		b.WriteString("\n[" + parts[i])
	}
	backwards := new(Scenario)
	if _, err := (input.Loader{Embedded: fstest.MapFS{"backwards.toml": {Data: []byte(b.String())}}}).Load("backwards", nil, backwards, nil); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(baseline(t), backwards) {
		t.Error("the ledger with its tables in reverse is another scenario")
	}
}

// What is kept until it changes is what it would be if it were computed now: the ground at every front, and the share of
// every class of targets that is in use.
func TestWhatIsKept(t *testing.T) {
	v := New(baseline(t, "moscow.attack=full", "moscow.attack_d=10", "ground.dig_in_d=5"))
	w := &v.w
	seen, dug, struck := map[fortification]bool{}, false, false
	for rep := range uint64(12) {
		v.Trace(1, rep, func(e Entry) {
			for i := range w.ground.axes {
				a := &w.ground.axes[i]
				if want := a.ground(a.front); a.stands != want {
					t.Fatalf("replication %d, %s, %s: the front of %s at %v km is on %s ground, want %s", rep, e.At, e.Event, a.Name, a.front, a.stands, want)
				}
				seen[a.stands], dug = true, dug || a.dug.until > 0
			}
			for i, set := range w.strike.sets {
				if want := float64(set.up) / float64(set.total); set.share() != want {
					t.Fatalf("replication %d, %s, %s: share of every %s is %v, want %v", rep, e.At, e.Event, target(i), set.share(), want)
				}
				struck = struck || set.up < set.total
			}
		})
	}
	if len(seen) < 2 || !dug || !struck {
		t.Errorf("fronts on %v ground, dug in: %v, targets struck: %v; nothing was put to the test", seen, dug, struck)
	}
}
