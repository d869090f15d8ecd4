package stats

import (
	"fmt"
	"math"
)

// KaplanMeier estimates the chance that no event of any cause has happened by each time (Kaplan and
// Meier, JASA 53, 1958), with Greenwood's standard error. Between competing causes 1 minus it is the
// incidence of all together, never that of one: see [RiskTable.AalenJohansen].
func (r *RiskTable) KaplanMeier() *Curve {
	c := r.curve("Kaplan-Meier", true, r.Any)
	s, sum := 1.0, 0.0
	for i, d := range r.Any {
		if d > 0 {
			y, stay := float64(r.AtRisk[i]), float64(r.AtRisk[i]-d)
			s *= stay / y
			sum += float64(d) / (y * stay)
		}
		c.Value[i] = s
		if s > 0 {
			c.SE[i] = s * math.Sqrt(sum)
		}
	}
	return c
}

// RestrictedMean estimates the mean time without an event up to a horizon above 0: the area under
// Kaplan-Meier's curve, with a normal interval cut to [0, horizon] (Irwin, Journal of Hygiene 47,
// 1949). It is what to compare where the median is not reached. With no event at all the lower limit
// supposes that those a Wilson interval allows all come at once.
func (r *RiskTable) RestrictedMean(horizon, level float64) Estimate {
	const method = "restricted mean"
	checkLevel("RestrictedMean", level)
	if !(horizon > 0 && horizon <= math.MaxFloat64) {
		panic(fmt.Sprintf("stats: RestrictedMean: horizon %v is not above 0", horizon))
	}
	if r.N == 0 {
		return nothing(level, method)
	}
	km := r.KaplanMeier()
	last := len(r.Time) - 1
	for last >= 0 && r.Time[last] > horizon {
		last--
	}
	area, variance, until := 0.0, 0.0, horizon // area is that from Time[i] to the horizon
	for i := last; i >= 0; i-- {
		area += float64(km.Value[i] * (until - r.Time[i]))
		until = r.Time[i]
		if stay := r.AtRisk[i] - r.Any[i]; stay > 0 {
			variance += area * area * float64(r.Any[i]) / (float64(r.AtRisk[i]) * float64(stay))
		}
	}
	area += until
	half := normal(level) * math.Sqrt(variance)
	e := Estimate{
		Value: area, Low: max(0, area-half), High: min(horizon, area+half),
		Level: level, N: r.N, Method: method,
	}
	if r.N < 30 {
		e.Warnings = append(e.Warnings, WarnFewRuns)
	}
	if last < 0 || km.Value[last] == 1 {
		complete := r.N
		if last >= 0 {
			complete = km.complete[last]
		}
		share, _ := wilson(complete, complete, normal(level))
		e.Low = horizon * share
		e.Warnings = append(e.Warnings, WarnZeroCount)
	}
	if km.open && horizon > r.Time[len(r.Time)-1] {
		e.Warnings = append(e.Warnings, WarnBeyondFollowUp)
	}
	return e
}
