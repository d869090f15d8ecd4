package model

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// What follows is more cases of every kind, each solved here in another way.

// A third opinion on the closed form: the equation itself, by Runge and Kutta.
func TestHelmboldSolvesItsEquation(t *testing.T) {
	luck := luckOf("more helmbold")
	for range 20 {
		w, a, b, days := luck.Uniform(), .05*luck.Uniform(), .05*luck.Uniform(), 15*luck.Uniform()
		x0, y0 := 50+100*luck.Uniform(), 50+100*luck.Uniform()
		slope := func(x, y float64) (dx, dy float64) {
			return -a * math.Pow(x, 1-w) * math.Pow(y, w), -b * math.Pow(y, 1-w) * math.Pow(x, w)
		}
		const steps = 2000
		x, y, h := x0, y0, days/steps
		for range steps {
			x1, y1 := slope(x, y)
			x2, y2 := slope(x+h/2*x1, y+h/2*y1)
			x3, y3 := slope(x+h/2*x2, y+h/2*y2)
			x4, y4 := slope(x+h*x3, y+h*y3)
			x += h / 6 * (x1 + 2*x2 + 2*x3 + x4)
			y += h / 6 * (y1 + 2*y2 + 2*y3 + y4)
		}
		gotX, gotY := helmbold(x0, y0, a, b, w, days)
		what := fmt.Sprintf("helmbold(%.4g, %.4g, %.4g, %.4g, %.4g, %.4g)", x0, y0, a, b, w, days)
		near(t, "A of "+what, gotX, x, 1e-9)
		near(t, "B of "+what, gotY, y, 1e-9)
	}
}

// A war is cut into segments at every event: cutting one in two must change nothing.
func TestHelmboldIsAFlow(t *testing.T) {
	for _, w := range []float64{0, .25, .5, .8, 1} {
		a1, b1 := helmbold(100, 70, .01, .02, w, 30)
		a2, b2 := helmbold(100, 70, .01, .02, w, 11)
		a2, b2 = helmbold(a2, b2, .01, .02, w, 19)
		near(t, "A", a2, a1, 1e-12)
		near(t, "B", b2, b1, 1e-12)
	}
}

func TestMoreLanchester(t *testing.T) {
	luck := luckOf("more lanchester")
	for range 20 {
		a, b := .001+.01*luck.Uniform(), .001+.01*luck.Uniform()
		x, y := 50+100*luck.Uniform(), 50+100*luck.Uniform()
		p, q := math.Sqrt(b)*x, math.Sqrt(a)*y
		near(t, "the end of a square law", foughtOut(x, y, a, b, 1), math.Atanh(min(p, q)/max(p, q))/math.Sqrt(a*b), 1e-9)
		left, right := helmbold(x, y, a, b, 1, 1e6)
		near(t, "its survivors", math.Sqrt(b)*left+math.Sqrt(a)*right, math.Sqrt(math.Abs(p*p-q*q)), 1e-9)

		// The linear law: the ratio of the two decays at c = b x - a y.
		days := 2 * luck.Uniform()
		c := b*x - a*y
		ratio := y / x * math.Exp(-c*days)
		gotX, gotY := linearLaw(x, y, a, b, days)
		near(t, "A of a linear law", gotX, c/(b-a*ratio), 1e-9)
		near(t, "B of a linear law", gotY, c/(b-a*ratio)*ratio, 1e-9)
	}
}

// duelChain solves the Markov chain of a duel: P(the attackers win), E[their survivors if they win]·P, E[days].
func duelChain(m, n int, a, b float64) (win, survivors, days float64) {
	if n == 0 {
		return 1, float64(m), 0
	}
	if m == 0 {
		return 0, 0, 0
	}
	total := float64(m)*b + float64(n)*a
	w1, s1, d1 := duelChain(m, n-1, a, b)
	w2, s2, d2 := duelChain(m-1, n, a, b)
	p := float64(m) * b / total
	return p*w1 + (1-p)*w2, p*s1 + (1-p)*s2, 1/total + p*d1 + (1-p)*d2
}

func TestMoreDuels(t *testing.T) {
	k := judged(t)
	for _, c := range []struct {
		m, n int
		a, b float64
	}{{1, 1, 2, 1}, {3, 4, .5, .8}, {6, 3, .3, .1}, {7, 7, 1, 1.2}, {2, 5, .1, .6}} {
		name := fmt.Sprintf("%d-v-%d/%v-%v", c.m, c.n, c.a, c.b)
		win, survivors, duration := duelChain(c.m, c.n, c.a, c.b)
		left, days := duelled(luckOf(name), 30_000, c.m, c.n, c.a, c.b)
		k.mean(name+"/p-win", left.where(func(x float64) bool { return x > 0 }), win)
		for i, x := range left {
			left[i] = max(0, x)
		}
		k.mean(name+"/survivors", left, survivors)
		k.mean(name+"/days", days, duration)
	}
	// Broken off after a day, a duel of one against one is undecided with chance exp(-2).
	luck := luckOf("broken off")
	k.mean("broken-off", drawn(30_000, func() float64 {
		if a, b, days := duel(luck, 1, 1, 1, 1, 1); a+b == 0 && days == 1 {
			return 1
		}
		return 0
	}), math.Exp(-2))
}

