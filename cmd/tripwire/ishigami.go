package main

import (
	"fmt"
	"math"

	"tripwire/stats"
	"tripwire/study/design"
)

// ishigami yields Sobol' indices of the function of Ishigami and Homma (1990) with a = 7 and b = .1, whose
// indices are known, by the designs and the estimators of sensitivity studies: 16 scramblings of 1,024 points.
func ishigami(yield func(answer)) {
	const factors, points, scrambles = 3, 1024, 16
	var blocks [][][]float64
	for seed := uint64(1); seed <= scrambles; seed++ {
		rows, err := design.Saltelli(points, factors, seed)
		if err != nil {
			panic(err) // three factors always fit
		}
		var block [][]float64
		for _, u := range rows {
			angle := func(i int) float64 { return math.Pi * (2*u[i] - 1) }
			y := math.Sin(angle(0)) + 7*math.Pow(math.Sin(angle(1)), 2) + 0.1*math.Pow(angle(2), 4)*math.Sin(angle(0))
			block = append(block, []float64{y})
		}
		blocks = append(blocks, block)
	}
	// The level of four standard errors that are known. Here they are estimated from 16 scramblings, and
	// Student's interval is as much wider as that asks for.
	const level = 0.99993665751633376
	got := stats.Sobol(blocks, factors, level)
	for _, c := range []struct {
		name string
		got  []stats.Estimate
		want [factors]float64
	}{
		{"first", got.First, [factors]float64{0.31390519114781146, 0.4424111447900409, 0}},
		{"total", got.Total, [factors]float64{0.5575888552099592, 0.4424111447900409, 0.2436836640621477}},
	} {
		for i, e := range c.got {
			tolerance := e.HalfWidth()
			yield(answer{
				Name: fmt.Sprintf("ishigami/%s-%d", c.name, i+1), OK: math.Abs(e.Value-c.want[i]) <= tolerance,
				Got: number(e.Value), Want: number(c.want[i]), Tolerance: number(tolerance), Simulated: true,
			})
		}
	}
}
