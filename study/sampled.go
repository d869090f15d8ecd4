package study

import (
	"cmp"
	"slices"

	"tripwire/model"
	"tripwire/study/design"
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

// Moved looks at the first points, at most so many: at how many of them sampled values break a rule between
// parameters, so that the point is not played where the design put it.
func (s *Study) Moved(most int64) (looked, moved int64) {
	p := s.plan
	if p.futures == 0 {
		return 0, 0
	}
	cells, scenario := make([]float64, len(p.factors)), new(model.Scenario)
	for looked < min(most, p.points) {
		if err := p.scenario(looked, cells, scenario); err != nil {
			moved++
		} else {
			for i, u := range p.sample[looked%p.futures] {
				if p.factors[p.chosen+i].at(u) != cells[p.chosen+i] {
					moved++
					break
				}
			}
		}
		looked++
	}
	return looked, moved
}
