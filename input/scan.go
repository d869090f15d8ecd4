package input

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// scan finds where everything is in d's text: it fills d.root with the keys and the extents of
// their values, which decode later reads through the TOML library, one statement at a time. So
// every fault has a place, one statement's fault hides no other's, and nothing that the library is
// slow at or falls over reaches it. What is given twice is found here: the library lets a.b.c = 1,
// a.b = 2 pass.
func scan(d *document, faults *findings) {
	sc := &scanner{doc: d, s: d.text, faults: faults, into: d.root}
	if strings.HasPrefix(sc.s, bom) {
		sc.i = len(bom)
	}
	for sc.blank(true); sc.i < len(sc.s); sc.blank(true) {
		start := sc.i
		ok := false
		if sc.s[sc.i] == '[' {
			ok = sc.header()
		} else {
			ok = sc.statement()
		}
		if ok {
			sc.blank(false)
			if c := sc.peek(); c != 0 && c != '\n' {
				ok = sc.fault(sc.i, "", "%s where the line should end", sc.excerpt(sc.i))
			}
		}
		if !ok {
			sc.recover(start)
			if faults.enough() {
				return
			}
		}
		sc.stmt = nil
	}
}

type scanner struct {
	doc    *document
	s      string
	i      int
	faults *findings
	into   *node      // the table that statements belong to
	stmt   *statement // the one being scanned
	count  int
}

// fault notes a fault of the text itself and returns false. If it is not known where what was meant
// to stand there ends, or what its key is, then nothing in this document counts as missing.
func (sc *scanner) fault(off int, key, format string, args ...any) bool {
	sc.faults.add(sc.doc, off, key, format, args...)
	if st := sc.stmt; st != nil {
		st.bad = true
		if st.node != nil && st.node.form == scalar {
			return false
		}
	}
	sc.doc.broken = true
	return false
}

func (sc *scanner) peek() byte {
	if sc.i < len(sc.s) {
		return sc.s[sc.i]
	}
	return 0
}

// blank skips white space and, if lines, ends of lines too; comments always.
func (sc *scanner) blank(lines bool) {
	for ; sc.i < len(sc.s); sc.i++ {
		switch c := sc.s[sc.i]; {
		case c == ' ' || c == '\t' || c == '\r':
		case c == '\n':
			if !lines {
				return
			}
		case c == '#':
			sc.i += upTo(sc.s[sc.i:], "\n") - 1
		default:
			return
		}
	}
}

