package study

import (
	"math"
	"slices"

	"tripwire/stats"
	"tripwire/study/record"
)

// A selector finds the best of the choices of a design. What it says to play next depends on exact sums over
// whole rounds alone, so that it is the same on any number of workers and after any resume.
//
// Kim and Nelson's procedure sees observations: the mean of a batch of replications, over all futures where
// those are sampled. Means of batches are nearer to normal than shares and counts, have a value where single
// histories have none, and cost a little: an elimination waits for the end of a batch. It is asked after every
// observation, in their order, though whole rounds are played so that all workers have something to do; what a
// round has played of a policy after its elimination counts for its estimate alone. So the procedure is
// that of the paper, and not one of fewer looks.
//
// Under sampled futures the choice is that of the mean over those futures, all of which every replication meets.
type selector struct {
	how     Select // effective
	measure record.Measure
	sign    float64 // 1 where high values are better, -1 where low ones are
	choices int64
	futures int64
	first   int64 // replications of the first round
	batch   int64
	whole   bool // sums of the measure are whole numbers, which float64 adds exactly

	rounds int
	left   int64   // runs of the budget
	spent  int64   // runs
	played []int64 // replications by choice

	// Kim and Nelson's:
	pending [][]observation // by choice, of the last round
	from    int64           // number of the first of them
	kn      *stats.KimNelson
	out     []int64 // by choice: after how many replications it was eliminated; 0 where it was not
	early   [][]float64

	moments []stats.Moments // by choice; OCBA's
}

// An observation is a batch of replications of a choice.
type observation struct {
	n     int
	total float64
	exact *stats.Sum // in the place of total where that would depend on the order
}

func (o *observation) mean() float64 {
	total := o.total
	if o.exact != nil {
		total = o.exact.Float64()
	}
	return total / float64(o.n) // NaN where all are missing
}

func newSelector(s *Study) *selector {
	p := s.plan
	q := &selector{
		how: s.Settings.Select.effective(), sign: 1, futures: max(1, p.futures), first: int64(s.Settings.Replications),
		left: int64(s.Settings.MaxRuns), batch: 1,
	}
	q.choices = p.points / q.futures
	q.measure, _ = findMeasure(q.how.Measure)
	if q.how.Better == low {
		q.sign = -1
	}
	q.whole = q.measure.Share() || q.measure.Column.Kind == record.Int
	q.played, q.out = make([]int64, q.choices), make([]int64, q.choices)
	if q.how.Procedure == kimNelson {
		q.batch, q.pending = int64(q.how.Batch), make([][]observation, q.choices)
	} else {
		q.moments = make([]stats.Moments, q.choices)
	}
	return q
}

// add counts the rows of some successive replications of a point.
func (s *selector) add(point, first int64, cells []float64) {
	choice := point / s.futures
	for row := range slices.Chunk(cells, len(Measures())) {
		s.count(choice, first, s.measure.Value(row[s.measure.At]))
		first++
	}
}

func (s *selector) count(choice, rep int64, x float64) {
	if math.IsNaN(x) {
		return
	}
	if s.moments != nil {
		s.moments[choice].Add(x)
		return
	}
	o := &s.pending[choice][rep/s.batch-s.from]
	o.n++
	if s.whole || s.batch*s.futures == 1 {
		o.total += x
		return
	}
	if o.exact == nil {
		o.exact = new(stats.Sum)
	}
	o.exact.Add(x)
}

// next is the schedule.
func (s *selector) next([]measured) []span {
	var more []int64 // by choice
	switch {
	case s.rounds == 0:
		more = slices.Repeat([]int64{s.first}, int(s.choices))
	case s.moments != nil:
		more = s.share()
	default:
		more = s.survivors()
	}
	spans := s.spans(more)
	if len(spans) == 0 {
		return nil
	}
	s.rounds++
	if s.moments == nil {
		s.from = s.played[s.alive()[0]] / s.batch
	}
	for i, n := range more {
		if s.moments == nil {
			s.pending[i] = make([]observation, n/s.batch)
		}
		s.played[i] += n
		s.left -= n * s.futures
		s.spent += n * s.futures
	}
	return spans
}

// spans is so many more replications of each choice, neighbours together where they stand alike.
func (s *selector) spans(more []int64) (spans []span) {
	for i, n := range more {
		if n == 0 {
			continue
		}
		next := span{int64(i) * s.futures, int64(i+1) * s.futures, s.played[i], s.played[i] + n}
		if k := len(spans) - 1; k >= 0 && spans[k].to == next.from && spans[k].first == next.first && spans[k].end == next.end {
			spans[k].to = next.to
			continue
		}
		spans = append(spans, next)
	}
	return spans
}

// selectGrowth is by what part of its replications a policy that is still in gets more of them in a round.
const selectGrowth = 10

