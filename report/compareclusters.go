package report

import (
	"math"

	"tripwire/stats"
)

// clustered compares means over several points, of which those that share luck or a future hang together: see
// [NewBars].
func (t *tester) clustered(q *Compared, a, b [][]float64) {
	if t.c.Paired {
		for p := range a {
			for rep := range a[p] {
				if math.IsNaN(a[p][rep]) || math.IsNaN(b[p][rep]) {
					a[p][rep], b[p][rep] = math.NaN(), math.NaN()
				}
			}
		}
	}
	share := q.Statistic != "mean"
	from, to := t.run(0, a), t.run(1, b)
	q.A, q.B, q.Reduction = from.Value, to.Value, 1
	if t.c.Paired {
		difference := make([][]float64, len(a))
		for p := range a {
			for rep := range a[p] {
				difference[p] = append(difference[p], b[p][rep]-a[p][rep])
			}
		}
		d := t.run(0, difference)
		q.Estimate, q.P = d.Estimate, d.P()
		if share {
			q.Estimate = d.PairedShare()
		}
		q.Reduction = (square(from.SE) + square(to.SE)) / square(d.SE)
	} else if share {
		q.Estimate, q.P = to.LessShare(from)
	} else {
		q.Estimate, q.P = to.Less(from)
	}
	q.Test = q.Method
}

// run is the run bar of the mean over the points of the place.
func (t *tester) run(side int, cells [][]float64) stats.TwoWay {
	d := &[2]*Side{t.c.A, t.c.B}[side].Manifest.Design
	if d.Points > 1 {
		var points []int64
		for _, p := range t.points[side] {
			points = append(points, p.point)
		}
		return NewBars(d, points, cells, false, t.c.Level).Run
	}
	one := stats.NewCrossed(1, false, false)
	show := func(end func()) {
		for _, x := range cells[0] {
			if x == x {
				one.Add(0, x)
			}
			end()
		}
	}
	show(func() {})
	one.Again()
	show(one.EndColumn)
	return one.Mean(t.c.Level)
}

func square(x float64) float64 { return x * x }
