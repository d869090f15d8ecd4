package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Inputs is what has to be known of a result's inputs beside its rows: its scenario.toml says it.
type Inputs struct {
	Basis  map[string]string // what the value of a parameter rests on, by its key
	Sample [][]float64       // where the design puts the sampled factors in the unit cube, a row a future
	// Looked is how many design points were looked at for sampled values that break a rule between
	// parameters, and Moved at how many of them such values were not played.
	Looked, Moved int64
}

// Sensitivity says which factors of a study matter for a measure: by Sobol' indices, or by Morris'
// elementary effects.
type Sensitivity struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Method   string // "sobol" or "morris"
	Level    float64
	measured
	Drivers []Driver            // the most influential first
	Sobol   stats.SobolAnalysis // of the method sobol; its indices are those of the drivers, in the design's order
	Missing float64             // share of histories without the measure, which count as no

	inputs Inputs
}

// Driver is a factor and how much it matters.
type Driver struct {
	Key          string
	Basis        string          // of the parameter's value
	First, Total stats.Estimate  // by Sobol'
	Effects      stats.Screening // by Morris
}

// Methods are the ways to ask what matters.
var Methods = []string{"sobol", "morris", "prim"}

// MethodFor is the method that a design was made for; "" if it was made for none.
func MethodFor(d *record.Design) string {
	switch d.Kind {
	case "saltelli":
		return "sobol"
	case "morris":
		return "morris"
	}
	if d.Futures > 0 {
		return "prim"
	}
	return ""
}

// needs is the designs that feed a method.
var needs = map[string]string{
	"sobol":  `design = "saltelli"`,
	"morris": `design = "morris"`,
	"prim":   `sampled points (design = "latin-hypercube", "sobol" or "nolh"), or chosen ones met in sampled futures (uncertain, points)`,
}

// checkMethod asks for another design where this one cannot feed the method.
func checkMethod(d *record.Design, method string) error {
	if needs[method] == "" {
		return &Ask{fmt.Sprintf("--method %s: must be %s", method, strings.Join(Methods, ", "))}
	}
	if made := MethodFor(d); made != method {
		has := "design is " + d.Kind
		if d.Kind == "single" {
			has = "inputs were held at one value"
		}
		hint := ""
		if made != "" {
			hint = fmt.Sprintf(" (what this one can feed is --method %s)", made)
		}
		return &Ask{fmt.Sprintf("--method %s: the result's %s; it needs a study with %s%s", method, has, needs[method], hint)}
	}
	return nil
}

// ReadSensitivity asks by the method, "sobol" or "morris", which factors of a result matter for a measure,
// a column of runs.csv, with =CLASS if it has classes. An error may be an [*Ask].
func ReadSensitivity(r *record.Result, in Inputs, method, measure string, level float64) (*Sensitivity, error) {
	d := &r.Manifest.Design
	if err := checkMethod(d, method); err != nil {
		return nil, err
	}
	if r.Manifest.Failed > 0 {
		return nil, &Ask{fmt.Sprintf("%s histories failed, and %s takes whole designs: see failures in manifest.json", Count(r.Manifest.Failed), method)}
	}
	if d.ByPoint != nil {
		return nil, &Ask{fmt.Sprintf("some points were played less often than others, and %s takes whole designs", method)}
	}
	s := &Sensitivity{Manifest: &r.Manifest, Title: r.Package.Title, Question: r.Package.Doc, Method: method, Level: level, inputs: in}
	h, at, err := s.open(r, measure)
	if err != nil {
		return nil, err
	}
	defer h.close()
	return s, s.read(h, at)
}

// read reads the runs, whose measure is known.
func (s *Sensitivity) read(h *runs, at int) error {
	missing := 0
	err := h.each(func(_, _ int, row []float64) {
		if x := row[at]; x != x {
			missing++
		}
	})
	if err == nil {
		err = s.lack(missing, int(s.Manifest.Runs))
	}
	if err != nil {
		return err
	}
	return s.estimate(int(s.Manifest.Design.Points), func(show func(value func(row int) float64)) error {
		return h.inStep(func(_ int, row func(point int) []float64) {
			show(func(point int) float64 { return s.value(row(point)[at]) })
		})
	})
}

// open opens the rows of a result with a measure, and says where it stands.
func (m *measured) open(r *record.Result, measure string) (h *runs, at int, err error) {
	resource := r.Package.Resource("runs")
	if resource == nil {
		return nil, 0, &Ask{"the result has no runs"}
	}
	if _, err := m.find(resource.Columns, measure); err != nil {
		return nil, 0, err
	}
	if h, err = openRuns(r, m.Measure.Name); err != nil {
		return nil, 0, err
	}
	return h, h.index(m.Measure.Name), nil
}

// lack says in how many histories the measure is missing. That a share is missing says that what it is a share of did
// not come to pass: it counts as no, so that every index is of one function of the factors. Nothing can
// stand for another missing number.
func (s *Sensitivity) lack(missing, all int) error {
	s.Missing = float64(missing) / float64(all)
	if missing > 0 && !s.share() {
		return &Ask{fmt.Sprintf("--measure %s: missing in %s of %s histories (%s); %s takes a measure that every history has, such as invaded or front_max_km",
			s.Measure.Name, Count(missing), Count(all), s.Measure.Doc, s.Method)}
	}
	return nil
}

// value is a cell as a number, no where it is missing.
func (s *Sensitivity) value(x float64) float64 {
	if x != x {
		return 0
	}
	return s.measured.value(x)
}

// estimate goes twice through the runs at so many design points: each shows one run of all points after the other.
func (s *Sensitivity) estimate(points int, each func(show func(value func(point int) float64)) error) error {
	d := &s.Manifest.Design
	for _, key := range d.Factors {
		s.Drivers = append(s.Drivers, Driver{Key: key, Basis: s.inputs.Basis[key]})
	}
	var by func(a Driver) float64
	if s.Method == "morris" {
		runs := stats.NewMorrisRuns(s.inputs.Sample)
		if err := each(runs.Step); err != nil {
			return err
		}
		runs.Again()
		if err := each(runs.Step); err != nil {
			return err
		}
		for i, e := range runs.Screen(s.Level) {
			s.Drivers[i].Effects = e
		}
		by = func(a Driver) float64 { return a.Effects.MuStar.Value }
	} else {
		blocks := make([]*stats.SobolBlock, max(1, d.Scrambles))
		rows := points / len(blocks)
		for i := range blocks {
			blocks[i] = stats.NewSobolBlock(rows, len(s.Drivers))
		}
		for _, show := range []func(b *stats.SobolBlock, value func(row int) float64){(*stats.SobolBlock).Add, (*stats.SobolBlock).Step} {
			err := each(func(value func(point int) float64) {
				for i, b := range blocks {
					show(b, func(row int) float64 { return value(i*rows + row) })
				}
			})
			if err != nil {
				return err
			}
		}
		s.Sobol = stats.SobolOf(blocks, s.Level)
		for i := range s.Drivers {
			s.Drivers[i].First, s.Drivers[i].Total = s.Sobol.First[i], s.Sobol.Total[i]
		}
		by = func(a Driver) float64 { return a.Total.Value }
	}
	slices.SortStableFunc(s.Drivers, func(a, b Driver) int { return cmp.Compare(finite(by(b)), finite(by(a))) })
	return nil
}

// finite puts what is no number last.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.Inf(-1)
	}
	return x
}
