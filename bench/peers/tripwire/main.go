// Command tripwire plays the models of the benchmark on tripwire's engine: hold, cancel and mm1, as
// docs/performance.md describes them. It prints the events fired, the nanoseconds of processor time that they
// took, and for mm1 the mean time in the system.
package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"
	"time"

	"tripwire/sim"
	"tripwire/sim/random"
)

func main() {
	model, n, events := os.Args[1], number(os.Args[2]), number(os.Args[3])
	if model == "mm1" {
		mm1(events)
		return
	}
	hold(n, events, model == "cancel")
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// processor is the time that this process has had of the processors.
func processor() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

type world struct {
	engine     sim.Engine[world]
	increments [1 << 16]time.Duration
	next       int
	beats      []beat
}

type beat struct {
	victim *beat // not nil: its next event is cancelled and scheduled anew
	handle sim.Handle
}

func (b *beat) Fire(w *world) {
	b.handle = w.engine.After(w.increment(), b)
	if v := b.victim; v != nil && w.engine.Cancel(v.handle) {
		v.handle = w.engine.After(w.increment(), v)
	}
}

func (w *world) increment() time.Duration {
	w.next++
	return w.increments[w.next%len(w.increments)]
}

// hold is the hold model of n events pending.
func hold(n, events int, cancels bool) {
	w := &world{beats: make([]beat, n)}
	// Exponentials of mean a second, by a generator that every language has the integers for.
	state := uint64(1)
	for i := range w.increments {
		state = state*6364136223846793005 + 1442695040888963407
		w.increments[i] = time.Duration(-1e9 * math.Log((float64(state>>11)+0.5)*0x1p-53))
	}
	for i := range w.beats {
		if b := &w.beats[i]; cancels && i%2 == 0 {
			b.victim = &w.beats[(i*7919+1)%n]
		}
		w.beats[i].handle = w.engine.After(w.increment(), &w.beats[i])
	}
	run := func(events int) {
		w.engine.Run(w, w.engine.Now().Add(time.Duration(1e9*float64(events)/float64(n))))
	}
	run(3 * n)
	fired, began := w.engine.Fired(), processor()
	run(events)
	fmt.Println(w.engine.Fired()-fired, int64(processor()-began), 0)
}

// station is an M/M/1 queue with a customer a second and a server busy for .8 of the time.
type station struct {
	engine            sim.Engine[station]
	arrivals, service *random.Stream
	queue             []sim.Time
	arrival           arrival
	done              done
	served            int
	duration          time.Duration
}

type arrival struct{}

func (ev *arrival) Fire(w *station) {
	w.queue = append(w.queue, w.engine.Now())
	if len(w.queue) == 1 {
		w.engine.After(sim.Hours(w.service.Exp(0.8)/3600), &w.done)
	}
	w.engine.After(sim.Hours(w.arrivals.Exp(1)/3600), ev)
}

type done struct{}

func (ev *done) Fire(w *station) {
	w.served++
	w.duration += w.engine.Now().Sub(w.queue[0])
	w.queue = append(w.queue[:0], w.queue[1:]...)
	if len(w.queue) > 0 {
		w.engine.After(sim.Hours(w.service.Exp(0.8)/3600), ev)
	}
}

func mm1(events int) {
	luck := random.New()
	w := &station{arrivals: luck.Stream("arrivals"), service: luck.Stream("service")}
	w.engine.After(0, &w.arrival)
	began := processor()
	w.engine.Run(w, sim.Time(events)*sim.Time(time.Second)/2)
	fmt.Println(w.engine.Fired(), int64(processor()-began), w.duration.Seconds()/float64(w.served))
}
