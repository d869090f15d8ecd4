package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"tripwire/study/record"
)

// A checkpoint is the units of a run that are on the disk, in parts, and those that will be next.
type checkpoint struct {
	own    *record.Parts  // where those go that will be next
	w      *record.Writer // nil where parts are only read
	files  []file         // the parts on the disk
	at     []address      // by the number of the unit; beyond it nothing is there
	next   *part          // the part that is being filled
	spare  *part          // its memory is used again
	flying chan error     // the part that is on its way to the disk; nil where there is none
	began  time.Time
	memory []byte
	chunks []chunk // of the last unit that was read
	window []byte  // a piece of a part
	held   address // where the window begins
}

// A part is some units on their way to the disk.
type part struct {
	units  []byte
	listed []int64 // their numbers
	starts []int64 // where they stand in units
	since  time.Time
	name   string // when it is there
	at     int64  // where in the file the units begin
}

// An address is where a unit is.
type address struct {
	file   int32 // in files, from 1; 0 where it is not there
	offset int64
}

// A file is a part on the disk.
type file struct {
	parts *record.Parts
	name  string
	end   int64 // where its units end
}

// addFile notes a part on the disk.
func (c *checkpoint) addFile(f file) int32 {
	c.files = append(c.files, f)
	return int32(len(c.files))
}

// has says whether a unit is there.
func (c *checkpoint) has(number int64) bool {
	return number < int64(len(c.at)) && c.at[number].file > 0
}

func (c *checkpoint) put(number int64, a address) {
	if more := number + 1 - int64(len(c.at)); more > 0 {
		c.at = append(c.at, make([]address, more)...)
	}
	c.at[number] = a
}

func (c *checkpoint) file(a address) *file { return &c.files[a.file-1] }

func (f *file) read(b []byte, at int64) error { return f.parts.ReadAt(f.name, b, at) }

// A part goes to the disk when it is so large, or when it holds the work of some time: a third of all that
// the run has taken, but no more than two seconds of it, or a thousandth of a run of hours, so that
// there are not too many parts. A run that ends badly loses no more than that.
const (
	partBytes   = 8 << 20
	firstPart   = 50 * time.Millisecond
	partTime    = 2 * time.Second
	mostPart    = 10 * time.Second
	partsWanted = 1000
)

// partLasts is how much work a part holds after so long a run.
func partLasts(run time.Duration) time.Duration {
	return min(mostPart, max(firstPart, min(partTime, run/3), run/partsWanted))
}

