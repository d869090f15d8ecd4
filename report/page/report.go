package page

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"io"
	"maps"
	"slices"

	"tripwire/input"
	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/study/record"
)

//go:embed report.html
var reportMarkup string

//go:embed report.css
var reportStyle string

// Report is what the report of a study is made of.
type Report struct {
	Result   *record.Result
	Summary  *report.Summary
	By       *report.By        // the groups of a study of several points; nil where there is one
	Parts    []Part            // what else the result says of itself
	Figures  []*figure.Figure  //
	Inputs   []input.Parameter // the resolved scenario
	Verdicts report.Verdicts   // on what was expected of it
}

// Part is a section of a report: a title and a fragment that package report made.
type Part struct {
	Title, Doc string
	HTML       template.HTML
}

// WriteReport writes the report of a study as one HTML file without a script that asks nothing of the network.
// The same result gives the same bytes.
func WriteReport(w io.Writer, r *Report) error {
	v, err := newReportView(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := reportPage.Execute(&b, v); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

var reportPage = template.Must(template.New("report").Funcs(words).Parse(reportMarkup))

// ReportPolicy is the content security policy of a report: its own style, and nothing else.
func ReportPolicy() string {
	return "default-src 'none'; style-src " + hash(reportStyle) + "; img-src data:; base-uri 'none'; form-action 'none'"
}

// ReportStyle is the style of a report, for pages that show parts of one.
func ReportStyle() string { return reportStyle }

type reportView struct {
	*Report
	Policy   string
	Style    template.CSS
	Headline string
	Ranking  *report.Ranking // of a study that looked for the best; else nil
	Doubts   []string
	Pictures []*Picture
	Varied   []input.Parameter
	Judged   []input.Parameter // of the others, those whose value is a judgement
	Evident  int               // parameters of which it is said what they rest on
	Files    []reportFile
	Scenario string
}

type reportFile struct {
	Name string
	record.FileInfo
}

// Picture is a figure as a page shows it.
type Picture struct {
	*figure.Figure
	SVG template.HTML
}

// NewPicture sets a figure for a page.
func NewPicture(f *figure.Figure) *Picture { return &Picture{f, template.HTML(f.Inline())} }

func newReportView(r *Report) (*reportView, error) {
	v := &reportView{Report: r, Style: template.CSS(reportStyle)}
	v.Policy = ReportPolicy()
	if r.Result.Manifest.Selection != nil {
		k, err := report.ReadRanking(r.Result, r.Summary.Level)
		if err != nil && !errors.As(err, new(*report.Ask)) {
			return nil, err
		}
		v.Ranking = k
	}
	v.Headline, v.Doubts = report.Headline(r.Summary, r.By, v.Ranking)
	for _, f := range r.Figures {
		v.Pictures = append(v.Pictures, NewPicture(f))
	}
	for _, p := range r.Inputs {
		if p.Basis != "" {
			v.Evident++
		}
		if slices.Contains(r.Result.Manifest.Design.Factors, p.Key) {
			v.Varied = append(v.Varied, p)
		} else if p.Basis == "judgement" {
			v.Judged = append(v.Judged, p)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Result.Manifest.Files)) {
		v.Files = append(v.Files, reportFile{name, r.Result.Manifest.Files[name]})
	}
	scenario, err := r.Result.Read("scenario.toml")
	v.Scenario = string(scenario)
	return v, err
}

// Counts is what the section of assumptions says about the varied ones.
func (v *reportView) Counts() (c struct{ Varied, VariedJudged, Judged int }) {
	c.Varied = len(v.Varied)
	for _, p := range v.Varied {
		if p.Basis == "judgement" {
			c.VariedJudged++
		}
	}
	c.Judged = c.VariedJudged + len(v.Judged)
	return c
}
