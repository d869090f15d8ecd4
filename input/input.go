// Package input reads scenario and study files: strict TOML (toml.io, v1.1) in which every number
// has a place, a type, a range and the evidence it rests on. Start at [Loader.Load].
//
// A file is refused once and whole, with every fault at its line and column ([Faults]): unknown,
// duplicate and case-variant keys, wrong types, NaN and infinities, values that their type does
// not allow, broken rules between parameters, and parameters that nobody gave. What may stand in a
// file is said by a Go struct and by nothing else: its `toml` tags are the keys, its types are the
// units and the ranges (methods Unit and Allowed), its method Check holds the rules between
// parameters. The package knows neither that struct's meaning nor what is done with it.
package input

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Limits on what is read. All are checked before the TOML library sees a byte, for it recurses on
// brackets without bound and takes time quadratic in the length of a dotted key.
const (
	maxSize    = 1 << 20 // bytes in a file, and in what it resolves to
	maxLine    = 1 << 16 // bytes in a line
	maxNesting = 32      // tables and arrays in each other
	maxKey     = 1 << 10 // bytes in a dotted key
	maxText    = 1 << 12 // characters in a text
	maxCount   = 1 << 15 // tables, values and elements in a file
	maxChain   = 8       // files that extend each other
)

// beliefs is the section that may stand in every file.
const beliefs = "correlations"

// Evidence is what a value rests on.
type Evidence struct {
	Low    *float64 `json:"low,omitempty"`  // 5% point of what is believed, in the parameter's unit
	High   *float64 `json:"high,omitempty"` // 95% point; given if and only if Low is
	Basis  string   `json:"basis,omitempty"`
	Source string   `json:"source,omitempty"`
}

// Bases are the words that Basis may be: the founding article, a public report, computed from named
// figures, or a judgement made to be swept.
var Bases = []string{"seed", "public", "computed", "judgement"}

// Parameter is one key of a scenario: what may stand there, and what does.
type Parameter struct {
	Key      string `json:"key"`            // dotted: "attribution.threshold"
	Kind     string `json:"kind"`           // "float", "integer", "boolean" or "string"
	Unit     string `json:"unit,omitempty"` // the type's Unit(); "" if it has none
	Rule     string `json:"rule,omitempty"` // the type's Allowed(): "must be in (0, 1)"
	Doc      string `json:"doc,omitempty"`  // the `doc` tag
	Optional bool   `json:"optional,omitempty"`

	Value string `json:"value,omitempty"` // as a TOML literal; "" in a [Spec]
	// Layer is the file that the value came from, the bare name of an embedded one, or "--set" (then
	// Line is the number of the flag, from 1); "" if an optional key is absent everywhere.
	Layer string `json:"layer,omitempty"`
	Line  int    `json:"line,omitempty"`
	Col   int    `json:"col,omitempty"`

	Evidence
}

// Loader finds files. FILE everywhere is a path, or the bare name NAME of NAME.toml in Embedded.
type Loader struct {
	Embedded fs.FS // may be nil
	// Idle names sections that no result depends on: they stand in [File.TOML], and count in neither
	// [File.Hash] nor [File.Differ].
	Idle []string
}

// File is an input that has been read without a fault.
type File struct {
	Name       string      // FILE's last element without ".toml"
	Layers     []string    // what was read, weakest first; "--set" once for each
	Parameters []Parameter // in the order of the scenario

	lines []line // what the results depend on
	byKey map[string]int
	toml  []byte

	sections *sections
}

// A line is one value that the results depend on.
type line struct{ key, text string }

