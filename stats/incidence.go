package stats

import "math"

// A Variance is how the variance of an incidence is estimated. Both agree as runs grow.
type Variance int

const (
	Greenwood Variance = iota // binomial: without censoring it is p(1-p)/n; R's survival gives it
	Aalen                     // causes as separate counting processes; R's cmprsk gives it
)

func (v Variance) String() string { return [...]string{"Greenwood", "Aalen"}[v] }

// AalenJohansen estimates the chance that an event of the cause has come first by each time, among
// causes that forestall one another (Aalen and Johansen, Scandinavian Journal of Statistics 5, 1978).
// The variance is carried forward step by step with that of the survivors, and so does not cancel.
// For [AnyCause] it is 1 minus Kaplan-Meier.
func (r *RiskTable) AalenJohansen(cause int, variance Variance) *Curve {
	events := r.of(cause)
	c := r.curve("Aalen-Johansen ("+variance.String()+")", false, events)
	s, f := 1.0, 0.0              // share without event, and with this one first
	others := 0                   // events of other causes so far
	varS, cov, varF := 0., 0., 0. // of the two
	for i, any := range r.Any {
		if any > 0 {
			y, d1, d2 := float64(r.AtRisk[i]), float64(events[i]), float64(any-events[i])
			h, h1 := (d1+d2)/y, d1/y
			// Variances of the step's hazards: of any event, of this cause, and their covariance.
			var vAny, v1, c1 float64
			if variance == Greenwood {
				vAny, v1, c1 = h*(1-h)/y, h1*(1-h1)/y, h1*(1-h)/y
			} else if y > 1 {
				v1 = h1 * (y - d1) / (y * (y - 1))
				vAny, c1 = v1+d2*(y-d2)/(y*y*(y-1)), v1
			} else {
				v1 = h1
				vAny, c1 = 1, v1
			}
			varF += 2*h1*cov + h1*h1*varS + s*s*v1
			cov = (1-h)*(cov+h1*varS) - s*s*c1
			varS = (1-h)*(1-h)*varS + s*s*vAny
			f += float64(s * h1) // not fused: the value is the same on every machine
			s *= float64(r.AtRisk[i]-any) / y
			if others += any - events[i]; others == 0 && s == 0 {
				f = 1 // exactly, so that it is seen to be the end of its range
			}
		}
		c.Value[i] = f
		if f > 0 {
			c.SE[i] = math.Sqrt(max(0, varF))
		}
	}
	return c
}

// PairedIncidence estimates how much likelier the cause has come first by time at under policy A than
// under B, run i of each having met the same luck: the difference of the Aalen-Johansen incidences with
// the jackknife over runs and Student's t (Efron and Stein, Annals of Statistics 9, 1981). Without
// censoring before at, it is [PairedMean] of the two indicators. Incidence curves of paired runs are
// not independent, so [Gray] does not apply to them.
func PairedIncidence(a, b Times, cause int, at, level float64) Difference {
	const method = "paired jackknife of Aalen-Johansen"
	checkLevel("PairedIncidence", level)
	checkPaired("PairedIncidence", len(a.T), len(b.T))
	n := len(a.T)
	nan := math.NaN()
	r := Difference{
		Estimate: nothing(level, method), Correlation: nan, VarianceReduction: nan,
		Test: Test{Statistic: nan, DF: float64(n - 1), P: nan, N: n, Method: method},
	}
	if n == 0 {
		return r
	}
	fromA, fromB := NewRiskTable(a).leaveOneOut(cause, at), NewRiskTable(b).leaveOneOut(cause, at)
	d := fromA.whole - fromB.whole
	r.Estimate = Estimate{Value: d, Low: -1, High: 1, Level: level, N: n, Method: method}
	if n < 30 {
		r.Warnings = append(r.Warnings, WarnFewRuns)
	}
	if n == 1 {
		return r
	}
	var left, right, both Moments
	for i := range a.T {
		withoutA, withoutB := fromA.without(a.T[i], a.Cause[i]), fromB.without(b.T[i], b.Cause[i])
		left.Add(withoutA)
		right.Add(withoutB)
		both.Add(withoutA - withoutB)
	}
	va, vb, vd := left.Variance(), right.Variance(), both.Variance()
	r.VarianceReduction = (va + vb) / vd
	if va > 0 && vb > 0 {
		r.Correlation = (va + vb - vd) / 2 / math.Sqrt(va) / math.Sqrt(vb)
	}
	// The jackknife variance (n-1)/n * sum of squares is (n-1)^2/n times the sample variance.
	se := float64(n-1) * math.Sqrt(vd/float64(n))
	half := student(level, float64(n-1)) * se
	r.Low, r.High = max(-1, d-half), min(1, d+half)
	differ := 0
	for i := range a.T {
		if happened(a, i, cause, at) != happened(b, i, cause, at) {
			differ++
		}
	}
	if half == 0 {
		r.Warnings = append(r.Warnings, WarnNoSpread)
		return r
	}
	if differ < 20 {
		r.Warnings = append(r.Warnings, WarnFewDiffer)
	}
	r.Test.Statistic = d / se
	r.Test.P = StudentP(r.Test.Statistic, r.Test.DF)
	return r
}

