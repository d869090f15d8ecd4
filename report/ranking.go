package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// Ranking is the choices of a study that looked for the best of them, the best first.
type Ranking struct {
	*By
	Selection *record.Selection
	Policies  []Ranked
	Equal     int64   // histories that it takes to play every choice as often as the best
	Guess     float64 // probability of a correct selection if the estimates were the truth (Chen's APCS)
}

// Ranked is one choice.
type Ranked struct {
	*Group
	Replications int64          // that were played of it
	EliminatedAt int64          // after how many it was out; 0 where it was not
	Ahead        stats.Estimate // of the best of the others, in the direction that is better
}

// ReadRanking ranks the choices of a study that was to select the best. An error may be an [*Ask].
func ReadRanking(r *record.Result, level float64) (*Ranking, error) {
	s, d := r.Manifest.Selection, &r.Manifest.Design
	if s == nil {
		return nil, &Ask{"the study was not to select the best: it has no [study.select]"}
	}
	keys := []string{"case"}
	if d.Kind != "list" && d.Kind != "ablation" {
		keys = nil
		for _, key := range d.Factors {
			if !slices.Contains(d.Uncertain, key) {
				keys = append(keys, key)
			}
		}
	}
	b, err := readBy(r, keys, s.Measure, level, wanted{replications: true})
	if err != nil {
		return nil, err
	}
	if len(b.Groups) != len(s.EliminatedAt) {
		return nil, &Ask{fmt.Sprintf("the design has %d choices, and the result %d: some of them are alike", len(s.EliminatedAt), len(b.Groups))}
	}
	return newRanking(b, s), nil
}

func newRanking(b *By, s *record.Selection) *Ranking {
	k := &Ranking{By: b, Selection: s}
	sign := 1.0
	if s.Better == "low" {
		sign = -1
	}
	values := make([][]float64, len(b.Groups)) // by choice and replication
	mean, deviation, n := make([]float64, len(values)), make([]float64, len(values)), make([]float64, len(values))
	for i := range b.Groups {
		values[i] = b.Groups[i].means
		m := stats.NewSample(without(values[i])).Moments()
		mean[i], deviation[i], n[i] = sign*m.Mean(), math.Sqrt(m.Variance()), float64(m.N())
	}
	k.Guess = math.NaN()
	if !slices.ContainsFunc(mean, math.IsNaN) {
		k.Guess = stats.CorrectSelection(mean, deviation, n)
	}
	ahead := stats.WithBest(len(values), b.Level, func(i, l int, level float64) stats.Estimate {
		e := b.less(&b.Groups[i], values[i], values[l], level)
		if sign < 0 {
			e.Value, e.Low, e.High = -e.Value, -e.High, -e.Low
		}
		return e
	})
	for i := range b.Groups {
		g := &b.Groups[i]
		k.Policies = append(k.Policies, Ranked{g, int64(len(values[i])), s.EliminatedAt[i], ahead[i]})
	}
	if s.Best >= 0 {
		k.Equal = int64(len(values)) * k.Policies[s.Best].Replications * int64(b.Groups[s.Best].Points)
	}
	best := s.Best
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, l int) int {
		first := func(i int) int {
			if int64(i) == best {
				return 0
			}
			return 1
		}
		return cmp.Or(first(i)-first(l), cmp.Compare(mean[l], mean[i]))
	})
	ranked := make([]Ranked, len(order))
	for i, from := range order {
		ranked[i] = k.Policies[from]
	}
	k.Policies = ranked
	return k
}

// less is the mean of x less that of y, by replication of two groups alike in form. What one of them was played
// more often than the other tells nothing of pairs.
func (b *By) less(g *Group, x, y []float64, level float64) stats.Estimate {
	if len(without(x)) == 0 || len(without(y)) == 0 { // one of them never has the measure
		return stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: level}
	}
	share := b.share() && g.Points == 1
	if b.Manifest.Design.OwnLuck {
		x, y = without(x), without(y)
		if share {
			return stats.Newcombe(yes(x), len(x), yes(y), len(y), level)
		}
		return stats.Welch(x, y, level).Estimate
	}
	n := min(len(x), len(y))
	x, y = x[:n], y[:n]
	if slices.ContainsFunc(x, math.IsNaN) || slices.ContainsFunc(y, math.IsNaN) {
		return stats.PairedMean(linear(x), linear(y), level).Estimate
	}
	if share {
		return stats.PairedShare(pairsOf(x, y), level)
	}
	return stats.PairedMean(x, y, level).Estimate
}

// linear has the mean of the values that are present, and the spread of that mean as a ratio of two sums, of the
// values and of their number, to first order (Cochran, Sampling Techniques, 1977, section 2.11). So two means are compared
// that are each over its own present values, as the table shows them and the procedure sees them; pairs in
// which both are present would compare other histories.
func linear(x []float64) []float64 {
	present := without(x)
	m := stats.NewSample(present).Moments().Mean()
	share := float64(len(present)) / float64(len(x))
	z := make([]float64, len(x))
	for i, v := range x {
		if z[i] = m; v == v {
			z[i] += (v - m) / share
		}
	}
	return z
}
