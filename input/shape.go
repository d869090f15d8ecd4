package input

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// What a scenario's types may say of themselves.
type (
	allower interface{ Allowed() (rule string, ok bool) }
	uniter  interface{ Unit() string }
	checker interface {
		Check(bad func(key, format string, args ...any))
	}
)

// A shape is what a scenario's type says may stand in a file.
type shape struct {
	root   *table
	leaves []*leaf          // in the order of the struct
	byKey  map[string]*leaf // by dotted key
	keys   []string         // of leaves and tables, for suggestions
}

// A table is a struct of the scenario.
type table struct {
	key    string // dotted; "" for the root
	fields []field
	byName map[string]int
}

// A field is a key of a table: a leaf or a table.
type field struct {
	name  string
	leaf  *leaf
	table *table
}

// A leaf is a parameter: its Parameter without a value, and where it lies in the struct.
type leaf struct {
	Parameter
	order int
	index []int
	typ   reflect.Type
}

var shapes sync.Map // reflect.Type → *shape

// shapeOf panics if t is not made as [Loader.Load] says.
func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("input: a scenario is a struct, not %v", t))
	}
	s := &shape{byKey: map[string]*leaf{}}
	s.root = s.add(t, "", nil)
	shapes.Store(t, s)
	return s
}

func (s *shape) add(t reflect.Type, key string, index []int) *table {
	tab := &table{key: key, byName: map[string]int{}}
	for i := range t.NumField() {
		f := t.Field(i)
		name, optional, ok := tag(f)
		if !ok {
			continue
		}
		if _, twice := tab.byName[name]; twice {
			panic(fmt.Sprintf("input: %v has two fields with the key %q", t, name))
		}
		at := append(index[:len(index):len(index)], i)
		full := name
		if key != "" {
			full = key + "." + name
		}
		s.keys = append(s.keys, full)
		tab.byName[name] = len(tab.fields)
		if f.Type.Kind() == reflect.Struct {
			tab.fields = append(tab.fields, field{name: name, table: s.add(f.Type, full, at)})
			continue
		}
		kind := kindOf(f.Type)
		if kind == "" {
			panic(fmt.Sprintf("input: %v.%s is a %v, which cannot be a parameter", t, f.Name, f.Type))
		}
		l := &leaf{
			Parameter: Parameter{Key: full, Kind: kind, Unit: unitOf(f.Type), Doc: f.Tag.Get("doc"), Optional: optional},
			order:     len(s.leaves), index: at, typ: f.Type,
		}
		l.Rule, _ = allowed(reflect.New(f.Type))
		s.leaves = append(s.leaves, l)
		s.byKey[full] = l
		tab.fields = append(tab.fields, field{name: name, leaf: l})
	}
	return tab
}

// tag reads `toml:"name,optional"`. A field without one, or with "-", is none of input's business.
func tag(f reflect.StructField) (name string, optional, ok bool) {
	name, option, _ := strings.Cut(f.Tag.Get("toml"), ",")
	if name == "" || name == "-" {
		return "", false, false
	}
	if !f.IsExported() || !bare(name) || option != "" && option != "optional" {
		panic(fmt.Sprintf("input: field %s cannot be read with the tag %q", f.Name, f.Tag.Get("toml")))
	}
	return name, option == "optional", true
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Float64:
		return "float"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "integer"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	}
	return ""
}

func unitOf(t reflect.Type) string {
	if u, ok := reflect.New(t).Interface().(uniter); ok {
		return u.Unit()
	}
	return ""
}

// allowed asks what p points to whether it is allowed.
func allowed(p reflect.Value) (rule string, ok bool) {
	if a, is := p.Interface().(allower); is {
		return a.Allowed()
	}
	return "", true
}

// convert makes a value of type t from a TOML scalar, or says which rule it breaks. Whole floats
// are integers (3.0, 1e6), integers are floats if none of their digits is lost, -0.0 is 0.0.
func convert(t reflect.Type, raw any) (v reflect.Value, rule string) {
	p := reflect.New(t)
	v = p.Elem()
	switch kindOf(t) {
	case "float":
		x, ok := raw.(float64)
		if n, whole := raw.(int64); whole {
			if x = float64(n); x >= 1<<63 || int64(x) != n {
				return v, "must be written with a decimal point: as a whole number it has more digits than are kept"
			}
		} else if !ok {
			return v, "must be a number"
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return v, "must be a finite number"
		}
		v.SetFloat(x + 0) // which makes 0 of -0
	case "integer":
		n, ok := raw.(int64)
		if x, decimal := raw.(float64); decimal && math.Trunc(x) == x && math.Abs(x) <= 1<<53 {
			n, ok = int64(x), true
		}
		if !ok {
			return v, "must be a whole number"
		}
		if v.CanInt() {
			if v.OverflowInt(n) {
				return v, fmt.Sprintf("must be a whole number of %d bits", t.Bits())
			}
			v.SetInt(n)
		} else {
			if n < 0 || v.OverflowUint(uint64(n)) {
				return v, fmt.Sprintf("must be a whole number of %d bits, not negative", t.Bits())
			}
			v.SetUint(uint64(n))
		}
	case "boolean":
		b, ok := raw.(bool)
		if !ok {
			return v, "must be true or false"
		}
		v.SetBool(b)
	case "string":
		s, ok := raw.(string)
		if !ok {
			return v, "must be text, in quotes"
		}
		if rule := textRule(s); rule != "" {
			return v, rule
		}
		v.SetString(s)
	default:
		panic(fmt.Sprintf("input: %v cannot be read from a file", t))
	}
	if rule, ok := allowed(p); !ok {
		return v, rule
	}
	return v, ""
}

