// Package sim is a discrete-event engine: a clock, and a queue of events that fire in order of time
// and, at the same instant, in the order they were scheduled. Start at [Engine]. It knows neither what
// the events mean nor where their luck comes from: streams of random numbers are in sim/random.
//
// An engine and its world belong to one goroutine; run as many of them side by side as there are cores.
package sim

import (
	"context"
	"fmt"
	"math"
	"time"
)

// An Event does something to the world when its time has come. Fire may schedule and cancel events of
// the engine that fires it.
//
// Implement it on a pointer, and let what owns the event keep it as a field: a pointer in an interface
// allocates nothing, a struct does. An event may be scheduled any number of times at once.
type Event[W any] interface{ Fire(world *W) }

// ID is an event's number in the order of scheduling, from 1. As a cause, 0 is the beginning: the
// event was scheduled while none was firing.
type ID uint64

// A Handle names one scheduled event for [Engine.Cancel] and [Engine.Scheduled]. Once the event fires
// or is cancelled, or the engine is reset, its handle names nothing and is harmless; so is the zero Handle.
type Handle struct{ slot, generation uint32 }

// Stop says why a run ended.
type Stop uint8

const (
	Drained      Stop = iota // nothing is left to fire
	Reached                  // what is left is due after the time to stop at
	Halted                   // an event called [Engine.Stop]
	LimitReached             // [Engine.Limit] events have fired, and another is due
	Cancelled                // the context was cancelled
)

func (s Stop) String() string {
	return [...]string{"drained", "reached", "halted", "limit reached", "cancelled"}[s]
}

// maxPending is what the numbers of slots leave room for beside the queue's lists.
const maxPending = math.MaxUint32 - lists

// contextPeriod is the number of events between two looks at a run's context.
const contextPeriod = 1024

// Engine fires events upon a world W. Its zero value is ready, at time 0. Fewer than 2^32 - 64 events may be pending at once.
type Engine[W any] struct {
	// Trace, if not nil, is told of every event after it has fired: when it fired, its number, the
	// number of the event that caused it, and the event itself.
	Trace func(at Time, id, cause ID, ev Event[W])

	// Limit, if not 0, is the number of events after which a run ends with [LimitReached]: a guard
	// against events that reschedule each other without the clock moving on.
	Limit uint64

	queue     queue
	slots     []slot[W]
	free      []uint32 // slots to be used again, the last one first
	now       Time
	scheduled ID
	firing    ID
	cause     ID
	fired     uint64
	running   bool
	halted    bool
}

// slot holds a pending event.
type slot[W any] struct {
	event      Event[W]
	id         ID // 0 if nothing is pending here
	cause      ID
	generation uint32
}

// Now is the current instant.
func (e *Engine[W]) Now() Time { return e.now }

// Firing is the number of the event now firing, or 0. After a panic in an event it is still that event's.
func (e *Engine[W]) Firing() ID { return e.firing }

// Fired counts the events that have fired, including the one now firing.
func (e *Engine[W]) Fired() uint64 { return e.fired }

// Pending counts the events that wait to fire.
func (e *Engine[W]) Pending() int { return len(e.slots) - len(e.free) }

// At schedules ev at t, after everything already scheduled at t. Its cause is the event now firing.
// It panics if t is before now or ev is nil.
func (e *Engine[W]) At(t Time, ev Event[W]) Handle { return e.schedule(t, ev, e.firing) }

// After schedules ev at d from now. Its cause is the event now firing.
// It panics if d is negative, if now + d is past the end of [Time], or if ev is nil.
func (e *Engine[W]) After(d time.Duration, ev Event[W]) Handle {
	t := e.now + Time(d)
	if d >= 0 && t < e.now {
		panic(fmt.Sprintf("sim: %T scheduled %v after now (%v): past the end of time", ev, d, e.now))
	}
	return e.schedule(t, ev, e.firing)
}

// AtBecause is [Engine.At] with a cause that the caller names.
func (e *Engine[W]) AtBecause(t Time, ev Event[W], cause ID) Handle { return e.schedule(t, ev, cause) }

func (e *Engine[W]) schedule(t Time, ev Event[W], cause ID) Handle {
	if t < e.now || ev == nil {
		e.refuse(t, ev)
	}
	var n uint32
	if last := len(e.free) - 1; last >= 0 {
		n = e.free[last]
		e.free = e.free[:last]
	} else {
		n = e.grow()
	}
	e.scheduled++
	s := &e.slots[n]
	s.event, s.id, s.cause = ev, e.scheduled, cause
	e.queue.push(n, uint64(t))
	return Handle{n, s.generation}
}

