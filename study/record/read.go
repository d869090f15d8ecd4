package record

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

const (
	chunkRows  = 4096
	bufferSize = 1 << 18
	maxLine    = 1 << 20 // a longer row is no row of a result
)

// ReadCSV yields the rows of a CSV file in order, some thousands at a time; the table is used again
// for the next ones. It has all columns or, where some are named, those of them that the file has, in the
// file's order; the cells of others are not looked at. At least one table comes, so that the columns are known of
// a file without rows. An error names file, line and column, and is the last thing to come.
func (r *Resource) ReadCSV(in io.Reader, columns ...string) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		c := newCSVReader(r, in, columns...)
		if err := c.header(); err != nil {
			yield(nil, err)
			return
		}
		for first := true; ; first = false {
			err := c.chunk(chunkRows)
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
	taken    int64  // bytes of in that are read and understood
	joined   []byte // a line that the buffer does not hold whole
	unquoted []byte
	text     []byte // the fields of a line, a byte between them
	ends     []int  // where they end in text, after a -1
	table    *Table // of the columns that were asked for
	asked    []asked
}

// asked is a column of the table.
type asked struct {
	at    int // where it stands in a line
	kind  Kind
	texts map[string]float64 // the cell of each that was met
	name  string             // of the class that was met last, which often comes again
	cell  float64
}

func newCSVReader(r *Resource, in io.Reader, columns ...string) *csvReader {
	c := &csvReader{resource: r, in: bufio.NewReaderSize(in, bufferSize), ends: make([]int, 0, len(r.Columns)+1)}
	var of []Column
	for i, column := range r.Columns {
		if len(columns) > 0 && !slices.Contains(columns, column.Name) {
			continue
		}
		var texts map[string]float64
		if column.Kind == Text {
			texts = map[string]float64{}
			for j, name := range column.Classes {
				texts[name] = float64(j)
			}
		}
		of, c.asked = append(of, column), append(c.asked, asked{at: i, kind: column.Kind, texts: texts})
	}
	if len(columns) == 0 {
		of = r.Columns // so that the resource learns the texts that are met
	}
	c.table = NewTable(of)
	return c
}

func (c *csvReader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", c.resource.Path(), c.line, fmt.Sprintf(format, args...))
}

