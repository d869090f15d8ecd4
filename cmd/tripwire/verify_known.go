package main

import (
	"fmt"
	"math"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/design"
	"tripwire/study/rare"
)

// answer is one known answer, whoever gave it.
type answer struct {
	Name      string `json:"name"`
	OK        bool   `json:"ok"`
	Got       number `json:"got"`
	Want      number `json:"want"`
	Tolerance number `json:"tolerance"`
	Simulated bool   `json:"simulated"`
}

// knownAnswers yields the known answers of the war, of the statistics, of sensitivity studies and of splitting.
func knownAnswers(yield func(answer)) {
	from := func(simulated bool) func(stats.Known) {
		return func(k stats.Known) {
			yield(answer{k.Name, k.OK(), number(k.Got), number(k.Want), number(k.Tolerance), simulated})
		}
	}
	model.KnownAnswers(func(k model.Known) { yield(ofWar(k)) })
	stats.KnownAnswers(from(false))
	sobolAnswers(yield)
	rare.KnownAnswers(from(true))
}

func ofWar(k model.Known) answer {
	return answer{k.Name, k.OK(), number(k.Got), number(k.Want), number(k.Tolerance), k.Simulated}
}

// verifyKnown prints known answers as they come.
func verifyKnown(std *streams, known func(yield func(answer)), asJSON bool) error {
	report := struct {
		Cases  []answer `json:"cases"`
		Passed int      `json:"passed"`
		Failed int      `json:"failed"`
	}{}
	known(func(a answer) {
		word := "ok"
		if a.OK {
			report.Passed++
		} else {
			word = "FAIL"
			report.Failed++
		}
		if asJSON {
			report.Cases = append(report.Cases, a)
			return
		}
		fmt.Fprintf(std.out, "%s %s %.10g %.10g\n", word, a.Name, a.Got, a.Want)
	})
	if asJSON {
		if err := writeJSON(std.out, report); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(std.out, "%d passed, %d failed\n", report.Passed, report.Failed)
	}
	if report.Failed > 0 {
		return mismatch{fmt.Errorf("%d of %d known answers are missed", report.Failed, report.Passed+report.Failed)}
	}
	return nil
}

// sobolAnswers yields Sobol' indices that are known, by the designs and the estimators of sensitivity studies:
// 16 scramblings of 1,024 points. The function of Ishigami and Homma (1990) has a = 7 and b = .1; Sobol's
// g-function, of four factors, is played twice a point with noise that has half its variance.
func sobolAnswers(yield func(answer)) {
	indices(yield, "ishigami", func(u []float64, _ float64) float64 {
		angle := func(i int) float64 { return math.Pi * (2*u[i] - 1) }
		return math.Sin(angle(0)) + 7*math.Pow(math.Sin(angle(1)), 2) + 0.1*math.Pow(angle(2), 4)*math.Sin(angle(0))
	}, 1, []float64{0.31390519114781146, 0.4424111447900409, 0}, []float64{0.5575888552099592, 0.4424111447900409, 0.2436836640621477})

	a := []float64{0, 1, 4.5, 9}
	var first, total []float64
	all := 1.0
	for _, aj := range a {
		first = append(first, 1/(3*(1+aj)*(1+aj)))
		all *= 1 + 1/(3*(1+aj)*(1+aj))
	}
	for j, share := range first {
		first[j] = share / (all - 1)
		total = append(total, share/(1+share)*all/(all-1))
	}
	spread := math.Sqrt(12 * (all - 1) / 2)
	indices(yield, "g-function", func(u []float64, luck float64) float64 {
		g := 1.0
		for j, aj := range a {
			g *= (math.Abs(4*u[j]-2) + aj) / (1 + aj)
		}
		return g + float64(spread*(luck-0.5))
	}, 2, first, total)
}

// indices yields the indices of f, of the factors and of a number in (0, 1) that is luck.
func indices(yield func(answer), name string, f func(u []float64, luck float64) float64, runs int, first, total []float64) {
	const points, scrambles = 1024, 16
	d := len(first)
	luck, err := design.Sobol(scrambles*points*(d+2), runs, 99)
	if err != nil {
		panic(err) // a few factors always fit
	}
	var blocks [][][]float64
	for seed := range uint64(scrambles) {
		rows, err := design.Saltelli(points, d, seed+1)
		if err != nil {
			panic(err)
		}
		block := make([][]float64, len(rows))
		for i, u := range rows {
			// Far apart in the sequence, so that neighbours in the design have nothing to do with each other.
			mine := luck[(int(seed)*len(rows)+i)*40_503%len(luck)]
			for _, l := range mine {
				block[i] = append(block[i], f(u, l))
			}
		}
		blocks = append(blocks, block)
	}
	// The level of four standard errors that are known. Here they are estimated from 16 scramblings, and
	// Student's interval is as much wider as that asks for.
	const level = 0.99993665751633376
	got := stats.Sobol(blocks, d, level)
	for _, c := range []struct {
		kind string
		got  []stats.Estimate
		want []float64
	}{{"first", got.First, first}, {"total", got.Total, total}} {
		for i, e := range c.got {
			tolerance := e.HalfWidth()
			yield(answer{
				Name: fmt.Sprintf("%s/%s-%d", name, c.kind, i+1), OK: math.Abs(e.Value-c.want[i]) <= tolerance,
				Got: number(e.Value), Want: number(c.want[i]), Tolerance: number(tolerance), Simulated: true,
			})
		}
	}
}
