package stats

import (
	"math"
)

// KolmogorovSmirnov tests whether two independent samples come from one distribution. Statistic is the
// largest distance of their distribution functions. P is exact, given the ties, while the product of
// the sizes is below 10,000 (Schröer and Trenkler, Computational Statistics & Data Analysis 20, 1995;
// R's ks.test), and Kolmogorov's limit beyond.
func KolmogorovSmirnov(a, b Sample) Test {
	n, m := a.Len(), b.Len()
	t := Test{DF: math.NaN(), P: math.NaN(), Statistic: math.NaN(), N: n + m, Method: "Kolmogorov-Smirnov"}
	if n == 0 || m == 0 {
		t.Warnings = []string{WarnNoRuns}
		return t
	}
	apart := func(i, j int) int { return max(i*m-j*n, j*n-i*m) } // n*m times the distance: compared exactly
	far := 0
	cut := make([]bool, n+m+1) // whether the pooled sample, cut after so many, is cut between unequal values
	for i, j := 0, 0; i < n || j < m; {
		v := math.Inf(1)
		if i < n {
			v = a.x[i]
		}
		if j < m {
			v = min(v, b.x[j])
		}
		for i < n && a.x[i] == v {
			i++
		}
		for j < m && b.x[j] == v {
			j++
		}
		far = max(far, apart(i, j))
		cut[i+j] = true
	}
	t.Statistic = float64(far) / (float64(n) * float64(m))
	if n*m >= 10000 {
		t.P = kolmogorovTail(t.Statistic * math.Sqrt(float64(n)*float64(m)/float64(n+m)))
		return t
	}
	// Under the null all orders of the pooled sample are as likely: walk them value by value. here[j] is
	// the chance that i of a and j of b come first without having been so far apart before.
	here := make([]float64, m+1)
	here[0] = 1
	t.P = 0
	for i := range n + 1 {
		for j := range m + 1 {
			left := float64(n + m - i - j + 1) // values left before the last step
			p := here[j]                       // at i-1, j
			if i > 0 {
				p *= float64(n-i+1) / left
			}
			if j > 0 {
				p += here[j-1] * float64(m-j+1) / left
			}
			if i+j > 0 && cut[i+j] && apart(i, j) >= far {
				t.P += p
				p = 0
			}
			here[j] = p
		}
	}
	t.P = min(1, t.P)
	return t
}

// kolmogorovTail is P(K > x) of Kolmogorov's distribution.
func kolmogorovTail(x float64) float64 {
	if x < 0.2 {
		return 1 // to 1e-12
	}
	sum := 0.0
	for k := 1.0; k < 40; k++ {
		sum += math.Copysign(2*math.Exp(-2*k*k*x*x), math.Mod(k, 2)-0.5)
	}
	return min(1, max(0, sum))
}