// textRule is the rule that a text breaks; "" if none. What a text holds is shown on terminals and
// in reports, so it may not steer them.
func textRule(s string) string {
	if len(s) > maxText {
		return fmt.Sprintf("must be at most %d bytes of text", maxText)
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return "must be text without control characters"
		}
	}
	return ""
}

// plain is the value of v as float64, int64, bool or string.
func plain(v reflect.Value) any {
	switch {
	case v.CanFloat():
		return v.Float()
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return int64(v.Uint())
	case v.Kind() == reflect.Bool:
		return v.Bool()
	}
	return v.String()
}

// literal writes a float64, int64, bool or string as TOML: floats as short as they read back, with
// a point or an exponent, text between double quotes.
func literal(v any) string {
	switch v := v.(type) {
	case float64:
		if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e15) {
			return strconv.FormatFloat(v, 'e', -1, 64)
		}
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case string:
		return quote(v)
	}
	panic(fmt.Sprintf("input: no literal of a %T", v))
}

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		writeRune(&b, r)
	}
	b.WriteByte('"')
	return b.String()
}

// bare says whether a key needs no quotes.
func bare(s string) bool {
	for i := range len(s) {
		if !bareByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func bareByte(c byte) bool {
	return c == '_' || c == '-' || c < unicode.MaxASCII && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)))
}

// Spec is all parameters of a scenario, a struct or a pointer to one, without their values, in its
// order.
func Spec(scenario any) []Parameter {
	t := reflect.TypeOf(scenario)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := shapeOf(t)
	params := make([]Parameter, len(s.leaves))
	for i, l := range s.leaves {
		params[i] = l.Parameter
	}
	return params
}

// Assign sets one parameter of a scenario, a pointer to a struct, to a number, a bool or a string.
// It is as strict as [Loader.Load], but asks no rule between parameters: that is for the caller
// once all is assigned.
func Assign(scenario any, key string, value any) error {
	s, v := open(scenario)
	l, ok := s.byKey[key]
	if !ok {
		return s.unknown(key)
	}
	raw := value
	switch v := reflect.ValueOf(value); {
	case !v.IsValid():
		return fmt.Errorf("%s: nothing cannot be its value", key)
	case v.CanUint() && v.Uint() > math.MaxInt64:
		return fmt.Errorf("%s: %d must be a whole number of 63 bits", key, v.Uint())
	case kindOf(v.Type()) != "":
		raw = plain(v)
	}
	made, rule := convert(l.typ, raw)
	if rule != "" {
		return fmt.Errorf("%s: %s %s", key, safe(fmt.Sprint(value), 60), rule)
	}
	v.FieldByIndex(l.index).Set(made)
	return nil
}

// Value is the value of one parameter of a scenario, a pointer to a struct: a float64, int64, bool
// or string.
func Value(scenario any, key string) (any, error) {
	s, v := open(scenario)
	l, ok := s.byKey[key]
	if !ok {
		return nil, s.unknown(key)
	}
	return plain(v.FieldByIndex(l.index)), nil
}

func (s *shape) unknown(key string) error {
	message := "no such parameter"
	if at := slices.IndexFunc(s.leaves, func(l *leaf) bool { return strings.HasPrefix(l.Key, key+".") }); at >= 0 {
		message = "is a table: name one of its parameters, such as " + s.leaves[at].Key
	} else if near := cmp.Or(Nearest(key, s.keys), alike(key, s.keys)); near != "" {
		message += " (did you mean " + near + "?)"
	}
	return fmt.Errorf("%s: %s", safe(key, 100), message)
}

func open(scenario any) (*shape, reflect.Value) {
	p := reflect.ValueOf(scenario)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		panic(fmt.Sprintf("input: a scenario is given as a pointer to a struct, not as %T", scenario))
	}
	return shapeOf(p.Type().Elem()), p.Elem()
}
