package viewer

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"tripwire/report"
	"tripwire/report/page"
	"tripwire/study/record"
)

// told is the measures that the list of histories shows.
var told = []string{"case", "outcome", "invasion_kind", "t_invasion_d", "gate_failed", "rung_max"}

type historyRow struct {
	Cells []string
	Query string // of its own page
	Name  string
}

func (v *viewer) histories(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	number, err := whole(q, "page", 1, 1)
	if err != nil {
		return err
	}
	point, err := whole(q, "point", -1, 0)
	if err != nil {
		return err
	}
	var content struct {
		Outcomes       []choice
		Point          string
		Last           int64
		Header         []string
		Rows           []historyRow
		From           int64
		Earlier, Later string
	}
	class := q.Get("outcome")
	content.Point = q.Get("point")
	turn := func(page int64) string {
		return "?" + url.Values{"outcome": {class}, "point": {content.Point}, "page": {fmt.Sprint(page)}}.Encode()
	}
	var f frame
	err = v.with(r, func(es ...*entry) error {
		e := es[0]
		f = e.frame("Histories")
		content.Last = e.result.Manifest.Design.Points - 1
		runs := e.result.Package.Resource("runs")
		if runs == nil {
			return problemf(http.StatusConflict, "The result has no histories.")
		}
		i := record.Index(runs.Columns, "outcome")
		if i >= 0 {
			content.Outcomes = choices(class, runs.Columns[i].Classes, itself)
			if class != "" && !slices.Contains(runs.Columns[i].Classes, class) {
				return problemf(http.StatusBadRequest, "outcome=%s: there is no such class.", class)
			}
		}
		rows, header, more, err := onePage(r.Context(), e.result, class, point, (number-1)*rowsAPage)
		content.Rows, content.Header = rows, header
		if more {
			content.Later = turn(number + 1)
		}
		return err
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	if content.From = (number-1)*rowsAPage + 1; number > 1 {
		content.Earlier = turn(number - 1)
	}
	return show(w, http.StatusOK, "histories.html", f, content)
}

// onePage is the rows of one page of the list of histories of a class, any if it is "", and of a point, any if it is negative; and
// whether there are more.
func onePage(ctx context.Context, r *record.Result, class string, point, skip int64) (rows []historyRow, header []string, more bool, err error) {
	var shown []int
	for t, err := range r.Chunks("runs") {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, nil, false, err
		}
		points, reps, outcome := t.Index("point"), t.Index("rep"), t.Index("outcome")
		if header == nil {
			for i, c := range t.Columns {
				if i == points && r.Manifest.Design.Points > 1 || i == reps || slices.Contains(told, c.Name) {
					shown, header = append(shown, i), append(header, title(&c))
				}
			}
		}
		for i := range t.Len() {
			row := t.Row(i)
			if point >= 0 && row[points] != float64(point) || class != "" && t.Columns[outcome].Label(row[outcome]) != class {
				continue
			}
			if skip > 0 {
				skip--
				continue
			}
			if len(rows) == rowsAPage {
				return rows, header, true, nil
			}
			h := historyRow{Query: fmt.Sprintf("point=%.0f&rep=%.0f", row[points], row[reps]), Name: fmt.Sprintf("replication %.0f", row[reps])}
			if r.Manifest.Design.Points > 1 {
				h.Name += fmt.Sprintf(" of point %.0f", row[points])
			}
			for _, k := range shown {
				h.Cells = append(h.Cells, cell(&t.Columns[k], row[k]))
			}
			rows = append(rows, h)
		}
	}
	return rows, header, false, nil
}

func title(c *record.Column) string {
	words := c.Title
	if words == "" {
		words = c.Name
	}
	if c.Unit != "" && c.Kind == record.Float {
		words += ", " + c.Unit
	}
	return words
}

func cell(c *record.Column, x float64) string {
	switch {
	case x != x:
		return "–"
	case c.Kind == record.Class || c.Kind == record.Text:
		return c.Label(x)
	case c.Kind == record.Bool:
		return [...]string{"no", "yes"}[int(x)]
	case c.Kind == record.Int:
		return report.Count(int64(x))
	}
	return fmt.Sprintf("%.4g", x)
}

func (v *viewer) history(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	point, err := whole(q, "point", 0, 0)
	if err != nil {
		return err
	}
	rep, err := whole(q, "rep", 0, 0)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = v.with(r, func(es ...*entry) error {
		h, err := v.History(es[0].result, point, rep)
		switch {
		case err != nil:
			return err
		case h == nil:
			return problemf(http.StatusNotFound, "The study has no replication %d of a design point %d.", rep, point)
		}
		h.Back = at(es[0].name, "histories")
		return page.WriteHistory(&b, h)
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", page.HistoryPolicy()+"; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes())
	return nil
}
