package input

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// A document is one text of the input: a file, or one --set.
type document struct {
	name   string // in faults and layers
	order  int    // among faults
	line   int    // number of its first line
	text   string
	starts []int // of its lines
	root   *node
	broken bool // some of it could not be understood
}

// parse checks a text against the limits and scans it.
func parse(name string, order, line int, text string, faults *findings) *document {
	d := &document{name: name, order: order, line: line, text: text, root: &node{form: header}}
	d.starts = append(d.starts, 0)
	for i := range len(text) {
		if text[i] == '\n' {
			d.starts = append(d.starts, i+1)
		}
	}
	if d.guard(faults) {
		scan(d, faults)
	} else {
		d.broken = true
	}
	return d
}

// place is where an offset is: line and column, in characters from 1.
func (d *document) place(off int) (line, col int) {
	i := sort.SearchInts(d.starts, off+1) - 1
	return d.line + i, utf8.RuneCountInString(strings.TrimPrefix(d.text[d.starts[i]:off], bom)) + 1
}

const bom = "\ufeff"

// guard refuses what is not a text, and blanks what does not belong into one.
func (d *document) guard(faults *findings) bool {
	refuse := func(off int, format string, args ...any) bool {
		faults.add(d, off, "", format, args...)
		return false
	}
	t := d.text
	switch nul := strings.IndexByte(t, 0); {
	case len(t) > maxSize:
		return refuse(0, "the file is over %d MiB", maxSize>>20)
	case strings.HasPrefix(t, "\xff\xfe") || strings.HasPrefix(t, "\xfe\xff") || nul == 0 || nul == 1:
		return refuse(0, "the file is UTF-16 (save it as UTF-8)")
	case nul > 0:
		return refuse(nul, "the file holds a NUL byte, so it is no text")
	case !utf8.ValidString(t):
		i := 0
		for r, n := utf8.DecodeRuneInString(t); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRuneInString(t[i:]) {
			i += n
		}
		return refuse(i, "the byte 0x%02x is not UTF-8 (save the file as UTF-8)", t[i])
	}
	if strings.HasPrefix(t, bom) {
		refuse(0, "the file starts with a byte order mark (save it as UTF-8 without BOM)")
	}
	for i, start := range d.starts {
		end := len(t)
		if i+1 < len(d.starts) {
			end = d.starts[i+1] - 1
		}
		if end-start > maxLine {
			return refuse(start, "the line is over %d KiB long", maxLine>>10)
		}
	}
	return d.control(faults)
}

// control notes each line's first control character and makes them all blanks.
func (d *document) control(faults *findings) bool {
	forbidden := func(i int) bool {
		c := d.text[i]
		return c < ' ' && c != '\t' && c != '\n' && (c != '\r' || i+1 == len(d.text) || d.text[i+1] != '\n') || c == 0x7f
	}
	var clean []byte
	next := 0
	for i := range len(d.text) {
		if !forbidden(i) {
			continue
		}
		if clean == nil {
			clean = []byte(d.text)
		}
		clean[i] = ' '
		if i >= next && !faults.enough() {
			faults.add(d, i, "", "the control character 0x%02x cannot stand in a file", d.text[i])
			faults.list[len(faults.list)-1].spoils = true
			next = i + upTo(d.text[i:], "\n")
		}
	}
	if clean != nil {
		d.text = string(clean)
	}
	return true
}

// Names are the bare names of the embedded files, sorted.
func (l Loader) Names() []string {
	var names []string
	if l.Embedded != nil {
		files, _ := fs.Glob(l.Embedded, "*.toml") // only a bad pattern is an error
		for _, f := range files {
			names = append(names, strings.TrimSuffix(f, ".toml"))
		}
	}
	return names
}

// base is the embedded file that a scenario should extend if it lacks parameters.
const base = "baseline"

// A source is a file that has been read. What it extends is found in its folder, which nothing may
// lead out of, or among the embedded files.
type source struct {
	name     string // in faults
	text     string
	embedded bool
	folder   string // as the user would write it
	root     *os.Root
	info     fs.FileInfo
}

func (s *source) same(t *source) bool {
	if s.embedded || t.embedded {
		return s.embedded == t.embedded && s.name == t.name
	}
	return os.SameFile(s.info, t.info)
}

func (s *source) close() {
	if s.root != nil {
		s.root.Close()
	}
}

// open reads FILE.
func (l Loader) open(file string) (*source, error) {
	if slices.Contains(l.Names(), file) {
		return l.embedded(file)
	}
	text, info, err := read(os.Open(file))
	if err != nil {
		hint := ""
		if names := l.Names(); errors.Is(err, fs.ErrNotExist) && len(names) > 0 {
			if hint = " ("; probable(file, names) != "" {
				hint += "did you mean " + probable(file, names) + "? "
			}
			hint += "embedded: " + strings.Join(names, ", ") + ")"
		}
		return nil, errors.New(why(err) + hint)
	}
	return &source{name: filepath.ToSlash(file), text: text, folder: filepath.Dir(file), info: info}, nil
}

