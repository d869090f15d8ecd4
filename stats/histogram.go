package stats

import (
	"maps"
	"math"
	"slices"
	"sort"
)

// Kept is how many values a [Histogram] and a [TimeHistogram] keep as they are, before they count.
const Kept = 1 << 17

// A Histogram is a sample in memory that does not grow with it. Up to [Kept] values it keeps each, and
// estimates what [Sample] does. From then on it counts them in bins that divide each octave evenly into 2048, so that a bin
// is at most 1/2048 of its values wide, and keeps the least and the greatest of each: a value that stands alone in its
// bin, such as a small whole number, stays exact. The same values come to the same histogram in any order, which
// summaries such as the t-digest do not. The zero value is empty.
type Histogram struct {
	NoMean bool // nobody asks for the mean, whose exact sums cost more than all else

	n       int
	values  []float64 // all, while they are kept
	ordered bool      // they are sorted
	whole   []int     // from then on: how many are 0, 1, 2, ..., which need neither bin nor moments until somebody asks
	moments Moments   // of the others
	octaves *[1 << 12]*[1 << binBits]bin
	bins    []bin // those with values, in ascending order; nil after another was added
	before  []int // how many values are in the bins below each
}

type bin struct {
	low, high float64
	count     int
}

const (
	binBits    = 11
	fewerWhole = 256 // whole numbers below this are counted one by one
)

// Reset makes it empty. It keeps the memory of values that it kept.
func (h *Histogram) Reset() { *h = Histogram{values: h.values[:0]} }

// Add adds a value. A NaN panics, as in [NewSample].
func (h *Histogram) Add(x float64) {
	if math.IsNaN(x) {
		panic("stats: Histogram.Add: the value is NaN")
	}
	h.n++
	if h.octaves == nil {
		if len(h.values) < Kept {
			h.values, h.ordered = append(h.values, x+0), false // -0 becomes 0
			return
		}
		h.octaves, h.whole = new([1 << 12]*[1 << binBits]bin), make([]int, fewerWhole)
		for _, v := range h.values {
			h.count(v)
		}
		h.values = nil
	}
	h.count(x)
}

func (h *Histogram) count(x float64) {
	if 0 <= x && x < fewerWhole {
		if i := int(x); float64(i) == x { // also -0
			h.whole[i]++
			return
		}
	}
	if !h.NoMean {
		h.moments.Add(x)
	}
	h.put(x, 1)
}

// put counts x so many times.
func (h *Histogram) put(x float64, times int) {
	h.bins = nil
	order := math.Float64bits(x)
	if order>>63 == 0 {
		order |= 1 << 63
	} else {
		order = ^order // the further below zero, the smaller
	}
	octave := &h.octaves[order>>52]
	if *octave == nil {
		*octave = new([1 << binBits]bin)
	}
	b := &(*octave)[order>>(52-binBits)&(1<<binBits-1)]
	if b.count == 0 {
		b.low, b.high = x, x
	}
	b.count += times
	b.low, b.high = min(b.low, x), max(b.high, x)
}

// settle brings the whole numbers to the others. Their sums are exact either way.
func (h *Histogram) settle() {
	for x, times := range h.whole {
		if times > 0 {
			h.moments.addTimes(x, times)
			h.put(float64(x), times)
		}
	}
	clear(h.whole)
}

// sample is the values, while they are kept.
func (h *Histogram) sample() Sample {
	if !h.ordered {
		slices.Sort(h.values)
		h.ordered = true
	}
	return Sample{h.values}
}

// Clear takes all values out.
func (h *Histogram) Clear() { *h = Histogram{NoMean: h.NoMean, values: h.values[:0]} }

// Len is the number of values.
func (h *Histogram) Len() int { return h.n }

// Mean is [Sample.Mean]; of more than [Kept] values it does not see whether a tail is heavy.
func (h *Histogram) Mean(level float64) Estimate {
	if h.octaves == nil {
		return h.sample().Mean(level)
	}
	if h.NoMean {
		panic("stats: Histogram.Mean: of a histogram with NoMean")
	}
	h.settle()
	return h.moments.Interval(level)
}

// Least is how many values are x or more, as far as bins tell: exact where x is no closer to another value than 1/2048
// of it.
func (h *Histogram) Least(x float64) (n int) {
	for _, v := range h.values {
		if v >= x {
			n++
		}
	}
	for _, b := range h.sorted() {
		if b.low >= x {
			n += b.count
		}
	}
	return n
}

// sorted is the bins that hold something.
func (h *Histogram) sorted() []bin {
	h.settle()
	if h.bins == nil && h.octaves != nil {
		before := 0
		h.before = nil
		for _, octave := range h.octaves {
			if octave == nil {
				continue
			}
			for _, b := range octave {
				if b.count > 0 {
					h.bins, h.before = append(h.bins, b), append(h.before, before)
					before += b.count
				}
			}
		}
	}
	return h.bins
}

// rank is the bin of the j-th smallest value, counted from 1, and where that value is taken to be: as if the values of a
// bin were spread evenly from its least to its greatest.
func (h *Histogram) rank(j int) (in bin, value float64) {
	bins := h.sorted()
	i := sort.Search(len(bins), func(i int) bool { return j <= h.before[i]+bins[i].count })
	b := bins[i]
	if b.count == 1 || b.low == b.high {
		return b, b.low
	}
	return b, b.low + float64(float64(j-h.before[i]-1)/float64(b.count-1)*(b.high-b.low))
}

