package main

import (
	"testing"

	"tripwire/study/record"
)

// A measure is told in plain numbers, of one thing as of one.
func TestMeasureInWords(t *testing.T) {
	for _, c := range []struct {
		title, unit string
		kind        record.Kind
		x           float64
		want        string
	}{
		{"Ships hit", "ships", record.Int, 1, "1 ship"},
		{"Ships hit", "ships", record.Int, 1200, "1,200 ships"},
		{"Coalition casualties", "people", record.Int, 1, "1 person"},
		{"Aircraft lost", "aircraft", record.Int, 1, "1 aircraft"},
		{"Highest rung", "rung", record.Int, 5, "5"},
		{"Russian salvos", "salvos", record.Int, 1, "1"},
		{"Largest area taken", "km2", record.Float, 17956.4, "17,956 km2"},
		{"End of the history", "d", record.Float, 1825, "1,825 d"},
		{"Attribution delay", "d", record.Float, 0.36119, "0.3612 d"},
		{"Merchant flow lost", "Mt", record.Float, 0.0000152, "0.0000152 Mt"},
		{"Lowest supply ratio", "", record.Float, 0.98, "0.98"},
		{"Merchant flow lost", "Mt", record.Float, 0, "0 Mt"},
		{"Invaded", "", record.Bool, 1, "yes"},
	} {
		if got := measure(record.Column{Title: c.title, Unit: c.unit, Kind: c.kind}, c.x); got != c.want {
			t.Errorf("%s of %v %s is told as %q, want %q", c.title, c.x, c.unit, got, c.want)
		}
	}
}
