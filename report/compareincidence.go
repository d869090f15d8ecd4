package report

import (
	"math"
	"slices"
	"strings"

	"tripwire/stats"
)

// incidence compares by when an accepted armistice has been attacked.
func (t *tester) incidence() {
	at := map[string]int{}
	for m, columns := range t.measures {
		at[t.c.A.columns[columns[0]].Name] = m
	}
	for _, name := range []string{"t_invasion_d", "terms_accepted", "t_end_d", "outcome", "deterred"} {
		if _, ok := at[name]; !ok {
			return
		}
	}
	settled := float64(slices.Index(t.union[at["outcome"]], "settled"))
	m := at["t_invasion_d"]
	if t.new(m, "incidence") == nil {
		return
	}
	var races [2][]stats.Times // by point; cause -1 where nothing was accepted
	least := math.Inf(1)       // the shorter of the longest histories
	for side := range 2 {
		longest := 0.0
		get := func(name string) [][]float64 { return t.values(side, at[name], same) }
		invasion, accepted, end, outcome, deterred := get("t_invasion_d"), get("terms_accepted"), get("t_end_d"), get("outcome"), get("deterred")
		for p := range t.points[side] {
			race := stats.Times{T: make([]float64, len(end[p])), Cause: make([]int, len(end[p]))}
			for rep := range race.T {
				if race.Cause[rep] = -1; accepted[p][rep] == 1 && !math.IsNaN(end[p][rep]) {
					race.T[rep], race.Cause[rep] = firstEnd(end[p][rep], invasion[p][rep], deterred[p][rep] == 1 && outcome[p][rep] != settled)
					longest = max(longest, end[p][rep])
				}
			}
			races[side] = append(races[side], race)
		}
		least = min(least, longest)
	}
	for _, years := range []float64{1, 2, 3, 5} {
		if days := 365 * years; days <= least {
			q := t.new(m, "incidence")
			q.Days = days
			t.by(q, races)
		}
	}
	if !t.several() && !t.c.Paired {
		a, b := stats.NewRiskTable(accepted(races[0][0], nil)), stats.NewRiskTable(accepted(races[1][0], nil))
		groups := []*stats.RiskTable{a, b}
		for _, test := range []stats.Test{stats.Gray(groups, 1), stats.LogRank(groups, 1).Test} {
			q := t.new(m, strings.ToLower(test.Method))
			q.A, q.B, q.Reduction = math.NaN(), math.NaN(), math.NaN()
			q.Estimate = stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: t.c.Level, N: test.N, Method: test.Method}
			q.P, q.Test = known(test.P), test.Method
			t.keep(q)
		}
	}
}

// accepted is the races of accepted armistices, and of their partners if there are any.
func accepted(race stats.Times, partner *stats.Times) (kept stats.Times) {
	for i, cause := range race.Cause {
		if cause >= 0 && (partner == nil || partner.Cause[i] >= 0) {
			kept.T = append(kept.T, race.T[i])
			kept.Cause = append(kept.Cause, cause)
		}
	}
	return kept
}

// by compares the incidence by one day.
func (t *tester) by(q *Compared, races [2][]stats.Times) {
	level := t.c.Level
	switch {
	case t.several():
		var cells [2][][]float64
		for side := range 2 {
			for _, race := range races[side] {
				hit := make([]float64, len(race.T))
				for rep, cause := range race.Cause {
					switch at := race.T[rep]; {
					case cause < 0, cause == 0 && at < q.Days:
						hit[rep] = math.NaN()
					case cause == 1 && at <= q.Days:
						hit[rep] = 1
					}
				}
				cells[side] = append(cells[side], hit)
			}
		}
		t.clustered(q, cells[0], cells[1])
	case t.c.Paired:
		a, b := accepted(races[0][0], &races[1][0]), accepted(races[1][0], &races[0][0])
		d := stats.PairedIncidence(b, a, 1, q.Days, level)
		q.A, q.B = math.NaN(), math.NaN()
		if len(a.T) > 0 {
			q.A, q.B = incidenceAt(a, q.Days, level).Value, incidenceAt(b, q.Days, level).Value
		}
		q.Estimate, q.Test, q.Reduction = d.Estimate, d.Test.Method, d.VarianceReduction
		q.least(d.Test.P, stats.LeastPairedP(d.N))
	default:
		from, to := incidenceAt(accepted(races[0][0], nil), q.Days, level), incidenceAt(accepted(races[1][0], nil), q.Days, level)
		q.A, q.B = from.Value, to.Value
		q.Estimate = squareAndAdd(from, to)
		q.P, q.Reduction = normalTest(q.Value, q.HalfWidth(), level), 1
		q.Test = "normal, by the interval"
	}
	t.keep(q)
}

func incidenceAt(race stats.Times, days, level float64) stats.Estimate {
	return stats.NewRiskTable(race).AalenJohansen(1, stats.Greenwood).At(days, level, stats.LogLog)
}
