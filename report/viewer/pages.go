package viewer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"time"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/report/page"
	"tripwire/study/record"
)

// card is a study in the list.
type card struct {
	Folder, Title, Question, Design, Headline string
	Trouble                                   string // why it cannot be opened; "" where it can
}

func (v *viewer) index(w http.ResponseWriter, r *http.Request) error {
	number, err := whole(r.URL.Query(), "page", 1, 1)
	if err != nil {
		return err
	}
	names, err := v.names()
	if err != nil {
		return err
	}
	from := min(int(number-1)*studiesAPage, len(names))
	list := struct {
		Cards          []card
		From           int
		Earlier, Later int64
	}{From: from + 1, Earlier: number - 1}
	for _, name := range names[from:min(from+studiesAPage, len(names))] {
		list.Cards = append(list.Cards, v.card(name))
	}
	if from+studiesAPage < len(names) {
		list.Later = number + 1
	}
	return show(w, http.StatusOK, "index.html", frame{Title: "Results"}, list)
}

// names is the folders in which there is a result or the beginning of one.
func (v *viewer) names() ([]string, error) {
	if v.Only != "" {
		return []string{v.Only}, nil
	}
	entries, err := fs.ReadDir(v.Root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if !plain(name) {
			continue
		}
		_, ended := v.Root.Stat(path.Join(name, "manifest.json"))
		_, begun := v.Root.Stat(path.Join(name, partsDir))
		if ended == nil || begun == nil || e.Type()&fs.ModeSymlink != 0 {
			names = append(names, name)
		}
	}
	return names, nil
}

// card says what is in a folder, without reading all of it.
func (v *viewer) card(name string) card {
	c := card{Folder: name}
	r, err := record.Glance(v.Root, name)
	switch {
	case errors.Is(err, record.ErrUnfinished):
		c.Trouble = v.shelf.unfinished(name)
		return c
	case err != nil:
		c.Trouble = "This result cannot be read: " + err.Error() + "."
		return c
	}
	defer r.Close()
	c.Title, c.Question, c.Design = r.Package.Title, r.Package.Doc, design(&r.Manifest)
	c.Headline = headline(r)
	return c
}

func design(m *record.Manifest) string {
	text := report.Plural(m.Runs, "history", "histories")
	if d := m.Design; d.Points > 1 {
		each := report.UpTo(&d) + report.Plural(d.Replications, "replication", "replications")
		text += fmt.Sprintf(", %s of %s points, %s each", d.Kind, report.Count(d.Points), each)
	}
	if m.Failed > 0 {
		text += fmt.Sprintf("; %s failed", report.Count(m.Failed))
	}
	return text
}

// mostPoints is the size of a points.csv that the list reads.
const mostPoints = 8 << 20

// headline is the share of deterrence over all points, from points.csv; "" where it is not there or too long to
// be read for a list.
func headline(r *record.Result) string {
	if r.Manifest.Files["points.csv"].Bytes > mostPoints || r.Package.Resource("points") == nil {
		return ""
	}
	design := &r.Manifest.Design
	apart := max(1, design.Futures) // points of a choice
	choices := 1
	if report.Chosen(design) {
		choices = int(design.Points / apart)
	}
	held, n := make([]float64, choices), make([]float64, choices)
	at := int64(0)
	for t, err := range r.Chunks("points") {
		if err != nil {
			return ""
		}
		share, of := t.Index("deterred_share"), t.Index("deterred_n")
		if share < 0 || of < 0 {
			return ""
		}
		for i := range t.Len() {
			c := min(int(at/apart), choices-1)
			if row := t.Row(i); row[of] > 0 && !math.IsNaN(row[share]) {
				held[c], n[c] = held[c]+row[share]*row[of], n[c]+row[of]
			}
			at++
		}
	}
	all, least, most := 0.0, math.Inf(1), math.Inf(-1)
	for c := range n {
		if n[c] > 0 {
			all, least, most = all+n[c], min(least, held[c]/n[c]), max(most, held[c]/n[c])
		}
	}
	switch {
	case all == 0:
		return ""
	case report.Chosen(design):
		return fmt.Sprintf("Deterrence held in %.0f to %.0f%% of the histories in which Moscow accepted the terms, over %s.", 100*least, 100*most, report.Plural(choices, "choice", "choices"))
	}
	return fmt.Sprintf("Deterrence held in %.0f%% of the %s in which Moscow accepted the terms.", 100*most, report.Plural(int64(all), "history", "histories"))
}

