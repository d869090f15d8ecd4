package model

import (
	"math"
	"testing"

	"tripwire/sim"
	"tripwire/sim/random"
)

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if math.Abs(got-want) > rel*math.Abs(want) {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// within fails unless the mean of what was simulated lies within four standard errors of want.
func within(t *testing.T, what string, n int, draw func() float64, want float64) {
	t.Helper()
	sum, squares := 0.0, 0.0
	for range n {
		x := draw()
		sum += x
		squares += x * x
	}
	mean := sum / float64(n)
	se := math.Sqrt((squares/float64(n) - mean*mean) / float64(n))
	if !(math.Abs(mean-want) <= 4*se) || se == 0 {
		t.Errorf("%s = %.6g ± %.2g, want %.6g", what, mean, se, want)
	}
}

func luckOf(name string) stream {
	l := random.New()
	l.Reset(1, 0)
	return l.Stream(name)
}

func TestHelmbold(t *testing.T) {
	for _, c := range []struct{ a0, b0, a, b, w, t, a1, b1 float64 }{
		{100, 80, .01, .01, 1, 50, 71.07497208, 38.10054667}, // Lanchester's square law
		{100, 60, .004, .010, 1, 40, 93.514375, 21.502228},
		{100, 60, .004, .010, .5, 40, 89.468436, 33.671089},
		{100, 60, .004, .010, 0, 40, 85.214379, 40.219203},
		{100, 80, .01, .01, 1, 200, 60, 0}, // fought out after T = 109.86
		{80, 100, .01, .01, 1, 200, 0, 60},
	} {
		a, b := Helmbold(c.a0, c.b0, c.a, c.b, c.w, c.t)
		near(t, "A", a, c.a1, 1e-8)
		near(t, "B", b, c.b1, 1e-8)
	}
	// The end at T = 109.8612289: a little before, B still stands.
	if _, b := Helmbold(100, 80, .01, .01, 1, 109.86); b <= 0 {
		t.Errorf("B = %v just before the end", b)
	}
	if _, b := Helmbold(100, 80, .01, .01, 1, 109.862); b != 0 {
		t.Errorf("B = %v just after the end", b)
	}
}

// A war is cut into segments at every event: cutting one in two must change nothing.
func TestHelmboldIsAFlow(t *testing.T) {
	for _, w := range []float64{0, .25, .5, .8, 1} {
		a1, b1 := Helmbold(100, 70, .01, .02, w, 30)
		a2, b2 := Helmbold(100, 70, .01, .02, w, 11)
		a2, b2 = Helmbold(a2, b2, .01, .02, w, 19)
		near(t, "A", a2, a1, 1e-12)
		near(t, "B", b2, b1, 1e-12)
	}
}

// A third opinion on the closed form: small Euler steps of the equation itself.
func TestHelmboldSolvesItsEquation(t *testing.T) {
	for _, w := range []float64{.3, .5, .9} {
		a, b := 120.0, 75.0
		const steps, dt = 200_000, 20.0 / 200_000
		for range steps {
			da := .02 * math.Pow(a, 1-w) * math.Pow(b, w)
			db := .03 * math.Pow(b, 1-w) * math.Pow(a, w)
			a, b = a-da*dt, b-db*dt
		}
		a1, b1 := Helmbold(120, 75, .02, .03, w, 20)
		near(t, "A", a1, a, 1e-5)
		near(t, "B", b1, b, 1e-5)
	}
}

func TestDuelIsTheStochasticSquareLaw(t *testing.T) {
	const n = 40_000
	luck := luckOf("duel")
	wins := func(m, k int) func() float64 {
		return func() float64 {
			if _, lost, _ := Duel(luck, m, k, 1, 1, math.Inf(1)); lost == k {
				return 1
			}
			return 0
		}
	}
	within(t, "P(2 beat 1)", n, wins(2, 1), 5.0/6)
	within(t, "P(3 beat 2)", n, wins(3, 2), 31.0/40)
	within(t, "P(5 beat 4)", n, wins(5, 4), 51907.0/72576)
	within(t, "duration of 2 against 1", n, func() float64 { _, _, d := Duel(luck, 2, 1, 1, 1, math.Inf(1)); return d }, .5)
	within(t, "survivors of 10 against 10", n, func() float64 {
		a, b, _ := Duel(luck, 10, 10, 1, 1, math.Inf(1))
		return float64(20 - a - b)
	}, 5.715147475)
}

func TestCommonShock(t *testing.T) {
	luck := luckOf("votes")
	some := func(p, rho float64) func() float64 {
		return func() float64 {
			p := commonShock(luck.Uniform(), p, rho)
			for range 5 {
				if luck.Happens(p) {
					return 1
				}
			}
			return 0
		}
	}
	within(t, "P(one of five), independent", 40_000, some(.35, 0), .8839709375)
	within(t, "P(one of five), correlation 1/3", 40_000, some(.35, 1.0/3), .6876820417)
}

func TestBeliefLearnsAndForgets(t *testing.T) {
	b := belief{prior: .5, weight: 4}
	b.learn(0, 365, 3, 1)
	near(t, "Beta(2,2) after 3 of 4", b.mean(), .625, 1e-12)
	b.forget(sim.Time(365*sim.Day), 365)
	near(t, "half forgotten", b.mean(), (2+1.5)/(4+2), 1e-12)
	b.forget(sim.Time(100_000*sim.Day), 365)
	near(t, "all forgotten", b.mean(), .5, 1e-9)
}

func TestEvidence(t *testing.T) {
	// Five items in ten days, at .6 a day if guilty and .2 if not.
	var s SequentialTest
	for range 5 {
		s.Item(.6, .2)
	}
	s.Silence(.6, .2, 10)
	near(t, "log likelihood ratio", s.LogOdds, 1.493061443, 1e-9)
	s.LogOdds += math.Log(.3 / .7)
	near(t, "posterior from .3", s.Posterior(), .6560551618, 1e-9)
}

func TestSequentialTestBySteps(t *testing.T) {
	luck := luckOf("evidence")
	const n = 40_000
	step := math.Log(.6 / .4)
	run := func(up, down, p float64) (blamed, items float64) {
		// Half a step of slack keeps rounding from adding a step.
		s := SequentialTest{Upper: (up - .5) * step, Lower: -(down - .5) * step}
		for ; s.Verdict() == 0; items++ {
			if luck.Happens(p) {
				s.Item(.6, .4)
			} else {
				s.Item(.4, .6)
			}
		}
		return max(0, float64(s.Verdict())), items
	}
	blamed := func(up, down, p float64) func() float64 {
		return func() float64 { b, _ := run(up, down, p); return b }
	}
	items := func(up, down, p float64) func() float64 {
		return func() float64 { _, k := run(up, down, p); return k }
	}
	within(t, "±3 steps, P(correct)", n, blamed(3, 3, .6), .7714285714)
	within(t, "±3 steps, E[items]", n, items(3, 3, .6), 8.142857143)
	within(t, "+6 -3, guilty blamed", n, blamed(6, 3, .6), .7224975223)
	within(t, "+6 -3, guilty items", n, items(6, 3, .6), 17.5123885)
	within(t, "+6 -3, innocent blamed", n, blamed(6, 3, .4), .06342913776)
	within(t, "+6 -3, innocent items", n, items(6, 3, .4), 12.1456888)
	within(t, "+4 -6, innocent blamed", n, blamed(4, 6, .4), .18337)
	within(t, "+4 -6, days at .5 items a day", n, func() float64 { _, k := run(4, 6, .6); return k / .5 }, 32.831)
	within(t, "+8 -6, days at .5 items a day", n, func() float64 { _, k := run(8, 6, .6); return k / .5 }, 68.148)
}

func TestSequentialTestInContinuousTime(t *testing.T) {
	luck := luckOf("poisson evidence")
	run := func() (blamed, days float64) {
		s := SequentialTest{Upper: math.Log(.90 / .05), Lower: math.Log(.10 / .95)}
		for {
			wait := luck.Exp(1 / .6)
			// Silence alone clears the suspect once it has lasted long enough.
			if clear := (s.LogOdds - s.Lower) / (.6 - .2); clear <= wait {
				return 0, days + clear
			}
			days += wait
			s.Silence(.6, .2, wait)
			if s.Item(.6, .2); s.Verdict() == 1 {
				return 1, days
			}
		}
	}
	within(t, "P(blamed)", 60_000, func() float64 { b, _ := run(); return b }, .898388)
	within(t, "E[days]", 60_000, func() float64 { _, d := run(); return d }, 10.5176)
}

// hitNode strikes one rail node that stands, at a rate for each, through the war's own repair.
type hitNode struct {
	luck stream
	rate float64
}

func (*hitNode) about() (string, string) { return "test", "hit" }
func (h *hitNode) Fire(w *war) {
	set := &w.strike.sets[railNode]
	if set.up > 0 && h.luck.Happens(float64(set.up)/float64(set.total)) {
		set.up--
		w.strike.mend(w, railNode)
	}
	w.engine.After(sim.Days(h.luck.Exp(1/(h.rate*float64(set.total)))), h)
}

func TestRepairableTargets(t *testing.T) {
	s := baseline(t, "strike.rail_nodes=4", "strike.repair_rail_d=6")
	v := New(s)
	w := &v.w
	luck := luckOf("hits")
	const batches, length = 200, 200.0
	var one, all, ratio []float64
	w.engine.Reset()
	w.luck.Reset(1, 0)
	w.strike.reset(w)
	w.engine.After(0, &hitNode{luck, .10})
	for b := range batches {
		var up, cut, sum float64
		for d := range int(length) {
			w.engine.Run(w, sim.Time(sim.Days(float64(b)*length+float64(d)+1)))
			n := float64(w.strike.sets[railNode].up)
			up += n / 4
			sum += min(1, 100*n/250)
			if n == 0 {
				cut++
			}
		}
		one, all, ratio = append(one, up/length), append(all, cut/length), append(ratio, sum/length)
	}
	draw := func(x []float64) func() float64 {
		i := -1
		return func() float64 { i++; return x[i] }
	}
	within(t, "one link up", batches, draw(one), .625)
	within(t, "four links cut", batches, draw(all), .01977539062)
	within(t, "E[supply ratio]", batches, draw(ratio), .8352050781)
}
