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

// A worker plays units, one history after the other, in one war that it uses again and again.
type worker struct {
	*runner
	war    *model.War
	reader *reader
	row    []float64
}

func newWorker(r *runner) *worker {
	return &worker{runner: r, reader: newReader(), row: make([]float64, len(r.runs.Columns))}
}

// playUnit fills b, whose number is given; false means that the context was cancelled.
func (w *worker) playUnit(ctx context.Context, b *batch) bool {
	*b = batch{number: b.number, unit: w.unit(b.number), rows: b.rows[:0], runs: b.runs[:0], events: b.events[:0]}
	for rep := b.unit.from; rep < b.unit.to; rep++ {
		if ctx.Err() != nil {
			return false
		}
		w.row[0] = float64(b.unit.point*int64(w.study.Settings.Replications) + rep)
		w.row[1], w.row[2] = float64(b.unit.point), float64(rep)
		w.playRow(b, rep)
		b.rows = append(b.rows, w.row...)
		b.runs = w.runs.AppendRow(b.runs, w.row)
	}
	return true
}

// playRow plays one history into w.row. A panic in it makes a row without measures, and is kept.
func (w *worker) playRow(b *batch, rep int64) {
	seed, events := uint64(w.study.Scenario.Seed), len(b.events)
	measures := w.row[len(index):]
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		w.war = nil // whatever state it is in
		b.events = b.events[:events]
		for i := range measures {
			measures[i] = math.NaN()
		}
		b.failures = append(b.failures, record.Failure{
			Point: b.unit.point, Rep: rep, Seed: seed, Message: firstLine(fault),
			Repeat: fmt.Sprintf("tripwire trace scenario.toml --rep %d --seed %d", rep, seed),
		})
	}()
	if w.war == nil {
		w.war = model.New(&w.study.Scenario)
	}
	var each func(model.Entry)
	if w.opt.Events {
		each = func(e model.Entry) { b.events = appendEvent(b.events, b.unit.point, rep, e) }
	}
	w.reader.outcome = w.play(w.war, seed, uint64(rep), each)
	w.reader.read(measures)
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
		index[1],
		index[2],
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
