package study

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"tripwire/model"
	"tripwire/study/record"
)

// Options is how a study is run. None of it but Events changes a byte of the result.
type Options struct {
	Workers  int            // how many histories are played at once; 0 means one on each core
	Events   bool           // keep every event of every history, in events.csv
	Progress func(Progress) // called now and then, from one goroutine; may be nil
	Version  string         // of the program, for the manifest
	Revision string         // of its source
}

// Progress is how far a run has come.
type Progress struct {
	Done, Failed, Runs int64
	Deterred           int64 // of Accepted
	Accepted           int64 // histories in which the terms were accepted
}

// A unit is a range of the replications of one design point, played by one worker.
type unit struct {
	point    int64
	from, to int64
}

const unitReps = 256

// A batch is what came of a unit. Its memory is used again.
type batch struct {
	number   int64
	unit     unit
	rows     []float64
	runs     []byte // the rows as CSV
	events   []byte // as CSV, if they are kept
	failures []record.Failure
}

// runner is one run of a study.
type runner struct {
	study   *Study
	opt     Options
	runs    record.Resource
	unitLen int64
	units   int64

	// play plays one history; tests put a war that fails in its place.
	play func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome
}

func newRunner(s *Study, opt Options) *runner {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	reps := int64(s.Settings.Replications)
	r := &runner{study: s, opt: opt, runs: runsResource(), play: playWar}
	// Short studies are cut finer, so that all workers have something to do.
	r.unitLen = max(1, min(unitReps, reps/int64(4*opt.Workers)))
	r.units = (reps + r.unitLen - 1) / r.unitLen
	return r
}

func playWar(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
	if each == nil {
		return w.Play(seed, rep)
	}
	return w.Trace(seed, rep, each)
}

func runsResource() record.Resource {
	return record.Resource{
		Name:    "runs",
		Doc:     "a row a replication, sorted by point and rep; without measures where the replication failed",
		Key:     []string{"run_id"},
		Columns: RunsColumns(),
	}
}

func (r *runner) unit(number int64) unit {
	from := number * r.unitLen
	return unit{from: from, to: min(from+r.unitLen, int64(r.study.Settings.Replications))}
}

// each plays all units and calls emit for their batches in order. Memory is bounded by a window: no
// worker starts a unit that is further ahead than that of the batch next to be emitted.
func (r *runner) each(ctx context.Context, emit func(*batch) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	window := int64(4 * r.opt.Workers)
	free := make(chan *batch, window) // whoever holds a batch may play the next unit
	done := make(chan *batch, window)
	for range window {
		free <- new(batch)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range r.opt.Workers {
		workers.Go(func() {
			w := newWorker(r)
			for {
				select {
				case <-ctx.Done():
					return
				case b := <-free:
					b.number = next.Add(1) - 1
					if b.number >= r.units || !w.playUnit(ctx, b) {
						return
					}
					done <- b
				}
			}
		})
	}
	defer workers.Wait()
	defer cancel(nil)

	ring := make([]*batch, window)
	for emitted := int64(0); emitted < r.units; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case b := <-done:
			ring[b.number%window] = b
		}
		for b := ring[emitted%window]; b != nil && b.number == emitted; b = ring[emitted%window] {
			if err := emit(b); err != nil {
				return err
			}
			ring[emitted%window] = nil
			emitted++
			free <- b
		}
	}
	return nil
}
