package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"tripwire/model"
	"tripwire/study/record"
)

// Run plays the study, but for what lies in w of the same study, version and events, and writes its result by
// w, which it commits, or abandons when it returns an error that is not [*Failed]: what was played by then
// stays, for another Run to go on with. On cancellation the error is the context's cause. Of a shard it writes
// no result: what was played stays in w.
func (s *Study) Run(ctx context.Context, w *record.Writer, opt Options) error {
	return newRunner(s, opt).run(ctx, w)
}

func (r *runner) run(ctx context.Context, w *record.Writer) error {
	c, err := r.begin(ctx, w)
	if err != nil {
		return w.Fail(err)
	}
	if r.opt.Shard.Of == 0 {
		return r.finish(ctx, w, c)
	}
	return cmp.Or(w.Keep(), r.failed())
}

// finish writes and commits the result of what was played.
func (r *runner) finish(ctx context.Context, w *record.Writer, c *checkpoint) error {
	m, err := r.write(ctx, w, c)
	if err == nil {
		err = w.Commit(m)
	}
	if err != nil {
		return w.Fail(err)
	}
	return r.failed()
}

func (r *runner) failed() error {
	if r.progress.Failed > 0 {
		return &Failed{r.progress.Failed, r.progress.Done}
	}
	return nil
}

func (o *Options) events() string {
	if o.Events {
		return "all"
	}
	return "none"
}

// Origin is what the unfinished work of a run is of.
func (s *Study) Origin(opt Options) record.Origin {
	return record.Origin{
		Format: record.PartFormat, Input: s.File.Hash(), Version: opt.Version, Revision: opt.Revision, Events: opt.events(),
		Shard: opt.Shard, Parquet: opt.Parquet,
	}
}

// begin plays what is not there.
func (r *runner) begin(ctx context.Context, w *record.Writer) (*checkpoint, error) {
	origin := r.study.Origin(r.opt)
	if err := w.Begin(origin, r.study.File.TOML()); err != nil {
		return nil, err
	}
	c, err := openCheckpoint([]*record.Parts{w.Parts()}, w, origin, r.opt.Warn)
	if err != nil {
		return nil, err
	}
	err = r.all(ctx, c)
	if flushed := c.flush(); !errors.As(err, new(*record.Error)) { // a disk that has failed is told of once
		err = errors.Join(err, flushed)
	}
	return c, err
}

func (r *runner) write(ctx context.Context, w *record.Writer, c *checkpoint) (*record.Manifest, error) {
	s := r.study
	origin := s.Origin(r.opt)
	m := &record.Manifest{
		Title: s.Title(), Version: origin.Version, Revision: origin.Revision,
		Seed: uint64(s.Scenario.Seed), Design: s.design(), Input: origin.Input, Events: origin.Events,
		Runs: r.progress.Done, Failed: r.progress.Failed, Failures: r.failures,
	}
	replications(r.cuts, &m.Design)
	if r.rule != nil {
		m.Stopping = r.rule.stopping(&s.Settings, r.rounds, r.so)
	}
	if r.pick != nil {
		m.Selection = r.pick.selection()
	}
	return m, r.assemble(ctx, w, c, m)
}

// assemble writes the files of the result from the parts.
func (r *runner) assemble(ctx context.Context, w *record.Writer, c *checkpoint, m *record.Manifest) error {
	out, err := newOutput(w, r)
	if err != nil {
		return err
	}
	err = c.each(r.cuts, r.plan.points, func(c *chunk) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r.progress.Written += int64(len(c.cells) / len(Measures()))
		r.opt.Progress(r.progress)
		return out.add(c)
	})
	if err != nil {
		return err
	}
	resources, err := out.close()
	if err != nil {
		return err
	}
	if err := w.Write(record.ScenarioFile, r.study.File.TOML()); err != nil {
		return err
	}
	p := record.Package{Title: m.Title, Doc: string(r.study.Scenario.Question), Resources: resources}
	return r.describe(w, m, &p)
}

// describe writes what is known of the tables of a finished result, and those that are wanted as Parquet too.
func (r *runner) describe(w *record.Writer, m *record.Manifest, p *record.Package) error {
	m.Formats = []string{"csv"}
	if r.opt.Parquet {
		m.Formats = append(m.Formats, "parquet")
		p.Parquet = []string{r.runs.Name, eventsResource.Name}
	}
	return w.Describe(p)
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
	runs, events *record.File
	points       *record.File
	series       *record.File
	pointsTable  record.Resource
	seriesTable  record.Resource
	curves       *record.Table
	point        int64     // -1 before the first chunk
	factors      []float64 // its own
	scenario     model.Scenario
	lines        *lines
	tally        *tally
	text         []byte
}

func newOutput(w *record.Writer, r *runner) (_ *output, err error) {
	o := &output{runner: r, w: w, curves: record.NewTable(seriesColumns()), factors: make([]float64, len(r.plan.factors)), lines: newLines(r), tally: newTally(), point: -1}
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
	if c.point != o.point {
		if err := o.finish(); err != nil {
			return err
		}
		o.point = c.point
		// A point that cannot be played has factors all the same.
		_ = o.plan.scenario(o.point, o.factors, &o.scenario)
		o.lines.stand(o.point, o.factors)
	}
	o.text = o.text[:0]
	rep := c.first
	for cells := range slices.Chunk(c.cells, len(Measures())) {
		o.text = o.lines.append(o.text, rep, cells)
		o.tally.add(cells)
		rep++
	}
	if _, err := o.runs.Write(o.text); err != nil {
		return err
	}
	if o.events != nil {
		if _, err := o.events.Write(c.events); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the estimates of the point that is complete, if there is one.
func (o *output) finish() error {
	if o.point < 0 {
		return nil
	}
	e := &estimates{}
	e.add(pointColumn, float64(o.point))
	row := o.plan.row(o.point, o.factors)
	for i, c := range o.plan.columns() {
		e.add(c, row[i])
	}
	o.tally.estimate(e, Level)
	o.text = o.text[:0]
	if o.pointsTable.Columns == nil {
		o.pointsTable.Columns = e.columns
		o.text = o.pointsTable.AppendHeader(o.text)
	}
	o.text = o.pointsTable.AppendRow(o.text, e.cells)
	if _, err := o.points.Write(o.text); err != nil {
		return err
	}
	if o.point < mostCurves {
		o.curves.Clear()
		o.tally.series(o.curves, o.point, float64(o.study.Scenario.HorizonD), Level)
		o.text = o.text[:0]
		for i := range o.curves.Len() {
			o.text = o.seriesTable.AppendRow(o.text, o.curves.Row(i))
		}
		if _, err := o.series.Write(o.text); err != nil {
			return err
		}
	}
	o.tally.reset()
	return nil
}

// close finishes the last point and brings the files to the disk.
func (o *output) close() ([]record.Resource, error) {
	if err := o.finish(); err != nil {
		return nil, err
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
