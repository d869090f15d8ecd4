package input

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A binder puts layers into a scenario and its sections, weakest first.
type binder struct {
	shape    *shape
	into     reflect.Value
	states   []state // of the shape's leaves
	sections *sections
	files    []*document // strongest first
	layers   []*document // weakest first, with the --sets
	faults   *findings
}

// reserved are the keys at the top of a file that are about the file.
var reserved = []string{"extends", formatKey}

// state is what is known of a parameter.
type state struct {
	given    bool      // by any layer, rightly or not
	set      bool      // has a value
	doc      *document // where it came from
	node     *node
	evidence Evidence
	faulty   bool // has no value, or not the one that was meant
}

func (b *binder) document(d *document) {
	b.layers = append(b.layers, d)
	for _, n := range d.root.children {
		if sec := b.sections.byName[n.name]; sec != nil {
			b.section(d, n, sec)
			continue
		}
		switch {
		case !slices.Contains(reserved, n.name):
			b.child(d, n, b.shape.root)
		case d.name == setName:
			b.faults.add(d, n.off, n.name, "cannot be set: it stands in a file")
		case n.name == formatKey:
			b.format(d, n)
		}
	}
}

// child binds one key of a table.
func (b *binder) child(d *document, n *node, in *table) {
	i, ok := in.byName[n.name]
	if !ok {
		b.unknown(d, n)
		return
	}
	f := in.fields[i]
	switch {
	case f.leaf != nil:
		b.parameter(d, n, f.leaf)
	case n.isTable():
		for _, c := range n.children {
			b.child(d, c, f.table)
		}
	default:
		b.wrong(d, n, n.path(), "must be a table, as in ["+n.path()+"]")
	}
}

// unknown is the fault of a key that nothing knows; of a table, once; of a table that only a dotted
// key implies, of the keys in it.
func (b *binder) unknown(d *document, n *node) {
	if n.form == dotted || n.form == implicit {
		for _, c := range n.children {
			b.unknown(d, c)
		}
		return
	}
	what := "parameter"
	if n.form == header || n.form == tables {
		what = "table"
	}
	key := n.path()
	b.faults.add(d, n.off, key, "no such %s", what)
	b.faults.list[len(b.faults.list)-1].suggest = func() string {
		known := slices.Concat(reserved, b.shape.keys, b.sections.keys)
		if what == "table" {
			return cmp.Or(Nearest(key, known), elsewhere(n, b.shape.keys))
		}
		return cmp.Or(Nearest(key, known), alike(key, b.shape.keys))
	}
}

// longForm are the keys of a parameter in its long form.
var longForm = []string{"value", "low", "high", "basis", "source"}

// parameter binds a parameter, in its bare or its long form.
func (b *binder) parameter(d *document, n *node, l *leaf) {
	st := &b.states[l.order]
	st.given = true
	if n.isTable() {
		b.long(d, n, l, st)
		st.faulty = st.faulty || n.bad()
	} else {
		b.value(d, n, l, st)
	}
}

func (b *binder) long(d *document, n *node, l *leaf, st *state) {
	var e Evidence
	evidence := false
	for _, c := range n.children {
		switch c.name {
		case "value":
			b.value(d, c, l, st)
		case "low":
			e.Low = b.bound(d, c, l)
		case "high":
			e.High = b.bound(d, c, l)
		case "basis":
			e.Basis = b.text(d, c)
			if e.Basis != "" && !slices.Contains(Bases, e.Basis) {
				b.wrong(d, c, c.path(), "must be one of "+strings.Join(Bases, ", "))
			}
		case "source":
			e.Source = b.text(d, c)
		default:
			key := c.path()
			b.faults.add(d, c.off, key, "a parameter has no such key, only %s", strings.Join(longForm, ", "))
			b.faults.list[len(b.faults.list)-1].suggest = func() string {
				var known []string
				for _, name := range longForm {
					known = append(known, l.Key+"."+name)
				}
				return Nearest(key, known)
			}
			continue
		}
		evidence = evidence || c.name != "value"
	}
	low, high, basis := n.child("low"), n.child("high"), n.child("basis")
	switch {
	case n.child("value") == nil && !evidence:
		b.faults.add(d, n.off, l.Key, "its value is missing")
		st.faulty = true
	case low != nil && high == nil:
		b.faults.add(d, low.off, l.Key, "low is given, but high is missing")
	case high != nil && low == nil:
		b.faults.add(d, high.off, l.Key, "high is given, but low is missing")
	case e.Low != nil && e.High != nil && *e.Low > *e.High:
		b.wrong(d, low, low.path(), "must not be above high, "+d.excerpt(high))
	case e.Low != nil && e.High != nil && b.layered(d):
		b.within(d, n, l, e)
	}
	if basis == nil && low != nil && high != nil {
		b.faults.add(d, n.off, l.Key, "low and high are given, but basis is missing (one of %s)", strings.Join(Bases, ", "))
	}
	if evidence {
		st.evidence = e
	}
}

