package stats

import (
	"fmt"
	"slices"
	"testing"
)

func TestClasses(t *testing.T) {
	var o struct {
		Cases []struct {
			Conf      float64
			Counts    []int
			Goodman   [][2]float64
			SisonGlaz [][2]float64 `json:"sison_glaz"`
		}
	}
	oracle(t, "o02_multinomial.json", &o)
	for _, c := range o.Cases {
		if _, ok := sisonGlazExact[fmt.Sprint(c.Counts)]; ok {
			c.SisonGlaz = nil
		}
		for _, m := range []struct {
			estimate func([]int, float64) []Estimate
			want     [][2]float64
		}{{Goodman, c.Goodman}, {SisonGlaz, c.SisonGlaz}} {
			if m.want == nil {
				continue
			}
			for i, e := range m.estimate(c.Counts, c.Conf) {
				bounds(t, fmt.Sprint(e.Method, c.Counts, i), e, m.want[i][0], m.want[i][1], 1e-12)
			}
		}
	}
}

// sisonGlazExact are the upper limits at 0.95 where the reference of o02 is not good to 1e-12: it takes
// the fourth central moment from factorial ones, and loses about (largest count)^4 in units of 1e-16 to
// cancellation. These were computed by the same expansion with 60 decimal digits.
var sisonGlazExact = map[string][]float64{
	"[5 0 95]":               {0.09312322751076595, 0.04312322751076595, 0.993123227510766},
	"[1 1 998]":              {0.003109651444818722, 0.003109651444818722, 1},
	"[8123 1200 500 150 27]": {0.8197735507962494, 0.12747355079624936, 0.05747355079624937, 0.022473550796249374, 0.010173550796249372},
}

func TestSisonGlazExact(t *testing.T) {
	for _, c := range []struct {
		counts []int
		down   float64 // the lower limits are the shares less this many counts, exactly
	}{
		{[]int{5, 0, 95}, 3},
		{[]int{1, 1, 998}, 2},
		{[]int{8123, 1200, 500, 150, 27}, 74},
	} {
		n := total("test", c.counts)
		for i, e := range SisonGlaz(c.counts, 0.95) {
			low := max(0, (float64(c.counts[i])-c.down)/float64(n))
			bounds(t, fmt.Sprint(c.counts, i), e, low, sisonGlazExact[fmt.Sprint(c.counts)][i], 1e-14)
		}
	}
	if e := SisonGlaz([]int{1, 1, 998}, 0.95)[0]; !slices.Contains(e.Warnings, WarnLopsided) {
		t.Errorf("the expansion gives a probability above 1 for 1, 1, 998, but the warnings are %q", e.Warnings)
	}
}
