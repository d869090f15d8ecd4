package input

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// seeds are texts that are worth changing a little.
var seeds = []string{
	"", baseline, extends, bom + extends,
	extends + "strike.salvo = 3 # b\n[attribution]\nthreshold = { value = 0.5, low = 0.1, high = 0.9, basis = \"seed\", source = 's' }\n",
	baseline + `[study]
runs = 3
level = 0.5
uncertain = ["*", 'a"b\c', """x
 "y" \
 z"""]
factors = [ { key = "seed", values = [1, 2.0, true, "x", [1], {a = 1}] } ]
weights = { a = 1, b.c = 2 }
stop = { width = 1e-1 }
[[study.factors]]
[[expect]]
measure = "x"
min = -0.0
max = 0x10
`,
	"a.b.c = 1\na.b = 2\n", "a = 1\nA = 2\na = 3\n", "[a]\n[a]\n[a.b]\n[[a.b]]\n", "[a.b.c]\nx=1\n[a]\nb.d=1\nb.c.e=2\n",
	"[[a]]\nb=1\n[[a]]\n[a.c]\n[[a.d]]\n", "x = {a = {b = [{c = 1}, {c = 2}]}}\nx.y = 1\n", "x = [[{a=1}], [{a=2}]]",
	"\"\" = 1\n'' = 2\n\"\\u0041\".\"b c\" = 3", "x = 1979-05-27T07:32:00Z\ny = 07:32\nz=1979-05-27 07:32:00.5 # c",
	"x = [1, # c\n 2,\n]\ny = {a = 1,\n b = 2, # c\n}\n", "x = \"\"\"a\"\"\"\"\"\ny = '''b'''''\n", "x = 0x1F\ny = 0o7\nz = 0b1\nw = 1_000\nv = +inf\nu = nan\n",
	"x = [1\n[y]\nz = 1\n", "x = \"a\ny = 1\n", "x = 1 2\n=3\n4\n[\n[x\n]y\n", "x = \"\\q\"\n", "é = 1\r\nx = \"\x1b\"\r\n\r",
	"a=1e400\nb=01\nc=1__0\nd=.5\ne=5.\nf=0x\ng=-0b1\nh=99999999999999999999\n",
}

// FuzzLoad: whatever stands in a file and a --set, every fault has a place in them and can be shown
// on a terminal, and what is accepted is the same input when it is read from its own TOML.
func FuzzLoad(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "strike.salvo=3")
		f.Add(extends+s, "coalition.roe=R3")
		f.Add(extends, s)
	}
	f.Add("", "=A\r")
	f.Fuzz(func(t *testing.T, text, set string) {
		read := func(text string, sets ...string) (loaded, error) {
			var in loaded
			files := fstest.MapFS{"fuzz.toml": {Data: []byte(text)}, "baseline.toml": embedded["baseline.toml"]}
			var err error
			in.File, err = Loader{Embedded: files}.Load("fuzz", sets, &in.war, map[string]any{"study": &in.study, "expect": &in.expect})
			return in, err
		}
		start := time.Now()
		in, err := read(text, set)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("took %v, want well under a second", took)
		}
		if err != nil {
			placed(t, err.(Faults), text, set)
			return
		}
		again, err := read(string(in.TOML()))
		if err != nil {
			t.Fatalf("what was accepted is refused when it comes back:\n%v\n%s", err, in.TOML())
		}
		if !bytes.Equal(in.TOML(), again.TOML()) {
			t.Errorf("got\n%swant\n%s", again.TOML(), in.TOML())
		}
		if in.Hash() != again.Hash() || in.Differ(again.File) != nil {
			t.Errorf("hash %s became %s; %q differ", in.Hash(), again.Hash(), in.Differ(again.File))
		}
		if in.war != again.war || !reflect.DeepEqual(in.expect, again.expect) || !reflect.DeepEqual(in.study, again.study) {
			t.Errorf("got %+v, want %+v", again, in)
		}
	})
}

