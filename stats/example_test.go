package stats_test

import (
	"fmt"

	"tripwire/stats"
)

// A share, with its doubts.
func ExampleShare() {
	e := stats.Share(3, 1000, 0.95)
	fmt.Printf("%.4f [%.4f, %.4f] %s\n", e.Value, e.Low, e.High, e.Method)
	fmt.Println(e.Warnings[0])
	fmt.Printf("exact coverage at that share: %.3f\n", stats.ExactCoverage(stats.Share, 1000, 0.003, 0.95))
	// Output:
	// 0.0030 [0.0010, 0.0088] Wilson
	// fewer than 10 on one side: the interval of a share can cover less often than its level
	// exact coverage at that share: 0.967
}

// A study stops when it knows a share to a fifth of its value.
func ExamplePrecision() {
	rule := stats.Precision{Relative: 0.2}
	for _, look := range []struct{ happened, runs int }{{0, 100}, {4, 1000}, {60, 6000}, {121, 12000}} {
		l := rule.Share(look.happened, look.runs, 0.95)
		fmt.Printf("%3d of %5d: ±%.4f, asked for ±%.4f, stop %v\n", look.happened, look.runs, l.HalfWidth(), l.Target, l.Stop)
	}
	// Output:
	//   0 of   100: ±0.0185, asked for ±0.0000, stop false
	//   4 of  1000: ±0.0043, asked for ±0.0008, stop false
	//  60 of  6000: ±0.0025, asked for ±0.0020, stop false
	// 121 of 12000: ±0.0018, asked for ±0.0020, stop true
}

// Which came first, among causes that forestall one another, by day 10 of runs watched for 30.
func ExampleRiskTable_AalenJohansen() {
	table := stats.NewRiskTable(stats.Times{
		T:     []float64{2, 3, 3, 5, 8, 9, 12, 20, 30, 30},
		Cause: []int{1, 2, 1, 1, 2, 1, 2, 1, 0, 0},
	})
	for cause := 1; cause <= 2; cause++ {
		e := table.AalenJohansen(cause, stats.Greenwood).At(10, 0.95, stats.LogLog)
		fmt.Printf("cause %d: %.2f [%.2f, %.2f]\n", cause, e.Value, e.Low, e.High)
	}
	// Output:
	// cause 1: 0.40 [0.17, 0.75]
	// cause 2: 0.20 [0.05, 0.59]
}

// Two policies under the same luck: pair by pair they are close, and the pairing shows it.
func ExamplePairedMean() {
	a := []float64{12, 30, 7, 19, 25, 40, 3, 16}
	b := []float64{10, 29, 5, 18, 22, 38, 2, 13}
	d := stats.PairedMean(a, b, 0.95)
	fmt.Printf("A-B %.2f [%.2f, %.2f], P %.4f\n", d.Value, d.Low, d.High, d.Test.P)
	fmt.Printf("common luck does the work of %.0f times the runs\n", d.VarianceReduction)
	w := stats.Welch(a, b, 0.95)
	fmt.Printf("unpaired [%.1f, %.1f]\n", w.Low, w.High)
	// Output:
	// A-B 1.88 [1.18, 2.57], P 0.0004
	// common luck does the work of 431 times the runs
	// unpaired [-11.3, 15.0]
}

// A quantile has bounds that are values of the sample, and an exact coverage.
func ExampleSample_QuantileInterval() {
	var x []float64
	for i := range 100 {
		x = append(x, float64(i*i))
	}
	q := stats.NewSample(x).QuantileInterval(0.9, 0.95)
	fmt.Printf("%.0f [%.0f, %.0f], ranks %d to %d cover %.4f\n", q.Value, q.Low, q.High, q.LowRank, q.HighRank, q.Coverage)
	// Output:
	// 8034 [6889, 9025], ranks 84 to 96 cover 0.9557
}

// Shards are summed on their own and united, in any order, to the same bits.
func ExampleMoments() {
	var first, second stats.Moments
	for _, x := range []float64{1e16, 1, -1e16} {
		first.Add(x)
	}
	second.Add(2)
	second.Merge(&first)
	fmt.Println(second.N(), second.Mean())
	// Output: 4 0.75
}