// happened says whether the cause was seen to come first in run i by a time.
func happened(x Times, i, cause int, at float64) bool {
	own := x.Cause[i]
	return own > 0 && (cause == AnyCause || own == cause) && x.T[i] <= at
}

// PseudoIncidence is the pseudo-value of each run for the incidence of the cause at a time: n times the
// Aalen-Johansen estimate less n-1 times that without the run (Andersen, Klein and Rosthøj, Biometrika 90,
// 2003). Without censoring before at, it is 1 where the cause has come first by then, and else 0. Its
// means over groups of runs are the groups' incidences, so that what is known of means holds for them.
func PseudoIncidence(x Times, cause int, at float64) []float64 {
	if len(x.T) == 0 {
		return nil
	}
	p := NewRiskTable(x).Pseudo(cause, at)
	pseudo := make([]float64, len(x.T))
	for i, t := range x.T {
		pseudo[i] = p.Value(t, x.Cause[i])
	}
	return pseudo
}

// A Pseudo is the pseudo-values of the runs of a risk table: see [PseudoIncidence].
type Pseudo struct{ leftOut }

// Pseudo makes the pseudo-values for the incidence of a cause at a time.
func (r *RiskTable) Pseudo(cause int, at float64) *Pseudo { return &Pseudo{r.leaveOneOut(cause, at)} }

// Value is that of a run of the table, by its time and its own cause.
func (p *Pseudo) Value(t float64, own int) float64 {
	n := float64(p.table.N)
	return p.whole + float64((n-1)*(p.whole-p.without(t, own)))
}

// leaveOneOut is the incidence at a time without each run, and with all of them. A run that leaves at
// Time[i] is missing from the risk sets up to it and from no later one; so each estimate joins what
// came before with one fewer at risk to what comes after with all, and all take one pass each way.
func (r *RiskTable) leaveOneOut(cause int, at float64) leftOut {
	events := r.of(cause)
	last := len(r.Time)
	for last > 0 && r.Time[last-1] > at {
		last--
	}
	// later[i] is the incidence from Time[i] on of a run with no event before it.
	later := make([]float64, last+1)
	for i := last - 1; i >= 0; i-- {
		y := float64(r.AtRisk[i])
		later[i] = float64(events[i])/y + float64(r.AtRisk[i]-r.Any[i])/y*later[i+1]
	}
	gone := make([][3]float64, last+1)
	s, f := 1.0, 0.0 // up to, not at, Time[i], with one fewer at risk
	for i := range last {
		y := float64(r.AtRisk[i] - 1)
		step := func(own, any int) float64 {
			if y == 0 {
				return f // nobody else was left to have an event
			}
			return f + s*(float64(own)+(y-float64(any))*later[i+1])/y
		}
		gone[i] = [3]float64{step(events[i]-1, r.Any[i]-1), step(events[i], r.Any[i]-1), step(events[i], r.Any[i])}
		if y > 0 {
			f += s * float64(events[i]) / y
			s *= (y - float64(r.Any[i])) / y
		}
	}
	gone[last] = [3]float64{f, f, f} // still watched at the time asked for
	return leftOut{r, cause, at, gone, later[0]}
}

// leftOut is the incidence of a cause at a time without each run, and with all of them.
type leftOut struct {
	table *RiskTable
	cause int
	at    float64
	gone  [][3]float64 // at each time up to at: without one who has this cause, another, or is censored then
	whole float64
}

// without is the incidence without a run of this time and cause.
func (l *leftOut) without(t float64, own int) float64 {
	i := len(l.gone) - 1
	if t <= l.at {
		i = l.table.index(t)
	}
	switch {
	case own == 0:
		return l.gone[i][2]
	case l.cause == AnyCause || own == l.cause:
		return l.gone[i][0]
	}
	return l.gone[i][1]
}
