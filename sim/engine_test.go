package sim_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tripwire/sim"
)

// diary is a world whose events are numbered notes.
type diary struct {
	engine sim.Engine[diary]
	fired  []int
}

// note writes down its number and then does something, or nothing.
type note struct {
	number int
	then   func(d *diary)
}

func (n *note) Fire(d *diary) {
	d.fired = append(d.fired, n.number)
	if n.then != nil {
		n.then(d)
	}
}

// again schedules itself after every delay, cancels other and schedules it anew.
type again struct {
	delay  time.Duration
	other  *note
	handle sim.Handle
}

func (a *again) Fire(d *diary) {
	d.engine.After(a.delay, a)
	d.engine.Cancel(a.handle)
	a.handle = d.engine.After(2*a.delay, a.other)
}

func TestOrderAtOneInstant(t *testing.T) {
	var d diary
	for _, n := range []int{3, 1, 2} {
		d.engine.After(time.Hour, &note{number: n, then: func(d *diary) { d.engine.After(0, &note{number: 10 * n}) }})
	}
	d.engine.Run(&d, sim.Time(sim.Day))
	if want := []int{3, 1, 2, 30, 10, 20}; !slices.Equal(d.fired, want) {
		t.Errorf("fired %v, want %v: as they were scheduled", d.fired, want)
	}
}

func TestCancelMany(t *testing.T) {
	var d diary
	var handles []sim.Handle
	var want []int
	for i := range 1000 {
		handles = append(handles, d.engine.After(time.Duration(1+i/10), &note{number: i}))
	}
	// All but every seventh are cancelled: half of them before, half by an event.
	cancel := func(d *diary) {
		for i, h := range handles {
			if i%7 != 0 && d.engine.Cancel(h) && i > 500 && len(d.fired) == 0 {
				return
			}
		}
	}
	cancel(&d)
	d.engine.At(0, &note{number: -1, then: cancel})
	want = append(want, -1)
	for i := 0; i < 1000; i += 7 {
		want = append(want, i)
	}
	d.engine.Run(&d, 0)
	if got := d.engine.Pending(); got != len(want)-1 {
		t.Fatalf("%d pending, want %d", got, len(want)-1)
	}
	if stop := d.engine.Run(&d, 1000); stop != sim.Drained || !slices.Equal(d.fired, want) {
		t.Errorf("%v; fired %v, want %v", stop, d.fired, want)
	}
}

func TestStaleHandles(t *testing.T) {
	var d diary
	var own sim.Handle
	own = d.engine.After(1, &note{number: 1, then: func(d *diary) {
		if d.engine.Cancel(own) {
			t.Error("an event cancelled itself while it fired")
		}
		d.engine.After(1, &note{number: 2})
	}})
	cancelled := d.engine.After(1, &note{number: 9})
	d.engine.Cancel(cancelled)
	d.engine.Run(&d, 1)
	for name, h := range map[string]sim.Handle{"zero": {}, "fired": own, "cancelled": cancelled} {
		if at, ok := d.engine.Scheduled(h); ok || d.engine.Cancel(h) {
			t.Errorf("%s handle: scheduled at %v %v; its slot is another event's now", name, at, ok)
		}
	}
	d.engine.Run(&d, 2)
	if want := []int{1, 2}; !slices.Equal(d.fired, want) {
		t.Errorf("fired %v, want %v", d.fired, want)
	}
}

