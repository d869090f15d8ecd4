package model

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"testing"

	"tripwire/sim"
)

var long = flag.Bool("long", false, "simulate the law of courses with 50 times the histories")

// simulated is how many a test by simulation plays.
func simulated() int {
	if *long {
		return 100_000
	}
	return 2000
}

// told is a course, entry by entry, and last its outcome.
func told(v *War, seed uint64, c Course) (all []string) {
	o := v.TraceCourse(seed, c, End{rung: nuclearUse}, func(e Entry) { all = append(all, fmt.Sprintf("%+v", e)) })
	return append(all, fmt.Sprintf("%+v", o))
}

// again is an event at which a history begins anew, with nothing known of its clocks.
func again(after, key uint64) Branch { return Branch{After: after, Key: key, UpTo: math.Inf(1)} }

func TestACourseWithoutBranchesIsAReplication(t *testing.T) {
	s := baseline(t)
	v := New(s)
	nuclear, _ := RareEnd("nuclear-use")
	for rep := range uint64(40) {
		var want []string
		o := v.Trace(1, rep, func(e Entry) { want = append(want, fmt.Sprintf("%+v", e)) })
		want = append(want, fmt.Sprintf("%+v", o))
		sameTale(t, fmt.Sprintf("replication %d as a course", rep), told(v, 1, Course{Rep: rep}), want)
		leg := v.Follow(1, Course{Rep: rep}, nuclear, math.Inf(1))
		played := fmt.Sprintf("%+v", v.Play(1, rep))
		sameTale(t, fmt.Sprintf("replication %d after a course", rep), []string{played}, want[len(want)-1:])
		if leg.Events != v.w.engine.Fired() || leg.Reached != o.NuclearUse {
			t.Fatalf("replication %d: followed for %d events, nuclear use %v; want %d, %v", rep, leg.Events, leg.Reached, v.w.engine.Fired(), o.NuclearUse)
		}
	}
}

// sameTale fails at the first line that differs.
func sameTale(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("%s: %d lines, want %d; line %d is the first that differs:\n%s\nwant\n%s", what, len(got), len(want), i, got[min(i, len(got)):min(i+1, len(got))], want[min(i, len(want)):min(i+1, len(want))])
		}
	}
}

func TestACourseIsTheSameEachTime(t *testing.T) {
	s := baseline(t)
	v := New(s)
	c := Course{Rep: 3, Branches: []Branch{again(40, 7), {After: 200, Key: 8, Above: 0.1, UpTo: 0.5}, again(200, 9)}}
	first := told(v, 1, c)
	v.Play(5, 5)
	for name, other := range map[string]*War{"the same war": v, "another": New(s)} {
		sameTale(t, name, told(other, 1, c), first)
	}
}

func TestABranchChangesTheLuckFromThere(t *testing.T) {
	v := New(baseline(t))
	unmoved := 0
	for rep := range uint64(40) {
		plain := told(v, 1, Course{Rep: rep})
		k := len(plain) / 2
		one := told(v, 1, Course{Rep: rep, Branches: []Branch{again(uint64(k), 1)}})
		two := told(v, 1, Course{Rep: rep, Branches: []Branch{again(uint64(k), 2)}})
		if !slices.Equal(one[:k], plain[:k]) || !slices.Equal(two[:k], plain[:k]) {
			t.Fatalf("replication %d: a branch after event %d changed what was before", rep, k)
		}
		if slices.Equal(one[k:], plain[k:]) || slices.Equal(one[k:], two[k:]) {
			unmoved++
		}
	}
	// The last half of a quiet armistice can be the same by chance.
	if unmoved > 4 {
		t.Errorf("%d of 40 histories went on after a branch as if there were none", unmoved)
	}
}

// distance is Kolmogorov's, of a sample to the uniform distribution, in units of 1/sqrt(n).
func distance(sample []float64) float64 {
	slices.Sort(sample)
	n, d := float64(len(sample)), 0.0
	for i, u := range sample {
		d = max(d, u-float64(i)/n, float64(i+1)/n-u)
	}
	return d * math.Sqrt(n)
}

// farthest is what Kolmogorov's distance is above once in 100,000 times.
const farthest = 2.47

// within is where an exponential variable stands in its distribution between two bounds.
func within(left, above, upTo float64) float64 {
	return math.Expm1(above-left) / math.Expm1(above-upTo)
}

func TestRedrawnClocks(t *testing.T) {
	w := &New(baseline(t)).w
	for _, bounds := range [][2]float64{{0, math.Inf(1)}, {0, 1e-6}, {0.3, 0.7}, {2, math.Inf(1)}, {30, 31}} {
		w.engine.Reset()
		w.luck.Reset(1, 1)
		luck := w.luck.Stream("test/clock")
		h := hazard{event: &nuclearUsed{}}
		h.draw(luck)
		h.set(w, 0.25)
		var sample []float64
		for range 10_000 {
			h.redraw(w, luck, bounds[0], bounds[1])
			sample = append(sample, within(h.left, bounds[0], bounds[1]))
			if at, ok := w.engine.Scheduled(h.next); !ok || w.engine.Pending() != 1 || at != sim.Time(sim.Days(h.left/0.25)) {
				t.Fatalf("with %v left at .25 a day the event is due at %v (%v), among %d", h.left, at, ok, w.engine.Pending())
			}
		}
		if d := distance(sample); d > farthest {
			t.Errorf("between %v and %v: Kolmogorov distance %.2f/sqrt(n), want at most %v", bounds[0], bounds[1], d, farthest)
		}
	}
}

