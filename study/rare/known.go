package rare

import (
	"context"

	"tripwire/sim/random"
	"tripwire/stats"
)

// queue is an M/M/1 queue with a load of one half, that begins with one customer and is over when it is empty.
// Only the order of arrivals and departures matters, so no time passes.
type queue struct {
	seed uint64
	luck *random.Luck
	step *random.Stream
}

// customers is the state of the queue less 1, so that its zero value is where it begins.
type customers int

const load = 0.5

func newQueue(seed uint64) func() Process[customers] {
	return func() Process[customers] {
		q := &queue{seed: seed, luck: random.New()}
		q.step = q.luck.Stream("known/queue")
		return q
	}
}

func (q *queue) Play(from customers, key Key, near float64) Segment[customers] {
	q.luck.Reset(q.seed, key.Repetition)
	q.luck.Branch(uint64(key.Level)<<32 | uint64(key.Trial))
	s := Segment[customers]{At: from, Nearest: float64(from + 1)}
	for s.At >= 0 && s.Nearest < min(near, buffer) {
		s.Work++
		if q.step.Happens(load / (1 + load)) {
			s.At++
		} else {
			s.At--
		}
		s.Nearest = max(s.Nearest, float64(s.At+1))
	}
	s.Reached = s.Nearest >= near
	s.Ended = s.At < 0 || s.Nearest >= buffer
	return s
}

// buffer is how many customers are rare.
const buffer = 20

// queueFull is the chance that the queue holds that many before it is empty: 1/(2^20 - 1), a gambler's ruin.
const queueFull = 9.536752259018191e-07

// queueOptions spend at most 40,000 segments: a level for every other customer, which one trial in four passes.
var queueOptions = Options{
	End: buffer, Before: []float64{2, 4, 6, 8, 10, 12, 14, 16, 18},
	Effort: 200, Repetitions: 20, Level: 0.95, Seed: 1, Workers: 1,
}

// Known is an answer that theory knows, beside the one that splitting gives; its tolerance is four standard errors.
type Known = stats.Known

// KnownAnswers yields the chance that an M/M/1 queue with a load of one half holds 20 customers before it is
// empty.
func KnownAnswers(yield func(Known)) {
	r, err := Estimate(context.Background(), newQueue(queueOptions.Seed), queueOptions)
	if err != nil {
		panic(err) // the context has no end
	}
	yield(Known{Name: "splitting/mm1-reaches-20", Got: r.Value, Want: queueFull, Tolerance: 4 * r.RelativeError * r.Value})
}
