package random

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
)

func TestStreamsAreFoundByName(t *testing.T) {
	l := New()
	hit := l.Stream("missile/hit")
	if l.Stream("missile/hit") != hit {
		t.Error("the same name gave another stream")
	}
	first := hit.Uniform()
	hit.Uniform()

	l.Reset(0, 0)
	l.Stream("a new process").Uniform()
	if got := hit.Uniform(); got != first {
		t.Errorf("after Reset to the same replication the first draw is %v, want %v", got, first)
	}
	if got := New().Stream("missile/hit").Uniform(); got != first {
		t.Errorf("a new luck's first draw is %v, want %v, that of Reset(0, 0)", got, first)
	}
	l.Branch(1)
	one := hit.Uniform()
	l.Branch(1)
	second := hit.Uniform()
	l.Reset(0, 0)
	l.Branch(1)
	if again := hit.Uniform(); one == first || second == one || again != one {
		t.Errorf("draws %v, of branch 1 %v, of its branch 1 %v, of branch 1 again %v", first, one, second, again)
	}
}

func TestNumbered(t *testing.T) {
	l := New()
	hit := l.Stream("hit")
	third := hit.Numbered(3)
	a, b := third.Uniform(), third.Uniform()
	again := hit.Numbered(3)
	if got := again.Uniform(); got != a || a == b {
		t.Errorf("the third's draws %v, %v; again %v", a, b, got)
	}
	l.Reset(0, 1)
	other := third.Uniform()
	l.Reset(0, 0)
	if got := third.Uniform(); got != a || other == a {
		t.Errorf("in replication 0 %v, in 1 %v, in 0 again %v", a, other, got)
	}
}

// firsts are the first draws of what differs by a little: seeds, replications, names, numbers, branches.
func firsts(n int) map[string][]uint64 {
	l := New()
	all := map[string][]uint64{}
	add := func(what string, s *Stream) {
		if s.epoch != s.luck.epoch {
			s.rekey()
		}
		all[what] = append(all[what], s.generator.next())
	}
	s := l.Stream("x")
	for i := range uint64(n) {
		l.Reset(i, 0)
		add("seeds", s)
		l.Reset(i<<32, 0)
		add("seeds far apart", s)
		l.Reset(0, i)
		add("replications", s)
		l.Reset(i, i)
		add("seed and replication alike", s)
		l.Reset(1, 0)
		add("names", l.Stream(fmt.Sprintf("hit/%d", i)))
		numbered := s.Numbered(i)
		add("numbers", &numbered)
		l.Branch(i)
		add("branches", s)
	}
	l.Reset(1, 1)
	for range n {
		add("one stream", s)
	}
	return all
}

// Streams that differ by a little have nothing in common: each of their bits is set in half, neighbours differ in half of
// their bits, their leading digits are uniform alone and in pairs, and they are not correlated.
func TestIndependence(t *testing.T) {
	const n = 20_000
	for what, draws := range firsts(n) {
		// Limits are at 5 standard deviations; there are some 8 × 70 comparisons.
		var ones [64]int
		distance := 0.0
		singles, pairs := make([]int, 256), make([]int, 256)
		product := 0.0
		seen := map[uint64]bool{}
		for i, x := range draws {
			for b := range ones {
				ones[b] += int(x >> b & 1)
			}
			singles[x>>56]++
			seen[x] = true
			if i > 0 {
				y := draws[i-1]
				distance += float64(bits.OnesCount64(x ^ y))
				pairs[x>>60<<4|y>>60]++
				product += (float64(x)/0x1p64 - 0.5) * (float64(y)/0x1p64 - 0.5) * 12
			}
		}
		if len(seen) != n {
			t.Errorf("%s: %d of %d first draws differ", what, len(seen), n)
		}
		for b, k := range ones {
			if z := (float64(k) - n/2) / math.Sqrt(n/4); math.Abs(z) > 5 {
				t.Errorf("%s: bit %d is set in %d of %d, %.1f standard deviations from half", what, b, k, n, z)
			}
		}
		if z := (distance/(n-1) - 32) / (4 / math.Sqrt(n-1)); math.Abs(z) > 5 {
			t.Errorf("%s: neighbours differ in %.3f bits, %.1f standard deviations from 32", what, distance/(n-1), z)
		}
		if z := product / math.Sqrt(n-1); math.Abs(z) > 5 {
			t.Errorf("%s: correlation of neighbours %.4f, %.1f standard deviations from 0", what, product/(n-1), z)
		}
		for name, counts := range map[string][]int{"leading bytes": singles, "leading digits of neighbours": pairs} {
			chi, total := 0.0, 0
			for _, k := range counts {
				total += k
			}
			mean := float64(total) / float64(len(counts))
			for _, k := range counts {
				chi += (float64(k) - mean) * (float64(k) - mean) / mean
			}
			df := float64(len(counts) - 1)
			if z := (chi - df) / math.Sqrt(2*df); math.Abs(z) > 5 {
				t.Errorf("%s: χ² of %s is %.0f with %v degrees of freedom, %.1f standard deviations off", what, name, chi, df, z)
			}
		}
	}
}

