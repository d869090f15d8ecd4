package viewer

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/report/page"
	"tripwire/study/record"
)

// figure draws a figure of a result, or takes the one that was drawn before.
func (v *viewer) figure(e *entry, name string, opt figure.Options) (*figure.Figure, error) {
	key := fmt.Sprintf("%q %+v", name, opt)
	opt.Inputs = func() (report.Inputs, error) { return v.Inputs(e.result) }
	if opt.With != nil {
		return figure.Draw(e.result, name, opt)
	}
	if f := e.drawn[key]; f != nil {
		return f, nil
	}
	f, err := figure.Draw(e.result, name, opt)
	if err != nil {
		return nil, err
	}
	if len(e.drawn) >= mostFigures {
		clear(e.drawn)
	}
	e.drawn[key] = f
	return f, nil
}

// choice is an option of a select.
type choice struct {
	Value, Text string
	Chosen      bool
}

func choices(chosen string, values []string, text func(string) string) []choice {
	var list []choice
	for _, value := range values {
		list = append(list, choice{value, text(value), value == chosen})
	}
	return list
}

func itself(s string) string { return s }

// asked is what a query asks of a figure.
type asked struct {
	name string
	figure.Options
}

func (v *viewer) asked(q url.Values) (asked, error) {
	a := asked{name: q.Get("figure"), Options: figure.Options{X: q.Get("x"), Y: q.Get("y"), Measure: q.Get("measure"), Level: v.Level}}
	if a.name == "" {
		a.name = "outcomes"
	}
	var err error
	a.Point, err = whole(q, "point", 0, 0)
	return a, err
}

// query is the address that asks the same.
func (a asked) query() string {
	q := url.Values{"figure": {a.name}}
	for key, value := range map[string]string{"x": a.X, "y": a.Y, "measure": a.Measure} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if a.Point != 0 {
		q.Set("point", fmt.Sprint(a.Point))
	}
	return q.Encode()
}

// ofAnother is figures that no result feeds by itself.
var ofAnother = []string{"dumbbell", "calibration", "behaviours"}

func (v *viewer) figures(w http.ResponseWriter, r *http.Request) error {
	a, err := v.asked(r.URL.Query())
	if err != nil {
		return err
	}
	var content struct {
		Figures, X, Y, Measures []choice
		Point, Last             int64
		Picture                 *page.Picture
		Refusal, Query          string
		Rows                    [][]string
		Hidden                  int
	}
	var f frame
	err = v.with(r, func(es ...*entry) error {
		e := es[0]
		f = e.frame("Figures")
		var factors, measures []string
		if runs := e.result.Package.Resource("runs"); runs != nil {
			factors, measures = axes(runs.Columns)
		}
		names := slices.DeleteFunc(figure.Names(), func(name string) bool { return slices.Contains(ofAnother, name) })
		content.Figures = choices(a.name, names, func(name string) string { return name + ": " + figure.Doc(name) })
		content.X, content.Y = choices(a.X, factors, itself), choices(a.Y, factors, itself)
		content.Measures = choices(a.Measure, measures, itself)
		content.Point, content.Last, content.Query = a.Point, e.result.Manifest.Design.Points-1, a.query()
		opt := a.Options
		opt.Bare = true
		fig, err := v.figure(e, a.name, opt)
		if refusal := new(figure.Ask); errors.As(err, &refusal) {
			content.Refusal = sentence(refusal)
			return nil
		} else if err != nil {
			return err
		}
		content.Picture = page.NewPicture(fig)
		content.Rows = fig.Table.Rows[:min(len(fig.Table.Rows), rowsShown)]
		content.Hidden = len(fig.Table.Rows) - len(content.Rows)
		return nil
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	return show(w, http.StatusOK, "figures.html", f, content)
}

// axes is the keys of the factors, and the measures that a figure can show, with a class where they have classes.
func axes(columns []record.Column) (factors, measures []string) {
	for _, c := range columns {
		switch {
		case c.Factor && c.Title != "" && c.Name != "case":
			factors = append(factors, c.Title)
		case c.Factor:
			factors = append(factors, c.Name)
		case c.Name == "run_id" || c.Name == "point" || c.Name == "rep" || c.Kind == record.Text:
		case c.Kind == record.Class:
			for _, class := range c.Classes {
				measures = append(measures, c.Name+"="+class)
			}
		default:
			measures = append(measures, c.Name)
		}
	}
	return factors, measures
}

// dotsAnInch is of the PNGs that are taken away.
const dotsAnInch = 200

func (v *viewer) figureFile(w http.ResponseWriter, r *http.Request) error {
	a, err := v.asked(r.URL.Query())
	if err != nil {
		return err
	}
	kind := path.Ext(r.PathValue("file"))
	var data []byte
	err = v.with(r, func(es ...*entry) error {
		f, err := v.figure(es[0], a.name, a.Options)
		if err != nil {
			return err
		}
		switch kind {
		case ".svg":
			data = f.SVG()
		case ".png":
			data, err = f.PNG(dotsAnInch)
		case ".pdf":
			data, err = f.PDF()
		case ".csv":
			data, err = numbers(f.Table)
		default:
			return problemf(http.StatusNotFound, "A figure is to be had as figure.svg, figure.png, figure.pdf and figure.csv.")
		}
		return err
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	attach(w, r.PathValue("study")+"-"+a.name+kind)
	_, _ = w.Write(data)
	return nil
}

func numbers(t figure.Table) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(append([][]string{t.Columns}, t.Rows...)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// told is the measures that the list of histories shows.
var told = []string{"case", "outcome", "invasion_kind", "t_invasion_d", "gate_failed", "rung_max", "end_reason"}

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
		i := slices.IndexFunc(runs.Columns, func(c record.Column) bool { return c.Name == "outcome" })
		if i >= 0 {
			content.Outcomes = choices(class, runs.Columns[i].Classes, itself)
			if class != "" && !slices.Contains(runs.Columns[i].Classes, class) {
				return problemf(http.StatusBadRequest, "outcome=%s: there is no such class.", class)
			}
		}
		rows, header, more, err := page50(r.Context(), e.result, class, point, (number-1)*rowsAPage)
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

// page50 is the rows of one page of histories of a class, any if it is "", and of a point, any if it is negative; and
// whether there are more.
func page50(ctx context.Context, r *record.Result, class string, point, skip int64) (rows []historyRow, header []string, more bool, err error) {
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

func (v *viewer) compare(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	a, b := q.Get("a"), q.Get("b")
	names, err := v.names()
	if err != nil {
		return err
	}
	var content struct {
		A, B    []choice
		Measure string
		Between string
		Result  *report.Comparison
		Picture *page.Picture
	}
	content.A, content.B, content.Measure = choices(a, names, itself), choices(b, names, itself), q.Get("measure")
	f := frame{Title: "Compare two results"}
	if a != "" && b != "" {
		if a == b {
			return problemf(http.StatusBadRequest, "%s is to be compared with itself: choose two results.", a)
		}
		content.Between = strings.Join([]string{a, b}, " and ")
		err := v.with(r, func(es ...*entry) (err error) {
			if content.Result, err = v.Compare(es[0].result, es[1].result, content.Measure); err != nil {
				return err
			}
			fig, err := v.figure(es[0], "dumbbell", figure.Options{With: es[1].result, Level: v.Level, Bare: true})
			if refusal := new(figure.Ask); errors.As(err, &refusal) {
				return nil
			} else if err != nil {
				return err
			}
			content.Picture = page.NewPicture(fig)
			return nil
		}, a, b)
		if err != nil {
			return err
		}
	}
	return show(w, http.StatusOK, "compare.html", f, content)
}