// Load reads FILE, what it extends, and the --set flags (each KEY=VALUE with a TOML value; a bare
// word is a string; of two for one key the later holds) into a scenario and sections. An error is
// always [Faults], and leaves them half read.
//
// A scenario is a pointer to a struct of nested structs. Its fields with a tag `toml:"key"` are
// tables, if structs, or parameters: float64, integers, bool and string, and types made of them,
// which may have the methods Unit() string and Allowed() (rule string, ok bool). A parameter that
// no layer gives is a fault, unless its tag is `toml:"key,optional"`: then the field stays as it
// was. A tag `doc:"..."` says what it is. A bare value of a stronger layer keeps the evidence of
// the weaker; a long form with any evidence replaces it all, and one without a value keeps that of
// the weaker layer. If the scenario has a method Check(bad func(key, format string, args ...any)),
// it is asked once every parameter has a value, and calls bad for each broken rule with the dotted
// key at fault; a rule is not reported if it is about, or names, a key that is at fault already.
//
// A number may be written as an integer where a float is due if no digit is lost, and as a whole
// float (3.0, 1e6) where an integer is due.
//
// Sections are pointers to what other top-level tables, or arrays of tables, are read into: the
// types above, pointers to them, slices, maps by string (the keys are [Name]s), any, and structs of
// these with the same tags. Layers meet in tables key by key; a value, a slice and an any replace
// the weaker. In a table that is present, a key that is absent is a fault unless it is optional;
// fields of absent keys stay as they were. In an any, values are float64, int64, bool, string, []any
// and map[string]any. Whatever in a section has a method Check is asked as a
// scenario is, if the section has no other fault, with keys relative to itself: "factors[2].key";
// "" is itself.
//
// The key format at the top of a file says in which [Format] it is written, extends what it extends.
//
// A section [correlations], what is believed of parameters together, belongs to the ledger: it may
// stand in a file even if nobody asks for it.
//
// A scenario or section of another make is the programmer's mistake, and panics.
func (l Loader) Load(file string, sets []string, scenario any, sections map[string]any) (*File, error) {
	var faults findings
	if _, asked := sections[beliefs]; !asked { // part of the ledger, which may be read for its values alone
		sections = maps.Clone(sections)
		if sections == nil {
			sections = map[string]any{}
		}
		sections[beliefs] = new(map[string]any)
	}
	shape, into := open(scenario)
	docs, err := l.chain(file, &faults)
	if err != nil {
		return nil, err
	}
	if faults := newer(docs); faults != nil {
		return nil, faults
	}
	b := &binder{shape: shape, into: into, sections: newSections(shape, sections), files: docs, faults: &faults}
	b.states = make([]state, len(shape.leaves))
	for _, d := range slices.Backward(docs) {
		b.document(d)
	}
	for i, set := range sets {
		b.document(parseSet(i+1, len(docs)+i, set, &faults))
	}
	b.missing(l)
	b.rules()
	if len(faults.list) > 0 {
		return nil, faults.faults()
	}
	f := b.file(stem(docs[0].name), l.Idle)
	if over := tooLarge(f.toml); over != "" {
		faults.add(docs[0], 0, "", "%s", over)
		return nil, faults.faults()
	}
	return f, nil
}

// stem is the last element of a file's name, without ".toml".
func stem(name string) string { return strings.TrimSuffix(path.Base(name), ".toml") }

// Get finds a parameter by its dotted key.
func (f *File) Get(key string) (Parameter, bool) {
	i, ok := f.byKey[key]
	if !ok {
		return Parameter{}, false
	}
	return f.Parameters[i], true
}

// TOML is the whole input as one file that extends nothing: every value with its evidence, in the
// order of the scenario, then the sections. It loads to the same values and the same TOML.
func (f *File) TOML() []byte { return bytes.Clone(f.toml) }

// Hash identifies what the results depend on: the SHA-256, in hexadecimal, of all values, of what
// is believed of them (low, high), and of the sections. Comments, layout, order, layers and what a
// value rests on (basis, source) do not count.
func (f *File) Hash() string {
	h := sha256.New()
	for _, l := range f.lines {
		fmt.Fprintf(h, "%s = %s\n", l.key, l.text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Differ are the keys whose values are not the same in f and g, sorted: those for which the two
// have different hashes.
func (f *File) Differ(g *File) []string {
	var keys []string
	for _, d := range f.Differences(g) {
		keys = append(keys, d.Key)
	}
	return keys
}

// A Difference is a key whose values are not the same in two inputs: TOML literals, with what is
// believed of them; [ATable] of a section's table; "" where the input lacks the key.
type Difference struct {
	Key string `json:"key"`
	A   string `json:"a"`
	B   string `json:"b"`
}

// ATable stands for the value of a table, whose keys have lines of their own.
const ATable = "a table"

// Differences are the keys of [File.Differ] with their values in f (A) and in g (B).
func (f *File) Differences(g *File) []Difference {
	a, b := f.texts(), g.texts()
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	var all []Difference
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a[key] != b[key] {
			all = append(all, Difference{key, a[key], b[key]})
		}
	}
	return all
}

func (f *File) texts() map[string]string {
	texts := make(map[string]string, len(f.lines))
	for _, l := range f.lines {
		texts[l.key] = l.text
	}
	return texts
}

// Fault is a mistake found after the reading, at the place of a section's key ("expect[2].case") or of
// the least of what is around it.
func (f *File) Fault(key, format string, args ...any) Fault {
	name := key
	if i := strings.IndexAny(key, ".["); i >= 0 {
		name = key[:i]
	}
	s, ok := f.sections.byName[name]
	if !ok || s.item == nil {
		panic(fmt.Sprintf("input: %s has no section %q to find fault with", f.Name, name))
	}
	it := s.item.nearest(strings.TrimPrefix(strings.TrimPrefix(key, name), "."))
	line, col := it.doc.place(it.off)
	return Fault{File: it.doc.name, Line: line, Col: col, Key: key, Message: safe(fmt.Sprintf(format, args...), 500)}
}

// Name is a name that a user gives to something: `^[A-Za-z][A-Za-z0-9 _.-]{0,63}$`.
type Name string

// Allowed says what a name may be.
func (n Name) Allowed() (rule string, ok bool) {
	ok = n != "" && len(n) <= 64 && (n[0] >= 'A' && n[0] <= 'Z' || n[0] >= 'a' && n[0] <= 'z')
	for i := range len(n) {
		ok = ok && (bareByte(n[i]) || n[i] == ' ' || n[i] == '.')
	}
	return "must be a name: a letter, then up to 63 letters, digits, blanks and _ . -", ok
}
