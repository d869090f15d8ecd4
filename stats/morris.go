package stats

import (
	"fmt"
	"math"
)

// A Screening is what Morris trajectories say about one factor. Effects are in units of the measure over
// the factor's whole range.
type Screening struct {
	Mu     Estimate // mean effect, with its sign
	MuStar Estimate // mean size of the effect: how much the factor matters (Campolongo et al. 2007)
	Sigma  Estimate // standard deviation of the effect: how far it depends on where the others stand
	// Noise is the standard deviation that run noise alone gives to one effect; NaN with one run a point.
	Noise float64
}

// Morris screens factors by elementary effects (Morris, Technometrics 33, 1991; Campolongo, Cariboni and
// Saltelli, Environ. Model. Softw. 22, 2007). x is points of the unit cube, in trajectories of
// one row more than there are factors, each row differing from the one before in one factor, as study/design's
// Morris makes them; y[row] is the runs there, one or more, the same number everywhere. Intervals are
// Student's t over trajectories for the means, and for sigma t on the jackknifed logarithm of the
// variance.
//
// Run noise is taken out of Sigma where there are two runs or more a point, run by run, so that luck
// shared by the points is credited. It cannot be taken out of a mean of sizes: [WarnNoisyEffects] marks a
// MuStar of less than twice Noise, much of which can be noise.
func Morris(x, y [][]float64, level float64) []Screening {
	checkLevel("Morris", level)
	checkPaired("Morris", len(x), len(y))
	if len(x) == 0 {
		return nil
	}
	d := len(x[0])
	if len(x)%(d+1) != 0 {
		panic(fmt.Sprintf("stats: Morris: %d rows of %d factors are no whole number of trajectories", len(x), d))
	}
	effects := make([][]float64, d)
	noise := make([]Sum, d)
	for row := range x {
		if len(y[row]) == 0 || len(y[row]) != len(y[0]) {
			panic(fmt.Sprintf("stats: Morris: %d runs in row %d, %d in row 0", len(y[row]), row, len(y[0])))
		}
		if row%(d+1) == 0 {
			continue
		}
		factor, step := moved(x, row)
		effect := make([]float64, len(y[row]))
		mean := 0.0
		for j := range effect {
			effect[j] = (y[row][j] - y[row-1][j]) / step
			mean += effect[j]
		}
		effects[factor] = append(effects[factor], mean/float64(len(effect)))
		noise[factor].Add(spreadOf(effect) / float64(len(effect)))
	}
	screenings := make([]Screening, d)
	for j, e := range effects {
		if len(e) != len(x)/(d+1) {
			panic(fmt.Sprintf("stats: Morris: factor %d moves %d times in %d trajectories", j, len(e), len(x)/(d+1)))
		}
		screenings[j] = screen(e, noise[j].Float64()/float64(len(e)), level)
	}
	return screenings
}

// moved is the one factor in which a row differs from the one before, and by how much.
func moved(x [][]float64, row int) (factor int, step float64) {
	factor = -1
	for j, v := range x[row] {
		if v == x[row-1][j] {
			continue
		}
		if factor >= 0 {
			panic(fmt.Sprintf("stats: Morris: factors %d and %d both move in row %d", factor, j, row))
		}
		factor, step = j, v-x[row-1][j]
	}
	if factor < 0 {
		panic(fmt.Sprintf("stats: Morris: no factor moves in row %d", row))
	}
	return factor, step
}

// screen takes the effects of a factor and the variance that run noise gives each.
func screen(effects []float64, noise, level float64) Screening {
	var m, size Moments
	for _, e := range effects {
		m.Add(e)
		size.Add(math.Abs(e))
	}
	s := Screening{Mu: tInterval(&m, level), MuStar: tInterval(&size, level), Noise: math.Sqrt(noise)}
	s.Sigma = Estimate{Low: 0, High: math.Inf(1), Level: level, N: len(effects), Method: "jackknife of the log variance",
		Warnings: s.Mu.Warnings}
	variance := m.Variance()
	clean := func(v float64) float64 {
		if noise > 0 {
			v -= noise
		}
		return math.Sqrt(max(0, v))
	}
	s.Sigma.Value = clean(variance)
	if variance == 0 {
		s.Sigma.High = 0
	} else if len(effects) > 2 {
		half := student(level, float64(len(effects)-1)) * logVarianceError(effects)
		s.Sigma.Low, s.Sigma.High = clean(variance*math.Exp(-half)), clean(variance*math.Exp(half))
	}
	if s.MuStar.Value < 2*s.Noise {
		s.MuStar.Warnings = append(s.MuStar.Warnings, WarnNoisyEffects)
	}
	return s
}

// logVarianceError is the jackknife standard error of the logarithm of the sample variance; infinite
// where leaving one value out leaves no variance.
func logVarianceError(x []float64) float64 {
	n := len(x)
	logs := make([]float64, n)
	rest := make([]float64, n-1)
	for i := range x {
		copy(rest, x[:i])
		copy(rest[i:], x[i+1:])
		logs[i] = math.Log(spreadOf(rest))
		if math.IsInf(logs[i], 0) {
			return math.Inf(1)
		}
	}
	return float64(n-1) / math.Sqrt(float64(n)) * math.Sqrt(spreadOf(logs))
}