// Not only first draws: two streams side by side are not correlated, either.
func TestStreamsSideBySide(t *testing.T) {
	const n = 50_000
	l := New()
	x, y := l.Stream("a"), l.Stream("b")
	z0, z1 := x.Numbered(0), x.Numbered(1)
	for name, pair := range map[string][2]*Stream{"names": {x, y}, "numbers": {&z0, &z1}, "a name and its number 0": {l.Stream("a"), &z0}} {
		sum := 0.0
		for range n {
			sum += (pair[0].Uniform() - 0.5) * (pair[1].Uniform() - 0.5) * 12
		}
		if z := sum / math.Sqrt(n); math.Abs(z) > 5 {
			t.Errorf("%s: correlation %.4f, %.1f standard deviations from 0", name, sum/n, z)
		}
	}
}

func TestUniformIsOpen(t *testing.T) {
	l := New()
	s := l.Stream("x")
	least, most := 1.0, 0.0
	for range 100_000 {
		u := s.Uniform()
		least, most = min(least, u), max(most, u)
		if u*0x1p53 != math.Trunc(u*0x1p53) || int64(u*0x1p53)&1 == 0 {
			t.Fatalf("%v is no odd multiple of 2^-53", u)
		}
	}
	if !(0 < least && least < 1e-4 && 1-1e-4 < most && most < 1) {
		t.Errorf("draws between %v and %v", least, most)
	}
	// The ends, by the formula.
	if low, high := uniform(0), uniform(math.MaxUint64); low != 0x1p-53 || high != 1-0x1p-53 {
		t.Errorf("uniform numbers from %v to %v, want 2^-53 to 1-2^-53", low, high)
	}
}

func TestHappens(t *testing.T) {
	l := New()
	chance := func(p float64) (k int) {
		l.Reset(1, 1)
		s := l.Stream("x")
		for range 10_000 {
			if s.Happens(p) {
				k++
			}
		}
		return k
	}
	if never, always, half := chance(0), chance(1), chance(0.5); never != 0 || always != 10_000 || half < 4800 || half > 5200 {
		t.Errorf("of 10000, %d at chance 0, %d at 1, %d at 0.5", never, always, half)
	}
}

func TestNoAllocation(t *testing.T) {
	l := New()
	names := []*Stream{l.Stream("a"), l.Stream("b"), l.Stream("c")}
	picker := NewPicker([]float64{1, 2, 3})
	rep := uint64(0)
	if n := testing.AllocsPerRun(100, func() {
		rep++
		l.Reset(1, rep)
		for _, s := range names {
			numbered := s.Numbered(rep)
			numbered.Gamma(0.7, 1)
			BetaQuantile(s.Uniform(), 2, 3)
			s.Poisson(1e4)
			s.Binomial(1e6, 0.01)
			picker.Quantile(s.Uniform())
			l.Stream("a").Exp(1)
		}
	}); n != 0 {
		t.Errorf("%v allocations a replication, want 0", n)
	}
}

func TestLastingOutlastsBranches(t *testing.T) {
	l := New()
	host := l.Stream("host")
	ask := func() float64 { s := host.Lasting(3); return s.Uniform() }
	plain := host.Numbered(3)
	first := ask()
	if got := plain.Uniform(); got != first {
		t.Errorf("Lasting(3) gives %v, Numbered(3) %v: want the same before a branch", first, got)
	}
	l.Branch(1)
	if again, other := ask(), plain.Uniform(); again != first || other == first {
		t.Errorf("after a branch Lasting(3) gives %v, want %v still, and Numbered(3) %v, want another", again, first, other)
	}
	l.Reset(0, 1)
	if other := ask(); other == first {
		t.Errorf("Lasting(3) gives %v in another replication too", other)
	}
}

// A stream's exponential draws are the quantiles of its uniform ones.
func TestExpIsItsQuantile(t *testing.T) {
	l := New()
	draws, uniforms := l.Stream("exp").Numbered(1), l.Stream("exp").Numbered(1)
	for range 10_000 {
		u := uniforms.Uniform()
		if got, want := draws.Exp(3), ExpQuantile(u, 3); got != want {
			t.Fatalf("an exponential draw is %v, but the quantile of %v is %v", got, u, want)
		}
	}
	for _, mean := range []float64{0, math.Inf(1)} {
		if got := draws.Exp(mean); got != mean {
			t.Errorf("an exponential draw of mean %v is %v", mean, got)
		}
	}
}
