package record

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ErrUnfinished is what [Open] comes to where there is no result, or one that was cut short.
var ErrUnfinished = errors.New("holds no finished result")

// absent is [ErrUnfinished] where there is not even a folder.
type absent struct{}

func (absent) Error() string { return "there is no such folder" }
func (absent) Unwrap() error { return ErrUnfinished }

// Result is a finished result on the disk.
type Result struct {
	Dir      string
	Manifest Manifest
	Package  *Package
	root     *os.Root
}

// Open opens a finished result, after comparing every file with the hash in its manifest. Where there
// is none, errors.Is(err, ErrUnfinished).
func Open(dir string) (*Result, error) { return Inspect(dir, func(string, error) {}) }

// Inspect is [Open] that also tells of every file in the manifest, in the order of their names, what is wrong
// with it: nothing, if it is as it was written; and of the manifest, if it forbids itself. Its own error is the first of those.
func Inspect(dir string, tell func(name string, fault error)) (*Result, error) {
	root, err := os.OpenRoot(dir)
	return open(root, dir, err, (*Result).verify, tell)
}

// OpenIn is [Open] of a directory of parent, which nothing may lead out of.
func OpenIn(parent *os.Root, dir string) (*Result, error) {
	root, err := parent.OpenRoot(dir)
	return open(root, dir, err, (*Result).verify, func(string, error) {})
}

// Glance is [OpenIn] that looks at the sizes of the files only: it says what a result claims to be.
func Glance(parent *os.Root, dir string) (*Result, error) {
	root, err := parent.OpenRoot(dir)
	return open(root, dir, err, (*Result).verifySize, func(string, error) {})
}

func open(root *os.Root, dir string, err error, check func(r *Result, name string) error, tell func(name string, fault error)) (*Result, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{Path: dir, Err: absent{}}
	} else if err != nil {
		return nil, &Error{Path: dir, Err: err}
	}
	r := &Result{Dir: dir, root: root}
	if err := r.load(check, tell); err != nil {
		root.Close()
		return nil, err
	}
	return r, nil
}

func (r *Result) load(check func(r *Result, name string) error, tell func(name string, fault error)) error {
	data, err := r.root.ReadFile(ManifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Path: r.Dir, Err: ErrUnfinished}
	} else if err != nil {
		return r.fault(ManifestFile, err)
	}
	if err := json.Unmarshal(data, &r.Manifest); err != nil {
		return r.fault(ManifestFile, err)
	}
	if f := r.Manifest.Format; f != Format {
		return r.fault(ManifestFile, fmt.Errorf("is of format %d; this tripwire reads format %d", f, Format))
	}
	var first error
	for _, name := range slices.Sorted(maps.Keys(r.Manifest.Files)) {
		fault := check(r, name)
		tell(name, fault)
		if first == nil {
			first = fault
		}
	}
	if first != nil {
		return first
	}
	if err := r.Manifest.check(); err != nil {
		err = r.fault(ManifestFile, err)
		tell(ManifestFile, err)
		return err
	}
	if data, err = r.Read(packageName); err != nil {
		return err
	}
	if r.Package, err = parsePackage(data); err != nil {
		return &Error{Path: r.Dir, Err: err}
	}
	return nil
}

func (r *Result) fault(name string, err error) error {
	return &Error{Path: filepath.Join(r.Dir, name), Err: err}
}

// verify compares a file with its hash.
func (r *Result) verify(name string) error {
	f, err := r.root.Open(name)
	if err != nil {
		return r.fault(name, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return r.fault(name, err)
	}
	if got, want := hex.EncodeToString(h.Sum(nil)), r.Manifest.Files[name].SHA256; got != want {
		return r.fault(name, fmt.Errorf("was changed since it was written: its SHA-256 is %s, in %s %s", got, ManifestFile, want))
	}
	return nil
}

// verifySize compares the size of a file with that in the manifest.
func (r *Result) verifySize(name string) error {
	info, err := r.root.Stat(name)
	if err != nil {
		return r.fault(name, err)
	}
	if got, want := info.Size(), r.Manifest.Files[name].Bytes; got != want {
		return r.fault(name, fmt.Errorf("was changed since it was written: it has %d bytes, in %s %d", got, ManifestFile, want))
	}
	return nil
}

// Close gives the directory back.
func (r *Result) Close() error { return r.root.Close() }

// FS is the directory of the result, and nothing beside it.
func (r *Result) FS() fs.FS { return r.root.FS() }

// Has says whether a file of that name is part of the result.
func (r *Result) Has(name string) bool {
	_, ok := r.Manifest.Files[name]
	return ok
}

// Read returns the content of a file of the result.
func (r *Result) Read(name string) ([]byte, error) {
	data, err := r.root.ReadFile(name)
	if err != nil {
		return nil, r.fault(name, err)
	}
	return data, nil
}

// Chunks yields the rows of a table of the result in order, some thousands at a time, so that memory
// does not grow with their number; of all columns or, where some are named, of those, as [Resource.ReadCSV] does.
// The table that it yields is its own, and used again.
func (r *Result) Chunks(name string, columns ...string) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		resource := r.Package.Resource(name)
		if resource == nil {
			yield(nil, r.fault(packageName, fmt.Errorf("describes no table %s", name)))
			return
		}
		f, err := r.root.Open(resource.Path())
		if err != nil {
			yield(nil, r.fault(resource.Path(), err))
			return
		}
		defer f.Close()
		for t, err := range resource.ReadCSV(f, columns...) {
			if err != nil {
				err = &Error{Path: r.Dir, Err: err}
			}
			if !yield(t, err) {
				return
			}
		}
	}
}

// Table returns a whole table of the result.
func (r *Result) Table(name string) (*Table, error) {
	all := &Table{}
	for t, err := range r.Chunks(name) {
		if err != nil {
			return nil, err
		}
		all.Columns = t.Columns
		all.cells = append(all.cells, t.cells...)
	}
	return all, nil
}
