package stats

import (
	"math"
	"sort"
)

// A Band is how an interval for a curve is made: symmetric on a scale on which the estimate is nearer
// to normal, and cut to [0, 1].
type Band int

const (
	LogLog Band = iota // on log(-log S), S the chance of no event yet: the default; stays in (0, 1)
	Log                // on the log of the value
	Plain              // on the value itself (Wald): poor near 0 and 1
)

func (b Band) String() string { return [...]string{"log-log", "log", "plain"}[b] }

// A Curve is a step function of time with its standard error: Value[i] holds from Time[i] until the
// next. Before Time[0] a survival curve is 1, an incidence 0.
type Curve struct {
	Time, Value, SE []float64
	AtRisk          []int // just before Time[i]
	N               int
	Method          string

	survival bool  // it falls from 1; an incidence rises from 0
	events   []int // that the curve counts, up to and at Time[i]
	complete []int // runs not censored before Time[i]
	open     bool  // runs were still watched at the last time, and nothing had happened in them
}

func (r *RiskTable) curve(method string, survival bool, events []int) *Curve {
	n := len(r.Time)
	floats := make([]float64, 2*n)
	c := &Curve{
		Time: r.Time, Value: floats[:n:n], SE: floats[n:], AtRisk: r.AtRisk, N: r.N, Method: method,
		survival: survival, complete: make([]int, n), events: make([]int, n),
	}
	left, sum := r.N, 0
	for i, k := range r.Censored {
		sum += events[i]
		c.events[i] = sum
		c.complete[i] = left
		left -= k
		c.open = k > 0
	}
	return c
}

func (c *Curve) bound(v, se float64, complete int, z float64, band Band) (low, high float64) {
	switch {
	case v <= 0:
		return wilson(0, complete, z)
	case v >= 1:
		return wilson(complete, complete, z)
	}
	switch band {
	case Plain:
		low, high = v-z*se, v+z*se
	case Log:
		w := math.Exp(z * se / v)
		low, high = v/w, v*w
	default:
		s := v
		if !c.survival {
			s = 1 - v
		}
		w := math.Exp(z * se / (s * math.Log(s))) // below 1: log(s) is negative
		low, high = math.Pow(s, 1/w), math.Pow(s, w)
		if !c.survival {
			low, high = 1-high, 1-low
		}
	}
	return max(0, low), min(1, high)
}

// At estimates the curve at time t. Beyond the last time the last value is given, with a warning where
// more could have happened.
func (c *Curve) At(t, level float64, band Band) Estimate {
	checkLevel("Curve.At", level)
	method := c.Method + ", " + band.String()
	if c.N == 0 {
		return nothing(level, method)
	}
	e := Estimate{Level: level, N: c.N, Method: method}
	se, complete, atRisk, events := 0.0, c.N, c.N, 0
	i := sort.Search(len(c.Time), func(i int) bool { return c.Time[i] > t }) - 1
	if i >= 0 {
		e.Value, se, complete, atRisk, events = c.Value[i], c.SE[i], c.complete[i], c.AtRisk[i], c.events[i]
	} else if c.survival {
		e.Value = 1
	}
	e.Low, e.High = c.bound(e.Value, se, complete, normal(level), band)
	switch {
	case c.survival && e.Value == 1, !c.survival && e.Value == 0:
		e.Warnings = append(e.Warnings, WarnZeroCount)
	case c.survival && e.Value == 0, !c.survival && e.Value == 1:
		e.Warnings = append(e.Warnings, WarnFullCount)
	}
	if 0 < events && events < smallCount {
		e.Warnings = append(e.Warnings, WarnFewEvents)
	}
	if atRisk < 10 {
		e.Warnings = append(e.Warnings, WarnFewAtRisk)
	}
	if c.open && t > c.Time[len(c.Time)-1] {
		e.Warnings = append(e.Warnings, WarnBeyondFollowUp)
	}
	return e
}
