package input

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// sections are the top-level tables that are not the scenario's.
type sections struct {
	list   []*section // sorted by name
	byName map[string]*section
	keys   []string // for suggestions
}

type section struct {
	name  string
	into  reflect.Value
	item  *item // nil if no layer has it
	fault bool
}

// An item is what the layers gave for a section, or a part of it.
type item struct {
	doc     *document
	off     int
	typ     reflect.Type
	literal string           // of a scalar
	list    []*item          // of a list
	table   map[string]*item // of a table
}

func newSections(sh *shape, into map[string]any) *sections {
	s := &sections{byName: map[string]*section{}}
	for _, name := range slices.Sorted(maps.Keys(into)) {
		p := reflect.ValueOf(into[name])
		if p.Kind() != reflect.Pointer || p.IsNil() {
			panic(fmt.Sprintf("input: section %q is given as a pointer, not as %T", name, into[name]))
		}
		if t := p.Type().Elem(); t.Kind() != reflect.Struct && t.Kind() != reflect.Map && (t.Kind() != reflect.Slice || !holdsTables(t)) {
			panic(fmt.Sprintf("input: section %q is neither a table nor an array of tables, but %v", name, t))
		}
		if _, clash := sh.root.byName[name]; clash || slices.Contains(reserved, name) || !bare(name) {
			panic(fmt.Sprintf("input: a section cannot be named %q", name))
		}
		sec := &section{name: name, into: p.Elem()}
		s.list = append(s.list, sec)
		s.byName[name] = sec
		s.keys = append(s.keys, name)
		s.keys = appendKeys(s.keys, name, p.Elem().Type(), 0)
	}
	return s
}

// holdsTables says whether the elements of a slice are tables.
func holdsTables(slice reflect.Type) bool {
	k := slice.Elem().Kind()
	return k == reflect.Struct || k == reflect.Map
}

// appendKeys adds the keys of a section's structs.
func appendKeys(keys []string, prefix string, t reflect.Type, depth int) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || depth > 4 {
		return keys
	}
	for i := range t.NumField() {
		if name, _, ok := tag(t.Field(i)); ok {
			keys = append(keys, prefix+"."+name)
			keys = appendKeys(keys, prefix+"."+name, t.Field(i).Type, depth+1)
		}
	}
	return keys
}

func (b *binder) section(d *document, n *node, s *section) {
	before := len(b.faults.list)
	s.item = b.item(d, n, s.into, s.item)
	s.fault = s.fault || len(b.faults.list) > before
}

// item reads n into v, over what the weaker layers gave.
func (b *binder) item(d *document, n *node, v reflect.Value, under *item) *item {
	it := &item{doc: d, off: n.off, typ: v.Type()}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem()) // the caller's own default stays as it is
		if !v.IsNil() {
			p.Elem().Set(v.Elem())
		}
		v.Set(p)
		return b.item(d, n, p.Elem(), under)
	case reflect.Interface:
		if raw, ok := b.any(d, n, it); ok {
			v.Set(reflect.ValueOf(raw))
		}
	case reflect.Struct, reflect.Map:
		if !n.isTable() {
			b.wrong(d, n, n.path(), "must be a table")
			return it
		}
		if it.table = map[string]*item{}; under != nil && under.table != nil {
			it.table = under.table
		}
		if v.Kind() == reflect.Struct {
			b.structure(d, n, v, it)
		} else {
			b.mapping(d, n, v, it)
		}
	case reflect.Slice:
		if n.form != list && n.form != tables {
			rule := "must be an array, in [ ]"
			if holdsTables(v.Type()) {
				rule = "must be an array of tables: [[" + n.path() + "]]"
			}
			b.wrong(d, n, n.path(), rule)
			return it
		}
		if n.form == list && !d.decode(n.stmt, b.faults) {
			return it
		}
		s := reflect.MakeSlice(v.Type(), len(n.children), len(n.children))
		it.list = make([]*item, len(n.children))
		for i, c := range n.children {
			it.list[i] = b.item(d, c, s.Index(i), nil)
		}
		v.Set(s)
	default:
		if made := b.make(d, n, n.path(), v.Type()); made.IsValid() {
			v.Set(made)
			it.literal = literal(plain(made))
			it.off = n.at
		}
	}
	return it
}

func (b *binder) structure(d *document, n *node, v reflect.Value, it *item) {
	t := v.Type()
	byName := map[string]int{}
	var names []string
	for i := range t.NumField() {
		if name, _, ok := tag(t.Field(i)); ok {
			byName[name] = i
			names = append(names, n.path()+"."+name)
		}
	}
	for _, c := range n.children {
		i, ok := byName[c.name]
		if !ok {
			key := c.path()
			b.faults.add(d, c.off, key, "no such key")
			f := &b.faults.list[len(b.faults.list)-1]
			f.suggest = func() string { return Nearest(key, names) }
			for i, name := range names {
				if i > 0 {
					f.known += ", "
				}
				f.known += name[len(n.path())+1:]
			}
			continue
		}
		it.table[c.name] = b.item(d, c, v.Field(i), it.table[c.name])
	}
}

