package stats

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// oracle reads reference values (scipy 1.10, R 4.2) from testdata into v.
func oracle(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// near fails unless got is want to within tol, relative above 1 and absolute below.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) {
		return
	}
	if got == want {
		return
	}
	if d := math.Abs(got - want); !(d <= tol*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.17g, want %.17g (off by %.2g, allowed %.2g); see it again: go test ./stats -run '^%s$'",
			what, got, want, d, tol*max(1, math.Abs(want)), t.Name())
	}
}

// closely is near with the tolerance relative however small the number.
func closely(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if got == want || math.Abs(got-want) <= tol*math.Abs(want) {
		return
	}
	t.Errorf("%s: got %.17g, want %.17g (relative %.2g, allowed %.2g); see it again: go test ./stats -run '^%s$'",
		what, got, want, math.Abs(got/want-1), tol, t.Name())
}

func bounds(t *testing.T, what string, e Estimate, low, high, tol float64) {
	t.Helper()
	near(t, what+" low", e.Low, low, tol)
	near(t, what+" high", e.High, high, tol)
}
