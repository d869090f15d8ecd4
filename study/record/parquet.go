package record

import (
	"errors"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	// groupRows is how many rows a row group has: memory holds one, and readers skip or share them out whole.
	groupRows = 1 << 18
	// pageRows divides it, and is how many rows are handed over at once.
	pageRows = 1 << 10
)

// WriteParquet reads the rows of a CSV file of r and writes the same cells as Parquet, in memory that does not grow
// with their number. The bytes depend on the rows alone: row groups have a fixed size, zstd comes out the same on every
// machine, which snappy does not, and texts are written plain, because the library cuts the indices of a dictionary
// into other runs where the processor has AVX2. Columns of the key hold no nulls; in all others a null is
// a missing cell. What a column is, its title and its unit are in the file's metadata under its name and these words.
func (r *Resource) WriteParquet(out io.Writer, in io.Reader) error {
	rows := newCSVReader(r, in)
	if err := rows.header(); err != nil {
		return err
	}
	options := []parquet.WriterOption{
		r.parquetSchema(), parquet.CreatedBy("tripwire", strconv.Itoa(Format), "0"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}),
		parquet.KeyValueMetadata("description", r.Doc),
	}
	for i := range r.Columns {
		c := &r.Columns[i]
		for key, text := range map[string]string{"title": c.Title, "unit": c.Unit, "description": c.Doc} {
			if text != "" {
				options = append(options, parquet.KeyValueMetadata(c.Name+"."+key, text))
			}
		}
	}
	w := parquet.NewWriter(out, options...)
	page := &parquetPage{reader: rows}
	for _, c := range r.Columns {
		page.required = append(page.required, slices.Contains(r.Key, c.Name))
	}
	for written := 0; ; {
		end := page.fill()
		if end != nil && end != io.EOF {
			return end
		}
		if _, err := w.WriteRows(page.rows); err != nil {
			return err
		}
		if written += len(page.rows); written == groupRows {
			written = 0
			if err := w.Flush(); err != nil {
				return err
			}
		}
		if end == io.EOF {
			return w.Close()
		}
	}
}

// parquetSchema is the columns in their order.
func (r *Resource) parquetSchema() *parquet.Schema {
	var root parquetColumns
	for i := range r.Columns {
		c := &r.Columns[i]
		var node parquet.Node
		switch c.Kind {
		case Bool:
			node = parquet.Leaf(parquet.BooleanType)
		case Int:
			node = parquet.Int(64)
		case Float:
			node = parquet.Leaf(parquet.DoubleType)
		default:
			node = parquet.String()
		}
		if !slices.Contains(r.Key, c.Name) {
			node = parquet.Optional(node)
		}
		root.fields = append(root.fields, parquet.Group{c.Name: node}.Fields()...)
	}
	return parquet.NewSchema(r.Name, root)
}

// parquetColumns is a group that keeps the order of its columns: that of the library sorts them by name.
type parquetColumns struct {
	parquet.Group
	fields []parquet.Field
}

func (c parquetColumns) Fields() []parquet.Field { return c.fields }

// A parquetPage is some rows on their way from CSV.
type parquetPage struct {
	reader   *csvReader
	required []bool // by column
	rows     []parquet.Row
	texts    []byte // what their strings lie in
}

// fill reads the next rows; io.EOF says that they are the last.
func (p *parquetPage) fill() error {
	p.rows, p.texts = slices.Grow(p.rows[:0], pageRows), p.texts[:0]
	for len(p.rows) < pageRows {
		line, err := p.reader.next()
		if err != nil {
			return err
		}
		p.rows = p.rows[:len(p.rows)+1]
		row := &p.rows[len(p.rows)-1]
		if *row, err = p.parse((*row)[:0], line); err != nil {
			return err
		}
	}
	return nil
}

// parse appends the cells of a line to row.
func (p *parquetPage) parse(row parquet.Row, line []byte) (parquet.Row, error) {
	if err := p.reader.split(line); err != nil {
		return row, err
	}
	for i := range p.required {
		v, ok := p.value(&p.reader.resource.Columns[i], p.reader.field(i))
		level := 1
		if v.IsNull() || p.required[i] {
			level = 0
		}
		if !ok || v.IsNull() && p.required[i] {
			return row, p.reader.noCell(i)
		}
		row = append(row, v.Level(0, level, i))
	}
	return row, nil
}

// value is a field as a cell of a column; false means that it is none.
func (p *parquetPage) value(c *Column, field []byte) (parquet.Value, bool) {
	if len(field) == 0 {
		return parquet.NullValue(), true
	}
	switch c.Kind {
	case Bool:
		return parquet.BooleanValue(field[0] == '1'), len(field) == 1 && (field[0] == '0' || field[0] == '1')
	case Int:
		n, err := strconv.ParseInt(string(field), 10, 64)
		return parquet.Int64Value(n), err == nil
	case Float:
		x, err := strconv.ParseFloat(string(field), 64)
		return parquet.DoubleValue(x), err == nil
	}
	from := len(p.texts)
	p.texts = append(p.texts, field...)
	return parquet.ByteArrayValue(p.texts[from:]), true
}

// Describe writes datapackage.json, and the Parquet files that it names. The CSV files must be closed.
func (w *Writer) Describe(p *Package) error {
	for i := range p.Resources {
		if r := &p.Resources[i]; p.parquet(r) {
			if err := w.writeParquet(r); err != nil {
				return err
			}
		}
	}
	return w.Write(packageName, p.JSON())
}

func (w *Writer) writeParquet(r *Resource) error {
	var rows *os.File
	err := w.do("open", r.Path(), func() (err error) {
		rows, err = w.root.Open(partsDir + "/" + r.Path())
		return err
	})
	if err != nil {
		return err
	}
	defer rows.Close()
	f, err := w.File(r.parquetPath())
	if err != nil {
		return err
	}
	err = r.WriteParquet(f, rows)
	return errors.Join(err, f.Close())
}
