package study

import (
	"context"
	"errors"
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

func (r *runner) write(ctx context.Context, w *record.Writer) (*record.Manifest, error) {
	s := r.study
	m := &record.Manifest{
		Title: s.Title(), Version: r.opt.Version, Revision: r.opt.Revision,
		Seed: uint64(s.Scenario.Seed), Design: s.design(), Input: s.File.Hash(), Events: "none", Runs: s.Runs(),
	}
	resources := []record.Resource{r.runs}
	runs, err := startTable(w, r.runs)
	if err != nil {
		return nil, err
	}
	var events *record.File
	if r.opt.Events {
		m.Events = "all"
		resources = append(resources, eventsResource)
		if events, err = startTable(w, eventsResource); err != nil {
			return nil, err
		}
	}
	tally := newTally()
	progress := Progress{Runs: m.Runs}
	err = r.each(ctx, func(b *batch) error {
		if _, err := runs.Write(b.runs); err != nil {
			return err
		}
		if events != nil {
			if _, err := events.Write(b.events); err != nil {
				return err
			}
		}
		m.Failed += int64(len(b.failures))
		m.Failures = append(m.Failures, b.failures...)
		m.Failures = m.Failures[:min(len(m.Failures), record.MaxFailures)]
		for row := range slices.Chunk(b.rows, len(r.runs.Columns)) {
			tally.add(row[len(index):])
		}
		progress.Done, progress.Failed = b.unit.to, m.Failed
		progress.Deterred, progress.Accepted = tally.deterred()
		if r.opt.Progress != nil {
			r.opt.Progress(progress)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := runs.Close(); err != nil {
		return nil, err
	}
	if events != nil {
		if err := events.Close(); err != nil {
			return nil, err
		}
	}
	points, series := r.estimates(tally)
	resources = slices.Insert(resources, 1, points.Resource, series.Resource)
	for _, t := range []filled{points, series} {
		if err := w.Write(t.Path(), t.AppendTable(nil, t.table)); err != nil {
			return nil, err
		}
	}
	if err := w.Write("scenario.toml", s.File.TOML()); err != nil {
		return nil, err
	}
	p := record.Package{Title: m.Title, Doc: string(s.Scenario.Question), Resources: resources}
	return m, w.Write("datapackage.json", p.JSON())
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

// filled is a table with its description.
type filled struct {
	record.Resource
	table *record.Table
}

// estimates makes points.csv and series.csv.
func (r *runner) estimates(t *tally) (points, series filled) {
	row := t.estimate(0, Level)
	points.Resource = record.Resource{
		Name: "points", Doc: "a row a design point: every measure's estimate with its interval",
		Key: []string{"point"}, Digits: 10, Columns: row.columns,
	}
	points.table = record.NewTable(row.columns)
	points.table.Append(row.cells...)

	series.table = record.NewTable(seriesColumns())
	t.series(series.table, 0, float64(r.study.Scenario.HorizonD), Level)
	series.Resource = record.Resource{
		Name: "series", Doc: "running curves and distributions of each design point, for figures",
		Digits: 10, Columns: series.table.Columns,
	}
	return points, series
}
