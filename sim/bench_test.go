package sim_test

import (
	"fmt"
	"testing"
	"time"

	"tripwire/sim"
	"tripwire/sim/random"
)

// hold is the hold model (Jones, Comm. ACM 29(4), 1986): n events pending, each of which schedules one. The increments,
// exponential of mean a second, come from a table, so that the engine is what is timed.
type hold struct {
	engine     sim.Engine[hold]
	increments [1 << 16]time.Duration
	next       int
	beats      []beat
}

type beat struct {
	victim *beat // not nil: cancel and reschedule its next, too
	handle sim.Handle
}

func (b *beat) Fire(w *hold) {
	b.handle = w.engine.After(w.increment(), b)
	if v := b.victim; v != nil && w.engine.Cancel(v.handle) {
		v.handle = w.engine.After(w.increment(), v)
	}
}

func (w *hold) increment() time.Duration {
	w.next++
	return w.increments[w.next%len(w.increments)]
}

// newHold has n beats; every other one also moves another.
func newHold(n int, moves bool) *hold {
	w := &hold{beats: make([]beat, n)}
	draws := random.New().Stream("increments")
	for i := range w.increments {
		w.increments[i] = time.Duration(draws.Exp(float64(time.Second)))
	}
	for i := range w.beats {
		b := &w.beats[i]
		if moves && i%2 == 0 {
			b.victim = &w.beats[(i*7919+1)%n]
		}
		b.handle = w.engine.After(w.increment(), b)
	}
	return w
}

// run fires about events more.
func (w *hold) run(events int) {
	span := time.Duration(float64(time.Second) * float64(events) / float64(len(w.beats)))
	w.engine.Run(w, w.engine.Now().Add(span))
}

func benchmarkHold(b *testing.B, moves bool) {
	for _, n := range []int{10, 100, 1000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			w := newHold(n, moves)
			w.run(3 * n)
			before := w.engine.Fired()
			for b.Loop() {
				w.run(10_000)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(w.engine.Fired()-before), "ns/event")
		})
	}
}

func BenchmarkHold(b *testing.B)                { benchmarkHold(b, false) }
func BenchmarkCancelAndReschedule(b *testing.B) { benchmarkHold(b, true) }
