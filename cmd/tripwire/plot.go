package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/study/record"
)

// plotOptions is the flags of plot.
type plotOptions struct {
	figure.Options
	with, out string
	dpi       int
}

func newPlot(std *streams) *cobra.Command {
	var opt plotOptions
	var cut cut
	var list strings.Builder
	for _, name := range figure.Names() {
		fmt.Fprintf(&list, "  %-12s %s\n", name, figure.Doc(name))
	}
	cmd := &cobra.Command{
		Use:   "plot DIR FIGURE -o FILE.svg|.png|.pdf",
		Short: "Draw a figure of a result",
		Long: `plot draws one of these figures of a result:

` + list.String() + `
A figure that needs another kind of study refuses and says which. A dumbbell takes a second result,
--with DIR. The cards calibration and behaviours are of the program and not of a result: for them DIR is
the file that verify --calibration --json or verify --behaviours --json printed.`,
		Example: "  tripwire plot results/baseline outcomes -o outcomes.svg\n  tripwire plot results/roe-by-size heatmap --x coalition.troops --y coalition.roe -o roe.pdf\n" +
			"  tripwire plot results/baseline dumbbell --with results/r3 -o r3.png",
		ValidArgsFunction: func(_ *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			if len(args) != 1 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return figure.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if opt.Cut, err = cut.given(cmd); err != nil {
				return err
			}
			return opt.run(std, args[0], args[1])
		},
	}
	f := cmd.Flags()
	f.StringVarP(&opt.out, "out", "o", "", "the file to write: .svg, .png or .pdf")
	f.StringVar(&opt.X, "x", "", "key of the factor across, or that makes the groups (default the first lever)")
	f.StringVar(&opt.Y, "y", "", "key of the factor upwards, of a heat map (default the second lever)")
	f.StringVar(&opt.Measure, "measure", "", "a column of runs.csv, with =CLASS if it has classes (default the figure's own)")
	f.Int64Var(&opt.Point, "point", 0, "the design point of a figure that shows one")
	f.Float64Var(&opt.Level, "level", 0.95, "confidence level of the intervals")
	f.StringVar(&opt.with, "with", "", "the second result, of a dumbbell")
	cut.add(cmd, "a box")
	f.Float64Var(&opt.Width, "width", 160, "width in mm")
	f.Float64Var(&opt.Height, "height", 0, "height in mm of a figure whose rows do not fix it (default 100)")
	f.IntVar(&opt.dpi, "dpi", 200, "dots an inch of a PNG")
	f.BoolVar(&opt.Bare, "bare", false, "without title and notes")
	return cmd
}

func (opt *plotOptions) run(std *streams, dir, name string) error {
	kind := strings.ToLower(filepath.Ext(opt.out))
	switch {
	case opt.out == "":
		return usagef("plot needs -o FILE, which ends in .svg, .png or .pdf")
	case kind != ".svg" && kind != ".png" && kind != ".pdf":
		return usagef("-o %s: must end in .svg, .png or .pdf", opt.out)
	case !(opt.Width >= 80 && opt.Width <= 1000), opt.Height != 0 && !(opt.Height >= 50 && opt.Height <= 1000):
		return usagef("--width must be from 80 to 1000 mm, --height from 50 to 1000")
	case opt.dpi < 30 || opt.dpi > 1200:
		return usagef("--dpi %d: must be from 30 to 1200", opt.dpi)
	}
	f, err := opt.draw(dir, name)
	if err != nil {
		return err
	}
	var data []byte
	switch kind {
	case ".svg":
		data = f.SVG()
	case ".png":
		data, err = f.PNG(opt.dpi)
	default:
		data, err = f.PDF()
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(opt.out, data, 0o666); err != nil {
		return output{err}
	}
	fmt.Fprintf(std.out, "%s\n%s\n", f.Title, f.Caption)
	return nil
}

func (opt *plotOptions) draw(dir, name string) (*figure.Figure, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		data, err := os.ReadFile(dir)
		if err != nil {
			return nil, output{err}
		}
		return figure.DrawCard(data, name, opt.Options)
	}
	r, err := record.Open(dir)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if opt.with != "" {
		if opt.With, err = record.Open(opt.with); err != nil {
			return nil, err
		}
		defer opt.With.Close()
	}
	opt.Inputs = func() (report.Inputs, error) { return inputsFor(r) }
	return figure.Draw(r, name, opt.Options)
}
