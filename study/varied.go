package study

import (
	"slices"
	"strings"

	"tripwire/input"
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
