package record

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

const (
	manifestName = "manifest.json"
	packageName  = "datapackage.json"
	partsDir     = ".tripwire" // what is not, or not yet, part of the result
)

// Error is an output that cannot be written, or a result that cannot be read.
type Error struct {
	Path string
	Err  error
}

func (e *Error) Error() string {
	var op *fs.PathError
	if errors.As(e.Err, &op) {
		return fmt.Sprintf("%s: %s: %v", e.Path, op.Op, op.Err)
	}
	return fmt.Sprintf("%s: %v", e.Path, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Writer writes a result into a directory. Every file is written beside, synced, and renamed by
// [Writer.Commit], the manifest last: until then a finished result that was there stays as it was,
// and afterwards the new one is whole. Nothing is written outside the directory.
type Writer struct {
	// Fault, if set, is asked before each operation on the disk, and an error that it returns is what
	// the operation comes to. Tests make disks fail by it.
	Fault func(op, name string) error

	dir   string
	root  *os.Root
	made  bool // the directory was not there before
	mixed bool // files of the new result stand among those of the old
	open  []*File
	files map[string]FileInfo
}

// Create prepares dir, which it makes if need be, for a result. It refuses a directory that holds
// other things than a result.
func Create(dir string) (*Writer, error) {
	_, err := os.Stat(dir)
	w := &Writer{dir: dir, made: errors.Is(err, fs.ErrNotExist), files: map[string]FileInfo{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &Error{dir, err}
	}
	if w.root, err = os.OpenRoot(dir); err != nil {
		return nil, &Error{dir, err}
	}
	if err := w.claim(); err != nil {
		w.root.Close()
		return nil, err
	}
	return w, nil
}

func (w *Writer) claim() error {
	entries, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return &Error{w.dir, err}
	}
	ours := func(e fs.DirEntry) bool { return e.Name() == manifestName || e.Name() == partsDir }
	if len(entries) > 0 && !slices.ContainsFunc(entries, ours) {
		return &Error{w.dir, errors.New("holds other files and no result: name another folder with -o")}
	}
	if err := w.root.RemoveAll(partsDir); err != nil {
		return &Error{w.path(partsDir), err}
	}
	if err := w.root.Mkdir(partsDir, 0o755); err != nil {
		return &Error{w.path(partsDir), err}
	}
	return nil
}

func (w *Writer) path(name string) string { return filepath.Join(w.dir, name) }

// do carries out one operation on the disk, unless a fault takes its place.
func (w *Writer) do(op, name string, f func() error) error {
	if w.Fault != nil {
		if err := w.Fault(op, name); err != nil {
			return &Error{w.path(name), err}
		}
	}
	if err := f(); err != nil {
		return &Error{w.path(name), err}
	}
	return nil
}

// File is a file of a result on its way to the disk.
type File struct {
	w    *Writer
	name string
	file *os.File
	buf  *bufio.Writer
	hash hash.Hash
	size int64
}

// File starts a file of the result.
func (w *Writer) File(name string) (*File, error) {
	f := &File{w: w, name: name, hash: sha256.New()}
	err := w.do("create", name, func() (err error) {
		f.file, err = w.root.OpenFile(partsDir+"/"+name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		return err
	})
	if err != nil {
		return nil, err
	}
	f.buf = bufio.NewWriterSize(diskWriter{f}, 1<<18)
	w.open = append(w.open, f)
	return f, nil
}

type diskWriter struct{ f *File }

func (d diskWriter) Write(p []byte) (n int, err error) {
	f := d.f
	err = f.w.do("write", f.name, func() error {
		n, err = f.file.Write(p)
		return err
	})
	f.hash.Write(p[:n])
	f.size += int64(n)
	return n, err
}

func (f *File) Write(p []byte) (int, error) { return f.buf.Write(p) }

// Close brings the file to the disk. Without it the file is no part of the result.
func (f *File) Close() error {
	w := f.w
	w.open = slices.DeleteFunc(w.open, func(o *File) bool { return o == f })
	err := f.buf.Flush()
	if err == nil {
		err = w.do("sync", f.name, f.file.Sync)
	}
	if closed := w.do("close", f.name, f.file.Close); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	w.files[f.name] = FileInfo{Bytes: f.size, SHA256: hex.EncodeToString(f.hash.Sum(nil))}
	return nil
}

// Scratch is a file beside the result, to write to its end and then to read again. It goes when the
// writer does; whoever asked for it closes it before.
type Scratch struct {
	w    *Writer
	name string
	file *os.File
	buf  *bufio.Writer
}

// Scratch starts a scratch file.
func (w *Writer) Scratch(name string) (*Scratch, error) {
	s := &Scratch{w: w, name: name}
	err := w.do("create", name, func() (err error) {
		s.file, err = w.root.OpenFile(partsDir+"/"+name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.buf = bufio.NewWriterSize(scratchWriter{s}, 1<<18)
	return s, nil
}

type scratchWriter struct{ s *Scratch }

func (d scratchWriter) Write(p []byte) (n int, err error) {
	err = d.s.w.do("write", d.s.name, func() error {
		n, err = d.s.file.Write(p)
		return err
	})
	return n, err
}

func (s *Scratch) Write(p []byte) (int, error) { return s.buf.Write(p) }

// Flush makes what was written readable.
func (s *Scratch) Flush() error { return s.buf.Flush() }

// ReadAt reads what was written and flushed.
func (s *Scratch) ReadAt(p []byte, at int64) (n int, err error) {
	n, err = s.file.ReadAt(p, at)
	if err != nil && err != io.EOF {
		err = &Error{s.w.path(s.name), err}
	}
	return n, err
}

// Close gives the file back; its content is gone with the writer.
func (s *Scratch) Close() error { return s.file.Close() }

// Write adds a whole file to the result.
func (w *Writer) Write(name string, data []byte) error {
	f, err := w.File(name)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// Commit makes the files the result of the directory, in the place of one that was there, and closes
// the writer. It sets m.Format and m.Files.
func (w *Writer) Commit(m *Manifest) error {
	m.Format, m.Files = Format, maps.Clone(w.files)
	if err := w.Write(manifestName, marshal(m)); err != nil {
		return err
	}
	var old Manifest
	if data, err := w.root.ReadFile(manifestName); err == nil {
		// What cannot be read names no file to remove.
		_ = json.Unmarshal(data, &old)
		if err := w.remove(manifestName); err != nil {
			return err
		}
	}
	w.mixed = true
	for _, name := range slices.Sorted(maps.Keys(old.Files)) {
		if _, again := m.Files[name]; !again {
			if err := w.remove(name); err != nil {
				return err
			}
		}
	}
	for _, name := range append(slices.Sorted(maps.Keys(m.Files)), manifestName) {
		err := w.do("rename", name, func() error { return w.root.Rename(partsDir+"/"+name, name) })
		if err != nil {
			return err
		}
	}
	if err := w.do("sync", ".", w.syncDir); err != nil {
		return err
	}
	if err := w.do("remove", partsDir, func() error { return w.root.RemoveAll(partsDir) }); err != nil {
		return err
	}
	return w.do("close", ".", w.root.Close)
}

func (w *Writer) remove(name string) error {
	return w.do("remove", name, func() error {
		if err := w.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// syncDir makes the renames last through a loss of power.
func (w *Writer) syncDir() error {
	d, err := w.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Abandon removes what was written, and the directory if it was made for it, and closes the writer.
// A finished result that was there stays as it was, unless it was [Writer.Commit] that failed: then
// the directory stays marked as unfinished, for [Create] to start anew.
func (w *Writer) Abandon() error {
	for _, f := range w.open {
		f.file.Close()
	}
	if w.mixed {
		return w.root.Close()
	}
	err := errors.Join(w.root.RemoveAll(partsDir), w.root.Close())
	if w.made {
		err = errors.Join(err, os.Remove(w.dir))
	}
	if err != nil {
		return &Error{w.dir, err}
	}
	return nil
}
