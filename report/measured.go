package report

import (
	"fmt"
	"strings"

	"tripwire/study/record"
)

// measured is the one measure that a table is about.
type measured struct {
	Measure record.Column // of which Class is looked at, if it has classes
	Class   string
}

// FindMeasure finds what NAME or NAME=CLASS asks for among the columns of runs.csv. An error is an [*Ask].
func FindMeasure(columns []record.Column, words string) (record.Measure, error) {
	m, ok := record.FindMeasure(columns, words)
	switch {
	case ok:
		return m, nil
	case m.At < 0:
		return m, &Ask{fmt.Sprintf("--measure %s: no such measure (see: params --measures)", words)}
	case m.Column.Kind == record.Class:
		return m, &Ask{fmt.Sprintf("--measure %s: say which class: %s=%s", words, m.Column.Name, strings.Join(m.Column.Classes, ", "))}
	}
	return m, &Ask{fmt.Sprintf("--measure %s: %s has no classes", words, m.Column.Name)}
}

// find sets the measure to what words ask for, and says which column that is.
func (m *measured) find(columns []record.Column, words string) (at int, err error) {
	found, err := FindMeasure(columns, words)
	if err == nil {
		m.Measure, m.Class = found.Column, found.Class
	}
	return found.At, err
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
	return 1, squared(m.Measure.Unit)
}

func (m *measured) name() string {
	if m.Class != "" {
		return m.Measure.Title + ": " + m.Class
	}
	return m.Measure.Title
}

// heading is the name with the unit in which the measure is shown.
func (m *measured) heading() string {
	if _, unit := m.scale(); unit != "" {
		return m.name() + ", " + unit
	}
	return m.name()
}

// squared writes a unit as print has it.
func squared(unit string) string { return strings.ReplaceAll(unit, "km2", "km²") }
