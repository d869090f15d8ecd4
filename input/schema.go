package input

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Schema is the JSON Schema (draft 2020-12) of the files that [Loader.Load] reads into a scenario and
// sections: what an editor needs to complete keys and to mark faults while somebody types. It is made
// from the same declarations. ledger gives each parameter its default and its evidence ([File.Parameters]);
// it may be empty. What a schema cannot say is left to Load: rules between parameters, parameters that
// a file leaves to what it extends, and what is in a section that is an any.
func Schema(scenario any, sections map[string]any, ledger []Parameter) map[string]any {
	sh, _ := open(scenario)
	m := &schemer{defs: map[string]any{}, ledger: map[string]Parameter{}}
	for _, p := range ledger {
		m.ledger[p.Key] = p
	}
	top := m.table(sh.root)
	properties := top["properties"].(map[string]any)
	properties["extends"] = map[string]any{"type": "string", "description": "The file that supplies what this one does not say: a path beside it, or the bare name of an embedded one."}
	properties[formatKey] = map[string]any{"const": Format, "description": "The format that this file is written in."}
	for name, into := range sections {
		properties[name] = m.section(reflect.TypeOf(into).Elem())
	}
	var all []string
	for _, f := range sh.root.fields {
		if f.leaf == nil || !f.leaf.Optional {
			all = append(all, f.name)
		}
	}
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["title"] = "A scenario or a study of tripwire"
	top["if"] = map[string]any{"not": map[string]any{"required": []string{"extends"}}}
	top["then"] = map[string]any{"required": all}
	top["$defs"] = m.defs
	return top
}

type schemer struct {
	defs   map[string]any // by Go type
	ledger map[string]Parameter
}

