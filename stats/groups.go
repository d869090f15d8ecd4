package stats

import "math"

// walk visits the distinct times of all groups in ascending order. at[g] is where group g stands: its
// first time not before t; here[g] says whether it has that very time.
func walk(groups []*RiskTable, visit func(at []int, here []bool)) {
	at, here := make([]int, len(groups)), make([]bool, len(groups))
	for {
		t, more := math.Inf(1), false
		for g, r := range groups {
			if at[g] < len(r.Time) {
				t, more = min(t, r.Time[at[g]]), true
			}
		}
		if !more {
			return
		}
		for g, r := range groups {
			here[g] = at[g] < len(r.Time) && r.Time[at[g]] == t
		}
		visit(at, here)
		for g := range groups {
			if here[g] {
				at[g]++
			}
		}
	}
}

// watched is the number at risk in r just before the time at which it stands.
func (r *RiskTable) watched(at int) float64 {
	if at == len(r.Time) {
		return 0
	}
	return float64(r.AtRisk[at])
}

// LogRankTest is a log-rank test with what it compares, by group.
type LogRankTest struct {
	Test
	Observed []int
	Expected []float64 // under equal hazards
}

// LogRank tests whether independent groups have the same hazard of an event of the cause, events of
// other causes counting as censored (Mantel, Cancer Chemotherapy Reports 50, 1966). For [AnyCause] it
// compares Kaplan-Meier curves; for one of several causes it compares hazards, not what [Gray] does.
func LogRank(groups []*RiskTable, cause int) LogRankTest {
	k := len(groups)
	r := LogRankTest{Observed: make([]int, k), Expected: make([]float64, k)}
	score, cov := make([]float64, k), square(k)
	events := eventsOf(groups, cause)
	y := make([]float64, k)
	walk(groups, func(at []int, here []bool) {
		total, d := 0.0, 0
		for g := range groups {
			y[g] = groups[g].watched(at[g])
			total += y[g]
			if here[g] {
				d += events[g][at[g]]
				r.Observed[g] += events[g][at[g]]
			}
		}
		if d == 0 {
			return
		}
		common := 0.0
		if total > 1 {
			common = float64(d) * (total - float64(d)) / (total - 1)
		}
		for g := range groups {
			p := y[g] / total
			r.Expected[g] += float64(d) * p
			for h := range g {
				cov[g][h] -= common * p * y[h] / total
			}
			cov[g][g] += common * p * (1 - p)
		}
	})
	for g := range groups {
		score[g] = float64(r.Observed[g]) - r.Expected[g]
	}
	r.Test = scoreTest("log-rank", groups, score, cov)
	return r
}