func (b *binder) mapping(d *document, n *node, v reflect.Value, it *item) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		panic(fmt.Sprintf("input: %v cannot be read from a file: its keys are no strings", t))
	}
	m := reflect.MakeMap(t) // the caller's own default stays as it is
	for _, k := range v.MapKeys() {
		m.SetMapIndex(k, v.MapIndex(k))
	}
	v.Set(m)
	for _, c := range n.children {
		if rule, ok := Name(c.name).Allowed(); !ok {
			b.faults.add(d, c.off, c.path(), "%s", rule)
			continue
		}
		key := reflect.ValueOf(c.name).Convert(t.Key())
		e := reflect.New(t.Elem()).Elem()
		if old := m.MapIndex(key); old.IsValid() {
			e.Set(old)
		}
		it.table[c.name] = b.item(d, c, e, it.table[c.name])
		m.SetMapIndex(key, e)
	}
}

// any is n as a float64, int64, bool, string, []any or map[string]any.
func (b *binder) any(d *document, n *node, it *item) (raw any, ok bool) {
	if n.isTable() {
		m := map[string]any{}
		it.table = map[string]*item{}
		ok = true
		for _, c := range n.children {
			e := &item{doc: d, off: c.off}
			v, good := b.any(d, c, e)
			m[c.name], it.table[c.name], ok = v, e, ok && good
		}
		return m, ok
	}
	if n.form == list || n.form == tables {
		s := make([]any, len(n.children))
		it.list = make([]*item, len(n.children))
		ok = true
		for i, c := range n.children {
			it.list[i] = &item{doc: d, off: c.off}
			v, good := b.any(d, c, it.list[i])
			s[i], ok = v, ok && good
		}
		return s, ok
	}
	if !d.decode(n.stmt, b.faults) {
		return nil, false
	}
	t := reflect.TypeOf(n.value)
	if kindOf(t) == "" {
		b.wrong(d, n, n.path(), "is a date or time, which no key here takes (text needs quotes)")
		return nil, false
	}
	v := b.make(d, n, n.path(), t)
	if !v.IsValid() {
		return nil, false
	}
	it.off, it.literal = n.at, literal(plain(v))
	return plain(v), true
}

// missing finds the keys that a section's tables lack.
func (s *sections) missing(b *binder) {
	for _, sec := range s.list {
		before := len(b.faults.list)
		if sec.item != nil {
			b.lacks(sec.name, sec.item)
		}
		sec.fault = sec.fault || len(b.faults.list) > before
	}
}

func (b *binder) lacks(key string, it *item) {
	for i, e := range it.list {
		b.lacks(key+"["+strconv.Itoa(i)+"]", e)
	}
	if it.table == nil || it.typ == nil {
		return
	}
	if it.typ.Kind() == reflect.Struct {
		for i := range it.typ.NumField() {
			name, optional, ok := tag(it.typ.Field(i))
			if ok && !optional && it.table[name] == nil {
				b.faults.add(it.doc, it.off, key+"."+name, "is missing")
			}
		}
	}
	for _, name := range it.names() {
		b.lacks(join(key, name), it.table[name])
	}
}

// names are the keys of a table: as in its struct, or sorted.
func (it *item) names() []string {
	if it.typ == nil || it.typ.Kind() != reflect.Struct {
		return slices.Sorted(maps.Keys(it.table))
	}
	var names []string
	for i := range it.typ.NumField() {
		if name, _, ok := tag(it.typ.Field(i)); ok && it.table[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// rules asks what is in a section for its broken rules.
func (s *sections) rules(b *binder) {
	for _, sec := range s.list {
		if sec.item != nil && !sec.fault {
			b.ask(sec, "", sec.into)
		}
	}
}

func (b *binder) ask(s *section, key string, v reflect.Value) {
	if c, ok := v.Addr().Interface().(checker); ok {
		c.Check(func(below, format string, args ...any) {
			full := below
			switch {
			case below == "":
				full = key
			case key != "" && !strings.HasPrefix(below, "["):
				full = key + "." + below
			case key != "":
				full = key + below
			}
			it := s.item.nearest(full)
			name := s.name + full
			if full != "" && !strings.HasPrefix(full, "[") {
				name = s.name + "." + full
			}
			b.faults.add(it.doc, it.off, name, "%s", safe(fmt.Sprintf(format, args...), 500))
		})
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			b.ask(s, key, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name, _, ok := tag(v.Type().Field(i)); ok {
				b.ask(s, strings.TrimPrefix(key+"."+name, "."), v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			b.ask(s, key+"["+strconv.Itoa(i)+"]", v.Index(i))
		}
	case reflect.Map:
		for _, k := range slices.SortedFunc(slices.Values(v.MapKeys()), func(a, b reflect.Value) int {
			return strings.Compare(a.String(), b.String())
		}) {
			e := reflect.New(v.Type().Elem()).Elem()
			e.Set(v.MapIndex(k))
			b.ask(s, strings.TrimPrefix(join(key, k.String()), "."), e)
		}
	}
}

// nearest is the item of a key, or of the least of what is around it.
func (it *item) nearest(key string) *item {
	for it.list != nil || it.table != nil {
		next := (*item)(nil)
		if it.list != nil {
			index, rest, _ := strings.Cut(strings.TrimPrefix(key, "["), "]")
			if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(it.list) {
				next, key = it.list[i], strings.TrimPrefix(rest, ".")
			}
		} else {
			for name, e := range it.table {
				if rest, ok := strings.CutPrefix(key, join("", name)); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
					next, key = e, strings.TrimPrefix(rest, ".")
					break
				}
			}
		}
		if next == nil {
			break
		}
		it = next
	}
	return it
}