// layered says whether a document lies over another. One that does not may be what others came to, where a bare value
// has left the range of the layer below it.
func (b *binder) layered(d *document) bool {
	return d.name == setName || d.root.child("extends") != nil
}

// within looks whether a long form believes its own value.
func (b *binder) within(d *document, n *node, l *leaf, e Evidence) {
	value := n.child("value")
	if value == nil || b.states[l.order].faulty {
		return
	}
	var x float64
	switch v := plain(b.into.FieldByIndex(l.index)).(type) {
	case float64:
		x = v
	case int64:
		x = float64(v)
	}
	if x < *e.Low || x > *e.High {
		b.wrong(d, value, l.Key, fmt.Sprintf("is outside its own range, %s to %s (what is believed holds the value; one to try beyond it stands bare: %s = %s)",
			d.excerpt(n.child("low")), d.excerpt(n.child("high")), l.Key, d.excerpt(value)))
	}
}

// wrong is the fault of a value that breaks a rule.
func (b *binder) wrong(d *document, n *node, key, rule string) {
	if !n.bad() {
		b.faults.add(d, n.place(), key, "%s %s", d.excerpt(n), rule)
	}
}

// make is a value of type t, or an invalid one if that is at fault.
func (b *binder) make(d *document, n *node, key string, t reflect.Type) reflect.Value {
	if n.form == scalar && !d.decode(n.stmt, b.faults) {
		return reflect.Value{}
	}
	v, rule := convert(t, n.value) // which is nil for a table or a list
	if rule == "" && kindOf(t) == "integer" && n.form == scalar && thousands.MatchString(d.text[n.at:n.end]) {
		rule = "is read with a decimal point: write " + strings.Replace(d.text[n.at:n.end], ".", "_", 1) + ", or " + literal(plain(v))
	} else if rule != "" {
		rule += d.unkind(n, kindOf(t), b.shape.byKey)
	}
	if rule != "" {
		b.wrong(d, n, key, rule)
		return reflect.Value{}
	}
	return v
}

func (b *binder) value(d *document, n *node, l *leaf, st *state) {
	v := b.make(d, n, l.Key, l.typ)
	if st.faulty = !v.IsValid(); !st.faulty {
		b.into.FieldByIndex(l.index).Set(v)
		st.set, st.doc, st.node = true, d, n
	}
}

// bound is low or high.
func (b *binder) bound(d *document, n *node, l *leaf) *float64 {
	if l.Kind != "float" && l.Kind != "integer" {
		b.faults.add(d, n.off, n.path(), "only numbers have low and high")
		return nil
	}
	v := b.make(d, n, n.path(), l.typ)
	if !v.IsValid() {
		return nil
	}
	var x float64
	switch p := plain(v).(type) {
	case float64:
		x = p
	case int64:
		if x = float64(p); p > 1<<53 || p < -1<<53 {
			b.wrong(d, n, n.path(), "must be within ±2^53")
			return nil
		}
	}
	return &x
}

func (b *binder) text(d *document, n *node) string {
	if v := b.make(d, n, n.path(), reflect.TypeFor[string]()); v.IsValid() {
		return v.String()
	}
	return ""
}

// maxMissing is how many missing parameters of a file that extends nothing are listed one by one.
const maxMissing = 20

