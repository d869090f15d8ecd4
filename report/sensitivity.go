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

// played is a design point as it was played.
type played struct {
	factors []float64 // cells of its columns, without "case"
	cells   []float64 // of the measure, by replication; NaN where missing
}

// readPlayed reads the points of a result, in their order.
func (m *measured) readPlayed(r *record.Result, measure string) (points []played, factors []record.Column, err error) {
	runs := r.Package.Resource("runs")
	if runs == nil {
		return nil, nil, &Ask{"the result has no runs"}
	}
	at, err := m.find(runs.Columns, measure)
	if err != nil {
		return nil, nil, err
	}
	var columns []int
	for i, c := range runs.Columns {
		if c.Factor && c.Name != "case" {
			columns = append(columns, i)
		}
	}
	pointAt := slices.IndexFunc(runs.Columns, func(c record.Column) bool { return c.Name == "point" })
	last := -1.
	for t, err := range r.Chunks("runs") {
		if err != nil {
			return nil, nil, err
		}
		for i := range t.Len() {
			row := t.Row(i)
			if row[pointAt] != last {
				last = row[pointAt]
				p := played{}
				for _, c := range columns {
					p.factors = append(p.factors, row[c])
				}
				points = append(points, p)
			}
			p := &points[len(points)-1]
			p.cells = append(p.cells, m.value(row[at]))
		}
		factors = factors[:0] // Text columns learn their classes as they are read
		for _, c := range columns {
			factors = append(factors, t.Columns[c])
		}
	}
	return points, factors, nil
}

// ReadSensitivity asks by the method, "sobol" or "morris", which factors of a result matter for a measure,
// a column of runs.csv, with =CLASS if it has classes. An error may be an [*Ask].
func ReadSensitivity(r *record.Result, in Inputs, method, measure string, level float64) (*Sensitivity, error) {
	d := &r.Manifest.Design
	if err := checkMethod(d, method); err != nil {
		return nil, err
	}
	if r.Manifest.Failed > 0 {
		return nil, &Ask{fmt.Sprintf("%s histories failed, and %s takes whole designs: see failures in manifest.json", count(r.Manifest.Failed), method)}
	}
	s := &Sensitivity{Manifest: &r.Manifest, Title: r.Package.Title, Question: r.Package.Doc, Method: method, Level: level, inputs: in}
	points, _, err := s.readPlayed(r, measure)
	if err != nil {
		return nil, err
	}
	y := make([][]float64, len(points))
	for i := range points {
		y[i] = points[i].cells
	}
	if err := s.fill(y); err != nil {
		return nil, err
	}
	s.estimate(y)
	return s, nil
}

// fill makes whole rows of runs. That a share is missing in a history says that what it is a share of did
// not come to pass: it counts as no, so that every index is of one function of the factors. Nothing can
// stand for another missing number.
func (s *Sensitivity) fill(y [][]float64) error {
	missing, all := 0, 0
	for _, cells := range y {
		for i, x := range cells {
			all++
			if x != x {
				missing++
				cells[i] = 0
			}
		}
	}
	s.Missing = float64(missing) / float64(all)
	if missing > 0 && !s.share() {
		return &Ask{fmt.Sprintf("--measure %s: missing in %s of %s histories (%s); %s takes a measure that every history has, such as invaded or front_max_km",
			s.Measure.Name, count(missing), count(all), s.Measure.Doc, s.Method)}
	}
	return nil
}

// estimate takes the runs by design point.
func (s *Sensitivity) estimate(y [][]float64) {
	d := &s.Manifest.Design
	for _, key := range d.Factors {
		s.Drivers = append(s.Drivers, Driver{Key: key, Basis: s.inputs.Basis[key]})
	}
	var by func(a Driver) float64
	if s.Method == "morris" {
		for i, e := range stats.Morris(s.inputs.Sample, y, s.Level) {
			s.Drivers[i].Effects = e
		}
		by = func(a Driver) float64 { return a.Effects.MuStar.Value }
	} else {
		rows := len(y) / int(max(1, d.Scrambles))
		s.Sobol = stats.Sobol(slices.Collect(slices.Chunk(y, rows)), len(s.Drivers), s.Level)
		for i := range s.Drivers {
			s.Drivers[i].First, s.Drivers[i].Total = s.Sobol.First[i], s.Sobol.Total[i]
		}
		by = func(a Driver) float64 { return a.Total.Value }
	}
	slices.SortStableFunc(s.Drivers, func(a, b Driver) int { return cmp.Compare(finite(by(b)), finite(by(a))) })
}

// finite puts what is no number last.
func finite(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.Inf(-1)
	}
	return x
}
