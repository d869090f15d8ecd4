package record

import (
	"math"
	"testing"
)

func TestFindMeasure(t *testing.T) {
	columns := []Column{{Name: "roe", Kind: Class, Classes: []string{"won"}, Factor: true}, {Name: "days", Kind: Float}, {Name: "held", Kind: Bool},
		{Name: "roe", Kind: Class, Classes: []string{"lost", "won"}}}
	for _, c := range []struct {
		text  string
		at    int
		ok    bool
		share bool
		value float64 // of a cell that is 1
	}{
		{"days", 1, true, false, 1}, {"held", 2, true, true, 1},
		{"roe=won", 3, true, true, 1}, {"roe=lost", 3, true, true, 0},
		{"roe", 3, false, true, 0}, {"roe=", 3, false, true, 0}, {"roe=draw", 3, false, true, 0}, {"days=won", 1, false, false, 1},
		{"nothing=won", -1, false, true, 1}, {"", -1, false, true, 1},
	} {
		m, ok := FindMeasure(columns, c.text)
		if m.At != c.at || ok != c.ok || m.At >= 0 && m.Share() != c.share || m.Value(1) != c.value {
			t.Errorf("%q: at %d, ok %v, a share %v, 1 counts as %v; want %+v", c.text, m.At, ok, m.Share(), m.Value(1), c)
		}
		if !math.IsNaN(m.Value(math.NaN())) {
			t.Errorf("%q: what is missing counts", c.text)
		}
	}
}
