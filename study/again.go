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
	r := newRunner(s, Options{Workers: 1})
	r.unitLen, r.units = 1, s.Runs() // a unit is a run, of the same number
	return &Encore{worker: newWorker(r)}
}

// Header is the first line of runs.csv.
func (e *Encore) Header() []byte { return e.worker.runs.AppendHeader(nil) }

// Row plays a run, by its number in the whole design, and returns its line of runs.csv, which [Study.Run] writes
// with the same bytes. The line holds until the next call. The error is the cause of the context's end.
func (e *Encore) Row(ctx context.Context, run int64) ([]byte, error) {
	e.batch.number = run
	if !e.worker.playUnit(ctx, &e.batch) {
		return nil, context.Cause(ctx)
	}
	return e.batch.runs, nil
}
