package stats

import (
	"math"
	"strings"
	"testing"
)

func TestKnownAnswers(t *testing.T) {
	n := 0
	KnownAnswers(func(k Known) {
		n++
		if !k.OK() {
			t.Errorf("%s is %.12g, want %.12g; see it again: go test ./stats -run '^%s$'", k.Name, k.Got, k.Want, t.Name())
		}
		if strings.ContainsAny(k.Name, " \t") || !(k.Tolerance <= 1e-9) {
			t.Errorf("%q passes within %v", k.Name, k.Tolerance)
		}
		for _, wrong := range []float64{k.Want * (1 + 1e-8), k.Want * (1 - 1e-8), math.NaN()} {
			if k.Got = wrong; k.OK() {
				t.Errorf("%s passes as %.12g, though %.12g is right", k.Name, wrong, k.Want)
			}
		}
	})
	if n != 10 {
		t.Errorf("%d known answers, want 10", n)
	}
}