func (v *viewer) study(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("study")
	var content struct {
		Summary *report.Summary
		By      *report.By
		Ranking *report.Ranking
		Design  string
		Text    string
		Doubts  []string
		Others  []string
		Files   []string
		Picture *page.Picture
	}
	var f frame
	err := v.with(r, func(es ...*entry) error {
		e := es[0]
		if err := v.gather(e); err != nil {
			return err
		}
		if fig, err := v.figure(e, "outcomes", figure.Options{Level: v.Level, Bare: true}); err == nil {
			content.Picture = page.NewPicture(fig)
		}
		f = e.frame("Summary")
		content.Summary, content.By, content.Ranking, content.Design = e.summary, e.table, e.ranking, design(&e.result.Manifest)
		content.Text, content.Doubts = report.Headline(e.summary, e.table, e.ranking)
		for file := range e.result.Manifest.Files {
			content.Files = append(content.Files, file)
		}
		content.Files = append(content.Files, "manifest.json")
		slices.Sort(content.Files)
		return nil
	}, name)
	if err != nil {
		return err
	}
	if content.Others, err = v.names(); err != nil {
		return err
	}
	content.Others = slices.DeleteFunc(content.Others, func(other string) bool { return other == name })
	return show(w, http.StatusOK, "study.html", f, content)
}

func (e *entry) frame(here string) frame {
	f := frame{Study: e.name, Name: e.result.Package.Title, Here: here}
	if f.Name == "" {
		f.Name = e.name
	}
	f.Title = f.Name + ": " + here
	return f
}

// gather reads the summary and the table of a result, once.
func (v *viewer) gather(e *entry) (err error) {
	if e.summary != nil {
		return nil
	}
	if e.table, err = v.Table(e.result); err != nil {
		return err
	}
	if e.result.Manifest.Selection != nil {
		if e.ranking, err = report.ReadRanking(e.result, v.Level); err != nil && !errors.As(err, new(*report.Ask)) {
			return err
		}
	}
	e.summary, err = report.Read(e.result, v.Level)
	return err
}

func (v *viewer) report(w http.ResponseWriter, r *http.Request) error {
	var text []byte
	err := v.with(r, func(es ...*entry) error {
		e := es[0]
		if e.page == nil {
			content, err := v.Report(e.result)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := page.WriteReport(&b, content); err != nil {
				return err
			}
			e.page = b.Bytes()
		}
		text = e.page
		return nil
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", page.ReportPolicy()+"; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text)
	return nil
}

// downloadTime is how long a file may take to be sent.
const downloadTime = 10 * time.Minute

func (v *viewer) file(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	var f fs.File
	err := v.with(r, func(es ...*entry) (err error) {
		if result := es[0].result; name == "manifest.json" || result.Has(name) {
			f, err = result.FS().Open(name)
			return err
		}
		return problemf(http.StatusNotFound, "The result has no file %s.", name)
	}, r.PathValue("study"))
	if err != nil {
		return err
	}
	defer f.Close()
	content, ok := f.(io.ReadSeeker)
	if !ok {
		return fmt.Errorf("%s cannot be read from the middle", name)
	}
	// What is not set fails where there is no connection, as in tests of the handler.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(downloadTime))
	attach(w, r.PathValue("study")+"-"+name)
	http.ServeContent(w, r, name, time.Time{}, content)
	return nil
}

var kinds = map[string]string{
	".csv": "text/csv; charset=utf-8", ".json": "application/json", ".toml": "text/plain; charset=utf-8", ".svg": "image/svg+xml",
	".png": "image/png", ".pdf": "application/pdf",
}

// attach makes the answer a file to keep.
func attach(w http.ResponseWriter, name string) {
	kind := kinds[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}

// whole reads a whole number of a query that is not below least.
func whole(q url.Values, key string, usual, least int64) (int64, error) {
	text := q.Get(key)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > 1<<53 {
		return 0, problemf(http.StatusBadRequest, "%s=%s: must be a whole number from %d.", key, text, least)
	}
	return n, nil
}
