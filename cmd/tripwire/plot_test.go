package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestPlot(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "60", "-o", "a", "--progress", "none")
	must(t, "run", "baseline", "-n", "60", "-o", "b", "--set", "coalition.roe=R3", "--progress", "none")
	for file, begins := range map[string]string{"f.svg": "<svg ", "f.png": "\x89PNG", "f.PDF": "%PDF-"} {
		c := must(t, "plot", "a", "outcomes", "-o", file)
		if !strings.HasPrefix(c.out, "Baseline: outcome class\n") || c.err != "" {
			t.Errorf("plot -o %s prints %q and %q, want its title and caption", file, c.out, c.err)
		}
		first := read(t, file)
		if !strings.HasPrefix(first, begins) {
			t.Errorf("%s begins %q, want %q", file, first[:min(8, len(first))], begins)
		}
		must(t, "plot", "a", "outcomes", "-o", file)
		if read(t, file) != first {
			t.Errorf("%s comes out otherwise the second time", file)
		}
	}
	must(t, "plot", "a", "dumbbell", "--with", "b", "-o", "ab.svg")
	if svg := read(t, "ab.svg"); !strings.Contains(svg, ">A: a<") || !strings.Contains(svg, ">B: b<") {
		t.Error("the dumbbell of two results of one title does not name their folders")
	}
	var compared struct {
		Comparisons []struct{ A, B, Difference, Low, High float64 }
	}
	if err := json.Unmarshal([]byte(must(t, "compare", "a", "b", "--measure", "invaded", "--json").out), &compared); err != nil {
		t.Fatal(err)
	}
	opt := plotOptions{with: "b"}
	f, err := opt.draw("a", "dumbbell")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(f.Table.Rows, func(cells []string) bool { return cells[0] == "Invaded" })
	want := compared.Comparisons[0]
	for column, want := range map[string]float64{"a": want.A, "b": want.B, "difference": want.Difference, "difference_low": want.Low, "difference_high": want.High} {
		cell := f.Table.Rows[i][slices.Index(f.Table.Columns, column)]
		if got, err := strconv.ParseFloat(cell, 64); err != nil || math.Abs(got-want) > 1e-5 {
			t.Errorf("the dumbbell's %s is %q, and compare a b --measure invaded --json says %v", column, cell, want)
		}
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"a outcomes", 2, "-o FILE"},
		{"a outcomes -o f.jpg", 2, ".svg, .png or .pdf"},
		{"a outcomes -o f.svg --width 10", 2, "--width"},
		{"a outcomes -o f.png --dpi 3", 2, "--dpi"},
		{"a outcomes -o f.svg --level 95", 2, "(0, 1)"},
		{"a pie -o f.svg", 2, "outcomes, heatmap"},
		{"a worth -o f.svg", 2, "an ablation such as worth"},
		{"a calibration -o f.svg", 2, "verify --calibration --json"},
		{"a/runs.csv calibration -o f.svg", 2, "verify --calibration --json"},
		{"a/runs.csv outcomes -o f.svg", 2, "folder of a result"},
		{"nowhere outcomes -o f.svg", 7, "nowhere"},
		{"a dumbbell --with nowhere -o f.svg", 7, "nowhere"},
		{"a outcomes -o no/such/f.svg", 7, "no/such"},
	} {
		got := call(t, append([]string{"plot"}, strings.Fields(c.args)...)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) || got.out != "" {
			t.Errorf("plot %s: exit %d, %q, %q; want %d, nothing, and %q", c.args, got.code, got.out, got.err, c.code, c.want)
		}
	}
}

// What verify prints of a card is what its figure is drawn from.
func TestPlotCards(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"calibration", "behaviours"} {
		c := call(t, "verify", "--"+name, "--json", "-n", "2")
		if !json.Valid([]byte(c.out)) {
			t.Fatalf("verify --%s --json: exit %d, and no JSON:\n%.300s\n%s", name, c.code, c.out, c.err)
		}
		write(t, name+".json", c.out)
		must(t, "plot", name+".json", name, "-o", name+".svg")
		if svg, err := os.ReadFile(name + ".svg"); err != nil || bytes.Count(svg, []byte("<text ")) < 20 {
			t.Errorf("%s.svg: %v, %d bytes", name, err, len(svg))
		}
	}
}

