// Package record is what a study leaves behind: tables of numbers with names, units and
// descriptions, and the directory that holds them. Start at [Table]; [Create] writes a result so that
// a reader sees all of it or nothing, and [Open] reads one back.
//
// It knows tables, not wars: which columns there are, and what they mean, is said by the caller.
package record

import (
	"fmt"
	"math"
	"slices"
)

// Kind is what the cells of a column are.
type Kind uint8

const (
	Bool  Kind = iota // no (0) or yes (1)
	Int               // a whole number, exact up to 2^53
	Float             // a number
	Class             // one of a known, ordered list of names: its index in Column.Classes
	Text              // a string: its index in Column.Classes, which grows as strings are met
)

func (k Kind) String() string {
	return [...]string{"bool", "int", "float", "class", "text"}[k]
}

// Column describes one column of a [Table].
type Column struct {
	Name    string   // snake_case, with the unit as a suffix where it has one
	Title   string   // a few words for the axis of a figure
	Unit    string   // "" where there is none
	Doc     string   // what it means, and when it is missing
	Kind    Kind     //
	Classes []string // the names that a Class or a Text cell stands for
	Factor  bool     // varied by the design, not measured
}

// Table is rows of float64 cells. A missing cell is NaN, whatever the kind of its column.
type Table struct {
	Columns []Column
	cells   []float64 // row-major
}

// NewTable returns a table without rows.
func NewTable(columns []Column) *Table { return &Table{Columns: columns} }

// Len is the number of rows.
func (t *Table) Len() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return len(t.cells) / len(t.Columns)
}

// Row returns the cells of row i; writing to them writes to the table.
func (t *Table) Row(i int) []float64 {
	n := len(t.Columns)
	return t.cells[i*n : (i+1)*n : (i+1)*n]
}

// Append adds the cells of one or more whole rows.
func (t *Table) Append(cells ...float64) {
	if n := len(t.Columns); n == 0 || len(cells)%n != 0 {
		panic(fmt.Sprintf("record: %d cells are no whole rows of %d columns", len(cells), n))
	}
	t.cells = append(t.cells, cells...)
}

// Clear removes the rows and keeps their memory.
func (t *Table) Clear() { t.cells = t.cells[:0] }

// Index returns the place of the column of that name, or -1.
func (t *Table) Index(name string) int { return Index(t.Columns, name) }

// Index returns the place of the column of that name among some, or -1.
func Index(columns []Column, name string) int {
	return slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })
}

// Values returns the cells of one column that are not missing.
func (t *Table) Values(column int) []float64 {
	values := make([]float64, 0, t.Len())
	for i := column; i < len(t.cells); i += len(t.Columns) {
		if x := t.cells[i]; !math.IsNaN(x) {
			values = append(values, x)
		}
	}
	return values
}

// Label returns the name that a cell of a Class or Text column stands for, "" where it is missing.
func (c *Column) Label(cell float64) string {
	if math.IsNaN(cell) {
		return ""
	}
	return c.Classes[int(cell)]
}

// Intern returns the cell of a Text column that stands for s, which it remembers; "" is missing.
func (c *Column) Intern(s string) float64 {
	if s == "" {
		return math.NaN()
	}
	i := slices.Index(c.Classes, s)
	if i < 0 {
		i = len(c.Classes)
		c.Classes = append(c.Classes, s)
	}
	return float64(i)
}

// Noun is the word for so many: "1 history", "2 histories". Of all words that follow a number.
func Noun[N int | int64](n N, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