// upTo is how many bytes of s come before any of chars.
func upTo(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// excerpt is what stands at off, up to the end of its line or 20 characters.
func (sc *scanner) excerpt(off int) string {
	s := strings.TrimRight(sc.s[off:off+upTo(sc.s[off:], "\n")], " \t\r")
	if s == "" {
		return "the end of the line"
	}
	return safe(s, 20)
}

// recover goes to the next line after start that can be trusted to begin a statement: in brackets,
// one that looks like it and is not indented more than the one at fault.
func (sc *scanner) recover(start int) {
	inside := sc.stmt != nil && sc.stmt.node != nil && sc.stmt.node.form != scalar
	indent := start - (strings.LastIndexByte(sc.s[:start], '\n') + 1)
	for sc.i = start + upTo(sc.s[start:], "\n"); inside && sc.i < len(sc.s); sc.i += upTo(sc.s[sc.i:], "\n") {
		if begins(sc.s[sc.i+1:sc.i+1+upTo(sc.s[sc.i+1:], "\n")], indent) {
			return
		}
		sc.i++
	}
}

// begins says whether a line looks like the beginning of a statement, whatever came before it.
func begins(line string, indent int) bool {
	if strings.TrimLeft(line[:min(len(line), indent+1)], " \t") == "" {
		return false
	}
	line = strings.TrimLeft(line, " \t[")
	n := 0
	for n < len(line) && (bareByte(line[n]) || line[n] == '.') {
		n++
	}
	rest := strings.TrimLeft(line[n:], " \t")
	return n > 0 && line[0] > '9' && rest != "" && (rest[0] == '=' || rest[0] == ']')
}

// header reads [a.b] or [[a.b]].
func (sc *scanner) header() bool {
	array := strings.HasPrefix(sc.s[sc.i:], "[[")
	sc.i++
	if array {
		sc.i++
	}
	sc.blankInLine()
	off := sc.i
	sc.into = &node{form: header} // nobody's, until the header is read
	parts, ok := sc.key()
	if !ok {
		return false
	}
	closing := "]"
	if array {
		closing = "]]"
	}
	if !strings.HasPrefix(sc.s[sc.i:], closing) {
		return sc.fault(sc.i, joined(parts), "%s where %s should close the header", sc.excerpt(sc.i), closing)
	}
	sc.i += len(closing)
	if !sc.countable(off) {
		return false
	}
	sc.into = sc.open(parts, off, array)
	if sc.into.depth > maxNesting {
		return sc.fault(off, joined(parts), "must not nest more than %d deep", maxNesting)
	}
	return true
}

func (sc *scanner) blankInLine() {
	for sc.i < len(sc.s) && (sc.s[sc.i] == ' ' || sc.s[sc.i] == '\t') {
		sc.i++
	}
}

// statement reads key = value.
func (sc *scanner) statement() bool {
	st := &statement{off: sc.i}
	sc.stmt = st
	parts, ok := sc.key()
	if !ok {
		return false
	}
	st.node, st.parts = sc.define(sc.into, parts, st.off), parts
	if !sc.assign(st.node) {
		return false
	}
	st.end = sc.i
	return true
}

// assign reads = value.
func (sc *scanner) assign(n *node) bool {
	n.stmt = sc.stmt
	if sc.peek() != '=' {
		return sc.fault(sc.i, n.path(), "%s where = should stand", sc.excerpt(sc.i))
	}
	sc.i++
	sc.blankInLine()
	return sc.value(n)
}

// key reads a dotted key and the blanks after it.
func (sc *scanner) key() ([]string, bool) {
	var parts []string
	for start := sc.i; ; {
		sc.blankInLine()
		off := sc.i
		switch c := sc.peek(); {
		case c == '"' || c == '\'':
			if !sc.quoted(c, "") {
				return nil, false
			}
			part := sc.s[off+1 : sc.i-1]
			if c == '"' && strings.Contains(part, `\`) {
				m, err := decodeTOML(sc.s[off:sc.i] + "=0")
				if err != nil {
					return nil, sc.fault(off, "", "%s is not a key: %s", safe(sc.s[off:sc.i], 60), reason(err))
				}
				for unescaped := range m {
					part = unescaped
				}
			}
			parts = append(parts, part)
		case bareByte(c):
			for sc.i < len(sc.s) && bareByte(sc.s[sc.i]) {
				sc.i++
			}
			parts = append(parts, sc.s[off:sc.i])
		default:
			hint := ""
			if c >= utf8.RuneSelf {
				hint = " (letters beyond a-z need quotes)"
			} else if c == ';' || c == '/' {
				hint = " (a comment begins with #)"
			}
			return nil, sc.fault(off, "", "%s where a key should stand%s", sc.excerpt(off), hint)
		}
		if sc.i-start > maxKey {
			return nil, sc.fault(start, sc.s[start:sc.i], "must be at most %d bytes long", maxKey)
		}
		sc.blankInLine()
		if sc.peek() != '.' {
			return parts, true
		}
		sc.i++
	}
}

// quoted skips a text of one line, between quotes of kind q.
func (sc *scanner) quoted(q byte, key string) bool {
	start := sc.i
	for sc.i++; sc.i < len(sc.s) && sc.s[sc.i] != '\n'; sc.i++ {
		switch c := sc.s[sc.i]; {
		case c == q:
			sc.i++
			return true
		case c == '\\' && q == '"' && sc.i+1 < len(sc.s) && sc.s[sc.i+1] != '\n':
			sc.i++
		}
	}
	return sc.fault(start, key, "%s has no closing %c on its line", sc.excerpt(start), q)
}

// multiline skips a text between threefold quotes of kind q. Two more may stand before the closing.
func (sc *scanner) multiline(q byte, key string) bool {
	start := sc.i
	for sc.i += 3; sc.i < len(sc.s); sc.i++ {
		switch c := sc.s[sc.i]; {
		case c == '\\' && q == '"':
			sc.i++
		case c == q:
			run := len(sc.s[sc.i:]) - len(strings.TrimLeft(sc.s[sc.i:], string(q)))
			sc.i += run
			if run >= 3 {
				return true
			}
			sc.i--
		}
	}
	sc.fault(start, key, "%s has no closing %c%c%c", sc.excerpt(start), q, q, q)
	return sc.stop(start) // what follows is text or is not: nobody knows
}

// stop ends the text at off.
func (sc *scanner) stop(off int) bool {
	sc.i, sc.s = off, sc.s[:off]
	sc.doc.broken = true
	return false
}

// countable says whether one more table, value or element can stand at off.
func (sc *scanner) countable(off int) bool {
	if sc.count++; sc.count > maxCount {
		sc.fault(off, "", "the file holds more than %d values", maxCount)
		return sc.stop(off)
	}
	return true
}

// value reads a value into n.
func (sc *scanner) value(n *node) bool {
	n.at, n.stmt = sc.i, sc.stmt
	defer func() { n.end = sc.i }()
	if !sc.countable(n.off) {
		return false
	}
	c := sc.peek()
	if containers := n.depth - 1; containers > maxNesting || containers == maxNesting && (c == '[' || c == '{') {
		return sc.fault(n.off, n.path(), "must not nest more than %d deep", maxNesting)
	}
	switch {
	case c == '"' || c == '\'':
		n.form = scalar
		if strings.HasPrefix(sc.s[sc.i+1:], string([]byte{c, c})) {
			return sc.multiline(c, n.path())
		}
		return sc.quoted(c, n.path())
	case c == '[':
		n.form = list
		return sc.elements(n)
	case c == '{':
		n.form = inline
		return sc.pairs(n)
	}
	n.form = scalar
	stop := "#\n"
	if n.within {
		stop = "#\n,]}"
	}
	token := sc.s[sc.i : sc.i+upTo(sc.s[sc.i:], stop)]
	token = strings.TrimRight(token, " \t\r")
	if token == "" {
		return sc.fault(sc.i, n.path(), "%s where a value should stand", sc.excerpt(sc.i))
	}
	sc.i += len(token)
	return true
}

// elements reads [value, value].
func (sc *scanner) elements(n *node) bool {
	return sc.listed(n, ']', func() bool {
		e := n.add(fmt.Sprintf("[%d]", len(n.children)), sc.i, scalar)
		e.within = true
		return sc.value(e)
	})
}

// pairs reads {key = value, key = value}.
func (sc *scanner) pairs(n *node) bool {
	return sc.listed(n, '}', func() bool {
		off := sc.i
		parts, ok := sc.key()
		if !ok {
			return false
		}
		e := sc.define(n, parts, off)
		e.within = true
		return sc.assign(e)
	})
}

// listed reads what stands in brackets, with commas between and perhaps behind.
func (sc *scanner) listed(n *node, closing byte, one func() bool) bool {
	for sc.i++; ; sc.i++ {
		sc.blank(true)
		switch sc.peek() {
		case 0:
			return sc.fault(n.at, n.path(), "%s has no closing %c", sc.excerpt(n.at), closing)
		case closing:
			sc.i++
			return true
		}
		if !one() {
			return false
		}
		sc.blank(true)
		switch sc.peek() {
		case ',':
		case closing:
			sc.i++
			return true
		default:
			return sc.fault(sc.i, n.path(), "%s where , or %c should stand", sc.excerpt(sc.i), closing)
		}
	}
}