// binomial is the law of n trials.
func binomial(n int64, p float64) []float64 {
	law := []float64{1}
	for range n {
		next := make([]float64, len(law)+1)
		for k, q := range law {
			next[k] += q * (1 - p)
			next[k+1] += q * p
		}
		law = next
	}
	return law
}

func TestMoreSalvos(t *testing.T) {
	k := judged(t)
	w := bare(func(s *Scenario) { s.Coalition.HitDeathsProb, s.Coalition.HitPeople = 1, 1 })
	for _, s := range []hubSalvo{
		{shots: 5, hit: .9, interceptors: 9, kill: .4, targets: 6, staying: 3},
		{shots: 20, hit: .35, interceptors: 3, kill: .8, targets: 2, staying: 4},
		{shots: 8, hit: 1, interceptors: 8, kill: .25, targets: 3, staying: 1},
	} {
		name := fmt.Sprintf("%+v", s)
		name = strings.ReplaceAll(name, " ", ",")
		var leakers, lost float64
		for i, p := range binomial(s.shots, s.hit) {
			for j, q := range binomial(s.interceptors, s.kill) {
				through := max(0, float64(i-j))
				leakers += p * q * through
				lost += p * q * min(float64(s.targets), through/float64(s.staying))
			}
		}
		leak, out := s.draw(w, luckOf(name), 30_000)
		k.mean(name+"/leakers", leak, leakers)
		k.mean(name+"/lost", out, lost)
	}
}

func TestMoreLayers(t *testing.T) {
	k := judged(t)
	leak := layered(luckOf("more layers"), 37, 30_000, .3, .2, .6)
	p := .7 * .8 * .4
	k.mean("mean", leak, 37*p)
	k.sd("sd", leak, math.Sqrt(37*p*(1-p)))
}

// lookChain is the expected leakers and interceptors used of threats that are shot at, look by look.
func lookChain(threats, stock int64, p float64, looks int) (leakers, used float64) {
	if looks == 0 {
		return float64(threats), 0
	}
	shots := min(threats, stock)
	for killed, chance := range binomial(shots, p) {
		l, u := lookChain(threats-int64(killed), stock-shots, p, looks-1)
		leakers += chance * l
		used += chance * (float64(shots) + u)
	}
	return leakers, used
}

func TestMoreShootLookShoot(t *testing.T) {
	k := judged(t)
	for _, c := range []struct {
		threats, stock int64
		p              float64
		looks          int
	}{{10, 12, .5, 3}, {7, 3, .8, 2}, {12, 100, .35, 4}, {20, 25, .7, 1}} {
		name := fmt.Sprintf("%d-%d-%v-%d", c.threats, c.stock, c.p, c.looks)
		luck := luckOf(name)
		const n = 30_000
		leak, used := make(draws, n), make(draws, n)
		for i := range n {
			l, u := shootLookShoot(luck, c.threats, c.stock, c.p, c.looks)
			leak[i], used[i] = float64(l), float64(u)
		}
		leakers, shots := lookChain(c.threats, c.stock, c.p, c.looks)
		k.mean(name+"/leakers", leak, leakers)
		if shots < float64(c.stock) && c.looks > 1 {
			k.mean(name+"/used", used, shots)
		}
	}
}

func TestMoreChannels(t *testing.T) {
	for c := int64(1); c <= 12; c++ {
		for _, load := range []float64{.3, 1, 4, 15, 60} {
			sum, term := 1.0, 1.0
			for k := int64(1); k <= c; k++ {
				term *= load / float64(k)
				sum += term
			}
			near(t, fmt.Sprintf("erlangLoss(%d, %v)", c, load), erlangLoss(c, load), term/sum, 1e-12)
			for _, theta := range []float64{.1, 1, 7} {
				// From the empty queue up; at theta = 1 it is the queue of so many servers that nobody waits.
				sum, leaving, weight := 1.0, 0.0, 1.0
				for k := int64(1); k < 2000; k++ {
					waiting := float64(max(0, k-c))
					weight *= load / (float64(min(k, c)) + waiting*theta)
					sum += weight
					leaving += weight * waiting * theta
				}
				near(t, fmt.Sprintf("erlangAbandon(%d, %v, 1, %v)", c, load, theta), erlangAbandon(c, load, 1, theta), leaving/(sum*load), 1e-9)
			}
		}
	}
	near(t, "patience of no time, a loss", erlangAbandon(5, 4, 1, 1e9), erlangLoss(5, 4), 1e-7)
}

// Loads far beyond what the channels can serve must neither overflow nor take for ever, and come to the
// fluid limit: what is not served leaves.
func TestErlangAbandonUnderAnyLoad(t *testing.T) {
	for _, lambda := range []float64{1e-6, 1, 30, 81.7, 500, 1e3, 1e4, 1e6, 1e9} {
		for _, theta := range []float64{1.0 / 16, 1.0 / 4, 2} {
			got, least := erlangAbandon(6, lambda, 0.25, theta), 1-6*0.25/lambda
			if !(got >= max(0, least)-1e-12 && got <= 1) {
				t.Errorf("erlangAbandon(6, %v, .25, %v) = %v, fluid limit %v", lambda, theta, got, least)
			}
			if lambda >= 1e3 && got-least > 1e-6 {
				t.Errorf("erlangAbandon(6, %v, .25, %v) = %v, far from its fluid limit %v", lambda, theta, got, least)
			}
		}
	}
}
