package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	unfinishedDir  = partsDir + "/parts"
	originName     = unfinishedDir + "/run.json"
	unfinishedFile = unfinishedDir + "/scenario.toml"
	partSuffix     = ".part"
)

// PartFormat is the version of the parts; it is raised when their bytes change their meaning.
const PartFormat = 2

// A Shard is one of so many even samples of the units of a run. The zero Shard is all of them.
type Shard struct {
	Number int64 `json:"number"` // from 1
	Of     int64 `json:"of"`
}

// ShardOf is which of so many shards has a unit, from 1. Of so many successive units each shard has one, in an
// order that turns from one such row to the next by the golden ratio: so no shard has all the units that stand
// at one place of a design, whatever its period.
func ShardOf(unit, of int64) int64 {
	const golden = 0x9e3779b97f4a7c15 // of 2^64
	turn, _ := bits.Mul64(uint64(unit/of)*golden, uint64(of))
	return int64((uint64(unit%of)+turn)%uint64(of)) + 1
}

// Has says whether a unit belongs to the shard.
func (s Shard) Has(unit int64) bool { return s.Of == 0 || ShardOf(unit, s.Of) == s.Number }

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Number, s.Of) }

// Origin is what parts are of. Only parts of one origin, whatever their shard and tables, make a result.
type Origin struct {
	Format   int    `json:"format"`
	Input    string `json:"input"`    // SHA-256 of what matters in the resolved input
	Version  string `json:"version"`  // of the program
	Revision string `json:"revision"` // of its source
	Events   string `json:"events"`

	Shard   Shard `json:"shard,omitzero"`   // that is played where the parts lie
	Parquet bool  `json:"parquet,omitzero"` // the result is to have its tables as Parquet too
}

// Fits says whether parts of o and of other make one result.
func (o Origin) Fits(other Origin) bool {
	o.Shard, o.Parquet = other.Shard, other.Parquet
	return o == other
}

// Units is a range of units of work, the last included.
type Units struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	Count int64 `json:"count"` // in the range; there may be gaps
}

type partHead struct {
	Origin
	Units Units `json:"units"`
}

// Parts is the unfinished work that lies in a directory: files named by the first unit that they hold,
// each a header line of JSON, the bytes of its units, and the SHA-256 of both.
type Parts struct {
	dir  string
	root *os.Root
	open map[string]*os.File
	most int // of them at once
}

// Dir is where the parts lie.
func (p *Parts) Dir() string { return p.dir }

// OpenParts opens the unfinished work in dir for reading. Where there is no such directory,
// errors.Is(err, ErrUnfinished).
func OpenParts(dir string) (*Parts, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Path: dir, Err: absent{}}
	} else if err != nil {
		return nil, &Error{dir, err, Remedy(err)}
	}
	return &Parts{dir: dir, root: root, most: mostOpen}, nil
}

// ShareFiles bounds the files that are open at once where so many directories are read together.
func (p *Parts) ShareFiles(directories int) { p.most = max(1, mostOpen/directories) }

func (p *Parts) fault(name string, err error) error {
	return &Error{filepath.Join(p.dir, filepath.FromSlash(name)), err, removed(p.dir, err)}
}

// Fault is an error of the part of that name.
func (p *Parts) Fault(part string, err error) error { return p.fault(unfinishedDir+"/"+part, err) }

// Names lists the parts, in the order of their first units.
func (p *Parts) Names() ([]string, error) {
	entries, err := fs.ReadDir(p.root.FS(), unfinishedDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, p.fault(unfinishedDir, err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), partSuffix) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// Origin is what the parts are of; nil where there are none, unless it is a shard that has none yet. Where
// run.json is not to be read, a part that is whole says it.
func (p *Parts) Origin() (*Origin, error) {
	names, err := p.Names()
	if err != nil {
		return nil, err
	}
	o := new(Origin)
	if data, err := p.root.ReadFile(originName); err == nil && json.Unmarshal(data, o) == nil && o.Format > 0 {
		if len(names) > 0 || o.Shard.Of > 0 {
			return o, nil
		}
	}
	for _, name := range names {
		if o, _, _, err := p.Load(name); err == nil {
			return o, nil
		}
	}
	return nil, nil // nothing that could be lost
}

// Scenario is the path of the resolved input of the unfinished work.
func (p *Parts) Scenario() string { return filepath.Join(p.dir, filepath.FromSlash(unfinishedFile)) }

// Running says whether another process is writing to the directory, and which.
func (p *Parts) Running() (pid int, running bool) {
	if _, err := p.root.Stat(lockName); err != nil {
		return 0, false
	}
	f, held, err := lockFile(p.root, lockName)
	if err == nil {
		f.Close()
	}
	if !held {
		return 0, false
	}
	return holder(p.root), true
}

// Load reads a part: what it is of, the bytes of its units, and where in the file they begin. A part that is
// not as it was written is an error.
func (p *Parts) Load(name string) (o *Origin, units []byte, at int64, err error) {
	data, err := p.root.ReadFile(unfinishedDir + "/" + name)
	if err != nil {
		return nil, nil, 0, p.Fault(name, err)
	}
	body := data[:max(0, len(data)-sha256.Size)]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[len(body):]) {
		return nil, nil, 0, p.Fault(name, ErrDamaged)
	}
	line, units, _ := bytes.Cut(body, []byte{'\n'})
	var head partHead
	if json.Unmarshal(line, &head) != nil {
		return nil, nil, 0, p.Fault(name, ErrDamaged)
	}
	return &head.Origin, units, int64(len(line) + 1), nil
}