// openCheckpoint finds the units that are on the disk, in the directories of parts together. A part that is
// damaged is told, and is as if it were not there; where w is not nil, whose parts they then are, it is removed.
func openCheckpoint(parts []*record.Parts, w *record.Writer, origin record.Origin, warn func(string)) (*checkpoint, error) {
	c := &checkpoint{w: w, next: new(part), spare: new(part), began: time.Now()}
	if w != nil {
		c.own = w.Parts()
	}
	for _, p := range parts {
		p.ShareFiles(len(parts))
		if err := c.find(p, origin, warn); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// find finds the units in one directory.
func (c *checkpoint) find(parts *record.Parts, origin record.Origin, warn func(string)) error {
	names, err := parts.Names()
	if err != nil {
		return err
	}
	lost := ": what it held is missing"
	if c.w != nil {
		lost = ": what it held is played again"
	}
	for _, name := range names {
		o, units, at, err := parts.Load(name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && c.w == nil:
			continue // the run that made it has come to its end
		case errors.Is(err, record.ErrDamaged):
			warn(err.Error() + lost)
			if c.w != nil {
				if err := c.w.RemovePart(name); err != nil {
					return err
				}
			}
			continue
		case err != nil:
			return err
		case !o.Fits(origin):
			return parts.Fault(name, errors.New("is a part of another run"))
		}
		f := c.addFile(file{parts, name, at + int64(len(units))})
		for offset := int64(0); offset < int64(len(units)); {
			head := units[offset:]
			c.put(field(head, 0), address{f, at + offset})
			offset += unitHead + field(head, 1)
		}
	}
	return nil
}

// add takes a unit.
func (c *checkpoint) add(number int64, unit []byte) error {
	p := c.next
	if len(p.listed) == 0 {
		p.since = time.Now()
	}
	p.listed, p.starts = append(p.listed, number), append(p.starts, int64(len(p.units)))
	p.units = append(p.units, unit...)
	if len(p.units) < partBytes && time.Since(p.since) < partLasts(time.Since(c.began)) {
		return nil
	}
	return c.launch()
}

// launch sends the next part to the disk, while the workers go on.
func (c *checkpoint) launch() error {
	if err := c.settle(); err != nil || len(c.next.listed) == 0 {
		return err
	}
	p := c.next
	c.next, c.spare = c.spare, p
	c.flying = make(chan error, 1)
	go func() {
		var err error
		u := record.Units{First: slices.Min(p.listed), Last: slices.Max(p.listed), Count: int64(len(p.listed))}
		p.name, p.at, err = c.w.AddPart(u, p.units)
		c.flying <- err
	}()
	return nil
}

// settle waits until the part that is on its way is on the disk.
func (c *checkpoint) settle() error {
	if c.flying == nil {
		return nil
	}
	err := <-c.flying
	c.flying = nil
	p := c.spare
	if err == nil {
		f := c.addFile(file{c.own, p.name, p.at + int64(len(p.units))})
		for i, number := range p.listed {
			c.put(number, address{f, p.at + p.starts[i]})
		}
	}
	p.units, p.listed, p.starts = p.units[:0], p.listed[:0], p.starts[:0]
	return err
}

// flush brings all that was added to the disk.
func (c *checkpoint) flush() error { return errors.Join(c.launch(), c.settle()) }

// unit reads a unit: its chunks, which hold until the next call, and its failures.
func (c *checkpoint) unit(number int64) (chunks []chunk, failures []record.Failure, err error) {
	at := c.at[number]
	f := c.file(at)
	b, err := c.ahead(at, unitHead)
	if err == nil {
		b, err = c.ahead(at, unitHead+field(b, 1))
	}
	if err != nil {
		return nil, nil, err
	}
	count, text := int(field(b, 2)), b[int64(len(b))-field(b, 3):]
	c.chunks = slices.Grow(c.chunks[:0], count)[:count]
	b = b[unitHead:]
	for i := range c.chunks {
		end := chunkHead + bodySize(b)
		if err := f.unpack(b[:end], &c.chunks[i]); err != nil {
			return nil, nil, err
		}
		b = b[end:]
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &failures); err != nil {
			return nil, nil, f.parts.Fault(f.name, err)
		}
	}
	return c.chunks, failures, nil
}

// readAhead is how many bytes of a part are read at once where units are read in the order of their numbers, in which most of
// them stand in a part.
const readAhead = 256 << 10

// ahead is so many bytes of a part, until the next call.
func (c *checkpoint) ahead(at address, n int64) ([]byte, error) {
	skip := at.offset - c.held.offset
	if at.file != c.held.file || skip < 0 || skip+n > int64(len(c.window)) {
		f := c.file(at)
		most := int(max(n, min(readAhead, f.end-at.offset)))
		c.window = slices.Grow(c.window[:0], most)[:most]
		c.held, skip = at, 0
		if err := f.read(c.window, at.offset); err != nil {
			c.held = address{}
			return nil, err
		}
	}
	return c.window[skip : skip+n], nil
}

// chunk reads a chunk, and returns how many bytes it takes. Its events hold until the next call.
func (c *checkpoint) chunk(at address, to *chunk) (int64, error) {
	f := c.file(at)
	c.memory = slices.Grow(c.memory[:0], chunkHead)[:chunkHead]
	if err := f.read(c.memory, at.offset); err != nil {
		return 0, err
	}
	size := chunkHead + int(bodySize(c.memory))
	c.memory = slices.Grow(c.memory, size-chunkHead)[:size]
	if err := f.read(c.memory[chunkHead:], at.offset+chunkHead); err != nil {
		return 0, err
	}
	return int64(size), f.unpack(c.memory, to)
}

// each yields all chunks of some cuts in the order of rows: by point, and there by replication. A chunk is its own
// until the next.
func (c *checkpoint) each(cuts []cut, points int64, yield func(*chunk) error) error {
	offsets := make([][]int64, len(cuts)) // by block: where the next point of its unit begins
	for i := range cuts {
		offsets[i] = make([]int64, cuts[i].blocks)
	}
	chunk := new(chunk)
	for point := range points {
		for i := range cuts {
			k := &cuts[i]
			if point < k.from || point >= k.to {
				continue
			}
			group, within := k.group(point)
			for block := range k.blocks {
				for sub := range k.subs {
					number := k.base + (block*k.groups+group)*k.subs + sub
					u := k.unit(number)
					if u.first == u.end {
						continue
					}
					at := c.at[number]
					if offset := &offsets[i][block]; within == 0 {
						at.offset += unitHead
					} else {
						at.offset = *offset
					}
					n, err := c.chunk(at, chunk)
					if err != nil {
						return err
					}
					if chunk.point != point || chunk.first != u.first {
						panic(fmt.Sprintf("study: unit %d has point %d from %d, where %d from %d is due", number, chunk.point, chunk.first, point, u.first))
					}
					offsets[i][block] = at.offset + n
					if err := yield(chunk); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}
