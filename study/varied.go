package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tripwire/input"
	"tripwire/model"
	"tripwire/sim/random"
	"tripwire/study/record"
)

// A varied is a factor with all that the plan has to know of it.
type varied struct {
	param    input.Parameter
	kind     FactorKind
	column   record.Column
	base     float64   // the cell of the file's own value
	values   []float64 // cells of the values it takes; nil where it has a range
	quantile func(u float64) float64
	u0, u1   float64 // the part of the distribution that the parameter's type allows
}

// newVaried is a factor whose values the design chooses, or samples.
func newVaried(s *Settings, f *Factor, chosen bool) (v varied, problem string) {
	param, _ := s.read.File.Get(f.Key)
	v = varied{param: param, kind: f.Kind, u0: 0, u1: 1, column: record.Column{
		Name: "p_" + strings.ReplaceAll(f.Key, ".", "_"), Title: f.Key, Unit: param.Unit, Doc: param.Doc, Factor: true,
	}}
	if v.kind == "" {
		v.kind = lever
		if s.Design.sampled() {
			v.kind = uncertainty
		}
	}
	switch param.Kind {
	case "float":
		v.column.Kind = record.Float
	case "integer":
		v.column.Kind = record.Int
	case "boolean":
		v.column.Kind = record.Bool
	default:
		v.column.Kind = record.Class
	}
	own, _ := input.Value(&s.read.Scenario, f.Key)
	v.base = v.cell(own)
	low, high := f.Low, f.High
	if low == nil {
		low, high = param.Low, param.High
	}
	switch {
	case chosen && s.Design == list:
	case f.Values != nil:
		for _, x := range f.Values {
			v.values = append(v.values, v.cell(x))
		}
	case param.Kind == "boolean":
		v.values = []float64{0, 1}
	case low == nil:
		return v, f.Key + " has no believed range: give values, or low and high"
	default:
		v.quantile = quantile(v.kind, *low, v.base, *high)
		if chosen {
			v.values = []float64{v.tidy(*low), v.tidy(*high)}
			if s.Design == grid && *low < v.base && v.base < *high {
				v.values = []float64{v.tidy(*low), v.base, v.tidy(*high)}
			}
		}
		v.truncate()
	}
	return v, ""
}

// cell is a value as a cell of the factor's column.
func (v *varied) cell(value any) float64 {
	switch x := value.(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	case bool:
		if x {
			return 1
		}
		return 0
	}
	return v.column.Intern(value.(string))
}

// value is what a cell stands for.
func (v *varied) value(cell float64) any {
	switch v.column.Kind {
	case record.Float:
		return cell
	case record.Int:
		return int64(cell)
	case record.Bool:
		return cell == 1
	}
	return v.column.Label(cell)
}

// number is a TOML number, or whatever a value is, as a cell that its column has already met.
func number(v *varied, value any) float64 {
	if s, ok := value.(string); ok {
		return float64(slices.Index(v.column.Classes, s))
	}
	return v.cell(value)
}

// at is the cell of a coordinate of the unit cube.
func (v *varied) at(u float64) float64 {
	if v.values != nil {
		return v.values[min(int(u*float64(len(v.values))), len(v.values)-1)]
	}
	return v.tidy(v.quantile(v.u0 + float64(u*(v.u1-v.u0))))
}

// tidy rounds a value to what is kept of it: 12 digits, which are the same on every machine, or a
// whole number.
func (v *varied) tidy(x float64) float64 {
	if v.column.Kind == record.Int {
		return math.Floor(x + 0.5)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		panic(fmt.Sprintf("study: %s: %v", v.param.Key, err))
	}
	return rounded
}

// outermost keeps away from the ends of a distribution, where there may be no value.
const outermost = 1e-9

// truncate finds the part of the distribution that the parameter's type allows. It takes the allowed
// values to be an interval.
func (v *varied) truncate() {
	scratch := new(model.Scenario)
	allowed := func(u float64) bool {
		return input.Assign(scratch, v.param.Key, v.value(v.tidy(v.quantile(u)))) == nil
	}
	edge := func(out, in float64) float64 {
		if allowed(out) {
			return out
		}
		for range 40 {
			if mid := (out + in) / 2; allowed(mid) {
				in = mid
			} else {
				out = mid
			}
		}
		return in
	}
	v.u0, v.u1 = edge(outermost, 0.5), edge(1-outermost, 0.5)
}

// The normal quantile of 0.95.
const z95 = 1.6448536269514722

// quantile is the distribution of a factor. Between the ends of a lever all values are as good. Of an
// uncertainty low and high are the 5% and 95% points, about the file's value: a positive quantity that
// reaches further up than down is lognormal through both points; any other is PERT with the file's
// value as its mode, or the end nearer to it where that lies outside.
func quantile(kind FactorKind, low, value, high float64) func(u float64) float64 {
	switch {
	case kind == lever:
		return func(u float64) float64 { return low + float64(u*(high-low)) }
	case low == high:
		return func(float64) float64 { return low }
	case low > 0 && high-value > value-low:
		median := math.Sqrt(low) * math.Sqrt(high)
		// The exponential's quantile of 1-low/high is ln(high/low), with the same bits everywhere.
		sigma := random.ExpQuantile(1-low/high, 1) / (2 * z95)
		return func(u float64) float64 { return random.LogNormalQuantile(u, median, sigma) }
	}
	from, mode, to := pert(low, value, high)
	return func(u float64) float64 { return random.PERTQuantile(u, from, mode, to) }
}

// pert finds the ends of the PERT distribution with 5% below low, 95% below high, and that mode. Its
// shape is a function of where between its ends the mode stands, s, and so is where the mode stands
// between its 5% and 95% points, which rises with s.
func pert(low, mode, high float64) (from, at, to float64) {
	mode = min(max(mode, low), high)
	want := (mode - low) / (high - low)
	stands := func(s float64) (q05, width, ratio float64) {
		q05 = random.BetaQuantile(0.05, 1+float64(4*s), 5-float64(4*s))
		width = random.BetaQuantile(0.95, 1+float64(4*s), 5-float64(4*s)) - q05
		return q05, width, (s - q05) / width
	}
	s0, s1 := 0.0, 1.0
	for range 40 {
		s := (s0 + s1) / 2
		if _, _, ratio := stands(s); ratio < want {
			s0 = s
		} else {
			s1 = s
		}
	}
	s := (s0 + s1) / 2
	q05, width, _ := stands(s)
	scale := (high - low) / width
	from = low - float64(scale*q05)
	return from, from + float64(scale*s), from + scale
}