// Quantile is the sample quantile at p in [0, 1] of the type [MedianUnbiased]. Of more than [Kept] values it may be off by
// the width of a bin.
func (h *Histogram) Quantile(p float64) float64 {
	if h.n == 0 {
		checkQuantile(p)
		return math.NaN()
	}
	low, high, w := h.Around(p)
	if w == 0 || low == high { // also where both are the same infinity
		return low
	}
	return low + float64(w*(high-low))
}

// Around is the two values that the quantile at p of the type [MedianUnbiased] lies between, and how far it is on the way
// from the one to the other. There must be values.
func (h *Histogram) Around(p float64) (low, high, w float64) {
	checkQuantile(p)
	j, w := medianUnbiasedRank(h.n, p)
	first, second := min(max(j, 1), h.n), min(max(j+1, 1), h.n)
	if h.octaves == nil {
		x := h.sample().x
		return x[first-1], x[second-1], w
	}
	_, low = h.rank(first)
	_, high = h.rank(second)
	return low, high, w
}

// Split is how many values are below x, and how many are x, as far as bins tell: those of the bin in which x lies are all
// taken for spread evenly between its least and its greatest.
func (h *Histogram) Split(x float64) (below, same float64) {
	if h.octaves == nil {
		values := h.sample().x
		first := sort.SearchFloat64s(values, x)
		past := first + sort.Search(len(values)-first, func(i int) bool { return values[first+i] > x })
		return float64(first), float64(past - first)
	}
	bins := h.sorted()
	i := sort.Search(len(bins), func(i int) bool { return bins[i].high >= x })
	if i == len(bins) {
		return float64(h.n), 0
	}
	b, before := bins[i], float64(h.before[i])
	switch {
	case x < b.low:
		return before, 0
	case b.low == b.high:
		return before, float64(b.count)
	}
	return before + float64((x-b.low)/(b.high-b.low)*float64(b.count)), 0
}

// Rank is where x stands among the values, from 0 to 1; of values that tie, in their middle.
func (h *Histogram) Rank(x float64) float64 {
	below, same := h.Split(x)
	return (2*below + same) / float64(2*h.n)
}

// QuantileInterval is [Sample.QuantileInterval]. Of more than [Kept] values the bounds are the outer ends of the bins in
// which the order statistics lie, so that it is a little too wide rather than too narrow.
func (h *Histogram) QuantileInterval(p, level float64) QuantileInterval {
	if h.octaves == nil {
		return h.sample().QuantileInterval(p, level)
	}
	q := quantileRanks(h.n, p, level)
	q.Estimate = Estimate{
		Value: h.Quantile(p), Low: math.Inf(-1), High: math.Inf(1), Level: level, N: h.n, Method: "order statistics, in bins of 0.05%",
	}
	if q.LowRank > 0 {
		b, _ := h.rank(q.LowRank)
		q.Low = b.low
	}
	if q.HighRank <= h.n {
		b, _ := h.rank(q.HighRank)
		q.High = b.high
	}
	return q
}

// A TimeHistogram is [Times] in memory that does not grow with them. Up to [Kept] it keeps each. From then on it counts
// them in cells whose ends are multiples of its width, the end included, each of which stands for the latest time
// in it: estimates at multiples of the width see the events that they would see without cells, and only take those who leave
// for staying until the latest time in their cell. The zero value is not to be used: see [NewTimeHistogram].
type TimeHistogram struct {
	width float64
	n     int   // in cells
	times Times // all, while they are kept
	cells map[float64]*timeCell
	last  *timeCell // that of the time at
	at    float64
}

type timeCell struct {
	latest float64
	counts []int // by cause; 0 censored
}

// NewTimeHistogram counts in cells of a width, in the unit of the times.
func NewTimeHistogram(width float64) *TimeHistogram { return &TimeHistogram{width: width} }

// Add adds the time of a run, as in [Times].
func (h *TimeHistogram) Add(t float64, cause int) {
	if h.cells == nil {
		h.times.T, h.times.Cause = append(h.times.T, t), append(h.times.Cause, cause)
		if len(h.times.T) > Kept {
			h.cells = map[float64]*timeCell{}
			for i, t := range h.times.T {
				h.count(t, h.times.Cause[i])
			}
			h.times = Times{}
		}
		return
	}
	h.count(t, cause)
}

func (h *TimeHistogram) count(t float64, cause int) {
	checkTime("TimeHistogram.Add", h.n, t, cause)
	h.n++
	at, c := math.Ceil(t/h.width), h.last
	if c == nil || at != h.at { // very many end at the horizon
		if c = h.cells[at]; c == nil {
			c = new(timeCell)
			h.cells[at] = c
		}
		h.last, h.at = c, at
	}
	for len(c.counts) <= cause {
		c.counts = append(c.counts, 0)
	}
	c.latest = max(c.latest, t)
	c.counts[cause]++
}

// Table is the risk table of the times.
func (h *TimeHistogram) Table() *RiskTable {
	if h.cells == nil {
		return NewRiskTable(h.times)
	}
	r := new(RiskTable)
	causes := 0
	for _, c := range h.cells {
		causes = max(causes, len(c.counts)-1)
		for _, k := range c.counts {
			r.N += k
		}
	}
	r.Events = make([][]int, causes)
	left := r.N
	for _, at := range slices.Sorted(maps.Keys(h.cells)) {
		c := h.cells[at]
		any := 0
		for j := range r.Events {
			k := 0
			if j+1 < len(c.counts) {
				k = c.counts[j+1]
			}
			r.Events[j] = append(r.Events[j], k)
			any += k
		}
		r.Time, r.AtRisk = append(r.Time, c.latest), append(r.AtRisk, left)
		r.Any, r.Censored = append(r.Any, any), append(r.Censored, c.counts[0])
		left -= any + c.counts[0]
	}
	return r
}
