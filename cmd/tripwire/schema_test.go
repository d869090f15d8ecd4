package main

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"tripwire/input"
	"tripwire/model"
)

// A schemaOf is what the tests read of params --schema.
type schemaOf struct {
	Ref        string              `json:"$ref"`
	Properties map[string]schemaOf `json:"properties"`
	AnyOf      []schemaOf          `json:"anyOf"`
	Type       string              `json:"type"`
	Default    any                 `json:"default"`
	Enum       []string            `json:"enum"`
	Pattern    string              `json:"pattern"`

	Minimum          *float64 `json:"minimum"`
	Maximum          *float64 `json:"maximum"`
	ExclusiveMinimum *float64 `json:"exclusiveMinimum"`
	ExclusiveMaximum *float64 `json:"exclusiveMaximum"`

	Defs map[string]schemaOf `json:"$defs"`
}

// What the schema says of each parameter is what the program does: at each bound, a step inside and a step
// outside of it, and for each word.
func TestSchemaAgreesWithTheProgram(t *testing.T) {
	var whole schemaOf
	if err := json.Unmarshal([]byte(must(t, "params", "--schema").out), &whole); err != nil {
		t.Fatal(err)
	}
	s := new(model.Scenario)
	if _, err := loader.Load("baseline", nil, s, nil); err != nil {
		t.Fatal(err)
	}
	silent := map[string]bool{} // types of which the schema cannot say what they take
	for _, p := range input.Spec(s) {
		at := whole
		for part := range strings.SplitSeq(p.Key, ".") {
			next, ok := at.Properties[part]
			if !ok {
				t.Fatalf("the schema lacks %s", p.Key)
			}
			at = next
		}
		value := whole.Defs[strings.TrimPrefix(whole.Defs[strings.TrimPrefix(at.Ref, "#/$defs/")].AnyOf[0].Ref, "#/$defs/")]
		told := len(value.Enum) > 0 || value.Pattern != "" || p.Kind == "boolean"
		edges(t, p.Key, value, func(x float64, inside bool) {
			told = true
			if err := input.Assign(new(model.Scenario), p.Key, x); (err == nil) != inside {
				t.Errorf("%s = %v: the schema takes it: %v; the program: %v", p.Key, x, inside, err)
			}
		})
		for _, word := range value.Enum {
			if err := input.Assign(new(model.Scenario), p.Key, word); err != nil {
				t.Errorf("%s = %q is in the schema: %v", p.Key, word, err)
			}
		}
		if at.Default != nil {
			if err := input.Assign(new(model.Scenario), p.Key, at.Default); err != nil {
				t.Errorf("the default of %s: %v", p.Key, err)
			}
		} else if !p.Optional {
			t.Errorf("the schema knows no default of %s", p.Key)
		}
		if !told {
			silent[p.Key] = true
		}
	}
	if len(silent) != 2 || !silent["title"] || !silent["question"] {
		t.Errorf("the schema knows no range of %v, which should be title and question alone: see valueSchema in input/schema.go", silent)
	}
}

// edges calls try with values at and about the bounds of a number.
func edges(t *testing.T, key string, s schemaOf, try func(x float64, inside bool)) {
	t.Helper()
	if s.Type != "number" && s.Type != "integer" {
		return
	}
	for _, b := range []struct {
		bound   *float64
		inside  bool
		outward float64
	}{{s.Minimum, true, -1}, {s.ExclusiveMinimum, false, -1}, {s.Maximum, true, 1}, {s.ExclusiveMaximum, false, 1}} {
		if b.bound == nil {
			continue
		}
		out, in := *b.bound+b.outward, *b.bound-b.outward
		if s.Type == "number" {
			out, in = math.Nextafter(*b.bound, b.outward*math.Inf(1)), math.Nextafter(*b.bound, -b.outward*math.Inf(1))
		}
		try(*b.bound, b.inside)
		try(out, false)
		try(in, true)
	}
}
