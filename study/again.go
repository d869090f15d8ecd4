package study

import "context"

// An Encore plays single runs of a study again, to compare them with its result. It belongs to one
// goroutine.
type Encore struct {
	worker *worker
	batch  batch
}

// Encore prepares for playing runs again.
func (s *Study) Encore() *Encore {
	return &Encore{worker: newWorker(newRunner(s, Options{Workers: 1}))}
}

// Header is the first line of runs.csv.
func (e *Encore) Header() []byte { return e.worker.runs.AppendHeader(nil) }

// Row plays a replication of a design point, and returns its line of runs.csv, which [Study.Run] writes with
// the same bytes. The line holds until the next call. The error is the cause of the context's end.
func (e *Encore) Row(ctx context.Context, point, rep int64) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	e.batch.memory = chunk{cells: e.batch.memory.cells[:0], runs: e.batch.memory.runs[:0], events: e.batch.memory.events[:0]}
	e.batch.failures = e.batch.failures[:0]
	e.worker.stand(point)
	e.worker.playRow(&e.batch, rep)
	return e.batch.memory.runs, nil
}
