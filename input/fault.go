package input

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fault is one mistake in the input, at its place. Line and Col count from 1, Col in characters;
// both are 0 if the file could not be read at all. Key and Message hold no control characters.
type Fault struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Col     int    `json:"col"`
	Key     string `json:"key"` // "" if the fault is nobody's
	Message string `json:"message"`
}

// String is FILE:LINE:COL: KEY: MESSAGE.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(safe(f.File, 1000))
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Col)
	}
	b.WriteString(": ")
	if f.Key != "" {
		b.WriteString(f.Key)
		b.WriteString(": ")
	}
	b.WriteString(f.Message)
	return b.String()
}

// Faults are all faults of an input: those of the file, then of what it extends, then of --set,
// each in file order. After the first hundred, one more says how many are not listed.
type Faults []Fault

// Error is one line a fault.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

const (
	maxFaults = 100  // that are listed
	maxSought = 1000 // that are sought in the text itself and in single values
)

// finding is a fault that is not yet placed and may still want a suggestion.
type finding struct {
	doc     *document
	off     int
	key     string
	message string
	spoils  bool          // hides what else is found on its line
	suggest func() string // the key that was probably meant, or ""; asked only if the fault is listed
	known   string        // what there is, told if nothing is suggested
}

type findings struct {
	list []finding
	cut  bool // not everything was looked at
}

// enough says whether to seek no more.
func (fs *findings) enough() bool {
	fs.cut = fs.cut || len(fs.list) >= maxSought
	return fs.cut
}

func (fs *findings) add(doc *document, off int, key, format string, args ...any) {
	fs.list = append(fs.list, finding{doc: doc, off: off, key: safe(key, 100), message: fmt.Sprintf(format, args...)})
}

// faults places and orders what was found.
func (fs *findings) faults() Faults {
	sort.SliceStable(fs.list, func(i, j int) bool {
		a, b := &fs.list[i], &fs.list[j]
		if a.doc.order != b.doc.order {
			return a.doc.order < b.doc.order
		}
		return a.off < b.off
	})
	spoilt := map[[2]int]bool{} // by document and line
	for _, f := range fs.list {
		if f.spoils {
			line, _ := f.doc.place(f.off)
			spoilt[[2]int{f.doc.order, line}] = true
		}
	}
	list := slices.DeleteFunc(fs.list, func(f finding) bool {
		if f.spoils || len(spoilt) == 0 {
			return false
		}
		line, _ := f.doc.place(f.off)
		return spoilt[[2]int{f.doc.order, line}]
	})
	list = slices.CompactFunc(list, func(a, b finding) bool {
		return a.doc == b.doc && a.off == b.off && a.key == b.key && a.key != ""
	})
	var out Faults
	for i, f := range list {
		line, col := f.doc.place(f.off)
		if i == maxFaults {
			more := fmt.Sprintf("and %d more", len(list)-maxFaults)
			if fs.cut {
				more = fmt.Sprintf("and over %d more", len(list)-maxFaults-1)
			}
			return append(out, Fault{File: f.doc.name, Line: line, Col: col, Message: more})
		}
		message := f.message
		if f.suggest != nil {
			if s := f.suggest(); s != "" && !strings.Contains(s, ".") && strings.HasSuffix(f.key, "."+s) {
				message += " (did you mean " + safe(s, 100) + "? It stands above the first table)"
			} else if s != "" {
				message += " (did you mean " + safe(s, 200) + "?)"
			} else if f.known != "" {
				message += " (there are " + f.known + ")"
			}
		}
		out = append(out, Fault{File: f.doc.name, Line: line, Col: col, Key: f.key, Message: message})
	}
	return out
}

// safe makes s fit to be shown on a terminal: what does not print is escaped (control characters,
// ANSI escapes, marks that turn the writing direction), and after n characters it is cut.
func safe(s string, n int) string {
	clean := utf8.RuneCountInString(s) <= n
	for _, r := range s {
		clean = clean && unicode.IsPrint(r) && r != utf8.RuneError
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if n--; n < 0 {
			b.WriteString("…")
			break
		}
		writeRune(&b, r)
	}
	return b.String()
}

// writeRune writes r, or its TOML escape if it does not print.
func writeRune(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case unicode.IsPrint(r):
		b.WriteRune(r)
	case r <= 0xffff:
		fmt.Fprintf(b, `\u%04X`, r)
	default:
		fmt.Fprintf(b, `\U%08X`, r)
	}
}
