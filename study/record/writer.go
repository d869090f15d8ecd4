package record

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Files of every result, by their names in its folder.
const (
	ManifestFile = "manifest.json" // written last: where it is, the result is whole
	ScenarioFile = "scenario.toml" // the resolved input
	RunsFile     = "runs.csv"      // a row a replication
)

const (
	packageName = "datapackage.json"
	partsDir    = ".tripwire" // what is not, or not yet, part of the result
)

// Writer writes a result into a directory. Every file is written beside, synced, and renamed by
// [Writer.Commit], the manifest last: until then a finished result that was there stays as it was,
// and afterwards the new one is whole. Nothing is written outside the directory.
type Writer struct {
	// Fault, if set, is asked before each operation on the disk, and an error that it returns is what
	// the operation comes to. Tests make disks fail by it.
	Fault func(op, name string) error

	dir   string
	root  *os.Root
	lock  *os.File
	made  bool // the directory was not there before
	mixed bool // files of the new result stand among those of the old
	open  []*File
	files map[string]FileInfo

	parts  Parts
	origin Origin // of the parts that it adds
}

// Create prepares dir, which it makes if need be, for a result. It refuses a directory that holds
// other things than a result, and one that another process is writing to, with [*Held]. Unfinished work
// that lies there stays: see [Writer.Parts].
func Create(dir string) (*Writer, error) {
	_, err := os.Stat(dir)
	w := &Writer{dir: dir, made: errors.Is(err, fs.ErrNotExist), files: map[string]FileInfo{}}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &Error{w.path("."), err, cmp.Or(Remedy(err), "name another place with -o")}
	}
	if w.root, err = os.OpenRoot(dir); err != nil {
		return nil, w.fault(".", err)
	}
	w.parts = Parts{dir: dir, root: w.root, most: mostOpen}
	if err := w.claim(); err != nil {
		if w.made && w.lock != nil {
			w.root.RemoveAll(partsDir) // err says why there is nothing in it
		}
		if w.lock != nil {
			w.lock.Close()
		}
		w.root.Close()
		if w.made {
			os.Remove(dir) // unless another process has begun to use it
		}
		return nil, err
	}
	return w, nil
}

// Sweep removes unfinished work beside a finished result, which a writer leaves that is killed in its last step. It leaves
// alone what another process is at, and what cannot be removed does no harm.
func Sweep(dir string) {
	if _, err := os.Stat(filepath.Join(dir, partsDir)); err != nil {
		return
	}
	if w, err := Create(dir); err == nil {
		_ = errors.Join(w.Clear(), w.Abandon())
	}
}

// fault is an error of what was to be written.
func (w *Writer) fault(name string, err error) error {
	return &Error{w.path(name), err, cmp.Or(Remedy(err), removed(w.dir, err))}
}

func (w *Writer) claim() error {
	entries, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return w.fault(".", err)
	}
	ours := func(e fs.DirEntry) bool { return e.Name() == ManifestFile || e.Name() == partsDir }
	if len(entries) > 0 && !slices.ContainsFunc(entries, ours) {
		return w.fault(".", errors.New("holds other files and no result: name another folder with -o"))
	}
	if err := w.root.Mkdir(partsDir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return w.fault(partsDir, err)
	}
	if w.lock, err = lock(w.dir, w.root); errors.As(err, new(*Held)) {
		return err
	} else if err != nil {
		return w.fault(lockName, err)
	}
	return w.sweep()
}

// sweep removes the files of a result that was never committed.
func (w *Writer) sweep() error {
	entries, err := fs.ReadDir(w.root.FS(), partsDir)
	if err != nil {
		return w.fault(partsDir, err)
	}
	for _, e := range entries {
		if name := partsDir + "/" + e.Name(); name != lockName && name != unfinishedDir {
			if err := w.root.RemoveAll(name); err != nil {
				return w.fault(name, err)
			}
		}
	}
	return nil
}

func (w *Writer) path(name string) string { return filepath.Join(w.dir, name) }

// do carries out one operation on the disk, unless a fault takes its place.
func (w *Writer) do(op, name string, f func() error) error {
	if w.Fault != nil {
		if err := w.Fault(op, name); err != nil {
			return w.fault(name, err)
		}
	}
	if err := f(); err != nil {
		return w.fault(name, err)
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
	if err := w.Write(ManifestFile, marshal(m)); err != nil {
		return err
	}
	var old Manifest
	if data, err := w.root.ReadFile(ManifestFile); err == nil {
		// What cannot be read names no file to remove.
		_ = json.Unmarshal(data, &old)
		if err := w.remove(ManifestFile); err != nil {
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
	for _, name := range append(slices.Sorted(maps.Keys(m.Files)), ManifestFile) {
		err := w.do("rename", name, func() error { return w.root.Rename(partsDir+"/"+name, name) })
		if err != nil {
			return err
		}
	}
	if err := w.do("sync", ".", func() error { return w.syncDir(".") }); err != nil {
		return err
	}
	w.parts.closeAll()
	if err := w.do("remove", partsDir, func() error { return w.root.RemoveAll(partsDir) }); err != nil {
		return err
	}
	return w.do("close", ".", w.close)
}

func (w *Writer) close() error {
	w.parts.closeAll()
	return errors.Join(w.lock.Close(), w.root.Close())
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
func (w *Writer) syncDir(name string) error {
	d, err := w.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Keep closes the writer and leaves the unfinished work, for whoever goes on with it or unites it with other's.
func (w *Writer) Keep() error {
	if err := w.close(); err != nil {
		return w.fault(".", err)
	}
	return nil
}

// Fail abandons the writer after err, which it returns; where err is of the disk, what its end comes to says no more.
func (w *Writer) Fail(err error) error {
	abandoned := w.Abandon()
	if errors.As(err, new(*Error)) {
		return err
	}
	return errors.Join(err, abandoned)
}

// Abandon closes the writer. Parts stay, for a resume, and nothing else of what was written, so that a full disk has
// room again; where there are none it removes the directory too, if it was made for it. A finished result that was there stays as it was, unless it was
// [Writer.Commit] that failed: then the directory stays marked as unfinished, for [Create] to go on.
func (w *Writer) Abandon() error {
	for _, f := range w.open {
		f.file.Close()
	}
	names, err := w.parts.Names()
	if w.mixed || err != nil {
		return errors.Join(err, w.close())
	}
	if len(names) > 0 {
		return errors.Join(w.sweep(), w.close())
	}
	err = errors.Join(w.root.RemoveAll(partsDir), w.close())
	if w.made {
		err = errors.Join(err, os.Remove(w.dir))
	}
	if err != nil {
		return w.fault(".", err)
	}
	return nil
}
