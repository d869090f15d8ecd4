package sim_test

import (
	"fmt"
	"time"

	"tripwire/sim"
)

// depot is a world: an engine, and what its events change.
type depot struct {
	engine   sim.Engine[depot]
	next     convoy
	shortage shortage
	alarm    sim.Handle // of the shortage, once there is something to run out of
}

// convoy brings shells, and half as many every 12 hours. The depot keeps it as a field and schedules its address, which
// costs no memory.
type convoy struct{ shells int }

func (ev *convoy) Fire(w *depot) {
	fmt.Println(w.engine.Now(), "a convoy brings", ev.shells)
	end, ok := w.engine.Scheduled(w.alarm)
	if !ok {
		end = w.engine.Now()
	}
	w.engine.Cancel(w.alarm)
	w.alarm = w.engine.At(end.Add(time.Duration(ev.shells)*time.Minute), &w.shortage) // a shell a minute
	ev.shells /= 2
	w.engine.After(12*time.Hour, ev)
}

// shortage comes when the last shell is gone, and ends the run.
type shortage struct{}

func (ev *shortage) Fire(w *depot) {
	fmt.Println(w.engine.Now(), "nothing left")
	w.engine.Stop()
}

// A world holds an engine. An event is a type with a Fire method, scheduled with At or After; what may have to be cancelled
// keeps its handle. Trace hears of every event, and of the event that caused it.
func ExampleEngine() {
	w := depot{next: convoy{shells: 1000}}
	w.engine.Trace = func(at sim.Time, id, cause sim.ID, ev sim.Event[depot]) {
		fmt.Printf("    event %d, caused by %d: %T\n", id, cause, ev)
	}
	w.engine.After(6*time.Hour, &w.next)
	stop := w.engine.Run(&w, sim.Time(5*sim.Day))
	fmt.Println(stop, "after", w.engine.Fired(), "events with", w.engine.Pending(), "pending")
	// Output:
	// D+0 06:00 a convoy brings 1000
	//     event 1, caused by 0: *sim_test.convoy
	// D+0 18:00 a convoy brings 500
	//     event 3, caused by 1: *sim_test.convoy
	// D+1 06:00 a convoy brings 250
	//     event 5, caused by 3: *sim_test.convoy
	// D+1 11:10 nothing left
	//     event 6, caused by 5: *sim_test.shortage
	// halted after 4 events with 1 pending
}
