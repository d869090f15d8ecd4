package study

import "context"

// An Encore plays single runs of a study again, to compare them with its result. It belongs to one
// goroutine.
type Encore struct {
	worker *worker
	batch  batch
	lines  *lines
	line   []byte
}

// Encore prepares for playing runs again.
func (s *Study) Encore() *Encore {
	r := newRunner(s, Options{Workers: 1})
	return &Encore{worker: newWorker(r), lines: newLines(r)}
}

// Header is the first line of runs.csv.
func (e *Encore) Header() []byte { return e.worker.runs.AppendHeader(nil) }

// Row plays a replication of a design point, and returns its line of runs.csv, which [Study.Run] writes with
// the same bytes. The line holds until the next call. The error is the cause of the context's end.
func (e *Encore) Row(ctx context.Context, point, rep int64) ([]byte, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	e.batch.memory.events, e.batch.failures = e.batch.memory.events[:0], e.batch.failures[:0]
	e.worker.stand(point)
	e.worker.playCells(&e.batch, rep)
	e.lines.stand(point, e.worker.factors)
	e.line = e.lines.append(e.line[:0], rep, e.worker.cells)
	return e.line, nil
}