// alive is the choices that are still in.
func (s *selector) alive() []int {
	if s.kn != nil {
		return s.kn.Alive()
	}
	all := make([]int, s.choices)
	for i := range all {
		all[i] = i
	}
	return all
}

// survivors shows the observations of the last round to the procedure, and gives more replications to the policies
// that are still in; nothing where one is left, or the budget does not suffice.
func (s *selector) survivors() []int64 {
	s.observe()
	if s.kn == nil || s.kn.Done() {
		return nil
	}
	alive := s.alive()
	played := s.played[alive[0]]
	batches := ceil(ceil(played, selectGrowth), s.batch)
	batches = min(batches, max(1, int64(s.kn.MostRuns()-s.kn.Runs())), s.left/(int64(len(alive))*s.futures*s.batch))
	more := make([]int64, s.choices)
	for _, i := range alive {
		more[i] = batches * s.batch
	}
	return more
}

func (s *selector) observe() {
	count := len(s.pending[s.alive()[0]])
	for o := range count {
		alive := s.alive()
		y := make([]float64, len(alive))
		missing := false
		for j, i := range alive {
			y[j] = s.sign * s.pending[i][o].mean()
			missing = missing || math.IsNaN(y[j])
		}
		switch {
		case missing: // of any: left out for all, so that they stay in pairs
		case s.kn == nil:
			s.early = append(s.early, y)
		default:
			s.kn.Add(y)
			s.eliminated(alive, (s.from+int64(o)+1)*s.batch)
		}
		if s.kn != nil && s.kn.Done() {
			return
		}
	}
	if s.kn == nil && len(s.early) >= 2 {
		first := make([][]float64, s.choices)
		for _, y := range s.early {
			for i, x := range y {
				first[i] = append(first[i], x)
			}
		}
		s.early = nil
		alive := s.alive()
		s.kn = stats.NewKimNelson(first, float64(s.how.Indifference), 1-float64(s.how.Confidence), s.least(len(first[0])))
		s.eliminated(alive, s.first)
	}
}

// least is the least variance of a difference of observations that so many of them can show: of shares, what it
// would be if one history had come out otherwise.
func (s *selector) least(observations int) float64 {
	if !s.measure.Share() {
		return 0
	}
	one := 1 / float64(s.batch*s.futures)
	return one * one / float64(observations)
}

// eliminated notes which of the choices are in no more.
func (s *selector) eliminated(before []int, at int64) {
	for _, i := range before {
		if !slices.Contains(s.kn.Alive(), i) {
			s.out[i] = at
		}
	}
}

// share gives a tenth more replications as OCBA shares them; nothing once the budget is spent.
func (s *selector) share() []int64 {
	total := int64(0)
	for _, n := range s.played {
		total += n
	}
	step := min(max(s.choices, ceil(total, selectGrowth)), s.left/s.futures)
	if step == 0 {
		return nil
	}
	means, deviations := make([]float64, s.choices), make([]float64, s.choices)
	for i := range s.moments {
		m := &s.moments[i]
		means[i], deviations[i] = s.sign*m.Mean(), math.Sqrt(m.Variance())
		if n := float64(m.N()); s.measure.Share() && n > 0 {
			// As though one history more had come out either way: no share is known to be 0 or 1.
			p := (n*m.Mean() + 1) / (n + 2)
			deviations[i] = math.Sqrt(p * (1 - p))
		}
		if math.IsNaN(means[i]) || math.IsNaN(deviations[i]) {
			return allot(slices.Repeat([]float64{float64(total + step)}, int(s.choices)), s.played, step) // nothing is known
		}
	}
	return allot(stats.OCBA(means, deviations, float64(total+step)), s.played, step)
}

// allot gives a number of replications to those that are furthest below what they should have.
func allot(want []float64, have []int64, step int64) []int64 {
	lack, all := make([]float64, len(want)), 0.0
	for i, w := range want {
		lack[i] = max(0, w-float64(have[i]))
		all += lack[i]
	}
	more, rest := make([]int64, len(want)), step
	for i := range lack {
		if all > 0 {
			lack[i] *= float64(step) / all
		}
		more[i] = min(int64(lack[i]), rest)
		rest -= more[i]
	}
	for ; rest > 0; rest-- {
		most := 0
		for i := range lack {
			if lack[i]-float64(more[i]) > lack[most]-float64(more[most]) {
				most = i
			}
		}
		more[most]++
	}
	return more
}

// decided says whether the promise was kept; OCBA makes none.
func (s *selector) decided() bool { return s.kn != nil && s.kn.Done() }

// best is the choice that is selected, or so far the best; -1 where nothing is known.
func (s *selector) best() int64 {
	if s.kn != nil {
		return int64(s.kn.Best())
	}
	best, most := int64(-1), math.Inf(-1)
	for i := range s.moments {
		if x := s.sign * s.moments[i].Mean(); x > most {
			best, most = int64(i), x
		}
	}
	return best
}
