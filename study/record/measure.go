package record

import (
	"slices"
	"strings"
)

// A Measure is a measured column, or one class of it: what a user names as NAME or NAME=CLASS.
type Measure struct {
	At     int    // place of the column; -1 where there is none of that name
	Column Column // only its name, where there is none
	Class  string // that is looked at, of a column of classes
	cell   float64
}

// FindMeasure reads NAME, or NAME=CLASS where NAME has classes. It is not ok if there is no such measure (At is then -1), if a
// column of classes comes without one that it has, or another column with one.
func FindMeasure(columns []Column, text string) (m Measure, ok bool) {
	name, class, classed := strings.Cut(text, "=")
	m.At = slices.IndexFunc(columns, func(c Column) bool { return c.Name == name && !c.Factor })
	if m.Column.Name = name; m.At < 0 {
		return m, false
	}
	m.Column = columns[m.At]
	if m.Column.Kind != Class {
		return m, !classed
	}
	i := slices.Index(m.Column.Classes, class)
	m.Class, m.cell = class, float64(i)
	return m, i >= 0
}

// Share says whether its mean is a share of histories.
func (m *Measure) Share() bool { return m.Column.Kind == Bool || m.Column.Kind == Class }

// Value is a cell of the column as a number: of a class 1 where it is the one that is looked at, and 0 where it is another.
func (m *Measure) Value(cell float64) float64 {
	switch {
	case m.Column.Kind != Class || cell != cell:
		return cell
	case cell == m.cell:
		return 1
	}
	return 0
}
