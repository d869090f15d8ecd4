package stats

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// Dunnett compares the means of others with that of a control, all of independent runs of one variance,
// so that all intervals together hold at the level, and P is adjusted for their number (Dunnett, J. Am.
// Stat. Assoc. 50, 1955; unequal sizes included). Each is other minus control. Under common luck use
// [PairedMean] with [Holm].
func Dunnett(control []float64, others [][]float64, level float64) []Difference {
	const method = "Dunnett"
	checkLevel(method, level)
	groups := append([][]float64{control}, others...)
	moments := make([]Moments, len(groups))
	runs, within := 0, 0.0
	for g, x := range groups {
		for _, v := range x {
			moments[g].Add(v)
		}
		runs += len(x)
		if len(x) > 1 {
			within += moments[g].Variance() * float64(len(x)-1)
		}
	}
	df := float64(runs - len(groups))
	differences := make([]Difference, len(others))
	lambda := make([]float64, len(others))
	missing := len(control) == 0 || df < 1
	for i, x := range others {
		lambda[i] = math.Sqrt(float64(len(x)) / float64(len(x)+len(control)))
		missing = missing || len(x) == 0
	}
	var critical float64
	if !missing && len(others) > 0 {
		critical = dunnettQuantile(lambda, df, level)
	}
	heavyControl := NewSample(control).heavyTailed()
	for i, x := range others {
		test := Test{Statistic: math.NaN(), DF: df, P: math.NaN(), N: len(x) + len(control), Method: method}
		d := Difference{Estimate: nothing(level, method), Test: test, Correlation: math.NaN(), VarianceReduction: 1}
		if !missing {
			se := math.Sqrt(within / df * (1/float64(len(x)) + 1/float64(len(control))))
			value := moments[i+1].Mean() - moments[0].Mean()
			d.Estimate = Estimate{Value: value, Low: value - critical*se, High: value + critical*se, Level: level,
				N: test.N, Method: method}
			if min(len(x), len(control)) < 30 {
				d.Warnings = append(d.Warnings, WarnFewRuns)
			}
			if heavyControl || NewSample(x).heavyTailed() {
				d.Warnings = append(d.Warnings, WarnHeavyTail)
			}
			if se == 0 {
				d.Warnings = append(d.Warnings, WarnNoSpread)
			} else {
				d.Test.Statistic = value / se
				d.Test.P = max(0, 1-dunnettProbability(lambda, df, math.Abs(value/se)))
			}
		}
		differences[i] = d
	}
	return differences
}

// dunnettQuantile is the two-sided critical value for comparisons with a control on df degrees of freedom.
func dunnettQuantile(lambda []float64, df, level float64) float64 {
	high := 2.0
	for dunnettProbability(lambda, df, high) < level {
		high *= 2
	}
	return root(func(c float64) float64 { return dunnettProbability(lambda, df, c) - level }, 0, high)
}

// dunnettProbability is P(all |t| <= c), t with the correlations lambda[i]*lambda[j].
func dunnettProbability(lambda []float64, df, c float64) float64 {
	const n = 48
	z, wz := make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(z, wz, -8.5, 8.5)
	s, ws := chiNodes(df)
	all := 0.0
	for i, scale := range s {
		for j, common := range z {
			p := wz[j] * math.Exp(-common*common/2) / math.Sqrt(2*math.Pi)
			last, factor := math.NaN(), 0.0
			for _, l := range lambda {
				if l != last {
					rest := math.Sqrt(1 - l*l)
					a, b := (l*common-c*scale)/rest, (l*common+c*scale)/rest
					last, factor = l, normalTail(a)-normalTail(b)
				}
				p *= factor
			}
			all += ws[i] * p
		}
	}
	return min(1, all)
}
