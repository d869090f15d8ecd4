package input

import (
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// A node is a key, a table or an element of an array, with its place in the text.
type node struct {
	name     string // last part of its key, or "[3]"
	parent   *node
	depth    int // nodes from the root to it
	form     form
	off      int        // where its key starts
	at, end  int        // extent of its value, if it has one
	within   bool       // in brackets, where , ] } end a value
	stmt     *statement // that gives its value, if it has one
	children []*node
	byName   map[string]*node
	value    any // of a scalar, once its statement is decoded
}

type form uint8

const (
	scalar   form = iota
	list          // [1, 2]
	inline        // {a = 1}
	header        // [a], or one of [[a]]
	implicit      // a, by [a.b]
	dotted        // a, by a.b = 1
	tables        // [[a]]
)

func (n *node) isTable() bool {
	return n.form == inline || n.form == header || n.form == implicit || n.form == dotted
}

func (n *node) child(name string) *node { return n.byName[name] }

func (n *node) add(name string, off int, f form) *node {
	c := n.detached(name, off, f)
	n.children = append(n.children, c)
	if n.form != list && n.form != tables {
		if n.byName == nil {
			n.byName = map[string]*node{}
		}
		n.byName[name] = c
	}
	return c
}

// detached is a node that knows where it would belong.
func (n *node) detached(name string, off int, f form) *node {
	return &node{name: name, parent: n, depth: n.depth + 1, form: f, off: off}
}

// bad says whether the node's statement is at fault already.
func (n *node) bad() bool { return n.stmt != nil && n.stmt.bad }

// place is where its value starts; where its key does, if it has no value of its own.
func (n *node) place() int {
	if n.form == scalar || n.form == list || n.form == inline {
		return n.at
	}
	return n.off
}

// path is the node's dotted key.
func (n *node) path() string {
	if n.parent == nil {
		return ""
	}
	if n.parent.form == list || n.parent.form == tables {
		return n.parent.path() + n.name
	}
	return join(n.parent.path(), n.name)
}

// join puts a part after a dotted key.
func join(key, part string) string {
	if !bare(part) {
		part = quote(part)
	}
	if key == "" {
		return part
	}
	return key + "." + part
}

func joined(parts []string) string {
	key := ""
	for _, p := range parts {
		key = join(key, p)
	}
	return key
}

// define makes the node of a dotted key in a table. If something stands in its way, that is a
// fault, and the node is in no table.
func (sc *scanner) define(in *node, parts []string, off int) *node {
	for i, part := range parts {
		c := in.child(part)
		last := i == len(parts)-1
		switch {
		case c == nil && last:
			return in.add(part, off, scalar)
		case c == nil:
			c = in.add(part, off, dotted)
		case last:
			sc.twice(c, c.path(), off)
			return in.detached(part, off, scalar)
		case c.form == implicit:
			c.form = dotted // from here on no header may open it
		case c.form != dotted:
			key := c.path()
			for _, p := range parts[i+1:] {
				key = join(key, p)
			}
			sc.twice(c, key, off)
			return in.detached(part, off, scalar)
		}
		in = c
	}
	panic("input: a key without parts")
}

// open makes the table of a header, in the same way. A table that is opened twice is a fault too,
// but what stands below it belongs to it.
func (sc *scanner) open(parts []string, off int, array bool) *node {
	in := sc.doc.root
	for i, part := range parts {
		c := in.child(part)
		switch last := i == len(parts)-1; {
		case c == nil && last && array:
			c = in.add(part, off, tables)
			c = c.add("[0]", off, header)
		case c == nil && last:
			c = in.add(part, off, header)
		case c == nil:
			c = in.add(part, off, implicit)
		case c.form == tables && last && array:
			c = c.add(fmt.Sprintf("[%d]", len(c.children)), off, header)
		case c.form == tables && !last:
			c = c.children[len(c.children)-1]
		case last && !array && c.form == implicit:
			c.form, c.off = header, off
		case last || c.form == scalar || c.form == list || c.form == inline:
			sc.twice(c, joined(parts), off)
			if array || !c.isTable() || c.form == inline {
				return in.detached(part, off, header)
			}
		}
		in = c
	}
	return in
}

// twice is the fault of a key where c already stands.
func (sc *scanner) twice(c *node, key string, off int) {
	line, _ := sc.doc.place(c.off)
	if c.path() == key {
		sc.faults.add(sc.doc, off, key, "given twice (first at line %d)", line)
	} else {
		sc.faults.add(sc.doc, off, key, "%s is complete as given at line %d", safe(c.path(), 60), line)
	}
	if sc.stmt != nil {
		sc.stmt.bad = true
	}
}

// A statement is one key = value of the text.
type statement struct {
	off, end int
	node     *node
	parts    []string
	bad      bool // at fault, or not finished
	done     bool // decoded
}

// decode reads a statement through the TOML library and puts the values into its nodes.
func (d *document) decode(st *statement, faults *findings) bool {
	if st.bad || st.done {
		return !st.bad
	}
	st.done = true
	if faults.enough() {
		st.bad = true
		return false
	}
	m, err := decodeTOML(d.text[st.off:st.end])
	if err == nil {
		var v any = m
		for _, part := range st.parts {
			table, _ := v.(map[string]any)
			v = table[part]
		}
		err = st.node.fill(v)
	}
	if err != nil {
		st.bad = true
		off := st.node.at
		if pe := (toml.ParseError{}); errors.As(err, &pe) {
			off = max(off, min(st.off+pe.Position.Start, st.end-1))
		}
		n := st.node.around(off)
		if n.form == scalar && d.text[n.at] != '"' && d.text[n.at] != '\'' {
			off = n.at
		}
		text := d.text[off:n.end]
		message, hint := ": "+reason(err), ""
		if off == n.at && strings.Contains(message, "expected ") {
			message, hint = "", hintFor(text)
		}
		faults.add(d, off, n.path(), "%s cannot be read%s%s", safe(text[:upTo(text, "\n")], 40), message, hint)
	}
	return !st.bad
}

// around is the innermost value that an offset is in.
func (n *node) around(off int) *node {
	for _, c := range n.children {
		if c.at <= off && off < c.end {
			return c.around(off)
		}
	}
	return n
}

// decodeTOML is the library, whose own panics on text that it did not foresee are faults of the text.
func decodeTOML(text string) (m map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	_, err = toml.Decode(text, &m)
	return m, err
}

// reason is the library's message, without its place.
func reason(err error) string {
	message := err.Error()
	if pe := (toml.ParseError{}); errors.As(err, &pe) {
		message = pe.Message
	}
	return safe(strings.TrimSpace(message), 200)
}

var errDiffers = errors.New("tripwire and its TOML library read it in different ways")

// fill puts what the library read into the nodes that the scanner found. They can differ only by a
// bug of either, which FuzzScan looks for.
func (n *node) fill(v any) error {
	switch v := v.(type) {
	case map[string]any:
		if !n.isTable() || len(n.children) != len(v) {
			return errDiffers
		}
		for _, c := range n.children {
			e, ok := v[c.name]
			if !ok {
				return errDiffers
			}
			if err := c.fill(e); err != nil {
				return err
			}
		}
	case []any:
		if n.form != list || len(n.children) != len(v) {
			return errDiffers
		}
		for i, c := range n.children {
			if err := c.fill(v[i]); err != nil {
				return err
			}
		}
	default:
		if n.form != scalar {
			return errDiffers
		}
		n.value = v
	}
	return nil
}
