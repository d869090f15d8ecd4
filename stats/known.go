package stats

import (
	"fmt"
	"math"
)

// Known is an answer that theory knows, beside the one that this package gives.
type Known struct {
	Name      string  // one word
	Got, Want float64 // the package's answer, and theory's
	Tolerance float64 // the largest |Got - Want| that passes
}

// OK says whether the package gives the known answer.
func (k Known) OK() bool { return math.Abs(k.Got-k.Want) <= k.Tolerance }

// KnownAnswers yields the known answers one after the other: intervals for 37 of 100, and Kaplan and
// Meier's estimate from six times, two of them censored.
func KnownAnswers(yield func(Known)) {
	exact := func(name string, got, want float64) {
		yield(Known{Name: name, Got: got, Want: want, Tolerance: 1e-9 * math.Abs(want)})
	}
	for _, c := range []struct {
		name      string
		got       Estimate
		low, high float64
	}{
		{"wilson/37-of-100", Share(37, 100, .95), .28182360534324533, .46779470419057094},
		{"clopper-pearson/37-of-100", ClopperPearson(37, 100, .95), .27556657961455151, .47235164055168316},
	} {
		exact(c.name+"/low", c.got.Low, c.low)
		exact(c.name+"/high", c.got.High, c.high)
	}
	table := NewRiskTable(Times{T: []float64{6, 7, 10, 15, 19, 25}, Cause: []int{1, 1, 0, 1, 0, 1}})
	km := table.KaplanMeier()
	for _, c := range []struct{ t, s, variance float64 }{
		{6, 5.0 / 6, 5.0 / 216},
		{7, 2.0 / 3, 1.0 / 27},
		{15, 4.0 / 9, 4.0 / 81},
	} {
		exact(fmt.Sprintf("kaplan-meier/s-%v", c.t), km.At(c.t, .95, LogLog).Value, c.s)
		exact(fmt.Sprintf("kaplan-meier/se-%v", c.t), km.SE[table.index(c.t)], math.Sqrt(c.variance))
	}
}
