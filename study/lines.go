package study

import (
	"strconv"

	"tripwire/study/record"
)

// lines makes the lines of runs.csv out of the measures of histories, a design point after the other.
type lines struct {
	study    *Study
	columns  []record.Column // of the factors
	measures record.Resource
	point    int64
	text     []byte // the cells of the point's factors as CSV
}

func newLines(r *runner) *lines {
	factors := len(r.runs.Columns) - len(Measures())
	return &lines{
		study: r.study, columns: r.runs.Columns[len(historyColumns):factors], measures: record.Resource{Name: r.runs.Name, Columns: Measures()},
	}
}

// stand goes to a design point with these factors.
func (l *lines) stand(point int64, factors []float64) {
	l.point, l.text = point, l.text[:0]
	for i, x := range l.study.plan.row(point, factors) {
		l.text = record.AppendCell(append(l.text, ','), &l.columns[i], x, 0)
	}
}

// append appends the line of a replication.
func (l *lines) append(b []byte, rep int64, measures []float64) []byte {
	b = strconv.AppendInt(b, l.study.number(l.point, rep), 10)
	b = strconv.AppendInt(append(b, ','), l.point, 10)
	b = strconv.AppendInt(append(b, ','), rep, 10)
	return l.measures.AppendRow(append(append(b, l.text...), ','), measures)
}