func TestStops(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, test := range []struct {
		name    string
		prepare func(d *diary)
		ctx     context.Context
		until   sim.Time
		stop    sim.Stop
		now     sim.Time
		fired   uint64
		pending int
	}{
		{name: "nothing to do", until: 100, stop: sim.Drained, now: 100},
		{name: "until is inclusive", until: 10, stop: sim.Reached, now: 10, fired: 1, pending: 1, prepare: func(d *diary) {
			d.engine.At(10, &note{})
			d.engine.At(11, &note{})
		}},
		{name: "what is left was cancelled", until: 10, stop: sim.Drained, now: 10, prepare: func(d *diary) {
			d.engine.Cancel(d.engine.At(11, &note{}))
		}},
		{name: "an event stops the run", until: 10, stop: sim.Halted, now: 5, fired: 1, pending: 1, prepare: func(d *diary) {
			d.engine.At(5, &note{then: func(d *diary) { d.engine.Stop() }})
			d.engine.At(5, &note{})
		}},
		{name: "Stop before the run is nothing", until: 10, stop: sim.Drained, now: 10, fired: 1, prepare: func(d *diary) {
			d.engine.At(5, &note{})
			d.engine.Stop()
		}},
		{name: "no delay, no end", until: 10, stop: sim.LimitReached, now: 5, fired: 1000, pending: 2, prepare: func(d *diary) {
			d.engine.Limit = 1000
			d.engine.At(5, &again{other: &note{}})
		}},
		{name: "the limit is reached, but so is the end", until: 10, stop: sim.Reached, now: 10, fired: 1, pending: 1, prepare: func(d *diary) {
			d.engine.Limit = 1
			d.engine.At(5, &note{})
			d.engine.At(11, &note{})
		}},
		{name: "cancelled before", until: 10, ctx: cancelled, stop: sim.Cancelled, pending: 1, prepare: func(d *diary) {
			d.engine.At(5, &note{})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var d diary
			if test.prepare != nil {
				test.prepare(&d)
			}
			if test.ctx == nil {
				test.ctx = context.Background()
			}
			stop := d.engine.RunContext(test.ctx, &d, test.until)
			if stop != test.stop || d.engine.Now() != test.now || d.engine.Fired() != test.fired || d.engine.Pending() != test.pending || d.engine.Firing() != 0 {
				t.Errorf("%v at %d after %d events with %d pending and %d firing, want %v at %d after %d with %d and none",
					stop, int64(d.engine.Now()), d.engine.Fired(), d.engine.Pending(), d.engine.Firing(),
					test.stop, int64(test.now), test.fired, test.pending)
			}
		})
	}
}

// A run that is stopped goes on where it was.
func TestRunInPieces(t *testing.T) {
	play := func(pieces int) []int {
		var d diary
		for i := range 300 {
			d.engine.At(sim.Time(i*37%101), &note{number: i, then: func(d *diary) {
				if i%3 == 0 {
					d.engine.After(time.Duration(i%11), &note{number: 1000 + i})
				}
				if i%5 == 0 {
					d.engine.Stop()
				}
			}})
		}
		for i := 1; i <= pieces; i++ {
			for d.engine.Run(&d, sim.Time(200*i/pieces)) == sim.Halted {
			}
		}
		return d.fired
	}
	whole := play(1)
	if len(whole) != 400 {
		t.Fatalf("%d events fired, want 400", len(whole))
	}
	if pieces := play(40); !slices.Equal(pieces, whole) {
		t.Errorf("in 40 pieces %v\nat once      %v", pieces, whole)
	}
}

func TestContextIsSeenWithoutTheClockMoving(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var d diary
	var count int
	var loop *note
	loop = &note{then: func(d *diary) {
		if count++; count == 5000 {
			cancel()
		}
		d.engine.After(0, loop)
	}}
	d.engine.At(7, loop)
	if stop := d.engine.RunContext(ctx, &d, 10); stop != sim.Cancelled {
		t.Fatalf("stop %v, want cancelled", stop)
	}
	if fired := d.engine.Fired(); fired < 5000 || fired > 5000+1024 || d.engine.Now() != 7 {
		t.Errorf("cancelled by event 5000, stopped after %d at %d; want at most 1024 more, at 7", fired, int64(d.engine.Now()))
	}
}

