package study

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"tripwire/model"
	"tripwire/study/record"
)

// Options is how a study is run. None of it but Events and Parquet changes a byte of the result.
type Options struct {
	Workers  int            // how many histories are played at once; 0 means one on each core
	Events   bool           // keep every event of every history, in events.csv
	Parquet  bool           // write runs and events as Parquet too
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

// A unit is a range of design points times a range of replications, played by one worker.
type unit struct {
	from, to   int64 // points
	first, end int64 // replications
}

// unitRuns is how many runs a unit has in a long study.
const unitRuns = 256

// A batch is what came of a unit: a chunk a design point, one after the other in the same memory, which
// is used again.
type batch struct {
	number   int64
	chunks   []chunk
	memory   chunk
	failures []record.Failure
}

// A chunk is some successive replications of one design point.
type chunk struct {
	point  int64
	rows   []float64 // factors first; see plan.columns
	cells  []float64 // the measures, row by row
	runs   []byte    // the rows as CSV
	events []byte    // as CSV, if they are kept
}

// runner is one run of a study.
type runner struct {
	study *Study
	plan  *plan
	opt   Options
	runs  record.Resource

	// The replications are cut into blocks, each of which goes over all points before the next begins:
	// a run that is cut short is an even sample of the design. A block is cut into units: of several
	// points, or of one and a part (of subs) of the block's replications.
	reps, blockReps, blocks int64
	unitReps, subs          int64
	unitPoints, groups      int64
	units                   int64

	// play plays one history; tests put a war that fails in its place.
	play func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome
}

func newRunner(s *Study, opt Options) *runner {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	r := &runner{study: s, plan: s.plan, opt: opt, runs: runsResource(s.plan), play: playWar, reps: int64(s.Settings.Replications)}
	// Where there are several points a block is short, but not so short that preparing a point costs
	// more than playing it; and there are not so many that their ends cannot be read at once.
	r.blockReps = r.reps
	if s.plan.points > 1 {
		r.blockReps = max(min(r.reps, 8), ceil(r.reps, 64))
	}
	r.blocks = ceil(r.reps, r.blockReps)
	// Short studies are cut finer, so that all workers have something to do.
	r.cut(max(1, min(unitRuns, s.Runs()/int64(4*opt.Workers))))
	return r
}

// cut makes units of so many runs. It changes no byte of the result.
func (r *runner) cut(runs int64) {
	r.unitReps = min(runs, r.blockReps)
	r.subs = ceil(r.blockReps, r.unitReps)
	r.unitPoints = 1
	if r.subs == 1 {
		r.unitPoints = max(1, runs/r.blockReps)
	}
	r.groups = ceil(r.plan.points, r.unitPoints)
	r.units = r.blocks * r.groups * r.subs
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// unit is the unit of a number. The last block may leave it nothing to do.
func (r *runner) unit(number int64) unit {
	block, group, sub := number/(r.groups*r.subs), number/r.subs%r.groups, number%r.subs
	last := min((block+1)*r.blockReps, r.reps)
	first := min(block*r.blockReps+sub*r.unitReps, last)
	return unit{
		from: group * r.unitPoints, to: min((group+1)*r.unitPoints, r.plan.points),
		first: first, end: min(first+r.unitReps, last),
	}
}

func playWar(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome {
	if each == nil {
		return w.Play(seed, rep)
	}
	return w.Trace(seed, rep, each)
}

func runsResource(p *plan) record.Resource {
	r := record.Resource{
		Name: "runs",
		Doc:  "a row a replication, sorted by point and rep; without measures where the replication failed",
		Key:  []string{"run_id"},
	}
	r.Columns = append(append(append(r.Columns, index...), p.columns()...), Measures()...)
	return r
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