func (e *Engine[W]) refuse(t Time, ev Event[W]) {
	if ev == nil {
		panic(fmt.Sprintf("sim: nil event scheduled at %v, by event %d at %v", t, e.firing, e.now))
	}
	panic(fmt.Sprintf("sim: %T scheduled %v before now (%v)", ev, e.now.Sub(t), e.now))
}

func (e *Engine[W]) grow() uint32 {
	n := len(e.slots)
	if n >= maxPending {
		panic(fmt.Sprintf("sim: %d events pending at %v; an engine takes %d", n, e.now, uint32(maxPending)))
	}
	e.slots = append(e.slots, slot[W]{generation: 1})
	e.queue.grow()
	return uint32(n)
}

// release empties slot n, whose handle thereby becomes stale.
func (e *Engine[W]) release(n uint32) {
	s := &e.slots[n]
	s.event, s.id = nil, 0
	s.generation++
	if s.generation == 0 { // the zero Handle's
		s.generation = 1
	}
	e.free = append(e.free, n)
}

// pending is the slot that h names, or nil if h is stale.
func (e *Engine[W]) pending(h Handle) *slot[W] {
	if int(h.slot) >= len(e.slots) {
		return nil
	}
	if s := &e.slots[h.slot]; s.generation == h.generation && s.id != 0 {
		return s
	}
	return nil
}

// Scheduled says when the event that h names will fire, if it is still to fire.
func (e *Engine[W]) Scheduled(h Handle) (at Time, ok bool) {
	if e.pending(h) != nil {
		return e.queue.due(h.slot), true
	}
	return 0, false
}

// Cancel removes the event that h names and says whether it was still to fire.
func (e *Engine[W]) Cancel(h Handle) bool {
	if e.pending(h) == nil {
		return false
	}
	e.queue.remove(h.slot)
	e.release(h.slot)
	return true
}

// Blame names the cause of the event now firing, where something other than what scheduled it is to
// blame. It panics if no event is firing.
func (e *Engine[W]) Blame(cause ID) {
	if e.firing == 0 {
		panic(fmt.Sprintf("sim: event %d blamed at %v, while no event was firing", cause, e.now))
	}
	e.cause = cause
}

// Stop ends the run once the event now firing is done. It does nothing while no event is firing.
func (e *Engine[W]) Stop() { e.halted = true }

// Reset takes the engine back to time 0 with nothing scheduled, also after a panic in an event. It keeps
// Trace, Limit and the memory, so that a replication like the last one allocates nothing.
func (e *Engine[W]) Reset() {
	for n := range e.slots {
		if e.slots[n].id != 0 {
			e.release(uint32(n))
		}
	}
	e.queue.reset()
	e.now, e.scheduled, e.firing, e.cause, e.fired = 0, 0, 0, 0, 0
	e.running, e.halted = false, false
}

// Run fires what is due up to and including until. On [Drained] and [Reached] the clock then stands at
// until; otherwise it stands at the last event, and a further Run goes on from there. Each Run that stops short of an event
// looks for the next one anew: a history in many short Runs takes longer than in one.
// It panics if until is before now, or if the engine is running already.
func (e *Engine[W]) Run(world *W, until Time) Stop {
	return e.RunContext(context.Background(), world, until)
}

// RunContext is [Engine.Run] with an eye on ctx, before the first event and after every 1024th.
func (e *Engine[W]) RunContext(ctx context.Context, world *W, until Time) Stop {
	if e.running {
		panic(fmt.Sprintf("sim: Run called by event %d at %v", e.firing, e.now))
	}
	if until < e.now {
		panic(fmt.Sprintf("sim: Run until %v, %v before now (%v)", until, e.now.Sub(until), e.now))
	}
	if ctx.Err() != nil {
		return Cancelled
	}
	e.running, e.halted = true, false
	defer func() { e.running = false }()
	stop := e.run(ctx, world, until)
	if stop == Drained || stop == Reached {
		e.now = until
	}
	e.firing, e.cause = 0, 0
	return stop
}

func (e *Engine[W]) run(ctx context.Context, world *W, until Time) Stop {
	for {
		n, at, ok := e.queue.min()
		if !ok {
			return Drained
		}
		if at > uint64(until) {
			return Reached
		}
		if e.fired == e.Limit && e.Limit != 0 {
			return LimitReached
		}
		if e.fired%contextPeriod == 0 && ctx.Err() != nil {
			return Cancelled
		}
		s := &e.slots[n]
		event := s.event
		e.now, e.firing, e.cause = Time(at), s.id, s.cause
		e.fired++
		e.queue.take(n, at)
		e.release(n)
		event.Fire(world)
		if e.Trace != nil {
			e.Trace(e.now, e.firing, e.cause, event)
		}
		if e.halted {
			return Halted
		}
	}
}
