package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"tripwire/study/record"
)

// Run plays the whole study and writes its result by w, which it commits, or abandons when it returns
// an error that is not [*Failed]. On cancellation the error is the context's cause.
func (s *Study) Run(ctx context.Context, w *record.Writer, opt Options) error {
	return newRunner(s, opt).run(ctx, w)
}

func (r *runner) run(ctx context.Context, w *record.Writer) error {
	m, err := r.write(ctx, w)
	if err == nil {
		err = w.Commit(m)
	}
	if err != nil {
		return errors.Join(err, w.Abandon())
	}
	if m.Failed > 0 {
		return &Failed{m.Failed, m.Runs}
	}
	return nil
}

func (r *runner) write(ctx context.Context, w *record.Writer) (_ *record.Manifest, err error) {
	s := r.study
	m := &record.Manifest{
		Title: s.Title(), Version: r.opt.Version, Revision: r.opt.Revision,
		Seed: uint64(s.Scenario.Seed), Design: s.design(), Input: s.File.Hash(), Events: "none", Runs: s.Runs(),
	}
	if r.opt.Events {
		m.Events = "all"
	}
	out, err := newOutput(w, r)
	if err != nil {
		return nil, err
	}
	add := func(_ int64, c *chunk) error { return out.add(c) }
	if !r.rowsOrdered() {
		spool, err := newSpool(w)
		if err != nil {
			return nil, err
		}
		defer spool.file.Close() // it holds nothing that is wanted again
		add, out.spool = spool.add, spool
	}
	progress := Progress{Runs: m.Runs}
	err = r.each(ctx, func(b *batch) error {
		m.Failures = append(m.Failures, b.failures...)
		m.Failed += int64(len(b.failures))
		slices.SortFunc(m.Failures, func(a, b record.Failure) int {
			return cmp.Or(cmp.Compare(a.Point, b.Point), cmp.Compare(a.Rep, b.Rep))
		})
		m.Failures = m.Failures[:min(len(m.Failures), record.MaxFailures)]
		for i := range b.chunks {
			if err := add(b.number/(r.groups*r.subs), &b.chunks[i]); err != nil {
				return err
			}
			progress.count(&b.chunks[i])
		}
		progress.Failed = m.Failed
		if r.opt.Progress != nil {
			r.opt.Progress(progress)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if out.spool != nil {
		if err := out.spool.each(r.plan.points, out.add); err != nil {
			return nil, err
		}
	}
	resources, err := out.close()
	if err != nil {
		return nil, err
	}
	if err := w.Write("scenario.toml", s.File.TOML()); err != nil {
		return nil, err
	}
	p := record.Package{Title: m.Title, Doc: string(s.Scenario.Question), Resources: resources}
	return m, r.describe(w, m, &p)
}

// count adds what a chunk tells of deterrence.
func (p *Progress) count(c *chunk) {
	n := len(Measures())
	p.Done += int64(len(c.cells) / n)
	for i := places().deterred; i < len(c.cells); i += n {
		if x := c.cells[i]; x == x {
			p.Accepted++
			p.Deterred += int64(x)
		}
	}
}

// mostCurves is how many design points have their curves in series.csv.
const mostCurves = 256

// An output is the tables of a result on their way to the disk. It takes chunks in the order of rows.
type output struct {
	*runner
	w            *record.Writer
	spool        *spool
	runs, events *record.File
	points       *record.File
	series       *record.File
	pointsTable  record.Resource
	seriesTable  record.Resource
	curves       *record.Table
	point        int64
	row          []float64 // its factors
	tally        *tally    // nil before the first chunk
	line         []byte
}

func newOutput(w *record.Writer, r *runner) (_ *output, err error) {
	o := &output{runner: r, w: w, curves: record.NewTable(seriesColumns())}
	o.pointsTable = record.Resource{
		Name: "points", Doc: "a row a design point: its factors, and every measure's estimate with its interval",
		Key: []string{"point"}, Digits: 10,
	}
	o.seriesTable = record.Resource{
		Name: "series", Doc: "running curves and distributions of each design point, for figures", Digits: 10, Columns: o.curves.Columns,
	}
	if r.plan.points > mostCurves {
		o.seriesTable.Doc = fmt.Sprintf("running curves and distributions of the first %d design points, for figures", mostCurves)
	}
	if o.runs, err = startTable(w, r.runs); err != nil {
		return nil, err
	}
	if r.opt.Events {
		if o.events, err = startTable(w, eventsResource); err != nil {
			return nil, err
		}
	}
	if o.points, err = w.File(o.pointsTable.Path()); err != nil {
		return nil, err
	}
	o.series, err = startTable(w, o.seriesTable)
	return o, err
}

func (o *output) add(c *chunk) error {
	if o.tally != nil && c.point != o.point {
		if err := o.finish(); err != nil {
			return err
		}
	}
	if o.tally == nil {
		o.point, o.tally = c.point, newTally()
		o.row = append(o.row[:0], c.rows...)
	}
	if _, err := o.runs.Write(c.runs); err != nil {
		return err
	}
	if o.events != nil {
		if _, err := o.events.Write(c.events); err != nil {
			return err
		}
	}
	for cells := range slices.Chunk(c.cells, len(Measures())) {
		o.tally.add(cells)
	}
	return nil
}

// finish writes the estimates of the point that is complete.
func (o *output) finish() error {
	e := &estimates{}
	e.add(index[1], float64(o.point))
	for i, c := range o.plan.columns() {
		e.add(c, o.row[i])
	}
	o.tally.estimate(e, Level)
	o.line = o.line[:0]
	if o.pointsTable.Columns == nil {
		o.pointsTable.Columns = e.columns
		o.line = o.pointsTable.AppendHeader(o.line)
	}
	o.line = o.pointsTable.AppendRow(o.line, e.cells)
	if _, err := o.points.Write(o.line); err != nil {
		return err
	}
	if o.point < mostCurves {
		o.curves.Clear()
		o.tally.series(o.curves, o.point, float64(o.study.Scenario.HorizonD), Level)
		o.line = o.line[:0]
		for i := range o.curves.Len() {
			o.line = o.seriesTable.AppendRow(o.line, o.curves.Row(i))
		}
		if _, err := o.series.Write(o.line); err != nil {
			return err
		}
	}
	o.tally = nil
	return nil
}

// close finishes the last point and brings the files to the disk.
func (o *output) close() ([]record.Resource, error) {
	if o.tally != nil {
		if err := o.finish(); err != nil {
			return nil, err
		}
	}
	resources := []record.Resource{o.runner.runs, o.pointsTable, o.seriesTable}
	files := []*record.File{o.runs, o.points, o.series}
	if o.events != nil {
		resources, files = append(resources, eventsResource), append(files, o.events)
	}
	for _, f := range files {
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	return resources, nil
}

// startTable starts a CSV file that is written as its rows come.
func startTable(w *record.Writer, r record.Resource) (*record.File, error) {
	f, err := w.File(r.Path())
	if err != nil {
		return nil, err
	}
	_, err = f.Write(r.AppendHeader(nil))
	return f, err
}
