package study

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"tripwire/model"
	"tripwire/study/record"
)

// Options is how a study is run. None of it but Events and Parquet changes a byte of a result.
type Options struct {
	Workers  int            // how many histories are played at once; 0 means one on each core
	Events   bool           // keep every event of every history, in events.csv
	Parquet  bool           // write runs and events as Parquet too
	Shard    record.Shard   // play only this, and write no result: see [Study.Merge]
	Progress func(Progress) // called now and then, from one goroutine; may be nil
	Warn     func(string)   // told of unfinished work that cannot be used; may be nil
	Version  string         // of the program, for the manifest
	Revision string         // of its source
}

// Progress is how far a run has come: of so many runs as are known to be wanted.
type Progress struct {
	Done, Failed, Runs int64
	Kept               int64 // of Done: played before, and read
	Written            int64 // of Done: in the files of the result
	Deterred           int64 // of Accepted
	Accepted           int64 // histories in which the terms were accepted
}

// A batch is what came of a unit: a chunk a design point, one after the other in the same memory, which
// is used again.
type batch struct {
	number   int64
	chunks   []chunk
	ends     []mark // of the chunks in memory
	memory   chunk
	failures []record.Failure
	bytes    []byte // all of it as it goes to the disk
}

// A mark is where a chunk ends in the memory of a batch.
type mark struct{ cells, events int }

// A chunk is some successive replications of one design point.
type chunk struct {
	point  int64
	first  int64     // replication
	cells  []float64 // the measures, row by row
	events []byte    // as CSV, if they are kept
}

// runner is one run of a study.
type runner struct {
	study *Study
	plan  *plan
	opt   Options
	runs  record.Resource

	unitRuns int64 // 0 where that is to be found; tests set it, and it changes no byte of the result

	// What has been played, or read of what was played before.
	cuts     []cut
	rounds   int
	rule     *rule // nil where replications are fixed
	so       []measured
	pick     *selector // nil where nothing is to be selected
	progress Progress
	failures []record.Failure // the first
	missing  []int64          // units that are not there, where parts are only read

	// play plays one history; tests put a war that fails in its place.
	play func(w *model.War, seed, rep uint64, each func(model.Entry)) model.Outcome
}

func newRunner(s *Study, opt Options) *runner {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	if opt.Progress == nil {
		opt.Progress = func(Progress) {}
	}
	if opt.Warn == nil {
		opt.Warn = func(string) {}
	}
	r := &runner{study: s, plan: s.plan, opt: opt, runs: runsResource(s.plan), play: playWar, so: []measured{}}
	if s.Settings.Select != nil {
		r.pick = newSelector(s)
	} else if s.sequential() {
		rule, _ := s.Settings.Until.rule()
		r.rule, r.so = &rule, make([]measured, s.plan.points)
	}
	return r
}

// all plays the whole schedule, but for what is on the disk already. Where the checkpoint is only read it
// comes no further than that.
func (r *runner) all(ctx context.Context, c *checkpoint) error {
	next := r.study.schedule()
	if r.pick != nil {
		next = r.pick.next
	}
	base := int64(0)
	for spans := next(nil); spans != nil; spans = next(r.so) {
		r.rounds++
		var todo, kept []int64
		for _, s := range spans {
			k := newCut(s, base, r.unitRuns)
			base += k.units
			r.cuts = append(r.cuts, k)
			for number := k.base; number < base; number++ {
				u := k.unit(number)
				if u.first == u.end || !r.opt.Shard.Has(number) {
					continue
				}
				r.progress.Runs += u.runs()
				if c.has(number) {
					kept = append(kept, number)
				} else {
					todo = append(todo, number)
				}
			}
		}
		for _, number := range kept {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			chunks, failures, err := c.unit(number)
			if err != nil {
				return err
			}
			before := r.progress.Done
			r.note(chunks, failures)
			r.progress.Kept += r.progress.Done - before
			r.opt.Progress(r.progress)
		}
		if c.w == nil && len(todo) > 0 {
			r.missing = todo
			return nil
		}
		err := r.each(ctx, todo, func(b *batch) error {
			r.note(b.chunks, b.failures)
			r.opt.Progress(r.progress)
			return c.add(b.number, b.bytes)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// note counts what came of a unit. It comes to the same in any order of units.
func (r *runner) note(chunks []chunk, failures []record.Failure) {
	for i := range chunks {
		r.progress.count(&chunks[i])
		if r.pick != nil {
			r.pick.add(chunks[i].point, chunks[i].first, chunks[i].cells)
		}
		if r.rule != nil {
			so := &r.so[chunks[i].point]
			for measures := range slices.Chunk(chunks[i].cells, len(Measures())) {
				r.rule.add(so, measures)
			}
		}
	}
	if len(failures) == 0 {
		return
	}
	r.progress.Failed += int64(len(failures))
	r.failures = append(r.failures, failures...)
	slices.SortFunc(r.failures, func(a, b record.Failure) int {
		return cmp.Or(cmp.Compare(a.Point, b.Point), cmp.Compare(a.Rep, b.Rep))
	})
	r.failures = r.failures[:min(len(r.failures), record.MaxFailures)]
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
	r.Columns = append(append(append(r.Columns, historyColumns...), p.columns()...), Measures()...)
	return r
}

// unit is the unit of a number.
func (r *runner) unit(number int64) span {
	after := sort.Search(len(r.cuts), func(i int) bool { return r.cuts[i].base > number })
	return r.cuts[after-1].unit(number)
}

// each plays units and calls emit for their batches as they come. There are so many batches and no more,
// which bounds the memory. After a cancellation what has been played by then is emitted too.
func (r *runner) each(ctx context.Context, todo []int64, emit func(*batch) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	window := 4 * r.opt.Workers
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
					i := next.Add(1) - 1
					if i >= int64(len(todo)) || !w.playUnit(ctx, b, todo[i]) {
						return
					}
					done <- b
				}
			}
		})
	}
	defer workers.Wait()
	defer cancel(nil)

	for range todo {
		select {
		case <-ctx.Done():
			workers.Wait()
			close(done)
			for b := range done {
				if err := emit(b); err != nil {
					return errors.Join(context.Cause(ctx), err)
				}
			}
			return context.Cause(ctx)
		case b := <-done:
			if err := emit(b); err != nil {
				return err
			}
			free <- b
		}
	}
	return nil
}
