package stats

import (
	"fmt"
	"math"
)

// Goodman estimates the shares of all classes at once: with probability level every interval covers
// (Goodman, Technometrics 7, 1965). Its chi-squared point on one degree of freedom, the risk divided
// by the number of classes, makes each interval Wilson's at 1-(1-level)/classes.
func Goodman(counts []int, level float64) []Estimate {
	const method = "Goodman simultaneous"
	checkLevel(method, level)
	n := total(method, counts)
	all := make([]Estimate, len(counts))
	for i, k := range counts {
		all[i] = Share(k, n, 1-(1-level)/float64(len(counts)))
		all[i].Level, all[i].Method = level, method
	}
	return all
}

func total(method string, counts []int) int {
	n := 0
	for i, k := range counts {
		if k < 0 {
			panic(fmt.Sprintf("stats: %s: count %d is %d", method, i, k))
		}
		n += k
	}
	return n
}

// SisonGlaz estimates the shares of all classes at once (Sison and Glaz, JASA 90, 1995). For many
// classes of like size and few runs it is narrower than [Goodman]; all intervals have about one width,
// too wide for rare classes. Below 100 runs it covers .88 to .95 of .95, and a warning says so.
func SisonGlaz(counts []int, level float64) []Estimate {
	const method = "Sison-Glaz simultaneous"
	checkLevel(method, level)
	n := total(method, counts)
	all := make([]Estimate, len(counts))
	for i, k := range counts {
		all[i] = share(method, k, n, level)
	}
	if n == 0 {
		return all
	}
	classes := make([]truncatedPoisson, len(counts))
	for i, k := range counts {
		classes[i] = newTruncatedPoisson(k)
	}
	before, reached := 0.0, withinTogether(classes, n)
	c := 0
	for reached < level && c < n {
		for i := range classes {
			classes[i].widen()
		}
		c++
		before, reached = reached, withinTogether(classes, n)
	}
	// The interval is to reach the level between c-1 and c; so it ends a part of the way.
	down, part := float64(c-1), 0.0
	if c > 0 && reached > before {
		part = (level - before) / (reached - before)
	}
	down = max(0, down)
	for i, k := range counts {
		p := float64(k) / float64(n)
		all[i].Low = max(0, p-down/float64(n))
		all[i].High = min(1, p+(down+2*part)/float64(n))
		if n < 100 {
			all[i].Warnings = append(all[i].Warnings, WarnFewSisonGlaz)
		}
		if reached > 1 {
			all[i].Warnings = append(all[i].Warnings, WarnLopsided)
		}
	}
	return all
}

// truncatedPoisson holds the moments of a Poisson variable of mean m given that it is within c of m.
// Kept about m, and grown by two points a step, they do not cancel.
type truncatedPoisson struct {
	m, c        int
	mass        float64
	power       [4]float64 // sums of p (x-m)^(1..4)
	left, right float64    // probability of m-c and m+c
}

func newTruncatedPoisson(m int) truncatedPoisson {
	t := truncatedPoisson{m: m}
	x := float64(m)
	// Stirling's series where it is exact to the last bits; e^-m m^m / m! else.
	if m < 20 {
		t.mass = math.Exp(-x)
		for i := range m {
			t.mass *= x / float64(i+1)
		}
	} else {
		x2 := x * x
		t.mass = math.Exp(-(1./12-(1./360-(1./1260-1/(1680*x2))/x2)/x2)/x) / math.Sqrt(2*math.Pi*x)
	}
	t.left, t.right = t.mass, t.mass
	return t
}

func (t *truncatedPoisson) widen() {
	t.left *= float64(max(0, t.m-t.c)) / float64(max(1, t.m))
	t.c++
	t.right *= float64(t.m) / float64(t.m+t.c)
	d := float64(t.c)
	t.mass += t.left + t.right
	odd, even := (t.right-t.left)*d, (t.right+t.left)*d*d
	t.power[0] += odd
	t.power[1] += even
	t.power[2] += odd * d * d
	t.power[3] += even * d * d
}

// withinTogether is the probability that multinomial counts of sum n are all within c of their means:
// the product of the Poisson probabilities, times the chance that their sum is n given that (by an
// Edgeworth expansion), over the chance that a Poisson variable of mean n is n.
func withinTogether(classes []truncatedPoisson, n int) float64 {
	shift, variance, third, fourth := 0.0, 0.0, 0.0, 0.0 // the cumulants of the sum, about n
	product := 1.0
	for _, t := range classes {
		var r [4]float64
		for i, p := range t.power {
			r[i] = p / t.mass
		}
		mean := r[0]
		v := r[1] - mean*mean
		shift += mean
		variance += v
		third += r[2] - 3*mean*r[1] + 2*mean*mean*mean
		fourth += r[3] - 4*mean*r[2] + 6*mean*mean*r[1] - 3*mean*mean*mean*mean - 3*v*v
		product *= t.mass
	}
	if variance == 0 {
		return 0
	}
	sd := math.Sqrt(variance)
	z := -shift / sd
	g1, g2 := third/(variance*sd), fourth/(variance*variance)
	z2 := z * z
	poly := 1 + g1*z*(z2-3)/6 + g2*(z2*z2-6*z2+3)/24 + g1*g1*(z2*z2*z2-15*z2*z2+45*z2-15)/72
	density := poly * math.Exp(-z2/2) / (sd * math.Sqrt(2*math.Pi))
	return product * density / newTruncatedPoisson(n).mass
}