// Gray tests whether independent groups have the same incidence of a cause among competing causes
// (Gray, Annals of Statistics 16, 1988, rho = 0; as R's cmprsk).
func Gray(groups []*RiskTable, cause int) Test {
	k := len(groups)
	events := eventsOf(groups, cause)
	score, cov := make([]float64, k), square(k)
	// Per group: survivors and incidence up to the time (from the left), and at it.
	s, sAt, f, fAt := make([]float64, k), make([]float64, k), make([]float64, k), make([]float64, k)
	y := make([]float64, k)
	pooled := 0.0
	a, c := square(k), square(k) // the weights of Gray's (2.5), and their integral over the pooled hazard
	squares, products := make([]float64, k), square(k)
	for g := range s {
		s[g], sAt[g] = 1, 1
	}
	walk(groups, func(at []int, here []bool) {
		own, others := 0, 0
		mass, free := 0.0, 0.0 // sums of y/s and of y(1-f)/s over groups
		for g, r := range groups {
			y[g] = r.watched(at[g])
			if y[g] == 0 {
				continue
			}
			if here[g] {
				i := at[g]
				own += events[g][i]
				others += r.Any[i] - events[g][i]
				sAt[g] = s[g] * (y[g] - float64(r.Any[i])) / y[g]
				fAt[g] = f[g] + s[g]*float64(events[g][i])/y[g]
			}
			mass += y[g] / s[g]
			free += y[g] * (1 - f[g]) / s[g]
		}
		if own+others == 0 {
			return
		}
		d := float64(own)
		pooledAt := pooled + d/mass
		for g := range groups {
			if y[g] == 0 {
				continue
			}
			w := y[g] / s[g]
			if here[g] {
				score[g] += float64(events[g][at[g]])
			}
			score[g] -= d * w * (1 - f[g]) / free
			for h := range groups {
				a[g][h] = 0
				if y[h] == 0 {
					continue
				}
				a[g][h] = -w * y[h] / s[h] / mass
				if g == h {
					a[g][h] += w
				}
				c[g][h] += a[g][h] * d / (mass * (1 - pooled))
			}
		}
		for g, r := range groups {
			if y[g] == 0 {
				continue
			}
			if own > 0 {
				rest := 1.0
				if sAt[g] > 0 {
					rest = 1 - (1-pooledAt)/sAt[g]
				}
				ties := 1.0
				if own > 1 {
					ties = 1 - (d-1)/(mass*s[g]-1)
				}
				v := ties * s[g] * d / (mass * y[g])
				addVariance(cov, products, squares, g, rest, v, func(i int) float64 { return a[i][g] - rest*c[i][g] })
			}
			if here[g] && r.Any[at[g]] > events[g][at[g]] && sAt[g] > 0 {
				d2 := float64(r.Any[at[g]] - events[g][at[g]])
				rest := (1 - pooledAt) / sAt[g]
				ties := 1.0
				if d2 > 1 {
					ties = 1 - (d2-1)/(y[g]-1)
				}
				v := ties * s[g] * s[g] * d2 / (y[g] * y[g])
				addVariance(cov, products, squares, g, -rest, v, func(i int) float64 { return rest * c[i][g] })
			}
		}
		pooled = pooledAt
		copy(s, sAt)
		copy(f, fAt)
	})
	for i := range k {
		for j := range i + 1 {
			for g := range k {
				cov[i][j] += c[i][g]*c[j][g]*squares[g] + c[i][g]*products[j][g] + c[j][g]*products[i][g]
			}
		}
	}
	return scoreTest("Gray", groups, score, cov)
}

// addVariance adds what the events of group g at one time contribute: theirs is variance v, the score
// of group i moves by direct(i) at once, and by c[i][g]*rest at the end, c being final only then.
func addVariance(cov, products [][]float64, squares []float64, g int, rest, v float64, direct func(i int) float64) {
	squares[g] += rest * rest * v
	for i := range cov {
		t := direct(i)
		products[i][g] += t * rest * v
		for j := range i + 1 {
			cov[i][j] += t * direct(j) * v
		}
	}
}

func eventsOf(groups []*RiskTable, cause int) [][]int {
	events := make([][]int, len(groups))
	for g, r := range groups {
		events[g] = r.of(cause)
	}
	return events
}

func square(k int) [][]float64 {
	m := make([][]float64, k)
	for i := range m {
		m[i] = make([]float64, k)
	}
	return m
}

// scoreTest is the chi-squared test of scores that sum to zero, whose covariance is known in its lower
// triangle. A group that never was at risk together with another has no variance and is left out.
func scoreTest(method string, groups []*RiskTable, score []float64, cov [][]float64) Test {
	t := Test{Method: method, P: math.NaN(), Statistic: math.NaN()}
	for _, r := range groups {
		t.N += r.N
	}
	var keep []int
	for g := range groups {
		if cov[g][g] > 1e-12 {
			keep = append(keep, g)
		}
	}
	if len(keep) < 2 {
		t.Warnings = []string{WarnNoEvents}
		return t
	}
	keep = keep[:len(keep)-1] // the scores sum to zero: one tells nothing
	t.DF = float64(len(keep))
	t.Statistic = quadratic(keep, score, cov)
	t.P = chiSquaredTail(t.Statistic, t.DF)
	return t
}

// quadratic is score' cov^-1 score over the kept groups, by Cholesky.
func quadratic(keep []int, score []float64, cov [][]float64) float64 {
	k := len(keep)
	l, sum := square(k), 0.0
	x := make([]float64, k)
	for i, g := range keep {
		for j := range i + 1 {
			v := cov[g][keep[j]]
			for m := range j {
				v -= l[i][m] * l[j][m]
			}
			if i == j {
				l[i][i] = math.Sqrt(v)
			} else {
				l[i][j] = v / l[j][j]
			}
		}
		v := score[g]
		for m := range i {
			v -= l[i][m] * x[m]
		}
		x[i] = v / l[i][i]
		sum += x[i] * x[i]
	}
	return sum
}
