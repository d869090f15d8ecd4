package study

import (
	"context"
	"runtime"
	"time"

	"tripwire/stats"
)

// Cost is what running a study would take, measured by playing a little of it.
type Cost struct {
	Runs          int64   // that were played to know
	Workers       int     // that the speed is for
	PerSecond     float64 // runs, with so many workers on cores of their own
	Looked, Moved int64   // design points that were looked at; of them, those whose sampled values break a rule
	ResultBytes   float64
	ScratchBytes  float64 // needed beside the result until it is complete
	MemoryBytes   float64
}

// Probe plays replications at points spread over the design for about so long, at least one, and says
// what the whole would take. It writes nothing.
func (s *Study) Probe(ctx context.Context, long time.Duration, workers int) (Cost, error) {
	r := newRunner(s, Options{Workers: workers})
	c := Cost{Workers: min(r.opt.Workers, runtime.GOMAXPROCS(0))}
	c.Looked, c.Moved = s.Moved(1000)
	w, b, lines, text := newWorker(r), new(batch), newLines(r), []byte(nil)
	began := time.Now()
	// Multiples of the golden ratio are spread evenly over an interval, however many they are.
	const golden = 0.6180339887498949
	for at := 0.0; c.Runs == 0 || time.Since(began) < long && c.Runs < s.Runs(); at += golden {
		if err := ctx.Err(); err != nil {
			return c, context.Cause(ctx)
		}
		at -= float64(int(at))
		w.stand(int64(at * float64(s.plan.points)))
		lines.stand(w.point, w.factors)
		for rep := range min(int64(s.Settings.Replications), 8) {
			w.playRow(b, rep)
			text = lines.append(text, rep, w.cells)
			c.Runs++
		}
	}
	passed := time.Since(began).Seconds()
	c.PerSecond = float64(c.Runs) / passed * float64(c.Workers)
	row := float64(len(text)) / float64(c.Runs)
	cells := float64(8 * len(Measures()))
	packed := float64(len(packCells(nil, b.memory.cells))) / float64(c.Runs)
	runs, points := float64(s.Runs()), float64(s.plan.points)
	const estimateBytes, curvesBytes = 3000, 40_000 // a row of points.csv, the curves of a point in series.csv
	c.ResultBytes = runs*row + points*estimateBytes + min(points, mostCurves)*curvesBytes
	c.ScratchBytes = runs * packed
	const program = 20e6
	k := newCut(span{0, s.plan.points, 0, s.mostReplications()}, 0, 0)
	largest := k.unit(0)
	unit := float64(largest.runs())
	const histogramBytes = 1e6 // of values that spread over twenty octaves
	estimates := min(cells*float64(s.mostReplications()), (8*stats.Kept+histogramBytes)*float64(len(Measures())))
	c.MemoryBytes = program + estimates + 2*partBytes + float64(4*r.opt.Workers)*unit*(cells+packed) + 16*float64(k.units) + float64(8*len(s.plan.sample)*(len(s.plan.factors)-s.plan.chosen))
	return c, nil
}
