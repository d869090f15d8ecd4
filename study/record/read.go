package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
)

const (
	chunkRows = 4096
	maxLine   = 1 << 20 // a longer row is no row of a result
)

// ReadCSV yields the rows of a CSV file in order, some thousands at a time; the table is used again
// for the next ones. At least one table comes, so that the columns are known of a file without rows.
// An error names file, line and column, and is the last thing to come.
func (r *Resource) ReadCSV(in io.Reader) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		c := newCSVReader(r, in)
		if err := c.header(); err != nil {
			yield(nil, err)
			return
		}
		for first := true; ; first = false {
			err := c.chunk()
			if err != nil && err != io.EOF {
				yield(nil, err)
				return
			}
			if (c.table.Len() > 0 || first) && !yield(c.table, nil) || err == io.EOF {
				return
			}
		}
	}
}

type csvReader struct {
	resource *Resource
	in       *bufio.Reader
	line     int
	joined   []byte // a line that the buffer does not hold whole
	unquoted []byte
	table    *Table
	row      []float64
	classes  []map[string]float64 // by column: the cell of each name
}

func newCSVReader(r *Resource, in io.Reader) *csvReader {
	c := &csvReader{
		resource: r, in: bufio.NewReaderSize(in, 1<<18), table: NewTable(r.Columns),
		row: make([]float64, len(r.Columns)), classes: make([]map[string]float64, len(r.Columns)),
	}
	for i, column := range r.Columns {
		if column.Kind == Class || column.Kind == Text {
			c.classes[i] = map[string]float64{}
			for j, name := range column.Classes {
				c.classes[i][name] = float64(j)
			}
		}
	}
	return c
}

func (c *csvReader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", c.resource.Path(), c.line, fmt.Sprintf(format, args...))
}

// next returns the next record without its line feed. A line feed between quotes is part of it.
func (c *csvReader) next() ([]byte, error) {
	c.line++
	line, err := c.in.ReadSlice('\n')
	if err == nil && bytes.IndexByte(line, '"') < 0 {
		return line[:len(line)-1], nil
	}
	c.joined = append(c.joined[:0], line...)
	for {
		if len(c.joined) > maxLine {
			return nil, c.errorf("a row of more than %d bytes", maxLine)
		}
		whole := bytes.Count(c.joined, []byte{'"'})%2 == 0
		switch {
		case err == nil && whole:
			return c.joined[:len(c.joined)-1], nil
		case err == io.EOF && len(c.joined) == 0:
			return nil, io.EOF
		case err == io.EOF:
			return nil, c.errorf("the row has no end")
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case err == nil:
			c.line++
		}
		line, err = c.in.ReadSlice('\n')
		c.joined = append(c.joined, line...)
	}
}

func (c *csvReader) header() error {
	got, err := c.next()
	if err != nil && err != io.EOF {
		return err
	}
	want := c.resource.AppendHeader(nil)
	if !bytes.Equal(got, bytes.TrimSuffix(want, []byte("\n"))) {
		return c.errorf("the header is not the one that datapackage.json describes")
	}
	return nil
}

// chunk fills the table anew; io.EOF says that it holds the last rows.
func (c *csvReader) chunk() error {
	c.table.Clear()
	for range chunkRows {
		line, err := c.next()
		if err != nil {
			return err
		}
		if err := c.parse(line); err != nil {
			return err
		}
		c.table.cells = append(c.table.cells, c.row...)
	}
	return nil
}

// parse fills row from a line.
func (c *csvReader) parse(line []byte) error {
	return c.fields(line, func(i int, field []byte) (ok bool) {
		c.row[i], ok = c.cell(i, field)
		return ok
	})
}

// fields calls each for the fields of a line; false means that one is no cell of its column.
func (c *csvReader) fields(line []byte, each func(i int, field []byte) bool) error {
	last := len(c.row) - 1
	for i := range c.row {
		field, rest, found := c.cut(line)
		if found != (i < last) {
			return c.errorf("the row has not %d fields", len(c.row))
		}
		line = rest
		if !each(i, field) {
			return c.errorf("%s: %q is no %v", c.resource.Columns[i].Name, field, c.resource.Columns[i].Kind)
		}
	}
	return nil
}

// cut separates the first field of a line from the rest; found says that a comma stood between.
func (c *csvReader) cut(line []byte) (field, rest []byte, found bool) {
	if len(line) == 0 || line[0] != '"' {
		return bytes.Cut(line, []byte{','})
	}
	c.unquoted = c.unquoted[:0]
	for line = line[1:]; ; {
		end := bytes.IndexByte(line, '"')
		if end < 0 {
			return append(c.unquoted, line...), nil, false
		}
		c.unquoted = append(c.unquoted, line[:end]...)
		line = line[end+1:]
		if len(line) == 0 || line[0] != '"' {
			break
		}
		c.unquoted = append(c.unquoted, '"')
		line = line[1:]
	}
	if len(line) > 0 && line[0] == ',' {
		return c.unquoted, line[1:], true
	}
	return append(c.unquoted, line...), nil, false
}

func (c *csvReader) cell(column int, field []byte) (float64, bool) {
	if len(field) == 0 {
		return math.NaN(), true
	}
	switch c.resource.Columns[column].Kind {
	case Bool:
		return float64(field[0] - '0'), len(field) == 1 && (field[0] == '0' || field[0] == '1')
	case Int:
		n, err := strconv.ParseInt(string(field), 10, 64)
		return float64(n), err == nil
	case Float:
		x, err := strconv.ParseFloat(string(field), 64)
		return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
	case Class:
		x, ok := c.classes[column][string(field)]
		return x, ok
	default:
		x, ok := c.classes[column][string(field)]
		if !ok {
			s := string(field)
			x = c.resource.Columns[column].Intern(s)
			c.classes[column][s] = x
		}
		return x, true
	}
}