// A figure and the table of the same thing say the same numbers.
func TestPlotTables(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "planted.toml", sampledText)
	uncertain := "extends = \"baseline\"\nhorizon_d = 400\n[study]\nuncertain = [\"moscow.r*\"]\npoints = 6\nreplications = 6\ndesign = "
	write(t, "ablation.toml", uncertain+`"ablation"`)
	write(t, "choices.toml", uncertain+"\"grid\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [5_000, 30_000]\n")
	for _, args := range []string{
		"saltelli --set study.points=4 --set study.scrambles=4", "morris --set study.points=6",
		"latin-hypercube --set study.points=200 --set study.common_luck=false",
	} {
		name, sets, _ := strings.Cut(args, " ")
		must(t, append([]string{"run", "planted.toml", "-o", name, "--progress", "none", "--set", "study.design=" + name}, strings.Fields(sets)...)...)
		plant(t, name, func(f map[string]float64, luck float64) bool {
			return luck < (f["coalition_hub_distance_km"]-100)/100*(0.4+f["washington_p_response_major"])
		})
	}
	for _, args := range []string{"ablation.toml", "choices.toml", "worth -n 8 --set horizon_d=400"} {
		name := strings.TrimSuffix(strings.Fields(args)[0], ".toml")
		must(t, append([]string{"run", "-o", name, "--progress", "none"}, strings.Fields(args)...)...)
	}
	for _, c := range []struct {
		dir, figure, command string
		rows                 string   // where the command's JSON has them
		key                  string   // of a row of the figure, in that of the command
		cells                []string // what stands in the figure's columns from the second on; "" for no number of the command's
		factor               float64
	}{
		{"saltelli", "sobol", "sensitivity saltelli", "drivers", "factor", []string{"", "first.value", "first.low", "first.high", "first.n", "total.value", "total.low", "total.high", "total.n"}, 1},
		{"morris", "morris", "sensitivity morris", "drivers", "factor", []string{"", "mu_star.value", "mu_star.low", "mu_star.high", "mu_star.n", "sigma.value", "sigma.low", "sigma.high", "sigma.n"}, 1},
		{"latin-hypercube", "box", "sensitivity latin-hypercube", "limits", "factor", []string{"", "low", "high", "", "", "quasi_p"}, 1},
		{"choices", "bars", "summary choices --by coalition.troops", "groups", "coalition.troops", []string{"value", "low", "high", "n", "input.q05", "input.q95", "input.futures"}, 1},
		{"ablation", "worth", "summary ablation --by case", "groups", "case", []string{"", "difference.value", "difference.high", "difference.low", "difference.n"}, -1},
		{"worth", "worth", "summary worth --by case", "groups", "case", []string{"", "difference.value", "difference.high", "difference.low", "difference.n"}, -1},
	} {
		var told map[string]any
		if err := json.Unmarshal([]byte(must(t, append(strings.Fields(c.command), "--json")...).out), &told); err != nil {
			t.Fatal(err)
		}
		opt := plotOptions{}
		f, err := opt.draw(c.dir, c.figure)
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, cells := range f.Table.Rows {
			want := cells[0]
			if c.figure == "worth" {
				if want = "without " + want; cells[1] != "all less without it" {
					continue // the table has differences from the first case only
				}
			}
			rows := told[c.rows].([]any)
			i := slices.IndexFunc(rows, func(row any) bool {
				r := row.(map[string]any)
				if g, ok := r["group"].(map[string]any); ok {
					r = g
				}
				return strings.ReplaceAll(fmt.Sprint(r[c.key]), ",", "") == strings.ReplaceAll(want, ",", "")
			})
			if i < 0 {
				t.Errorf("%s: %s --json has no %s", c.figure, c.command, want)
				continue
			}
			for j, at := range c.cells {
				if at == "" {
					continue
				}
				now := rows[i]
				for name := range strings.SplitSeq(at, ".") {
					now = now.(map[string]any)[name]
				}
				x, known := now.(float64)
				if f.Table.Columns[j+1] != "n" && !strings.HasSuffix(f.Table.Columns[j+1], "_n") {
					x *= c.factor
				}
				got, err := strconv.ParseFloat(cells[j+1], 64)
				if known != (err == nil) || known && math.Abs(got-x) > 1e-5*math.Abs(x) {
					t.Errorf("%s of %s: %s of %s is %q, and %s --json says %v", c.figure, c.dir, f.Table.Columns[j+1], want, cells[j+1], c.command, now)
				}
				compared++
			}
		}
		if compared < 3 {
			t.Errorf("%s of %s: %d numbers were compared", c.figure, c.dir, compared)
		}
	}
}

// Every shipped study feeds the figure that it is meant for.
func TestPlotShippedStudies(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ study, sets, figures string }{
		{"sensitivity", "-n 2 --set study.points=2 --set study.scrambles=2", "sobol"},
		{"screening", "-n 1 --set study.points=2", "morris"},
		{"failure", "-n 2 --set study.points=60", "box bars"},
		{"worth", "-n 4", "worth"},
		{"delay-by-breach", "-n 2", "heatmap"},
		{"roe-by-size", "-n 2", "heatmap"},
		{"threshold", "-n 4", "outcomes tornado"},
	} {
		must(t, append([]string{"run", c.study, "-o", c.study, "--progress", "none", "--set", "horizon_d=400"}, strings.Fields(c.sets)...)...)
		for name := range strings.FieldsSeq(c.figures) {
			must(t, "plot", c.study, name, "-o", name+".svg")
			if svg := read(t, name+".svg"); strings.Count(svg, "<text ") < 8 {
				t.Errorf("%s of %s has hardly any writing:\n%s", name, c.study, svg)
			}
		}
	}
}
