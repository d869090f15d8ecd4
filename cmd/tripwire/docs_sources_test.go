package main

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// bareRange is a range and nothing else: ±.2, ±50%, ×/÷2, 3 to 90 days, Beta(2, 2).
var bareRange = regexp.MustCompile(`^(±|×/÷|Beta\()?[\d.,%() ]+( ?(to|-|–) ?[\d.,%]+)?( (d|h|km|days|hours|years))?$`)

// saysNothing is why a source names nothing that a number could rest on, or "".
func saysNothing(source string) string {
	switch {
	case strings.HasPrefix(source, "prototype"):
		return "whose prototype, and why its value was kept?"
	case bareRange.MatchString(source):
		return "a range is what is believed, and no source"
	case utf8.RuneCountInString(source) < 12:
		return "under 12 characters"
	}
	return ""
}

// Every number with a basis says what it rests on, in words that can be understood without the history of the project.
func TestSourcesSaySomething(t *testing.T) {
	for _, p := range ledger(t) {
		if p.Basis == "" {
			continue
		}
		if why := saysNothing(p.Source); why != "" {
			t.Errorf("configs/baseline.toml: %s: the source %q says nothing: %s", p.Key, p.Source, why)
		}
	}
	for _, source := range []string{"", "prototype", "prototype: set by hand", "±.2", "±50%", "×/÷2", "3 to 90 days", "Beta(2, 2)", "for days"} {
		if saysNothing(source) == "" {
			t.Errorf("%q passes as a source", source)
		}
	}
}
