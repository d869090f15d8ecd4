package viewer

import (
	"errors"
	"net/http"
	"strings"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/report/page"
)

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
