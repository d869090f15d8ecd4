package viewer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"

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
		content.Figures = choices(a.name, figure.OfResult(), func(name string) string { return name + ": " + figure.Doc(name) })
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
