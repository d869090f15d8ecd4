package report

import (
	"fmt"
	"path/filepath"
	"slices"

	"tripwire/study/record"
)

// runs is the rows of runs.csv of a study of several points, which come sorted by point and replication. They are read
// as often as they are needed, so that none has to be kept: in the file's order, point by point in another order, or all
// points in step. Memory grows with the points only.
type runs struct {
	design    *record.Design
	rows      *record.Rows
	path      string         // for errors
	point     int            // columns
	rep       int            //
	begins    []record.Place // by point; where the file was gone through
	mostCells int            // held while points are read in step
}

// stepCells is how many cells are held while points are read in step, or one row of each point where these are more: 16 MB.
const stepCells = 1 << 21

// openRuns opens some columns of runs.csv, beside those that say which history a row is.
func openRuns(r *record.Result, columns ...string) (*runs, error) {
	rows, err := r.Rows("runs", append([]string{"point", "rep"}, columns...)...)
	if err != nil {
		return nil, err
	}
	h := newRuns(&r.Manifest.Design, rows)
	h.path = filepath.Join(r.Dir, h.path)
	return h, nil
}

func newRuns(d *record.Design, rows *record.Rows) *runs {
	h := &runs{design: d, rows: rows, path: record.RunsFile, mostCells: stepCells}
	h.point, h.rep = h.index("point"), h.index("rep")
	return h
}

func (h *runs) close() { h.rows.Close() }

// columns is those of a row.
func (h *runs) columns() []record.Column { return h.rows.Columns }

func (h *runs) index(name string) int { return record.Index(h.rows.Columns, name) }

// replications is how many rows a point has.
func (h *runs) replications(point int) int { return int(h.design.At(int64(point))) }

// stretch shows some rows of a point, from a replication on that begins at a place.
func (h *runs) stretch(at record.Place, point, rep, n int, show func(rep int, row []float64)) error {
	const most = 4096 // at once
	for last := rep + n; rep < last; at = h.rows.Place {
		t, err := h.rows.Read(at, min(most, last-rep))
		if err != nil {
			return err
		}
		if t.Len() == 0 {
			return h.fault("ends before replication %d of point %d, which has %d by the design in %s", rep, point, h.replications(point), record.ManifestFile)
		}
		for i := range t.Len() {
			row := t.Row(i)
			if row[h.point] != float64(point) || row[h.rep] != float64(rep) {
				return h.fault("line %d: want replication %d of point %d, by the design in %s", at.Line+1+i, rep, point, record.ManifestFile)
			}
			show(rep, row)
			rep++
		}
	}
	return nil
}

func (h *runs) fault(format string, args ...any) error {
	return &record.Error{Path: h.path, Err: fmt.Errorf(format, args...)}
}

// each shows every row in the file's order. It comes first: it learns where the points begin.
func (h *runs) each(show func(point, rep int, row []float64)) error {
	h.begins = make([]record.Place, h.design.Points)
	for point := range h.begins {
		h.begins[point] = h.rows.Place
		if err := h.of(point, func(rep int, row []float64) { show(point, rep, row) }); err != nil {
			return err
		}
	}
	return nil
}

// heads shows the first row of every point, as another reader of the same file has it: of many columns.
func (h *runs) heads(rows *record.Rows, show func(point int, row []float64)) error {
	for point, at := range h.begins {
		if h.replications(point) == 0 {
			continue
		}
		t, err := rows.Read(at, 1)
		if err != nil {
			return err
		}
		if t.Len() > 0 {
			show(point, t.Row(0))
		}
	}
	return nil
}

// of shows the rows of one point.
func (h *runs) of(point int, show func(rep int, row []float64)) error {
	return h.stretch(h.begins[point], point, 0, h.replications(point), show)
}

// inStep shows the rows of one replication at all points after the other: row is that of a point, nil where it was not
// played so often.
func (h *runs) inStep(show func(rep int, row func(point int) []float64)) error {
	points, reps, width := int(h.design.Points), int(h.design.Replications), len(h.rows.Columns)
	steps := max(1, min(reps, h.mostCells/(points*width)))
	held := make([]float64, steps*points*width) // by point, then by replication
	at := slices.Clone(h.begins)
	for first := 0; first < reps; first += steps {
		for point := range points {
			n := min(steps, h.replications(point)-first)
			if n <= 0 {
				continue
			}
			into := held[point*steps*width:]
			err := h.stretch(at[point], point, first, n, func(rep int, row []float64) { copy(into[(rep-first)*width:], row) })
			if err != nil {
				return err
			}
			at[point] = h.rows.Place
		}
		for rep := first; rep < min(first+steps, reps); rep++ {
			show(rep, func(point int) []float64 {
				if rep >= h.replications(point) {
					return nil
				}
				return held[(point*steps+rep-first)*width:][:width]
			})
		}
	}
	return nil
}
