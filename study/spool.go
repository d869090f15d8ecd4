package study

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"tripwire/study/record"
)

// A spool turns the order in which points are played, block by block over all of them, into the order
// of rows, point by point. Each block comes in the order of points already, so that it is enough to
// keep the blocks in one file behind one another and to read them all at once.
type spool struct {
	file   *record.Scratch
	size   int64
	starts []int64 // of the blocks
	block  int64   // the one that is being written; -1 before the first
	head   [chunkHead]byte
	bytes  []byte
}

// chunkHead is the point, and the lengths of what follows: rows, cells, runs, events.
const chunkHead = 5 * 8

// rowsOrdered says whether units come in the order of rows.
func (r *runner) rowsOrdered() bool { return r.blocks == 1 }

func newSpool(w *record.Writer) (*spool, error) {
	file, err := w.Scratch("spool")
	if err != nil {
		return nil, err
	}
	return &spool{file: file, block: -1}, nil
}

func (s *spool) add(block int64, c *chunk) error {
	for ; s.block < block; s.block++ {
		s.starts = append(s.starts, s.size)
	}
	for i, n := range [...]int64{c.point, int64(len(c.rows)), int64(len(c.cells)), int64(len(c.runs)), int64(len(c.events))} {
		binary.LittleEndian.PutUint64(s.head[8*i:], uint64(n))
	}
	s.bytes = s.bytes[:0]
	for _, cells := range [][]float64{c.rows, c.cells} {
		for _, x := range cells {
			s.bytes = binary.LittleEndian.AppendUint64(s.bytes, math.Float64bits(x))
		}
	}
	for _, part := range [][]byte{s.head[:], s.bytes, c.runs, c.events} {
		n, err := s.file.Write(part)
		s.size += int64(n)
		if err != nil {
			return err
		}
	}
	return nil
}

// each yields the chunks in the order of rows. A chunk is its own until the next.
func (s *spool) each(points int64, yield func(*chunk) error) error {
	if err := s.file.Flush(); err != nil {
		return err
	}
	blocks := make([]*bufio.Reader, len(s.starts))
	for i, from := range s.starts {
		to := s.size
		if i+1 < len(s.starts) {
			to = s.starts[i+1]
		}
		blocks[i] = bufio.NewReaderSize(io.NewSectionReader(s.file, from, to-from), 1<<16)
	}
	c := new(chunk)
	for point := range points {
		for _, in := range blocks {
			for {
				head, err := in.Peek(chunkHead)
				if errors.Is(err, io.EOF) && len(head) == 0 {
					break
				} else if err != nil {
					return err
				}
				if int64(binary.LittleEndian.Uint64(head)) != point {
					break
				}
				if err := s.read(in, c); err != nil {
					return err
				}
				if err := yield(c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *spool) read(in *bufio.Reader, c *chunk) error {
	if _, err := io.ReadFull(in, s.head[:]); err != nil {
		return err
	}
	length := func(i int) int { return int(binary.LittleEndian.Uint64(s.head[8*i:])) }
	c.point = int64(length(0))
	for i, cells := range []*[]float64{&c.rows, &c.cells} {
		s.bytes = grow(s.bytes, 8*length(1+i))
		if _, err := io.ReadFull(in, s.bytes); err != nil {
			return err
		}
		*cells = (*cells)[:0]
		for b := s.bytes; len(b) > 0; b = b[8:] {
			*cells = append(*cells, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
	}
	for i, text := range []*[]byte{&c.runs, &c.events} {
		*text = grow(*text, length(3+i))
		if _, err := io.ReadFull(in, *text); err != nil {
			return err
		}
	}
	return nil
}

func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