func TestTrace(t *testing.T) {
	var d diary
	var got []string
	d.engine.Trace = func(at sim.Time, id, cause sim.ID, ev sim.Event[diary]) {
		n := ev.(*note).number
		got = append(got, fmt.Sprintf("%d: %d <- %d, note %d of %d", int64(at), id, cause, n, len(d.fired)))
	}
	d.engine.At(1, &note{number: 10, then: func(d *diary) {
		d.engine.After(1, &note{number: 20})
		d.engine.AtBecause(2, &note{number: 21}, 0)
		d.engine.At(2, &note{number: 22, then: func(d *diary) { d.engine.Blame(3) }})
	}})
	d.engine.Run(&d, 9)
	want := []string{
		"1: 1 <- 0, note 10 of 1",
		"2: 2 <- 1, note 20 of 2",
		"2: 3 <- 0, note 21 of 3",
		"2: 4 <- 3, note 22 of 4",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPanics(t *testing.T) {
	day := sim.Time(sim.Day)
	for _, test := range []struct{ want, name string }{
		{"sim: *sim_test.note scheduled 3h0m0s before now (D+1 06:00)", "past"},
		{"sim: *sim_test.note scheduled 1ns before now (D+1 06:00)", "negative delay"},
		{"sim: nil event scheduled at D+2 00:00, by event 1 at D+1 06:00", "nil"},
		{"sim: *sim_test.note scheduled 2562047h47m16.854775807s after now (D+1 06:00): past the end of time", "overflow"},
		{"sim: Run called by event 1 at D+1 06:00", "nested run"},
		{"sim: Run until D+0 00:00, 48h0m0s before now (D+2 00:00)", "run to the past"},
		{"sim: event 1 blamed at D+2 00:00, while no event was firing", "blame of nothing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var d diary
			do := func(d *diary) {
				switch test.name {
				case "past":
					d.engine.At(day.Add(3*time.Hour), &note{})
				case "negative delay":
					d.engine.After(-1, &note{})
				case "nil":
					d.engine.At(2*day, nil)
				case "overflow":
					d.engine.After(1<<63-1, &note{})
				case "nested run":
					d.engine.Run(d, 2*day)
				}
			}
			defer func() {
				if got := recover(); got != test.want {
					t.Errorf("got  %v\nwant %v", got, test.want)
				}
			}()
			d.engine.At(day.Add(6*time.Hour), &note{then: do})
			d.engine.Run(&d, 2*day)
			switch test.name {
			case "run to the past":
				d.engine.Run(&d, 0)
			case "blame of nothing":
				d.engine.Blame(1)
			}
		})
	}
}

// The runner reports a panic with the event's number and instant, and uses the engine again.
func TestPanicInAnEvent(t *testing.T) {
	var d diary
	for i := range 100 {
		d.engine.At(sim.Time(i), &note{number: i, then: func(d *diary) {
			d.engine.After(1000, &note{})
			if i == 41 {
				panic("mine")
			}
		}})
	}
	func() {
		defer func() {
			if p := recover(); p != "mine" {
				t.Errorf("recovered %v", p)
			}
		}()
		d.engine.Run(&d, 1000)
	}()
	if d.engine.Firing() != 42 || d.engine.Fired() != 42 || d.engine.Now() != 41 {
		t.Errorf("firing %d, fired %d, now %d; want 42, 42, 41", d.engine.Firing(), d.engine.Fired(), int64(d.engine.Now()))
	}
	d.engine.Reset()
	d.fired = nil
	if d.engine.Firing() != 0 || d.engine.Fired() != 0 || d.engine.Now() != 0 || d.engine.Pending() != 0 {
		t.Errorf("after Reset: firing %d, fired %d, now %d, pending %d", d.engine.Firing(), d.engine.Fired(), int64(d.engine.Now()), d.engine.Pending())
	}
	d.engine.At(2, &note{number: 2})
	d.engine.At(1, &note{number: 1})
	if stop := d.engine.Run(&d, 5); stop != sim.Drained || !slices.Equal(d.fired, []int{1, 2}) {
		t.Errorf("after Reset: %v, fired %v", stop, d.fired)
	}
}

func TestNoAllocation(t *testing.T) {
	var d diary
	events := make([]again, 200)
	notes := make([]note, len(events))
	play := func() {
		d.engine.Reset()
		d.fired = d.fired[:0]
		for i := range events {
			events[i] = again{delay: time.Duration(10 + i%13), other: &notes[i]}
			d.engine.After(events[i].delay, &events[i])
		}
		d.engine.Run(&d, 2000)
	}
	play()
	if n := testing.AllocsPerRun(10, play); n != 0 {
		t.Errorf("%v allocations in a replication like the last, want 0", n)
	}
	if d.engine.Fired() < 10_000 {
		t.Errorf("only %d events fired", d.engine.Fired())
	}
}
