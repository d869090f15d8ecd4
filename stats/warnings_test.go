package stats

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Each warning is given where it is due and not where it is not.
func TestEveryWarning(t *testing.T) {
	r := rand.New(rand.NewPCG(50, 50))
	normal := draw(r, 400, (*rand.Rand).NormFloat64)
	heavy := draw(r, 5000, pareto(0.8))
	same := NewSample(slices.Repeat([]float64{2}, 40))
	once := NewRiskTable(Times{[]float64{1, 2, 3, 4}, []int{1, 0, 0, 0}})
	many := NewRiskTable(race(r, 400, 1, 2, 0.5, false))
	never := slices.Repeat([]int{0}, 40)
	first := func(blocks [][][]float64) []string { return Sobol(blocks, 2, 0.95).First[0].Warnings }
	factor := func(row, run int, x []float64) float64 { return x[0] }
	constant := func(row, run int, x []float64) float64 { return 3 }
	other := func(row, run int, x []float64) float64 { return x[1]*1000 + math.Sin(40*x[0]) }
	negative := first(saltelliBlocks(16, 2, 2, 1, other))
	effects := func(noise float64) []string {
		var x, y [][]float64
		for range 8 {
			x = append(x, []float64{0}, []float64{0.5})
			y = append(y, []float64{0, noise, -noise}, []float64{1, 1 - noise, 1 + noise})
		}
		return Morris(x, y, 0.95)[0].MuStar.Warnings
	}
	rule := Precision{Absolute: 0.1}
	alike := Times{slices.Repeat([]float64{1}, 60), slices.Repeat([]int{1}, 60)}
	unlike := Times{slices.Repeat([]float64{1}, 60), append(slices.Repeat([]int{2}, 30), alike.Cause[30:]...)}
	nearly := Times{alike.T, append([]int{2, 2}, alike.Cause[2:]...)}
	grid := func(rows, columns int, value func(row, column int) float64) *Grid {
		g := NewGrid(rows, columns, false)
		for i := range rows {
			for j := range columns {
				g.Add(i, j, value(i, j))
			}
		}
		return g
	}
	checked := func(row, column int) float64 { return float64((row + column) % 2) } // futures differ in nothing but noise
	rising := func(row, column int) float64 { return float64(row) }
	none := func(row, column int) float64 { return 0 }
	robust := Robust([][]float64{{1, 2}, {2, 1}}, nil, nil, math.NaN(), 0.95, 10, 1).Policy[0]
	cases := map[string]struct{ due, not []string }{
		"WarnFewClusters":    {grid(29, 40, checked).Mean(0.95).Warnings, grid(30, 40, checked).Mean(0.95).Warnings},
		"WarnOneLuck":        {grid(30, 1, checked).Mean(0.95).Warnings, grid(30, 2, checked).Mean(0.95).Warnings},
		"WarnZeroClusters":   {grid(30, 40, none).Share(0.95).Warnings, grid(30, 40, checked).Share(0.95).Warnings},
		"WarnFewFutures":     {grid(19, 4, rising).Spread().Warnings, grid(20, 4, rising).Spread().Warnings},
		"WarnNoInputs":       {grid(20, 4, checked).Spread().Warnings, grid(20, 4, rising).Spread().Warnings},
		"WarnNotTold":        {grid(20, 1, rising).Spread().Warnings, grid(20, 2, rising).Spread().Warnings},
		"WarnWorseFutures":   {robust.Criterion[Maximin].Warnings, robust.Criterion[Expected].Warnings},
		"WarnNoRuns":         {Mean(nil, 0.95).Warnings, Mean([]float64{1}, 0.95).Warnings},
		"WarnFewRuns":        {Newcombe(10, 29, 20, 40, 0.95).Warnings, Newcombe(10, 30, 20, 40, 0.95).Warnings},
		"WarnZeroCount":      {Share(0, 40, 0.95).Warnings, Share(1, 40, 0.95).Warnings},
		"WarnFullCount":      {Share(40, 40, 0.95).Warnings, Share(39, 40, 0.95).Warnings},
		"WarnSmallCount":     {Share(9, 40, 0.95).Warnings, Share(10, 40, 0.95).Warnings},
		"WarnSmallScore":     {MiettinenNurminen(20, 40, 9, 40, 0.95).Warnings, MiettinenNurminen(20, 40, 10, 40, 0.95).Warnings},
		"WarnStoppedEarly":   {rule.Share(79, 400, 0.95).Warnings, rule.Share(80, 400, 0.95).Warnings},
		"WarnNoBounds":       {NewSample(normal.x[:9]).MeanSequence(0.95).Warnings, normal.MeanSequence(0.95).Warnings},
		"WarnNoneDiffer":     {PairedShare(Pairs{Both: 9, Neither: 40}, 0.95).Warnings, PairedShare(Pairs{Both: 9, OnlyA: 1, Neither: 40}, 0.95).Warnings},
		"WarnFewDiffer":      {PairedIncidence(alike, nearly, 1, 2, 0.95).Warnings, PairedIncidence(alike, unlike, 1, 2, 0.95).Warnings},
		"WarnCut":            {Mean([]float64{0, 0, 9}, 0.95).Within(0, 10).Warnings, Mean([]float64{8, 9, 9}, 0.95).Within(0, 20).Warnings},
		"WarnNoSpread":       {same.Mean(0.95).Warnings, normal.Mean(0.95).Warnings},
		"WarnHeavyTail":      {heavy.Mean(0.95).Warnings, normal.Mean(0.95).Warnings},
		"WarnInfinite":       {NewSample([]float64{1, math.Inf(1)}).Mean(0.95).Warnings, normal.Mean(0.95).Warnings},
		"WarnUnbounded":      {normal.QuantileInterval(0.9999, 0.95).Warnings, normal.QuantileInterval(0.5, 0.95).Warnings},
		"WarnFewInTail":      {normal.ExpectedShortfall(0.99, 0.95).Warnings, normal.ExpectedShortfall(0.9, 0.95).Warnings},
		"WarnFewExceedances": {normal.FitTail(-9, 0.95).Shape.Warnings, heavy.FitTail(1, 0.95).Shape.Warnings},
		"WarnTailBoundary":   {NewSample([]float64{0.1, 0.3, 0.5, 0.7, 0.9}).FitTail(0, 0.95).Shape.Warnings, heavy.FitTail(0, 0.95).Shape.Warnings},
		"WarnLopsided":       {SisonGlaz([]int{1, 1, 998}, 0.95)[0].Warnings, SisonGlaz([]int{300, 300, 400}, 0.95)[0].Warnings},
		"WarnFewSisonGlaz":   {SisonGlaz([]int{30, 30, 39}, 0.95)[0].Warnings, SisonGlaz([]int{30, 30, 40}, 0.95)[0].Warnings},
		"WarnFewEvents":      {once.KaplanMeier().At(1, 0.95, LogLog).Warnings, many.KaplanMeier().At(0.9, 0.95, LogLog).Warnings},
		"WarnFewAtRisk":      {once.KaplanMeier().At(3, 0.95, LogLog).Warnings, many.KaplanMeier().At(0.1, 0.95, LogLog).Warnings},
		"WarnBeyondFollowUp": {once.KaplanMeier().At(5, 0.95, LogLog).Warnings, once.KaplanMeier().At(4, 0.95, LogLog).Warnings},
		"WarnNoEvents": {Gray([]*RiskTable{NewRiskTable(Times{alike.T[:40], never}), NewRiskTable(Times{alike.T[:40], never})}, 1).Warnings,
			Gray([]*RiskTable{many, once}, 1).Warnings},
		"WarnFewScramblings": {first(saltelliBlocks(64, 2, 1, 1, factor)[:7]), first(saltelliBlocks(64, 2, 1, 1, factor)[:8])},
		"WarnNegativeIndex":  {negative, first(saltelliBlocks(64, 2, 1, 1, factor))},
		"WarnNothingToShare": {first(saltelliBlocks(4, 2, 1, 1, constant)), first(saltelliBlocks(64, 2, 1, 1, factor))},
		"WarnNoisyEffects":   {effects(10), effects(0.01)},
	}
	constants := warningConstants(t)
	texts := map[string]string{}
	for name, text := range constants {
		c, ok := cases[name]
		if !ok {
			t.Errorf("nothing here gives %s: add it to cases", name)
			continue
		}
		if !slices.Contains(c.due, text) || slices.Contains(c.not, text) {
			t.Errorf("%s: warnings %q where it is due and %q where it is not; see it again: go test ./stats -run '^%s$'", name, c.due, c.not, t.Name())
		}
		for _, w := range slices.Concat(c.due, c.not) {
			if !slices.Contains(slices.Collect(maps.Values(constants)), w) {
				t.Errorf("%q is a warning and no constant", w)
			}
		}
		if before := texts[text]; before != "" {
			t.Errorf("%s and %s read alike", before, name)
		}
		texts[text] = name
	}
	if len(constants) != len(cases) {
		t.Errorf("%d constants, %d cases", len(constants), len(cases))
	}
}

// warningConstants reads the Warn constants and their texts out of the source.
func warningConstants(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "estimate.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Warn") {
			texts[spec.Names[0].Name] = strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
		}
		return true
	})
	return texts
}