func placed(t *testing.T, faults Faults, text, set string) {
	for _, f := range faults {
		lines := strings.Split(strings.TrimPrefix(text, bom), "\n")
		switch f.File {
		case "fuzz":
		case setName:
			lines = strings.Split(strings.TrimPrefix(set, bom), "\n")
		default:
			t.Errorf("%s: no such file", f)
			continue
		}
		if f.Line < 1 || f.Line > len(lines) || f.Col < 1 || f.Col > utf8.RuneCountInString(lines[f.Line-1])+1 {
			t.Errorf("%s: no such place", f)
		}
		if s := f.String(); !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q cannot be shown", s)
		}
		if n := utf8.RuneCountInString(f.String()); n > 800 {
			t.Errorf("%d characters are too long: %s", n, f)
		}
	}
}

// FuzzScan: the scanner and the TOML library read the same, key by key and value by value, or the
// scanner says why not.
func FuzzScan(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var faults findings
		d := parse("fuzz", 0, 1, text, &faults)
		var got []node
		var tree any
		if len(faults.list) == 0 {
			tree = d.tree(&faults, d.root, &got)
		}
		if long(text) {
			return // the library is too slow
		}
		md, want, err := decodeWhole(text)
		if err != nil && len(faults.list) == 0 {
			t.Fatalf("accepted\n%s\nbut the library says %v", text, err)
		}
		if err != nil {
			return
		}
		for _, f := range faults.list {
			if !stricter(f.message) {
				t.Errorf("the library accepts\n%s\nbut here %s: %s", text, f.key, f.message)
			}
		}
		if len(faults.list) > 0 {
			return
		}
		if !same(tree, want) {
			t.Errorf("got %v, want %v, of\n%s", tree, want, text)
		}
		slices.SortFunc(got, func(a, b node) int { return a.off - b.off })
		var keys []string
		for _, n := range got {
			keys = append(keys, n.name)
		}
		var theirs []string
		for _, k := range md.Keys() {
			theirs = append(theirs, joined(k))
		}
		if !slices.Equal(keys, theirs) {
			t.Errorf("got the keys %q, want %q, of\n%s", keys, theirs, text)
		}
	})
}

// long says whether the library could be slow: a key of many parts, or deep brackets.
func long(text string) bool {
	for _, l := range strings.Split(text, "\n") {
		if strings.Count(l, ".") > 200 {
			return true
		}
	}
	return strings.Count(text, "[")+strings.Count(text, "{") > 1000
}

func decodeWhole(text string) (md toml.MetaData, m map[string]any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = toml.ParseError{Message: "panics"}
		}
	}()
	md, err = toml.Decode(text, &m)
	return md, m, err
}

// stricter are the faults of texts that the library accepts.
func stricter(message string) bool {
	return slices.ContainsFunc([]string{
		"given twice", "is complete as given", "must not nest", "must be at most", "byte order mark", "UTF-16", "NUL", "is over", "more than",
	}, func(s string) bool { return strings.Contains(message, s) })
}

// tree is what was scanned as the library would give it; keys are added as they stand in the text.
func (d *document) tree(faults *findings, n *node, keys *[]node) any {
	if n.stmt != nil && !d.decode(n.stmt, faults) {
		return nil
	}
	if n.parent != nil && n.parent.form != list && n.form != implicit && n.form != dotted && n.form != tables {
		*keys = append(*keys, node{name: n.plainPath(), off: n.off})
	}
	switch {
	case n.isTable():
		m := map[string]any{}
		for _, c := range n.children {
			m[c.name] = d.tree(faults, c, keys)
		}
		return m
	case n.form == list || n.form == tables:
		s := []any{}
		for _, c := range n.children {
			s = append(s, d.tree(faults, c, keys))
		}
		return s
	}
	return n.value
}

// plainPath is path without the places in arrays.
func (n *node) plainPath() string {
	switch {
	case n.parent == nil:
		return ""
	case n.parent.form == list || n.parent.form == tables:
		return n.parent.plainPath()
	}
	return join(n.parent.plainPath(), n.name)
}

func same(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		m, ok := a.(map[string]any)
		if !ok || len(m) != len(b) {
			return false
		}
		for k, v := range b {
			if e, ok := m[k]; !ok || !same(e, v) {
				return false
			}
		}
		return true
	case []map[string]any:
		s := make([]any, len(b))
		for i := range b {
			s[i] = b[i]
		}
		return same(a, s)
	case []any:
		s, ok := a.([]any)
		return ok && slices.EqualFunc(s, b, same)
	case float64:
		x, ok := a.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(b)
	case time.Time:
		x, ok := a.(time.Time)
		return ok && x.Equal(b)
	}
	return a == b
}
