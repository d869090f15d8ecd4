package input

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// file is what was read, once it is without fault. Results do not depend on idle sections.
func (b *binder) file(name string, idle []string) *File {
	f := &File{Name: name, byKey: map[string]int{}, sections: b.sections}
	for _, d := range b.layers {
		f.Layers = append(f.Layers, d.name)
	}
	for _, l := range b.shape.leaves {
		st := &b.states[l.order]
		p := l.Parameter
		p.Value = literal(plain(b.into.FieldByIndex(l.index)))
		if st.set {
			p.Layer, p.Evidence = st.doc.name, st.evidence
			p.Line, p.Col = st.doc.place(st.node.at)
			text := p.Value
			if p.Low != nil {
				text += " in " + p.bound(p.Low) + " to " + p.bound(p.High)
			}
			f.lines = append(f.lines, line{p.Key, text})
		}
		f.byKey[p.Key] = len(f.Parameters)
		f.Parameters = append(f.Parameters, p)
	}
	var w bytes.Buffer
	f.writeLeaves(&w, b.shape.root)
	for _, s := range b.sections.list {
		if s.item != nil && s.item.table == nil && len(s.item.list) == 0 {
			if !slices.Contains(idle, s.name) {
				f.lines = s.item.lines(f.lines, s.name)
			}
			fmt.Fprintf(&w, "%s = []\n", s.name)
		}
	}
	f.writeTables(&w, b.shape.root)
	for _, tables := range []bool{false, true} { // [study] before [[expect]]
		for _, s := range b.sections.list {
			if s.item != nil && s.item.isTables() == tables && (tables || s.item.table != nil) {
				if !slices.Contains(idle, s.name) {
					f.lines = s.item.lines(f.lines, s.name)
				}
				s.item.write(&w, s.name)
			}
		}
	}
	f.toml = bytes.TrimPrefix(w.Bytes(), []byte("\n"))
	return f
}

// tooLarge says why Load would refuse a text for its size; "" if it would not.
func tooLarge(text []byte) string {
	if len(text) > maxSize {
		return fmt.Sprintf("what the file resolves to is over %d MiB", maxSize>>20)
	}
	for line := range bytes.Lines(text) {
		if len(line) > maxLine {
			return fmt.Sprintf("what the file resolves to has a line over %d KiB", maxLine>>10)
		}
	}
	return ""
}

func (p Parameter) bound(x *float64) string {
	if p.Kind == "integer" {
		return literal(int64(*x))
	}
	return literal(*x)
}

// writeLeaves writes what is set in a table of the scenario.
func (f *File) writeLeaves(w *bytes.Buffer, t *table) {
	begun := t.key == ""
	for _, fd := range t.fields {
		if fd.leaf == nil {
			continue
		}
		p := f.Parameters[fd.leaf.order]
		if p.Layer == "" {
			continue
		}
		if !begun {
			fmt.Fprintf(w, "\n[%s]\n", t.key)
			begun = true
		}
		fmt.Fprintf(w, "%s = %s\n", fd.name, p.long())
	}
}

// writeTables writes the tables in a table of the scenario.
func (f *File) writeTables(w *bytes.Buffer, t *table) {
	for _, fd := range t.fields {
		if fd.table != nil {
			f.writeLeaves(w, fd.table)
			f.writeTables(w, fd.table)
		}
	}
}

// long is a parameter's long form, or its bare value if that rests on nothing.
func (p Parameter) long() string {
	if p.Evidence == (Evidence{}) {
		return p.Value
	}
	var b strings.Builder
	b.WriteString("{ value = " + p.Value)
	if p.Low != nil {
		b.WriteString(", low = " + p.bound(p.Low) + ", high = " + p.bound(p.High))
	}
	if p.Basis != "" {
		b.WriteString(", basis = " + quote(p.Basis))
	}
	if p.Source != "" {
		b.WriteString(", source = " + quote(p.Source))
	}
	b.WriteString(" }")
	return b.String()
}

// isTables says whether an item is written as [[a]].
func (it *item) isTables() bool {
	for _, e := range it.list {
		if e.table == nil {
			return false
		}
	}
	return len(it.list) > 0
}

// write writes a table, or an array of tables.
func (it *item) write(w *bytes.Buffer, key string) {
	if it.table != nil {
		fmt.Fprintf(w, "\n[%s]\n", key)
		it.writeKeys(w, key)
	}
	for _, e := range it.list {
		fmt.Fprintf(w, "\n[[%s]]\n", key)
		e.writeKeys(w, key)
	}
}

// writeKeys writes what is in a table, the tables in it last.
func (it *item) writeKeys(w *bytes.Buffer, key string) {
	for _, name := range it.names() {
		if e := it.table[name]; e.table == nil && !e.isTables() {
			text := e.inline()
			if len(text) > 90 && e.list != nil {
				text = e.column()
			}
			fmt.Fprintf(w, "%s = %s\n", join("", name), text)
		}
	}
	for _, name := range it.names() {
		if e := it.table[name]; e.table != nil || e.isTables() {
			e.write(w, join(key, name))
		}
	}
}

// inline is an item on one line.
func (it *item) inline() string {
	var parts []string
	switch {
	case it.table != nil:
		for _, name := range it.names() {
			parts = append(parts, join("", name)+" = "+it.table[name].inline())
		}
		if parts == nil {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case it.list != nil:
		for _, e := range it.list {
			parts = append(parts, e.inline())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return it.literal
}

// column is a list with a line for each element.
func (it *item) column() string {
	var b strings.Builder
	b.WriteString("[\n")
	for _, e := range it.list {
		b.WriteString("  " + e.inline() + ",\n")
	}
	b.WriteString("]")
	return b.String()
}

// lines adds what the results depend on.
func (it *item) lines(lines []line, key string) []line {
	switch {
	case it.table != nil && (len(it.table) > 0 || it.typ != nil && it.typ.Kind() == reflect.Struct):
		lines = append(lines, line{key, ATable})
		for _, name := range it.names() {
			lines = it.table[name].lines(lines, join(key, name))
		}
		return lines
	case it.isTables():
		for i, e := range it.list {
			lines = e.lines(lines, fmt.Sprintf("%s[%d]", key, i))
		}
		return lines
	}
	return append(lines, line{key, it.inline()})
}
