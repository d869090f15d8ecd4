package record

import (
	"fmt"
	"io"
)

// Rows reads the rows of a CSV file from any row on, so that several stretches of a long table can be gone through in step.
type Rows struct {
	Columns []Column // those that were asked for
	Place   Place    // of the row after the last that was read; at first, of the first
	csv     *csvReader
	from    *stretch
	name    string // of the result, for its errors
	file    io.Closer
}

// A Place is where a row begins.
type Place struct {
	Offset int64
	Line   int // before it
}

// Rows opens a table of the result, of all columns or, where some are named, of those.
func (r *Result) Rows(name string, columns ...string) (*Rows, error) {
	resource := r.Package.Resource(name)
	if resource == nil {
		return nil, r.fault(packageName, fmt.Errorf("describes no table %s", name))
	}
	f, err := r.root.Open(resource.Path())
	if err != nil {
		return nil, r.fault(resource.Path(), err)
	}
	s, err := resource.RowsAt(f, columns...)
	if err != nil {
		f.Close()
		return nil, &Error{Path: r.Dir, Err: err}
	}
	s.name, s.file = r.Dir, f
	return s, nil
}

// RowsAt reads rows of a CSV file.
func (r *Resource) RowsAt(in io.ReaderAt, columns ...string) (*Rows, error) {
	s := &Rows{from: &stretch{in: in, most: bufferSize}}
	s.csv = newCSVReader(r, s.from, columns...)
	if err := s.csv.header(); err != nil {
		return nil, err
	}
	s.Columns, s.Place = s.csv.table.Columns, Place{s.csv.taken, s.csv.line}
	return s, nil
}

// Close gives the file back.
func (s *Rows) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// Read reads so many rows from a place on, fewer only where the table ends. The table is used again for the next ones; its
// columns know the texts that were met.
func (s *Rows) Read(at Place, rows int) (*Table, error) {
	if at != s.Place {
		// No more than about what is asked for: there may be as many stretches as design points.
		s.from.at, s.from.most = at.Offset, min(bufferSize, 64+rows*s.width())
		s.csv.in.Reset(s.from)
		s.csv.taken, s.csv.line = at.Offset, at.Line
	}
	err := s.csv.chunk(rows)
	s.Place, s.Columns = Place{s.csv.taken, s.csv.line}, s.csv.table.Columns
	if err != nil && err != io.EOF {
		if s.name != "" {
			err = &Error{Path: s.name, Err: err}
		}
		return nil, err
	}
	return s.csv.table, nil
}

// width is about how many bytes a row has, by those before.
func (s *Rows) width() int { return int(s.Place.Offset)/max(1, s.Place.Line) + 1 }

// A stretch is a file from some place on, a little at a time.
type stretch struct {
	in   io.ReaderAt
	at   int64
	most int
}

func (s *stretch) Read(b []byte) (int, error) {
	n, err := s.in.ReadAt(b[:min(len(b), s.most)], s.at)
	s.at += int64(n)
	if n > 0 {
		err = nil // it comes again
	}
	return n, err
}
