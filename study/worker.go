package study

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tripwire/model"
	"tripwire/study/record"
)

// A worker plays units, one history after the other, in one war that it uses again and again while it
// stays at one design point.
type worker struct {
	*runner
	point    int64 // where it stands; -1 before the first
	scenario model.Scenario
	broken   error // why nothing can be played at the point
	war      *model.War
	factors  []float64
	reader   *reader
	cells    []float64 // the measures of one history
}

func newWorker(r *runner) *worker {
	return &worker{
		runner: r, point: -1, factors: make([]float64, len(r.plan.factors)), reader: newReader(), cells: make([]float64, len(Measures())),
	}
}

// playUnit fills b with a unit; false means that the context was cancelled.
func (w *worker) playUnit(ctx context.Context, b *batch, number int64) bool {
	m := &b.memory
	*b = batch{number: number, chunks: b.chunks[:0], ends: b.ends[:0], bytes: b.bytes[:0], memory: chunk{
		cells: m.cells[:0], events: m.events[:0],
	}}
	unit := w.unit(number)
	for point := unit.from; point < unit.to; point++ {
		w.stand(point)
		for rep := unit.first; rep < unit.end; rep++ {
			if ctx.Err() != nil {
				return false
			}
			w.playRow(b, rep)
		}
		b.chunks = append(b.chunks, chunk{point: point, first: unit.first})
		b.ends = append(b.ends, mark{len(m.cells), len(m.events)})
	}
	// The memory has its last place only now.
	var from mark
	for i, to := range b.ends {
		c := &b.chunks[i]
		c.cells, c.events = m.cells[from.cells:to.cells], m.events[from.events:to.events]
		from = to
	}
	b.bytes = appendUnit(b.bytes, b.number, b.chunks, b.failures)
	return true
}

// stand goes to a design point.
func (w *worker) stand(point int64) {
	if w.point == point {
		return
	}
	w.point, w.war = point, nil
	w.broken = w.plan.scenario(point, w.factors, &w.scenario)
}

// playRow plays one history and adds its measures to the batch.
func (w *worker) playRow(b *batch, rep int64) {
	w.playCells(b, rep)
	b.memory.cells = append(b.memory.cells, w.cells...)
}

// playCells plays one history into w.cells. A panic in it makes a row without measures, and is kept.
func (w *worker) playCells(b *batch, rep int64) {
	seed, events := uint64(w.scenario.Seed), len(b.memory.events)
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		w.war = nil // whatever state it is in
		b.memory.events = b.memory.events[:events]
		for i := range w.cells {
			w.cells[i] = math.NaN()
		}
		place := ""
		if w.plan.points > 1 {
			place = fmt.Sprintf(" --point %d", w.point)
		}
		b.failures = append(b.failures, record.Failure{
			Point: w.point, Rep: rep, Seed: seed, Message: firstLine(fault),
			Repeat: fmt.Sprintf("tripwire trace scenario.toml%s --rep %d --seed %d", place, rep, seed),
		})
	}()
	if w.broken != nil {
		panic(w.broken)
	}
	if w.war == nil {
		w.war = model.New(&w.scenario)
	}
	var each func(model.Entry)
	if w.opt.Events {
		each = func(e model.Entry) { b.memory.events = appendEvent(b.memory.events, w.point, rep, e) }
	}
	w.reader.outcome = w.play(w.war, seed, w.study.Key(w.point, rep), each)
	w.reader.read(w.cells)
}

func firstLine(fault any) string {
	line, _, _ := strings.Cut(fmt.Sprint(fault), "\n")
	return line[:min(len(line), 500)]
}

var eventsResource = record.Resource{
	Name: "events",
	Doc:  "a row an event, sorted by point, rep and the order in which they fired",
	Key:  []string{"point", "rep", "id"},
	Columns: []record.Column{
		pointColumn,
		repColumn,
		{Name: "id", Kind: record.Int, Title: "Event", Doc: "number of the event in its history, in the order in which events were scheduled, from 1"},
		{Name: "cause", Kind: record.Int, Title: "Cause", Doc: "id of the event that caused it; 0 is the beginning"},
		{Name: "t_d", Kind: record.Float, Unit: "d", Title: "Time", Doc: "days from the armistice"},
		{Name: "subject", Kind: record.Text, Title: "Subject", Doc: "the part of the war in which it happened"},
		{Name: "event", Kind: record.Text, Title: "Event", Doc: "its short name"},
		{Name: "what", Kind: record.Text, Title: "What happened", Doc: "in words"},
	},
}

func appendEvent(b []byte, point, rep int64, e model.Entry) []byte {
	for _, n := range [...]int64{point, rep, int64(e.ID), int64(e.Cause)} {
		b = append(strconv.AppendInt(b, n, 10), ',')
	}
	b = append(record.AppendFloat(b, e.At.Days(), 0), ',')
	b = append(record.AppendText(b, e.Subject), ',')
	b = append(record.AppendText(b, e.Event), ',')
	return append(record.AppendText(b, e.What), '\n')
}

// Events is the events of one history as CSV, with the header of events.csv.
func Events(point, rep int64, history []model.Entry) []byte {
	b := eventsResource.AppendHeader(nil)
	for _, e := range history {
		b = appendEvent(b, point, rep, e)
	}
	return b
}