// What a course says that is known of a clock must be all that is known: between its bounds the clock still has
// its own distribution, whatever levels the history passed.
func TestWhatIsKnownOfAClock(t *testing.T) {
	s := baseline(t, "escalation.nuclear_use_per_d=0.001", "escalation.nato_strike_rung5_per_d=0.002",
		"escalation.nato_strike_rung6_per_d=0.004", "escalation.nato_strike_rung7_per_d=0.006", "moscow.attack=full")
	v := New(s)
	for name, levels := range map[string][]float64{
		"nuclear-use":     {fullInvasionNear, 0.002, 0.01},
		"nato-russia-war": {fullInvasionNear, 0.003, 0.02},
		"rung=8":          {0.001, 0.01},
	} {
		end, _ := RareEnd(name)
		samples := make([][]float64, len(levels))
		for rep := range uint64(simulated() / 4) {
			c := Course{Rep: rep}
			for i, near := range levels {
				leg := v.Follow(1, c, end, near)
				if !leg.Reached || leg.Ended {
					break
				}
				clock := end.clock(&v.w.escalation)
				left := clock.left - clock.spent(v.w.engine.Now())
				if left < leg.Branch.Above || left > leg.Branch.UpTo {
					t.Fatalf("%s, replication %d, level %v: %v is left, not in [%v, %v]", name, rep, near, left, leg.Branch.Above, leg.Branch.UpTo)
				}
				if v.w.escalation.highest < strikesNATO || clock != &v.w.escalation.nato {
					samples[i] = append(samples[i], within(left, leg.Branch.Above, leg.Branch.UpTo))
				}
				leg.Branch.Key = uint64(i + 1)
				c.Branches = append(c.Branches, leg.Branch)
			}
		}
		for i, sample := range samples {
			if d := distance(sample); len(sample) < simulated()/40 || d > farthest {
				t.Errorf("%s, level %v: %d histories, Kolmogorov distance %.2f/sqrt(n), want %d or more and at most %v", name, levels[i], len(sample), d, simulated()/40, farthest)
			}
		}
	}
}

// fullInvasionNear is the nearness of a history that has come to a full invasion.
const fullInvasionNear = float64(fullInvasion) - float64(nuclearUse) - 1

// Other luck after every twentieth event must change no distribution. It would if a number that decided
// something were asked for again and were not lasting: a host that refused would be another host.
func TestBranchesKeepTheLaw(t *testing.T) {
	s := baseline(t, "moscow.attack=full", "washington.p_response_major=0.9", "coalition.roe=R3", "escalation.nuclear_use_per_d=0.0002", "escalation.nato_strike_rung5_per_d=0.002",
		"escalation.nato_strike_rung6_per_d=0.004", "escalation.nato_strike_rung7_per_d=0.006")
	v := New(s)
	n := simulated()
	type measure struct {
		name string
		of   func(*Outcome) float64
	}
	yes := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	measures := []measure{
		{"invaded", func(o *Outcome) float64 { return yes(o.Invaded) }},
		{"guarantee collapsed", func(o *Outcome) float64 { return yes(o.Collapsed) }},
		{"struck", func(o *Outcome) float64 { return yes(o.FirstStrikeD >= 0) }},
		{"struck within 40 days", func(o *Outcome) float64 { return yes(o.FirstStrikeD < 40) }},
		{"held at consent", func(o *Outcome) float64 { return yes(o.GateFailed == GateConsent) }},
		{"nuclear signal", func(o *Outcome) float64 { return yes(o.NuclearSignal) }},
		{"nuclear use", func(o *Outcome) float64 { return yes(o.NuclearUse) }},
		{"war between NATO and Russia", func(o *Outcome) float64 { return yes(o.Outcome == NATORussiaWar) }},
		{"rung 8 or higher", func(o *Outcome) float64 { return yes(o.RungMax >= 8) }},
		{"furthest front", func(o *Outcome) float64 { return o.FrontMaxKm }},
		{"incidents detected", func(o *Outcome) float64 { return float64(o.Detected) }},
		{"leakers", func(o *Outcome) float64 { return float64(o.Leakers) }},
		{"coalition losses", func(o *Outcome) float64 { return float64(o.LossesCoalition) }},
	}
	type moments struct{ n, sum, squares float64 }
	sums := make([][2]moments, len(measures))
	c := Course{Branches: make([]Branch, 500)}
	for i := range c.Branches {
		c.Branches[i] = again(uint64(20*(i+1)), uint64(i))
	}
	for rep := range uint64(2 * n) {
		side := int(rep % 2)
		f := &follower{end: End{rung: nuclearUse}}
		if side == 1 {
			f.branches = c.Branches
		}
		w := &v.w
		w.engine.Trace = func(sim.Time, sim.ID, sim.ID, sim.Event[war]) { f.branch(w) }
		o := v.Play(1, rep)
		w.engine.Trace = nil
		for i, m := range measures {
			x := m.of(&o)
			a := &sums[i][side]
			a.n, a.sum, a.squares = a.n+1, a.sum+x, a.squares+x*x
		}
	}
	for i, m := range measures {
		mean, variance := [2]float64{}, 0.0
		for side, a := range sums[i] {
			mean[side] = a.sum / a.n
			variance += (a.squares/a.n - mean[side]*mean[side]) / a.n
		}
		z := (mean[1] - mean[0]) / math.Sqrt(variance)
		t.Logf("%-27s %.5g, with branches %.5g: %+.1f s.e.", m.name, mean[0], mean[1], z)
		if !(math.Abs(z) <= 4) {
			t.Errorf("%s: mean %.5g in %d histories, %.5g with branches: %.1f standard errors apart (go test ./model -run %s -long plays more)", m.name, mean[0], n, mean[1], z, t.Name())
		}
	}
}
