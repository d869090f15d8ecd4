package random

import "testing"

func TestPicker(t *testing.T) {
	weights := []float64{0, 1, 0, 2, 1, 0}
	picker := NewPicker(weights)
	for _, test := range []struct {
		u    float64
		want int
	}{{0x1p-53, 1}, {0.25, 1}, {0.2500001, 3}, {0.75, 3}, {0.7500001, 4}, {1 - 0x1p-53, 4}} {
		if got := picker.Quantile(test.u); got != test.want {
			t.Errorf("NewPicker(%v).Quantile(%v) = %d, want %d", weights, test.u, got, test.want)
		}
	}
}

// The search by halves finds what adding up the weights one by one finds.
func TestPickerAddsUp(t *testing.T) {
	s := New().Stream("picker")
	for range 2000 {
		weights := make([]float64, 1+int(s.Uniform()*6))
		weights[int(s.Uniform()*float64(len(weights)))] = s.Uniform()
		for i := range weights {
			if s.Happens(0.5) {
				weights[i] = 5 * s.Uniform()
			}
		}
		total := 0.0
		for _, w := range weights {
			total += w
		}
		picker := NewPicker(weights)
		for _, u := range []float64{0x1p-53, s.Uniform(), s.Uniform(), 1 - 0x1p-53} {
			want, sum := -1, 0.0
			for i, w := range weights {
				if sum += w; u*total <= sum && w > 0 {
					want = i
					break
				}
			}
			if got := picker.Quantile(u); got != want {
				t.Fatalf("NewPicker(%v).Quantile(%v) = %d, want %d", weights, u, got, want)
			}
		}
	}
}
