package model

import (
	"math"
	"strings"
	"testing"
)

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if math.Abs(got-want) > rel*math.Abs(want) {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// judged fails for every answer that is missed, and for every simulation too short to miss one.
func judged(t *testing.T) knowns {
	names := map[string]bool{}
	return knowns{func(k Known) {
		t.Helper()
		if !k.OK() {
			t.Errorf("%s is %.10g, want %.10g within %.2g; see it again: go test ./model -run '^%s$'", k.Name, k.Got, k.Want, k.Tolerance, t.Name())
		}
		if k.Simulated && !(k.Tolerance < .1*math.Abs(k.Want)) {
			t.Errorf("%s is simulated to within %.2g of %.4g only", k.Name, k.Tolerance, k.Want)
		}
		if strings.ContainsAny(k.Name, " \t") || names[k.Name] {
			t.Errorf("%q is no word, or names two answers", k.Name)
		}
		names[k.Name] = true
	}}
}

func TestKnownAnswers(t *testing.T) {
	n := 0
	k := judged(t)
	KnownAnswers(func(a Known) { n++; k.yield(a) })
	if n < 70 {
		t.Errorf("only %d known answers", n)
	}
}

func TestAWrongAnswerIsMissed(t *testing.T) {
	for _, c := range []struct {
		got, tolerance float64
		ok             bool
	}{{5, 0, true}, {5.1, .2, true}, {4.9, .2, true}, {5.3, .2, false}, {4.7, .2, false}, {math.NaN(), 1, false}, {5, math.NaN(), false}} {
		if k := (Known{Got: c.got, Want: 5, Tolerance: c.tolerance}); k.OK() != c.ok {
			t.Errorf("%v for 5 within %v: OK is %v", c.got, c.tolerance, k.OK())
		}
	}
}