func (l Loader) embedded(name string) (*source, error) {
	f, err := l.Embedded.Open(name + ".toml")
	text, _, err := read(f, err)
	if err != nil {
		return nil, errors.New(why(err))
	}
	return &source{name: name, text: text, embedded: true}, nil
}

// extended reads what s extends: a file beside it or below, or an embedded one.
func (l Loader) extended(s *source, to string) (*source, error) {
	names := l.Names()
	switch {
	case slices.Contains(names, to):
		return l.embedded(to)
	case s.embedded:
		return nil, errors.New("is no embedded configuration" + meant(to, names))
	case !fs.ValidPath(to) || to == "." || !filepath.IsLocal(filepath.FromSlash(to)) || strings.ContainsAny(to, `\:`):
		return nil, errors.New(`must be the path of a file beside this one or below, without "..", or an embedded configuration`)
	}
	next, err := s.beside(to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("is neither a file beside this one nor an embedded configuration" + meant(to, names))
	}
	if err != nil {
		return nil, errors.New("cannot be read: " + why(err))
	}
	return next, nil
}

// beside reads a file in the folder of s or below.
func (s *source) beside(to string) (next *source, err error) {
	if s.root == nil {
		if s.root, err = os.OpenRoot(s.folder); err != nil {
			return nil, err
		}
	}
	info, err := s.root.Stat(to)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a named pipe would wait for ever
		return nil, errors.New("it is not a regular file")
	}
	text, info, err := read(s.root.Open(to))
	if err != nil {
		return nil, err
	}
	root, err := s.root.OpenRoot(path.Dir(to))
	if err != nil {
		return nil, err
	}
	at := filepath.Join(s.folder, filepath.FromSlash(to))
	return &source{name: filepath.ToSlash(at), text: text, root: root, folder: filepath.Dir(at), info: info}, nil
}

func meant(name string, names []string) string {
	if near := probable(name, names); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}

// probable is the embedded file that is probably meant; "" where none is.
func probable(name string, names []string) string {
	bare := strings.TrimSuffix(name, ".toml")
	if slices.Contains(names, bare) {
		return bare
	}
	return Nearest(bare, names)
}

// read reads a file to its end, or one byte over what is allowed.
func read(f fs.File, err error) (string, fs.FileInfo, error) {
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	return string(text), info, err
}

// why is an error of the operating system without the path, which the fault has already.
func why(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file"
	}
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return safe(err.Error(), 200)
}

// chain reads FILE and what it extends, the strongest first.
func (l Loader) chain(file string, faults *findings) (docs []*document, err error) {
	s, err := l.open(file)
	if err != nil {
		return nil, Faults{{File: file, Message: err.Error()}}
	}
	var sources []*source
	for s != nil {
		sources = append(sources, s)
		d := parse(s.name, len(docs), 1, s.text, faults)
		docs = append(docs, d)
		s = l.next(d, sources, faults)
	}
	for _, s := range sources {
		s.close()
	}
	return docs, nil
}

// next is what d, the last of the sources, extends; nil if that is nothing, or at fault: then what
// it would have given is not missing.
func (l Loader) next(d *document, sources []*source, faults *findings) *source {
	n := d.root.child("extends")
	if n == nil {
		return nil
	}
	refuse := func(format string, args ...any) *source {
		d.broken = true
		if !n.bad() {
			faults.add(d, n.place(), "extends", "%s %s", d.excerpt(n), fmt.Sprintf(format, args...))
		}
		return nil
	}
	if n.form == scalar {
		d.decode(n.stmt, faults)
	}
	to, ok := n.value.(string)
	if !ok {
		return refuse("must be the path of a file, in quotes")
	}
	s, err := l.extended(sources[len(sources)-1], to)
	if err != nil {
		return refuse("%s", err)
	}
	way := s.name
	for _, seen := range slices.Backward(sources) {
		way = seen.name + " → " + way
		if seen.same(s) {
			s.close()
			return refuse("comes back to where it started (%s)", safe(way, 300))
		}
	}
	if len(sources) == maxChain {
		s.close()
		return refuse("must not make a chain of more than %d files", maxChain)
	}
	return s
}

// excerpt is a value as the user wrote it, on one line and not too long.
func (d *document) excerpt(n *node) string {
	switch n.form {
	case scalar, list, inline:
		return safe(d.text[n.at:n.end], 60)
	case header:
		return safe("["+n.path()+"]", 60)
	case tables:
		return safe("[["+n.path()+"]]", 60)
	}
	return "a table"
}
