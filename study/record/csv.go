package record

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Resource describes one CSV file of a result.
type Resource struct {
	Name    string   // "runs": the file is runs.csv
	Doc     string   // what a row is
	Key     []string // the columns that identify a row
	Digits  int      // significant digits of its floats; 0 means as few as read back to the same bits
	Columns []Column
}

// Path is the name of the file.
func (r *Resource) Path() string { return r.Name + ".csv" }

// AppendHeader appends the header row.
func (r *Resource) AppendHeader(b []byte) []byte {
	for i := range r.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendText(b, r.Columns[i].Name)
	}
	return append(b, '\n')
}

// AppendRow appends one row as RFC 4180 has it, ended by a line feed. A float is written with a point
// or an exponent even where it is whole, so that every reader takes its column for floats.
func (r *Resource) AppendRow(b []byte, cells []float64) []byte {
	for i, x := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendCell(b, &r.Columns[i], x, r.Digits)
	}
	return append(b, '\n')
}

// AppendCell appends one cell of a column; nothing where it is missing.
func AppendCell(b []byte, c *Column, x float64, digits int) []byte {
	if x != x {
		return b
	}
	switch c.Kind {
	case Bool:
		return append(b, '0'+byte(x))
	case Int:
		return strconv.AppendInt(b, int64(x), 10)
	case Float:
		if math.IsInf(x, 0) {
			panic(fmt.Sprintf("record: column %s holds %v", c.Name, x))
		}
		return AppendFloat(b, x, digits)
	}
	return AppendText(b, c.Label(x))
}

// AppendTable appends the header and every row of t.
func (r *Resource) AppendTable(b []byte, t *Table) []byte {
	b = r.AppendHeader(b)
	for i := range t.Len() {
		b = r.AppendRow(b, t.Row(i))
	}
	return b
}

// AppendFloat appends a finite number with so many significant digits, or, for 0 digits, with as few
// as read back to the same bits. Zero has no sign, and a whole number ends in ".0".
func AppendFloat(b []byte, x float64, digits int) []byte {
	if x == 0 {
		return append(b, "0.0"...)
	}
	from := len(b)
	if size := math.Abs(x); digits > 0 {
		b = strconv.AppendFloat(b, x, 'g', digits, 64)
	} else if size < 1e-4 || size >= 1e15 {
		b = strconv.AppendFloat(b, x, 'e', -1, 64)
	} else {
		b = strconv.AppendFloat(b, x, 'f', -1, 64)
	}
	if bytes.ContainsAny(b[from:], ".e") {
		return b
	}
	return append(b, ".0"...)
}

// AppendText appends a field, quoted only where RFC 4180 asks for it.
func AppendText(b []byte, s string) []byte {
	if !strings.ContainsAny(s, "\",\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
