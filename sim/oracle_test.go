package sim_test

import (
	"fmt"
	"testing"
	"time"

	"tripwire/sim"
	"tripwire/sim/random"
)

// A calendar is what the engine and a naive list both are.
type calendar interface {
	schedule(d time.Duration, name int) (handle int)
	cancel(handle int) bool
	due(handle int) (sim.Time, bool)
	pending() int
	run(until sim.Time)
}

// script is a program of scheduling and cancelling for a calendar, made from bytes, most of it run by the events that it
// schedules. Its log says all that can be seen.
type script struct {
	code    []byte
	handles int
	log     []string
}

func (s *script) next() int {
	if len(s.code) == 0 {
		return 0
	}
	b := s.code[0]
	s.code = s.code[1:]
	return int(b)
}

// span is up to 15 ns, or 4096 or 2^24 or 2^36 times as much, so that instants differ in high bits as well as in low ones.
func (s *script) span() time.Duration { return time.Duration(s.next()%16) << (s.next() % 4 * 12) }

func (s *script) say(format string, args ...any) { s.log = append(s.log, fmt.Sprintf(format, args...)) }

// fire is what event name does: up to three things.
func (s *script) fire(c calendar, name int, now sim.Time, id sim.ID) {
	s.say("%v: %d fires as %d, %d pending", int64(now), name, id, c.pending())
	for range s.next() % 4 {
		s.step(c)
	}
}

func (s *script) step(c calendar) {
	switch op := s.next() % 8; {
	case op < 4:
		s.handles = c.schedule(s.span(), s.handles) + 1
	case op < 6 && s.handles > 0:
		h := s.next() % s.handles
		at, ok := c.due(h)
		s.say("handle %d is due %d %v, cancelled %v", h, at, ok, c.cancel(h))
	case s.handles > 0:
		h := s.next() % s.handles
		if c.cancel(h) {
			s.handles = c.schedule(s.span(), s.handles) + 1
		}
	}
}

func (s *script) play(c calendar) []string {
	for until := sim.Time(0); len(s.code) > 0; until = until.Add(16 * s.span()) {
		for range 1 + s.next()%8 {
			s.step(c)
		}
		c.run(until)
		s.say("until %d: %d pending", int64(until), c.pending())
	}
	return s.log
}

// engineCalendar is the engine.
type engineCalendar struct {
	engine  sim.Engine[engineCalendar]
	script  *script
	handles []sim.Handle
}

type scripted struct{ name int }

func (ev *scripted) Fire(c *engineCalendar) {
	c.script.fire(c, ev.name, c.engine.Now(), c.engine.Firing())
}

func (c *engineCalendar) schedule(d time.Duration, name int) int {
	c.handles = append(c.handles, c.engine.After(d, &scripted{name}))
	return len(c.handles) - 1
}
func (c *engineCalendar) cancel(h int) bool          { return c.engine.Cancel(c.handles[h]) }
func (c *engineCalendar) due(h int) (sim.Time, bool) { return c.engine.Scheduled(c.handles[h]) }
func (c *engineCalendar) pending() int               { return c.engine.Pending() }
func (c *engineCalendar) run(until sim.Time)         { c.engine.Run(c, until) }

// naive is a list that is searched from end to end.
type naive struct {
	script *script
	all    []naiveEvent
	now    sim.Time
}

type naiveEvent struct {
	name int
	at   sim.Time
	live bool
}

func (c *naive) schedule(d time.Duration, name int) int {
	c.all = append(c.all, naiveEvent{name, c.now.Add(d), true})
	return len(c.all) - 1
}

func (c *naive) cancel(h int) bool {
	was := c.all[h].live
	c.all[h].live = false
	return was
}

func (c *naive) due(h int) (sim.Time, bool) {
	if e := c.all[h]; e.live {
		return e.at, true
	}
	return 0, false
}

func (c *naive) pending() (n int) {
	for _, e := range c.all {
		if e.live {
			n++
		}
	}
	return n
}

func (c *naive) run(until sim.Time) {
	for {
		first := -1
		for i, e := range c.all {
			if e.live && e.at <= until && (first < 0 || e.at < c.all[first].at) {
				first = i
			}
		}
		if first < 0 {
			c.now = until
			return
		}
		c.all[first].live = false
		c.now = c.all[first].at
		c.script.fire(c, c.all[first].name, c.now, sim.ID(first+1))
	}
}

// compare plays code on a new engine, on one that has been reset after other play, and on the naive list.
func compare(t *testing.T, code []byte) {
	t.Helper()
	list := &naive{script: &script{code: code}}
	want := list.script.play(list)

	engine := &engineCalendar{}
	for _, state := range []string{"new", "reset"} {
		engine.script, engine.handles = &script{code: code}, nil
		got := engine.script.play(engine)
		if i := differ(got, want); i >= 0 {
			t.Fatalf("%s engine, line %d of the log: got %q, want %q\nto see it again: go test ./sim -run FuzzOrder, with seed %q",
				state, i, at(got, i), at(want, i), code)
		}
		engine.engine.Reset()
		for _, h := range engine.handles {
			if engine.engine.Cancel(h) {
				t.Fatalf("a handle from before Reset cancelled something; code %q", code)
			}
		}
		engine.script = &script{}
		for range 20 { // the next play finds the slots in another order
			engine.schedule(5, 0)
		}
		engine.cancel(len(engine.handles) - 7)
		engine.run(5)
		engine.engine.Reset()
	}
}

func differ(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

func at(log []string, i int) string {
	if i < len(log) {
		return log[i]
	}
	return "(nothing)"
}

func FuzzOrder(f *testing.F) {
	s := random.New().Stream("scripts")
	for i := range 300 {
		code := make([]byte, 20+10*i)
		for j := range code {
			code[j] = byte(256 * s.Uniform())
		}
		f.Add(code)
	}
	f.Fuzz(compare)
}
