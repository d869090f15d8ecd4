package model

import (
	"fmt"
	"math"
	"testing"

	"tripwire/sim"
)

// ruin is the gambler's: the chance to be up before down, and the expected number of steps.
func ruin(up, down int, p float64) (wins, steps float64) {
	u, d := float64(up), float64(down)
	if p == .5 {
		return d / (u + d), u * d
	}
	r := (1 - p) / p
	wins = (1 - math.Pow(r, d)) / (1 - math.Pow(r, u+d))
	return wins, ((u+d)*wins - d) / (2*p - 1)
}

func TestMoreWalks(t *testing.T) {
	k := judged(t)
	luck := luckOf("more walks")
	for i := range 30 {
		up, down, odds, p := 1+int(9*luck.Uniform()), 1+int(9*luck.Uniform()), .55+.4*luck.Uniform(), .1+.8*luck.Uniform()
		if i%10 == 0 {
			p = .5
		}
		wins, steps := ruin(up, down, p)
		blamed, items := stepped(up, down, odds, p)
		name := fmt.Sprintf("%d/%d-%d/%.3f/%.3f", i, up, down, odds, p)
		k.exact(name+"/up", blamed, wins)
		k.exact(name+"/steps", items, steps)
	}
}

// The chance to blame in continuous time, step by step of the delay equation that it solves:
// 1-f(x) = exp(-κx)·q(U-x) with q' = -κ exp(-κh) q(·-h), κ = r1/(r1-r0) and h = log(r1/r0).
func TestMoreContinuousTests(t *testing.T) {
	k := judged(t)
	for _, c := range []struct{ r1, r0, alpha, beta float64 }{{.6, .2, .05, .10}, {.5, .3, .1, .2}, {2, .5, .01, .05}} {
		upper, lower := math.Log((1-c.beta)/c.alpha), math.Log(c.beta/(1-c.alpha))
		kappa, h := c.r1/(c.r1-c.r0), math.Log(c.r1/c.r0)
		g := func(y float64) float64 {
			sum, factor := 0.0, 1.0
			for i := 0; i == 0 || y > float64(i)*h; i++ {
				if i > 0 {
					factor *= -kappa * math.Exp(-kappa*h) / float64(i)
				}
				sum += factor * math.Pow(y-float64(i)*h, float64(i))
			}
			return math.Exp(kappa*y) * sum
		}
		name := fmt.Sprintf("%v-%v/%v-%v", c.r1, c.r0, c.alpha, c.beta)
		blamed, _ := weighed(luckOf(name), 30_000, c.r1, c.r0, c.alpha, c.beta)
		k.mean(name, blamed, 1-g(upper)/g(upper-lower))
	}
}

func TestMoreCases(t *testing.T) {
	k := judged(t)
	for _, c := range []struct {
		up, down int
		f, perD  float64
		by       actor
	}{{2, 3, .7, 2, directed}, {3, 2, .6, .1, ukrainian}, {5, 1, .55, 1, proxy}, {1, 4, .8, .3, accident}} {
		p := c.f
		if !c.by.guilty() {
			p = 1 - c.f
		}
		name := fmt.Sprintf("%d-%d/%v/%d", c.up, c.down, c.f, c.by)
		wins, steps := ruin(c.up, c.down, p)
		blamed, days := investigated(20_000, c.up, c.down, c.f, c.perD, c.by)
		k.mean(name+"/blamed", blamed, wins)
		k.mean(name+"/days", days, steps/c.perD)
	}
}

// chainCDF is the law of a chain of exponential stages of different means.
func chainCDF(means []float64, t float64) float64 {
	late := 0.0
	for i, a := range means {
		weight := 1.0
		for j, b := range means {
			if i != j {
				weight *= a / (a - b)
			}
		}
		late += weight * math.Exp(-t/a)
	}
	return 1 - late
}

func TestMorePipelines(t *testing.T) {
	k := judged(t)
	const n = 30_000
	stages := []float64{1, 6, 4}
	c := &chain{luck: luckOf("more pipelines"), means: stages}
	days := drawn(n, func() float64 { d, _ := c.play(); return d })
	for _, t := range []float64{4, 10, 25} {
		k.mean(fmt.Sprintf("within-%v-d", t), days.where(func(x float64) bool { return x <= t }), chainCDF(stages, t))
	}
	c = &chain{luck: luckOf("more rivals"), means: stages, rivalMean: 7}
	first := 1.0
	for _, mean := range stages {
		first *= 7 / (7 + mean)
	}
	k.mean("first", drawn(n, func() float64 {
		if _, whole := c.play(); whole {
			return 1
		}
		return 0
	}), first)
	for _, r := range []struct{ speed, slow, sigma float64 }{{3, 1, .6}, {1, 3, .3}, {2, 1.5, 1}} {
		slow := make([]float64, len(stages))
		for i := range slow {
			slow[i] = r.slow * stages[i]
		}
		// By the midpoint rule over the normal score of the speed.
		want, dz := 0.0, .001
		for z := -8 + dz/2; z < 8; z += dz {
			want += dz * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * chainCDF(slow, 50/(r.speed*math.Exp(r.sigma*z)))
		}
		name := fmt.Sprintf("race-%v-%v-%v", r.speed, r.slow, r.sigma)
		k.mean(name, raced(name, n, stages, r.slow, r.speed, r.sigma), want)
	}
}

func TestMoreVotes(t *testing.T) {
	k := judged(t)
	for _, c := range []struct{ p, rho float64 }{{.1, 0}, {.1, .5}, {.6, .2}, {.25, .8}} {
		none := 1.0 // of a beta-binomial
		for i := range 5 {
			n := 1e12
			if c.rho > 0 {
				n = 1/c.rho - 1
			}
			none *= ((1-c.p)*n + float64(i)) / (n + float64(i))
		}
		name := fmt.Sprintf("%v-%v", c.p, c.rho)
		k.mean(name+"/contingents", polled(15_000, c.p, c.rho), 1-none)
		k.mean(name+"/hosts", asked(15_000, c.p, c.rho), 1-none)
	}
}

func TestBeliefLearnsAndForgets(t *testing.T) {
	b := belief{prior: .3, weight: 5}
	m := newMemory(365)
	b.learn(0, &m, 3, 1)
	near(t, "Beta(1.5,3.5) after 3 of 4", b.mean(), 4.5/9, 1e-12)
	b.forget(sim.Time(365*sim.Day), &m)
	near(t, "half forgotten", b.mean(), (1.5+1.5)/(5+2), 1e-12)
	b.forget(sim.Time(100_000*sim.Day), &m)
	near(t, "all forgotten", b.mean(), .3, 1e-9)
}
