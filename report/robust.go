package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// better says of a measure, or of MEASURE=CLASS, whether more of it is better for those who give the
// guarantee. What is not here is good or bad by what it is compared with: the user says.
var better = map[string]bool{
	"terms_accepted": true, "deterred": true, "strike_before_fait_accompli": true, "interceptors_left": true, "supply_min": true,
	"outcome=settled": true, "outcome=deterred-simmering": true, "outcome=deterred-quiet": true, "gate_failed=none": true,

	"invaded": false, "guarantee_collapsed": false, "flareups": false, "probes": false, "misattributed": false,
	"attribution_delay_d": false, "front_max_km": false, "area_max_km2": false, "losses_ukraine": false, "losses_coalition": false,
	"leakers": false, "leakers_cruise": false, "leakers_ballistic": false, "aircraft_lost": false, "air_incidents": false,
	"ships_hit": false, "flow_lost_mt": false, "rung_max": false, "nuclear_signal": false, "nuclear_use": false,
	"outcome=nuclear-use": false, "outcome=nato-russia-war": false, "outcome=full-aim-achieved": false,
	"outcome=limited-fait-accompli": false, "outcome=frozen-new-line": false, "outcome=ongoing-at-horizon": false,
	"invasion_kind=full": false,
}

// robustDraws is how often the futures are drawn again.
const robustDraws = 1000

// Robust is how the choices of a study do over its sampled futures.
type Robust struct {
	*By
	High    bool    // more of the measure is better
	Satisfy float64 // the value that is good enough; NaN where there is none
	Dropped int     // futures at which some choice has no value
	RunBars bool    // the interval of the expected value is its run bar, not one of the bootstrap
	Noise   float64 // standard deviation that luck gives the value of a choice at a future
	stats.Robustness
}

// ReadRobust judges the groups of a study of chosen points, each played at the same sampled futures. The keys
// and the measure are those of [ReadBy]; direction is "high" or "low", "" for what is known of the measure;
// satisfy is NaN for 80% of what is good, or 20% of what is bad, where the measure is a share. An error may
// be an [*Ask].
func ReadRobust(r *record.Result, keys []string, measure, direction string, satisfy, level float64) (*Robust, error) {
	d := &r.Manifest.Design
	if l := newLayout(d); l == nil || l.future == nil || d.Futures == d.Points {
		return nil, &Ask{"--robustness: the study has no choices that each meet the same sampled futures (a list, grid or ablation with uncertain)"}
	}
	if d.ByPoint != nil {
		return nil, &Ask{"--robustness: some choices were played less often than others, so their extremes do not compare"}
	}
	high, known := better[measure]
	switch direction {
	case "":
		if !known {
			return nil, &Ask{fmt.Sprintf("--robustness: whether more of %s is better is not known: say --better high or low", measure)}
		}
	case "high", "low":
		high = direction == "high"
	default:
		return nil, &Ask{fmt.Sprintf("--better %s: must be high or low", direction)}
	}
	b, err := readBy(r, keys, measure, level, wanted{futures: true})
	if err != nil {
		return nil, err
	}
	return newRobust(b, high, satisfy)
}

func newRobust(b *By, high bool, satisfy float64) (*Robust, error) {
	if len(b.Groups) < 2 {
		return nil, &Ask{"--robustness: there is one choice only: nothing to compare it with"}
	}
	if math.IsNaN(satisfy) && b.share() {
		if satisfy = 0.2; high {
			satisfy = 0.8
		}
	}
	s := &Robust{By: b, High: high, Satisfy: satisfy}
	sign := 1.0
	if !high {
		sign = -1
	}
	var value, first, second [][]float64
	for i := range b.Groups {
		all := b.values(&b.Groups[i], sign)
		value, first, second = append(value, all[0]), append(first, all[1]), append(second, all[2])
		if in := b.Groups[i].Input; in != nil && in.Noise > s.Noise*s.Noise {
			s.Noise = math.Sqrt(in.Noise)
		}
	}
	for f := len(value[0]) - 1; f >= 0; f-- {
		if !slices.ContainsFunc(value, func(v []float64) bool { return math.IsNaN(v[f]) }) {
			continue
		}
		s.Dropped++
		for p := range value {
			value[p], first[p], second[p] = slices.Delete(value[p], f, f+1), slices.Delete(first[p], f, f+1), slices.Delete(second[p], f, f+1)
		}
	}
	if len(value[0]) < 2 {
		return nil, &Ask{fmt.Sprintf("--robustness: only %d of %d futures have a value of %s for every choice", len(value[0]), len(value[0])+s.Dropped, b.Measure.Name)}
	}
	s.Robustness = stats.Robust(value, first, second, sign*satisfy, b.Level, robustDraws, b.Manifest.Seed)
	s.RunBars = true
	for i := range s.Policy {
		p := &s.Policy[i]
		if !high {
			flip(&p.Criterion[stats.Expected])
			flip(&p.Criterion[stats.Maximin])
			p.FreshWorst = 0 - p.FreshWorst // no -0
		}
		// Where all histories count, the mean over the futures is that over the histories.
		mean, pooled := p.Criterion[stats.Expected].Value, b.Groups[i].Estimate.Value
		s.RunBars = s.RunBars && math.Abs(mean-pooled) <= 1e-9*math.Abs(mean)
	}
	for i := range s.Policy {
		if s.RunBars {
			s.Policy[i].Criterion[stats.Expected] = b.Groups[i].Estimate // knows of luck too
		}
	}
	return s, nil
}

// flip turns an estimate of what is bad, counted below 0, back.
func flip(e *stats.Estimate) { e.Value, e.Low, e.High = 0-e.Value, 0-e.High, 0-e.Low }

// values is the mean of the measure at each future, times sign: of all replications, and of those of even and
// of odd number.
func (b *By) values(g *Group, sign float64) (part [3][]float64) {
	for i := range part {
		for f, n := range g.halves.n[i] {
			part[i] = append(part[i], (0+sign*g.halves.sum[i][f])/n) // NaN where there is none
		}
	}
	return part
}

// best names the choices that do best by a criterion at the futures sampled.
func (s *Robust) best(c stats.Criterion) (names []string, draws float64) {
	prefers := func(a, b float64) bool {
		if !s.High && (c == stats.Expected || c == stats.Maximin) {
			return a < b
		}
		return c.Prefers(a, b)
	}
	var best []int
	for i, p := range s.Policy {
		x := p.Criterion[c].Value
		switch {
		case len(best) == 0 || prefers(x, s.Policy[best[0]].Criterion[c].Value):
			best = []int{i}
		case x == s.Policy[best[0]].Criterion[c].Value:
			best = append(best, i)
		}
	}
	for _, i := range best {
		names = append(names, strings.Join(s.Groups[i].Values, ", "))
		draws += s.Policy[i].Best[c]
	}
	return names, draws
}

// criteria is those that are asked for.
func (s *Robust) criteria() []stats.Criterion {
	all := []stats.Criterion{stats.Expected, stats.Maximin, stats.MinimaxRegret, stats.Regret90}
	if !math.IsNaN(s.Satisfy) {
		all = append(all, stats.Satisficing)
	}
	return all
}