// ErrDamaged is what a part comes to that is not as it was written.
var ErrDamaged = errors.New("is damaged: its SHA-256 is another")

// mostOpen is how many parts are open at once, of one directory or of all that are read together.
const mostOpen = 256

// ReadAt fills b from a place in a part.
func (p *Parts) ReadAt(name string, b []byte, at int64) error {
	f := p.open[name]
	if f == nil {
		if len(p.open) >= p.most {
			p.closeAll()
		}
		var err error
		if f, err = p.root.Open(unfinishedDir + "/" + name); err != nil {
			return p.Fault(name, err)
		}
		if p.open == nil {
			p.open = map[string]*os.File{}
		}
		p.open[name] = f
	}
	if _, err := f.ReadAt(b, at); err != nil {
		return p.Fault(name, err)
	}
	return nil
}

func (p *Parts) closeAll() {
	for name, f := range p.open {
		f.Close() // it was only read
		delete(p.open, name)
	}
}

// Close gives the files back.
func (p *Parts) Close() error {
	p.closeAll()
	return p.root.Close()
}

// Parts is the unfinished work in the writer's directory, which stays with the writer.
func (w *Writer) Parts() *Parts { return &w.parts }

// Begin says of what the parts are that will be added, with the resolved input that says it in full.
func (w *Writer) Begin(o Origin, scenario []byte) error {
	o.Format = PartFormat
	w.origin = o
	if err := w.do("create", unfinishedDir, func() error { return w.root.MkdirAll(unfinishedDir, 0o755) }); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		data []byte
	}{{originName, marshal(o)}, {unfinishedFile, scenario}} {
		if old, err := w.root.ReadFile(f.name); err == nil && bytes.Equal(old, f.data) {
			continue
		}
		if err := w.place(f.name, f.data); err != nil {
			return err
		}
	}
	return nil
}

// AddPart writes a part, and returns its name and where in it the units begin. Afterwards no end of the
// process or the machine loses it.
func (w *Writer) AddPart(u Units, units []byte) (name string, at int64, err error) {
	line, err := json.Marshal(partHead{w.origin, u})
	if err != nil {
		panic("record: " + err.Error())
	}
	line = append(line, '\n')
	h := sha256.New()
	h.Write(line)
	h.Write(units)
	name = fmt.Sprintf("%015d%s", u.First, partSuffix)
	if err := w.place(unfinishedDir+"/"+name, line, units, h.Sum(nil)); err != nil {
		return "", 0, err
	}
	return name, int64(len(line)), nil
}

// place brings a file to the disk under its name, whole or not at all.
func (w *Writer) place(name string, data ...[]byte) error {
	var f *os.File
	beside := name + ".new"
	err := w.do("create", name, func() (err error) {
		f, err = w.root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range data {
		if err == nil {
			err = w.do("write", name, func() error { _, err := f.Write(d); return err })
		}
	}
	if err == nil {
		err = w.do("sync", name, f.Sync)
	}
	if closed := w.do("close", name, f.Close); err == nil {
		err = closed
	}
	if err == nil {
		err = w.do("rename", name, func() error { return w.root.Rename(beside, name) })
	}
	if err != nil {
		w.root.Remove(beside) // a full disk has room for more urgent things than half a file
		return err
	}
	return w.do("sync", unfinishedDir, func() error { return w.syncDir(unfinishedDir) })
}

// RemovePart removes a part, which is to be played again.
func (w *Writer) RemovePart(name string) error { return w.remove(unfinishedDir + "/" + name) }

// Clear removes all unfinished work.
func (w *Writer) Clear() error {
	return w.do("remove", unfinishedDir, func() error { return w.root.RemoveAll(unfinishedDir) })
}
