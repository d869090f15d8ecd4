package report

import (
	"fmt"
	"slices"
	"strings"

	"tripwire/study/record"
)

// measured is the one measure that a table is about.
type measured struct {
	Measure record.Column // of which Class is looked at, if it has classes
	Class   string
}

// find sets the measure to a column of runs.csv, given as NAME or NAME=CLASS, and says which one.
func (m *measured) find(columns []record.Column, measure string) (at int, err error) {
	name, class, classed := strings.Cut(measure, "=")
	at = slices.IndexFunc(columns, func(c record.Column) bool { return c.Name == name && !c.Factor })
	if at < 0 {
		return 0, &Ask{fmt.Sprintf("--measure %s: no such measure (see: params --measures)", measure)}
	}
	m.Measure, m.Class = columns[at], class
	if m.Measure.Kind == record.Class {
		if !slices.Contains(m.Measure.Classes, class) {
			return 0, &Ask{fmt.Sprintf("--measure %s: say which class: %s=%s", measure, name, strings.Join(m.Measure.Classes, ", "))}
		}
	} else if classed {
		return 0, &Ask{fmt.Sprintf("--measure %s: %s has no classes", measure, name)}
	}
	return at, nil
}

// value is a cell as a number: of a class, whether it is the one that is looked at.
func (m *measured) value(x float64) float64 {
	if m.Measure.Kind == record.Class && x == x {
		if m.Measure.Label(x) == m.Class {
			return 1
		}
		return 0
	}
	return x
}

// share says whether the measure is a share of histories.
func (m *measured) share() bool {
	return m.Measure.Kind == record.Bool || m.Measure.Kind == record.Class
}

// scale is what the measure is multiplied by to be shown, and its unit then.
func (m *measured) scale() (scale float64, unit string) {
	if m.share() {
		return 100, "%"
	}
	return 1, strings.ReplaceAll(m.Measure.Unit, "km2", "km²")
}

func (m *measured) name() string {
	if m.Class != "" {
		return m.Measure.Title + ": " + m.Class
	}
	return m.Measure.Title
}
