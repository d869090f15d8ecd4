package study

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"tripwire/input"
	"tripwire/model"
	"tripwire/sim/random"
	"tripwire/study/design"
	"tripwire/study/record"
)

// mostSampled is how many coordinates a sample may have: they are the one part of a design that is
// held in memory, eight bytes each.
const mostSampled = 50_000_000

// Morris' levels go from the 5% to the 95% point: the ends of a distribution have no value.
const (
	morrisLow   = 0.05
	morrisRange = 0.9
)

// sampleFutures draws the sampled factors: by the design's own method, or, where the points are
// chosen, by a maximin Latin hypercube of futures that every chosen point meets.
func (p *plan) sampleFutures(c *checker, s *Settings) {
	d := len(p.factors) - p.chosen
	n, seed := int64(s.Points), uint64(s.read.Scenario.Seed)+1 // never 0, which would not scramble
	rows := n
	switch s.Design {
	case morris:
		p.sharing = int64(d + 1)
		rows = n * p.sharing
	case saltelli:
		p.scrambles = int64(cmp.Or(s.Scrambles, 16))
		if n <= mostSampled {
			p.sharing = n * int64(d+2)
		}
		rows = p.sharing * p.scrambles
	}
	if n > mostSampled || rows > mostSampled/int64(d) {
		c.fault("points", "%d points of %d factors are more than the %d coordinates that a sample may have", n, d, mostSampled)
		return
	}
	var err error
	switch s.Design {
	case sobol:
		p.sample, err = design.Sobol(int(n), d, seed)
	case nolh:
		p.sample, err = design.NOLH(d, seed)
	case saltelli:
		// Intervals come from the spread of independent scramblings (stats.Sobol). Their seeds are far apart,
		// so that studies of neighbouring seeds share none.
		for b := range uint64(p.scrambles) {
			var part [][]float64
			if part, err = design.Saltelli(int(n), d, seed^b<<54); err != nil {
				break
			}
			p.sample = append(p.sample, part...)
		}
	case morris:
		levels := cmp.Or(s.Levels, 4)
		p.sample = design.Morris(int(n), d, int(levels), seed)
		for _, row := range p.sample {
			for i := range row {
				row[i] = morrisLow + float64(morrisRange*row[i])
			}
		}
	default:
		p.sample = design.LatinHypercube(int(n), d, seed)
	}
	if err != nil {
		c.fault("design", "%v", err)
	}
	p.correlate(s.read.Correlations, s.Design)
	p.futures = int64(len(p.sample))
}

// at is the cell of a coordinate of the unit cube.
func (v *varied) at(u float64) float64 {
	if v.values != nil {
		return v.values[min(int(u*float64(len(v.values))), len(v.values)-1)]
	}
	return v.tidy(v.quantile(v.u0 + float64(u*(v.u1-v.u0))))
}

// tidy rounds a value to what is kept of it: 12 digits, which are the same on every machine, or a
// whole number.
func (v *varied) tidy(x float64) float64 {
	if v.column.Kind == record.Int {
		return math.Floor(x + 0.5)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		panic(fmt.Sprintf("study: %s: %v", v.param.Key, err))
	}
	return rounded
}

// outermost keeps away from the ends of a distribution, where there may be no value.
const outermost = 1e-9

// truncate finds the part of the distribution that the parameter's type allows. It takes the allowed
// values to be an interval.
func (v *varied) truncate() {
	scratch := new(model.Scenario)
	allowed := func(u float64) bool {
		return input.Assign(scratch, v.param.Key, v.value(v.tidy(v.quantile(u)))) == nil
	}
	edge := func(out, in float64) float64 {
		if allowed(out) {
			return out
		}
		for range 40 {
			if mid := (out + in) / 2; allowed(mid) {
				in = mid
			} else {
				out = mid
			}
		}
		return in
	}
	v.u0, v.u1 = edge(outermost, 0.5), edge(1-outermost, 0.5)
}

// The normal quantile of 0.95.
const z95 = 1.6448536269514722

// quantile is the distribution of a factor. Between the ends of a lever all values are as good. Of an
// uncertainty low and high are the 5% and 95% points, about the file's value: a positive quantity that
// reaches further up than down is lognormal through both points; any other is PERT with the file's
// value as its mode, or the end nearer to it where that lies outside.
func quantile(kind FactorKind, low, value, high float64) func(u float64) float64 {
	switch {
	case kind == lever:
		return func(u float64) float64 { return low + float64(u*(high-low)) }
	case low == high:
		return func(float64) float64 { return low }
	case low > 0 && high-value > value-low:
		median := math.Sqrt(low) * math.Sqrt(high)
		// The exponential's quantile of 1-low/high is ln(high/low), with the same bits everywhere.
		sigma := random.ExpQuantile(1-low/high, 1) / (2 * z95)
		return func(u float64) float64 { return random.LogNormalQuantile(u, median, sigma) }
	}
	from, mode, to := pert(low, value, high)
	return func(u float64) float64 { return random.PERTQuantile(u, from, mode, to) }
}

// pert finds the ends of the PERT distribution with 5% below low, 95% below high, and that mode. Its
// shape is a function of where between its ends the mode stands, s, and so is where the mode stands
// between its 5% and 95% points, which rises with s.
func pert(low, mode, high float64) (from, at, to float64) {
	mode = min(max(mode, low), high)
	want := (mode - low) / (high - low)
	stands := func(s float64) (q05, width, ratio float64) {
		q05 = random.BetaQuantile(0.05, 1+float64(4*s), 5-float64(4*s))
		width = random.BetaQuantile(0.95, 1+float64(4*s), 5-float64(4*s)) - q05
		return q05, width, (s - q05) / width
	}
	s0, s1 := 0.0, 1.0
	for range 40 {
		s := (s0 + s1) / 2
		if _, _, ratio := stands(s); ratio < want {
			s0 = s
		} else {
			s1 = s
		}
	}
	s := (s0 + s1) / 2
	q05, width, _ := stands(s)
	scale := (high - low) / width
	from = low - float64(scale*q05)
	return from, from + float64(scale*s), from + scale
}

// Sample is where the design puts the sampled factors, which follow the chosen ones, in the unit cube: a row
// a future. For Morris 0 is the 5% point and 1 the 95% point.
func (s *Study) Sample() [][]float64 {
	rows := make([][]float64, len(s.plan.sample))
	for i, u := range s.plan.sample {
		rows[i] = slices.Clone(u)
		for j := range u {
			if s.plan.kind == morris {
				rows[i][j] = (u[j] - morrisLow) / morrisRange
			}
		}
	}
	return rows
}

// Moved says at how many of the first points, at most so many, sampled values break a rule between
// parameters, so that the point is not played where the design put it.
func (s *Study) Moved(most int64) (looked, moved int64) { return s.plan.moved(most) }
