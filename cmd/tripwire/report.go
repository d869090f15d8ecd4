package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/report/page"
	"tripwire/study"
	"tripwire/study/causes"
	"tripwire/study/record"
)

func newReport(std *streams) *cobra.Command {
	var (
		out   string
		level float64
	)
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Write one page that says what came of a study, and what that rests on",
		Long: `report writes one HTML file: the headline, figures with the numbers behind them, tables, causal
chains, the assumptions, and how to run it again. The file has no script and asks nothing of the network,
so it can be sent, kept and printed.`,
		Example: "  tripwire report results/baseline\n  tripwire report results/roe-by-size -o roe.html",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := cmp.Or(checkLevel(level), checkPage(out)); err != nil {
				return err
			}
			r, err := record.Open(args[0])
			if err != nil {
				return err
			}
			defer r.Close()
			content, err := composeReport(r, level)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := page.WriteReport(&b, content); err != nil {
				return err
			}
			if err := os.WriteFile(out, b.Bytes(), 0o666); err != nil {
				return output{err}
			}
			fmt.Fprintf(std.out, "%s\n", out)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&out, "out", "o", "report.html", "the file to write")
	f.Float64Var(&level, "level", study.Level, "confidence level of the intervals")
	return cmd
}

// composeReport gathers what the report of a result shows.
func composeReport(r *record.Result, level float64) (*page.Report, error) {
	s, err := studyOf(r)
	if err != nil {
		return nil, err
	}
	p := &page.Report{Result: r, Inputs: s.File.Parameters}
	if p.Summary, err = report.Read(r, level); err != nil {
		return nil, err
	}
	if p.By, err = tableOf(r, level); err != nil {
		return nil, err
	}
	if p.Verdicts, err = judge(r, s.Expect); err != nil {
		return nil, err
	}
	if p.Figures, err = reportFigures(r, s, level); err != nil {
		return nil, err
	}
	if p.Parts, err = reportParts(r, s, level); err != nil {
		return nil, err
	}
	return p, nil
}

// tableOf is a study's own table, nil where it has none.
func tableOf(r *record.Result, level float64) (*report.By, error) {
	d := &r.Manifest.Design
	by := defaultBy(d)
	if d.Points == 1 || by[0] == "point" && d.Points > mostRows {
		return nil, nil
	}
	b, err := report.ReadBy(r, by, "deterred", level)
	return b, refused(err)
}

// refused takes from errors those that say that a result cannot feed a table or a figure.
func refused(err error) error {
	if errors.As(err, new(*report.Ask)) || errors.As(err, new(*figure.Ask)) {
		return nil
	}
	return err
}

// reportFigures draws every figure that a result can feed.
func reportFigures(r *record.Result, s *study.Study, level float64) ([]*figure.Figure, error) {
	var list []*figure.Figure
	inputs := func() (report.Inputs, error) { return inputsOf(s), nil }
	for _, name := range figure.OfStudy(&r.Manifest.Design) {
		f, err := figure.Draw(r, name, figure.Options{Level: level, Bare: true, Inputs: inputs})
		if refused(err) != nil {
			return nil, err
		}
		if err == nil {
			list = append(list, f)
		}
	}
	return list, nil
}

// chainSample is how many histories of one kind are played again for the report.
const chainSample = 300

// reportParts is what a result says of what matters, of its choices and of its causal chains.
func reportParts(r *record.Result, s *study.Study, level float64) ([]page.Part, error) {
	var parts []page.Part
	d := &r.Manifest.Design
	if method := report.MethodFor(d); method != "" {
		found, err := findingsOf(r, s, method, "deterred", nil, level)
		if refused(err) != nil {
			return nil, err
		}
		if err == nil {
			parts = append(parts, page.Part{Title: "What matters", HTML: found.Document().HTML()})
		}
	}
	if by := defaultBy(d); d.Futures > 0 && d.Futures < d.Points && by[0] != "point" {
		robust, err := report.ReadRobust(r, by, "deterred", "", math.NaN(), level)
		if refused(err) != nil {
			return nil, err
		}
		if err == nil {
			parts = append(parts, page.Part{Title: "How each choice does over the futures", HTML: robust.Document().HTML()})
		}
	}
	why := whyOptions{point: -1, top: 1, sample: chainSample, level: level}
	y, err := why.read(r, s)
	if changed := new(causes.Changed); errors.As(err, &changed) {
		return append(parts, page.Part{Title: "Causal chains", Doc: "This tripwire plays the histories otherwise than the one that made the result, so it cannot tell how they came about."}), nil
	} else if err != nil {
		return nil, err
	}
	return append(parts, page.Part{Title: "Causal chains", Doc: "The commonest way to each outcome, and what became of the American answer.", HTML: y.Document().HTML()}), nil
}