// missing finds the parameters that nobody gave. Where some text could not be understood, they
// may have been in it, and nothing is said.
func (b *binder) missing(l Loader) {
	for _, d := range b.layers {
		if d.broken {
			return
		}
	}
	var absent []*leaf
	for _, lf := range b.shape.leaves {
		if st := &b.states[lf.order]; !st.set && (st.given || !lf.Optional) && !st.faulty {
			absent = append(absent, lf)
		}
	}
	file := b.files[0]
	hint := ""
	if file.root.child("extends") == nil && slices.Contains(l.Names(), base) && stem(file.name) != base {
		hint = fmt.Sprintf(" (extends = %q supplies them)", base)
		if len(absent) > maxMissing {
			b.faults.add(file, 0, "", "%d of %d parameters are missing, the first is %s%s", len(absent), len(b.shape.leaves), absent[0].Key, hint)
			for _, lf := range absent {
				b.states[lf.order].faulty = true
			}
			b.sections.missing(b)
			return
		}
		hint = strings.Replace(hint, "them", "it", 1)
	}
	for _, lf := range absent {
		b.states[lf.order].faulty = true
		if d, off, ok := b.home(lf.Key); ok {
			b.faults.add(d, off, lf.Key, "is missing%s", hint)
		}
	}
	b.sections.missing(b)
}

// home is where a parameter should have been: the header of its table in the strongest file that
// has one, or the top of the file; nowhere if what should be its table is at fault already.
func (b *binder) home(key string) (d *document, off int, ok bool) {
	parts := strings.Split(key, ".")
	for k := len(parts); k > 0; k-- {
		for _, d := range b.files {
			n := d.root
			for _, p := range parts[:k] {
				if n = n.child(p); n == nil {
					break
				}
			}
			if n != nil {
				return d, n.off, k == len(parts) || n.isTable()
			}
		}
	}
	return b.files[0], 0, true
}

// rules asks the scenario for its broken rules, if every parameter has a value.
func (b *binder) rules() {
	scenario, ok := b.into.Addr().Interface().(checker)
	faulty := map[string]bool{}
	for _, l := range b.shape.leaves {
		st := &b.states[l.order]
		if !st.set && !l.Optional {
			ok = false
		}
		if st.faulty {
			faulty[l.Key] = true
		}
	}
	for _, f := range b.faults.list {
		if f.suggest != nil && len(b.faults.list) <= maxFaults {
			faulty[f.suggest()] = true
		}
	}
	if ok {
		scenario.Check(func(key, format string, args ...any) {
			l := b.shape.byKey[key]
			if l == nil {
				panic(fmt.Sprintf("input: %v.Check blames %q, which is no parameter", b.into.Type(), key))
			}
			message := fmt.Sprintf(format, args...)
			if faulty[key] || slices.ContainsFunc(words(message), func(w string) bool { return faulty[w] }) {
				return
			}
			st := &b.states[l.order]
			d, off := b.files[0], 0
			if st.set {
				d, off = st.doc, st.node.at
			}
			b.faults.add(d, off, key, "%s", safe(message, 500))
		})
	}
	b.sections.rules(b)
}

// words are the words of a message that may be keys.
func words(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r != '.' && (r > 0x7f || !bareByte(byte(r))) })
	for i := range words {
		words[i] = strings.Trim(words[i], ".")
	}
	return words
}

const setName = "--set"

// parseSet reads the n-th --set, counting from 1.
func parseSet(n, order int, set string, faults *findings) *document {
	key, value, ok := strings.Cut(set, "=")
	if word := strings.Trim(value, " \t"); ok && isWord(word) {
		set = key + "=" + strings.Replace(value, word, strconv.Quote(word), 1)
	}
	var own findings
	d := parse(setName, order, n, set, &own)
	if len(d.starts) > 1 || !ok || strings.HasPrefix(strings.TrimSpace(set), "[") || len(own.list) == 0 && len(d.root.children) != 1 {
		own = findings{}
		own.add(d, 0, "", "%s must be one KEY=VALUE", safe(cmp.Or(set, `""`), 60))
		d.root = &node{form: header}
	}
	faults.list = append(faults.list, own.list...)
	return d
}

// isWord says whether the value of a --set is a string without quotes.
func isWord(s string) bool {
	switch s {
	case "true", "false", "inf", "nan":
		return false
	}
	_, ok := Name(s).Allowed()
	return ok
}
