package study

import (
	"slices"
	"testing"

	"tripwire/model"
	"tripwire/stats"
)

// A replication costs no allocation besides its history, once the memory has its size: from the outcome by the row and its
// place in a part to the estimates.
func TestHarnessAllocatesNothing(t *testing.T) {
	const reps = 200
	var outcomes [64]model.Outcome
	for i := range outcomes {
		outcomes[i] = emptyHistory(uint64(i))
	}
	for name, s := range map[string]*Study{
		"one point": baseline(t, reps),
		"sampled":   mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 5\nreplications = 200\nuncertain = [\"air.*\"]\n"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRunner(s, Options{Workers: 1})
			played := 0
			r.play = func(*model.War, uint64, uint64, func(model.Entry)) model.Outcome {
				played++
				return outcomes[played%len(outcomes)]
			}
			last := s.Points() - 1
			r.cuts = []cut{newCut(span{last, last + 1, 0, reps}, 0, reps)}
			w, b, tally, cells := newWorker(r), new(batch), newTally(), []float64{}
			lines, text := newLines(r), []byte{}
			lines.stand(last, w.factors)
			unit := func() {
				if !w.playUnit(t.Context(), b, 0) {
					t.Fatal("cancelled")
				}
				r.note(b.chunks, b.failures)
				cells, text = unpackCells(cells[:0], b.bytes[unitHead+chunkHead:]), text[:0]
				for row := range slices.Chunk(cells, len(Measures())) {
					text = lines.append(text, 0, row)
					tally.add(row)
				}
			}
			for range stats.Kept/reps + 1 { // until the estimates count
				unit()
			}
			if n := testing.AllocsPerRun(50, unit); n != 0 {
				t.Errorf("%v allocations for %d replications, want none", n, reps)
			}
			if tally.n != played || played < stats.Kept {
				t.Errorf("%d of %d histories counted", tally.n, played)
			}
		})
	}
}
