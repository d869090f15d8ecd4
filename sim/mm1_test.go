package sim_test

import (
	"math"
	"testing"
	"time"

	"tripwire/sim"
	"tripwire/sim/random"
)

// station is an M/M/1 queue: customers come at random, one is served at a time.
type station struct {
	engine            sim.Engine[station]
	arrivals, service *random.Stream
	between, mean     float64 // [s] means of the time between arrivals and of the time of service

	queue    []sim.Time // when those present came, the one in service first
	arrival  arrival
	done     done
	warm     sim.Time // customers who came before do not count
	served   int
	duration time.Duration // in the system, of all who count
}

type arrival struct{}

func (ev *arrival) Fire(w *station) {
	w.queue = append(w.queue, w.engine.Now())
	if len(w.queue) == 1 {
		w.engine.After(seconds(w.service.Exp(w.mean)), &w.done)
	}
	w.engine.After(seconds(w.arrivals.Exp(w.between)), ev)
}

type done struct{}

func (ev *done) Fire(w *station) {
	if came := w.queue[0]; came >= w.warm {
		w.served++
		w.duration += w.engine.Now().Sub(came)
	}
	w.queue = append(w.queue[:0], w.queue[1:]...)
	if len(w.queue) > 0 {
		w.engine.After(seconds(w.service.Exp(w.mean)), ev)
	}
}

func seconds(s float64) time.Duration { return sim.Hours(s / 3600) }

// newStation has one customer a second and a server busy for the share load of its time.
func newStation(luck *random.Luck, load float64) *station {
	w := &station{arrivals: luck.Stream("arrivals"), service: luck.Stream("service"), between: 1, mean: load}
	w.engine.After(seconds(w.arrivals.Exp(w.between)), &w.arrival)
	return w
}

// The mean time in the system is service/(1 - load).
func TestMM1(t *testing.T) {
	const load, replications = 0.8, 60
	luck := random.New()
	var sum, squares float64
	for r := range uint64(replications) {
		luck.Reset(1, r)
		w := newStation(luck, load)
		w.warm = sim.Time(200 * time.Second)
		w.engine.Run(w, sim.Time(5000*time.Second))
		mean := w.duration.Seconds() / float64(w.served)
		sum += mean
		squares += mean * mean
	}
	mean := sum / replications
	se := math.Sqrt((squares/replications - mean*mean) / (replications - 1))
	if want := load / (1 - load); math.Abs(mean-want) > 3*se || se > 0.1 {
		t.Errorf("mean time in system %.3f s, standard error %.3f; want %.3f within 3 of them", mean, se, want)
	}
}

func BenchmarkMM1(b *testing.B) {
	w := newStation(random.New(), 0.8)
	w.engine.Run(w, sim.Time(1000*time.Second))
	before := w.engine.Fired()
	for b.Loop() {
		w.engine.Run(w, w.engine.Now().Add(1000*time.Second))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(w.engine.Fired()-before), "ns/event")
}