// table is a table of the scenario.
func (m *schemer) table(t *table) map[string]any {
	properties := map[string]any{}
	for _, f := range t.fields {
		if f.table != nil {
			properties[f.name] = m.table(f.table)
			continue
		}
		p := f.leaf.Parameter
		named := map[string]any{"$ref": m.parameter(f.leaf)}
		if from, ok := m.ledger[p.Key]; ok && from.Layer != "" {
			p.Evidence = from.Evidence
			if p.Kind == "string" {
				if text, err := strconv.Unquote(from.Value); err == nil {
					named["default"] = text
				}
			} else {
				named["default"] = number(from.Value)
			}
		}
		named["description"] = p.describe()
		properties[f.name] = named
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// number is a TOML literal of a float, an integer or a boolean as JSON keeps it.
func number(text string) any {
	if text == "true" || text == "false" {
		return text == "true"
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(fmt.Sprintf("input: %q is no number", text))
	}
	return x
}

// describe is all that is known of a parameter, in words.
func (p Parameter) describe() string {
	parts := []string{p.Doc}
	if p.Unit != "" {
		parts = append(parts, "Unit: "+p.Unit)
	}
	if p.Low != nil {
		parts = append(parts, "Believed, 5% to 95%: "+p.bound(p.Low)+" to "+p.bound(p.High))
	}
	if p.Basis != "" {
		parts = append(parts, "Basis: "+p.Basis)
	}
	if p.Source != "" {
		parts = append(parts, "Source: "+p.Source)
	}
	return strings.Join(parts, ". ") + "."
}

// parameter defines what may stand where a parameter of this type is due, bare or long, and returns
// the reference.
func (m *schemer) parameter(l *leaf) string {
	name := l.typ.String()
	ref := "#/$defs/" + name
	if m.defs[name] != nil {
		return ref
	}
	value := map[string]any{"$ref": m.value(l.typ)}
	properties := map[string]any{
		"value":  value,
		"basis":  map[string]any{"enum": Bases, "description": "What the value rests on."},
		"source": map[string]any{"type": "string", "maxLength": maxText, "description": "Where it was read, or why it was chosen."},
	}
	long := map[string]any{"type": "object", "properties": properties, "additionalProperties": false, "minProperties": 1}
	if l.Kind == "float" || l.Kind == "integer" {
		properties["low"] = map[string]any{"$ref": m.value(l.typ), "description": "5% point of what is believed."}
		properties["high"] = map[string]any{"$ref": m.value(l.typ), "description": "95% point of what is believed."}
		long["dependentRequired"] = map[string]any{"low": []string{"high", "basis"}, "high": []string{"low", "basis"}}
	}
	m.defs[name] = map[string]any{"anyOf": []any{value, long}}
	return ref
}

// value defines the values of a type of number, boolean or text, and returns the reference.
func (m *schemer) value(t reflect.Type) string {
	name := t.String() + ".value"
	if m.defs[name] == nil {
		m.defs[name] = valueSchema(t)
	}
	return "#/$defs/" + name
}

// section is what a section, or a part of it, may be.
func (m *schemer) section(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return m.section(t.Elem())
	case reflect.Interface:
		return map[string]any{"type": []string{"number", "boolean", "string", "array", "object"}}
	case reflect.Slice:
		items := m.section(t.Elem())
		if t.Elem().Kind() == reflect.Struct {
			var required []string // layers do not meet in arrays, so that nothing else can give these
			for i := range t.Elem().NumField() {
				if name, optional, ok := tag(t.Elem().Field(i)); ok && !optional {
					required = append(required, name)
				}
			}
			if required != nil {
				items["required"] = required
			}
		}
		return map[string]any{"type": "array", "items": items}
	case reflect.Map:
		return map[string]any{"type": "object", "propertyNames": valueSchema(reflect.TypeFor[Name]()), "additionalProperties": m.section(t.Elem())}
	case reflect.Struct:
		properties := map[string]any{}
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, ok := tag(f)
			if !ok {
				continue
			}
			below := m.section(f.Type)
			if doc := f.Tag.Get("doc"); doc != "" {
				below["description"] = doc
			}
			properties[name] = below
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	}
	return map[string]any{"$ref": m.value(t)}
}

var (
	ruleInterval = regexp.MustCompile(`^must be in ([\[(])([-+.0-9e]+), ([-+.0-9e]+)([\])])$`)
	ruleFromTo   = regexp.MustCompile(`\bfrom (\d+) to (\d+)(\^\d+)?$`)
	rulePattern  = regexp.MustCompile(`^must match (\[.*\})$`)
	ruleWord     = regexp.MustCompile(`[A-Za-z0-9][-A-Za-z0-9]*`)
)

// valueSchema is the values that [convert] takes for a type, as far as the rule of the type tells: an
// interval, a pattern, or a list of words, each of which is tried.
func valueSchema(t reflect.Type) map[string]any {
	s := map[string]any{}
	rule, _ := allowed(reflect.New(t))
	if rule != "" {
		s["description"] = strings.ToUpper(rule[:1]) + rule[1:] + "."
	}
	switch kindOf(t) {
	case "float", "integer":
		s["type"] = "number"
		if kindOf(t) == "integer" {
			s["type"] = "integer"
		}
		if m := ruleInterval.FindStringSubmatch(rule); m != nil {
			low, high := "minimum", "maximum"
			if m[1] == "(" {
				low = "exclusiveMinimum"
			}
			if m[4] == ")" {
				high = "exclusiveMaximum"
			}
			s[low], s[high] = number(m[2]), number(m[3])
		} else if m := ruleFromTo.FindStringSubmatch(rule); m != nil {
			s["minimum"] = number(m[1])
			if m[3] == "" {
				s["maximum"] = number(m[2])
			}
		}
	case "boolean":
		s["type"] = "boolean"
	case "string":
		s["type"], s["maxLength"] = "string", maxText
		takes := func(word string) bool { _, broken := convert(t, word); return broken == "" }
		if m := rulePattern.FindStringSubmatch(rule); m != nil {
			s["pattern"] = "^" + m[1] + "$"
		} else if t == reflect.TypeFor[Name]() {
			s["pattern"] = `^[A-Za-z][A-Za-z0-9 _.-]{0,63}$`
		} else if words := slices.DeleteFunc(ruleWord.FindAllString(rule, -1), func(w string) bool { return !takes(w) }); len(words) > 0 && !takes("must") {
			s["enum"] = words
		}
	default:
		panic(fmt.Sprintf("input: %v has no schema", t))
	}
	return s
}
