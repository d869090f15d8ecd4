package input

import (
	"regexp"
	"strconv"
	"strings"
)

// What people write who have never written TOML, and what they meant.
var misread = []struct {
	looks *regexp.Regexp
	hint  string
}{
	{regexp.MustCompile(`(?i)^(true|false)$`), "true and false are written small"},
	{regexp.MustCompile(`(?i)^(yes|no|on|off)$`), "write true or false; text needs quotes"},
	{regexp.MustCompile(`^[-+]?[\d.,]+ ?%$`), "a share is a number, without %: 95% is 0.95"},
	{regexp.MustCompile(`^[-+]?\d{1,3}(,\d{3})+$`), "digits are grouped by _: 30_000; a decimal is written with a point"},
	{regexp.MustCompile(`^[-+]?\d+,\d+$`), "a decimal is written with a point"},
	{regexp.MustCompile(`^[“”„‘’«»]`), `quotes are plain: "`},
	{regexp.MustCompile(`^[-+]?[\d_.]+ ?[A-Za-z]+$`), "a number stands without its unit; text needs quotes"},
}

// hintFor is what to say of a value that is no TOML.
func hintFor(text string) string {
	for _, m := range misread {
		if m.looks.MatchString(strings.TrimSpace(text)) {
			return " (" + m.hint + ")"
		}
	}
	return " (text needs quotes)"
}

var thousands = regexp.MustCompile(`^[-+]?\d{1,3}\.000$`)

// unkind is a hint where a value breaks a rule of its type because it was written for somebody else:
// quotes around a number, a point between thousands, a list where one value is due.
func (d *document) unkind(n *node, kind string, known map[string]*leaf) string {
	switch v := n.value.(type) {
	case string:
		if d.name == setName {
			return "" // where a bare word is text, there were no quotes
		}
		_, number := strconv.ParseFloat(v, 64)
		if number == nil && (kind == "float" || kind == "integer") || kind == "boolean" && (v == "true" || v == "false") {
			return ", without quotes"
		}
	}
	if _, parameter := known[n.path()]; parameter && n.form == list {
		return " (one value: a study tries several, as the values of a factor)"
	}
	return ""
}

// elsewhere is the table that keys in an unknown table belong to, as far as they tell.
func elsewhere(n *node, known []string) string {
	for _, c := range n.children {
		if near := Nearest(c.path(), known); strings.HasSuffix(near, "."+c.name) {
			return strings.TrimSuffix(near, "."+c.name)
		}
	}
	return ""
}

// alike are the keys whose last part is that of an unknown key, if they are few.
func alike(key string, known []string) string {
	last := key[strings.LastIndexByte(key, '.')+1:]
	var found []string
	for _, k := range known {
		if strings.HasSuffix(k, "."+last) {
			found = append(found, k)
		}
	}
	if len(found) < 2 || len(found) > 3 {
		return ""
	}
	return strings.Join(found, " or ")
}