// next returns the next record without its line feed. A line feed between quotes is part of it.
func (c *csvReader) next() ([]byte, error) {
	c.line++
	line, err := c.in.ReadSlice('\n')
	c.taken += int64(len(line))
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
		c.taken += int64(len(line))
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

// chunk fills the table anew, with so many rows; io.EOF says that it holds the last ones.
func (c *csvReader) chunk(rows int) error {
	c.table.Clear()
	for range rows {
		line, err := c.next()
		if err != nil {
			return err
		}
		if err := c.split(line); err != nil {
			return err
		}
		from := len(c.table.cells)
		c.table.cells = slices.Grow(c.table.cells, len(c.asked))[:from+len(c.asked)]
		if at := c.parse(c.table.cells[from:], c.text, c.ends); at >= 0 {
			c.table.cells = c.table.cells[:from]
			return c.noCell(at)
		}
	}
	return nil
}

// parse fills the cells of a row from the fields of a line; it says at which of them stands no cell, or -1.
func (c *csvReader) parse(cells []float64, text []byte, ends []int) int {
	for i := range c.asked {
		a := &c.asked[i]
		field := text[ends[a.at]+1 : ends[a.at+1]]
		switch {
		case len(field) == 0:
			cells[i] = math.NaN()
		case len(field) == 1 && field[0]-'0' <= 9 && (a.kind == Int || a.kind == Float || a.kind == Bool && field[0] <= '1'):
			cells[i] = float64(field[0] - '0')
		case a.kind == Class && string(field) == a.name:
			cells[i] = a.cell
		default:
			x, ok := c.cell(&c.table.Columns[i], a.texts, field)
			if !ok {
				return a.at
			}
			if cells[i] = x; a.kind == Class {
				a.name, a.cell = c.table.Columns[i].Classes[int(x)], x
			}
		}
	}
	return -1
}

// field is the i-th of the line that was split.
func (c *csvReader) field(i int) []byte { return c.text[c.ends[i]+1 : c.ends[i+1]] }

func (c *csvReader) noCell(i int) error {
	return c.errorf("%s: %q is no %v", c.resource.Columns[i].Name, c.field(i), c.resource.Columns[i].Kind)
}

// split finds the fields of a line, and takes their quotes off.
func (c *csvReader) split(line []byte) error {
	c.text, c.ends = line, append(c.ends[:0], -1)
	if bytes.IndexByte(line, '"') < 0 {
		c.ends = append(commas(c.ends, line), len(line))
	} else {
		c.unquoted = c.unquoted[:0]
		for found := true; found; {
			line, found = c.unquote(line)
			c.ends = append(c.ends, len(c.unquoted))
			c.unquoted = append(c.unquoted, ',')
		}
		c.text = c.unquoted
	}
	if len(c.ends) != len(c.resource.Columns)+1 {
		return c.errorf("the row has not %d fields", len(c.resource.Columns))
	}
	return nil
}

// commas appends where the commas of a line are. It looks at eight bytes at once: in a byte that is a comma, and in no
// other, the sum does not carry into the highest bit.
func commas(at []int, line []byte) []int {
	const each, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	from := 0
	for ; from+8 <= len(line); from += 8 {
		other := binary.LittleEndian.Uint64(line[from:]) ^ each*','
		for found := ^(other&low + low | other | low); found != 0; found &= found - 1 {
			at = append(at, from+bits.TrailingZeros64(found)/8)
		}
	}
	for i, b := range line[from:] {
		if b == ',' {
			at = append(at, from+i)
		}
	}
	return at
}

// unquote appends the first field of a line to those without quotes; found says that a comma stood before the rest.
func (c *csvReader) unquote(line []byte) (rest []byte, found bool) {
	if len(line) > 0 && line[0] == '"' {
		for line = line[1:]; ; {
			end := bytes.IndexByte(line, '"')
			if end < 0 {
				break
			}
			c.unquoted = append(c.unquoted, line[:end]...)
			line = line[end+1:]
			if len(line) == 0 || line[0] != '"' {
				break
			}
			c.unquoted = append(c.unquoted, '"')
			line = line[1:]
		}
	}
	field, rest, found := bytes.Cut(line, []byte{','})
	c.unquoted = append(c.unquoted, field...)
	return rest, found
}

// cell is a field as a cell of a column; false means that it is none.
func (c *csvReader) cell(column *Column, texts map[string]float64, field []byte) (float64, bool) {
	if len(field) == 0 {
		return math.NaN(), true
	}
	switch column.Kind {
	case Bool:
		return float64(field[0] - '0'), len(field) == 1 && (field[0] == '0' || field[0] == '1')
	case Int:
		if digits, decimals, ok := plain(field); ok && decimals == 0 && digits <= math.MaxInt64 {
			return float64(int64(digits)), true
		}
		n, err := strconv.ParseInt(string(field), 10, 64)
		return float64(n), err == nil
	case Float:
		if digits, decimals, ok := plain(field); ok {
			return quotient(digits, decimals), true
		}
		x, err := strconv.ParseFloat(string(field), 64)
		return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
	case Class:
		for i, name := range column.Classes { // there are few
			if string(field) == name {
				return float64(i), true
			}
		}
		return 0, false
	default:
		x, ok := texts[string(field)]
		if !ok {
			s := string(field)
			x = column.Intern(s)
			texts[s] = x
		}
		return x, true
	}
}

// plain reads up to 19 digits with or without a point among them, which are nearly all numbers. Anything else is not ok.
func plain(field []byte) (digits uint64, decimals int, ok bool) {
	last := len(field) - 1
	point := last
	for i, b := range field {
		switch {
		case b-'0' <= 9:
			digits = 10*digits + uint64(b-'0')
		case b == '.' && point == last && 0 < i && i < last:
			point = i
		default:
			return 0, 0, false
		}
	}
	return digits, last - point, last < 19 || last == 19 && point < last
}

// quotient is the float nearest to digits / 10^decimals, as [strconv.ParseFloat] has it: it rounds once, from 62 bits or more
// and whether anything is left over.
func quotient(digits uint64, decimals int) float64 {
	up, down := bits.LeadingZeros64(digits), bits.LeadingZeros64(tens[decimals])
	digits <<= up
	q, rest := bits.Div64(digits>>1, digits<<63, tens[decimals]<<down)
	if rest > 0 {
		q |= 1
	}
	return float64(q) * math.Float64frombits(uint64(1023-63+down-up)<<52)
}

// tens is the powers of ten.
var tens = func() (t [20]uint64) {
	t[0] = 1
	for i := range t[1:] {
		t[i+1] = 10 * t[i]
	}
	return t
}()
