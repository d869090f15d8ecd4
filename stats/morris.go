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
	for row := range x {
		if len(y[row]) == 0 || len(y[row]) != len(y[0]) {
			panic(fmt.Sprintf("stats: Morris: %d runs in row %d, %d in row 0", len(y[row]), row, len(y[0])))
		}
	}
	r := NewMorrisRuns(x)
	for range 2 {
		for j := range y[0] {
			r.Step(func(row int) float64 { return y[row][j] })
		}
		r.Again()
	}
	return r.Screen(level)
}

// MorrisRuns is what [Morris] needs of the runs, in memory that grows with the rows and not with the runs at each. All runs are
// shown to it twice, with [MorrisRuns.Again] between.
type MorrisRuns struct {
	x       [][]float64
	factor  []int     // by row: which one has moved; -1 where a trajectory begins
	step    []float64 // by row: by how much
	sum     []float64 // by row: of the effects of the runs
	squares []float64 // by row: about their mean
	runs    int
	again   bool
}

// NewMorrisRuns is for the rows of a design, of which there is at least one.
func NewMorrisRuns(x [][]float64) *MorrisRuns {
	d := len(x[0])
	if len(x)%(d+1) != 0 {
		panic(fmt.Sprintf("stats: Morris: %d rows of %d factors are no whole number of trajectories", len(x), d))
	}
	r := &MorrisRuns{x: x, factor: make([]int, len(x)), step: make([]float64, len(x)), sum: make([]float64, len(x)), squares: make([]float64, len(x))}
	for row := range x {
		if r.factor[row] = -1; row%(d+1) > 0 {
			r.factor[row], r.step[row] = moved(x, row)
		}
	}
	return r
}

// Step shows one run of every row.
func (r *MorrisRuns) Step(value func(row int) float64) {
	if !r.again {
		r.runs++
	}
	before := 0.0
	for row := range r.x {
		here := value(row)
		if r.factor[row] >= 0 {
			effect := (here - before) / r.step[row]
			if !r.again {
				r.sum[row] += effect
			} else {
				off := effect - r.sum[row]/float64(r.runs)
				r.squares[row] += float64(off * off)
			}
		}
		before = here
	}
}

// Again begins the second showing.
func (r *MorrisRuns) Again() { r.again = true }

// Screen is what the runs say.
func (r *MorrisRuns) Screen(level float64) []Screening {
	d := len(r.x[0])
	effects := make([][]float64, d)
	noise := make([]Sum, d)
	n := float64(r.runs)
	for row, factor := range r.factor {
		if factor < 0 {
			continue
		}
		effects[factor] = append(effects[factor], r.sum[row]/n)
		variance := math.NaN()
		if r.runs > 1 {
			variance = r.squares[row] / (n - 1)
		}
		noise[factor].Add(variance / n)
	}
	screenings := make([]Screening, d)
	for j, e := range effects {
		if len(e) != len(r.x)/(d+1) {
			panic(fmt.Sprintf("stats: Morris: factor %d moves %d times in %d trajectories", j, len(e), len(r.x)/(d+1)))
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
