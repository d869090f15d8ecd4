// Package page makes pages that are one HTML file each and ask nothing of the network: of one history, an
// after-action report with a timeline and a replay; of a study, its report. Start at [WriteHistory] for a history, at
// [WriteReport] for a study.
//
// A history is shown as the model had it, variable by variable; its page is read without its script, which only
// steps through the replay. The package knows neither how a history is played nor where its file is put.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"

	"tripwire/model"
	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/sim"
	"tripwire/study/causes"
)

//go:embed history.html
var markup string

//go:embed history.css
var style string

//go:embed history.js
var script string

// Moment is an event of a history, and the state that it left.
type Moment struct {
	model.Entry
	Scene model.Scene
}

// History is what the page is made of.
type History struct {
	Title    string
	Question string
	Place    string // the design point in words; "" where there is but one
	Rep      int64
	Seed     uint64
	Moments  []Moment
	Outcome  model.Outcome
	Gates    [model.GateTime + 1]model.Passage
	Measures [][2]string // title and value
	Back     string      // where the page was come from, for a link; "" for none
}

// WriteHistory writes the page of a history. The same history gives the same bytes.
func WriteHistory(w io.Writer, h *History) error {
	var b bytes.Buffer
	if err := historyPage.Execute(&b, newView(h)); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// words is what the pages say numbers with.
var words = template.FuncMap{"plural": report.Plural[int]}

var historyPage = template.Must(template.New("page").Funcs(words).Parse(markup))

// HistoryPolicy is the content security policy of the page: its own script and style, and nothing else.
func HistoryPolicy() string {
	return "default-src 'none'; script-src " + hash(script) + "; style-src " + hash(style) + "; base-uri 'none'; form-action 'none'"
}

// hash is a source in a content security policy.
func hash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// view is the page's data.
type view struct {
	*History
	Policy   string
	Style    template.CSS
	Script   template.JS
	Brief    []string
	Chain    []event // how it came to its end
	Fared    []gate
	Phases   []phase
	Routine  int
	Repeated int
	Timeline *timeline
	Axes     []axisRow
	Gauges   []gauge
	Rungs    []string
	Moments  []moment // of the replay
	Last     moment
}

// event is one event in words.
type event struct {
	ID     sim.ID
	Days   string // for links
	When   string
	Actor  string
	What   string
	Cause  string
	Linked sim.ID // the cause, if the page tells of it
	Told   bool   // by the page, among its events
	Times  int    // in a row, of which this is the last
}

type phase struct {
	Name   string
	ID     string
	Events []event
}

type gate struct{ Name, Said string }

// axisRow is what does not move of one axis in the replay.
type axisRow struct {
	Name      string
	Scale     float64 // km that the bar spans
	Objective float64 // of the bar, in percent
	Prepared  float64
	Hub       bool
	Front     float64 // of the bar at the end, in percent
}

// gauge is a number of the replay that is shown as a bar.
type gauge struct {
	Name string
	Full float64 // the value of a full bar
	Unit string
	Fill float64 // of the bar at the end, in percent
}

// moment is an event of the replay, compactly.
type moment struct {
	ID    sim.ID    `json:"id"`
	Cause sim.ID    `json:"cause"`
	Day   float64   `json:"t"`
	When  string    `json:"when"`
	Actor string    `json:"actor"`
	What  string    `json:"what"`
	Why   string    `json:"why"`
	Front []front   `json:"axes"`
	Gauge []float64 `json:"gauges"`
	Rung  int       `json:"rung"`
	Gate  int       `json:"gate"` // from 1; 0 before an attack, 8 once a strike has come
	Force string    `json:"force"`
	Lane  string    `json:"lane"`
}

type front struct {
	Km      float64 `json:"km"`
	Supply  float64 `json:"supply"`
	Posture string  `json:"posture"`
	Held    bool    `json:"held"`
	Contact bool    `json:"contact"`
}

func newView(h *History) *view {
	v := &view{History: h, Style: template.CSS(style), Script: template.JS(script), Brief: causes.Brief(h.Outcome, h.Gates)}
	v.Policy = HistoryPolicy()
	entries := make([]model.Entry, len(h.Moments))
	for i, m := range h.Moments {
		entries[i] = m.Entry
	}
	events := causes.ByID(entries)
	told, routine, repeated := causes.Telling(entries)
	v.Routine, v.Repeated = routine, repeated
	chain := map[sim.ID]bool{}
	if n := len(entries); n > 0 {
		for _, e := range entries[max(0, n-2):] { // the gate, if one was asked, and the outcome
			for _, c := range causes.Causes(events, e) {
				chain[c.ID] = true
			}
		}
	}
	linked := map[sim.ID]bool{}
	for i, e := range entries {
		told[i] = told[i] || chain[e.ID] && e.What != ""
		linked[e.ID] = told[i]
	}
	words := func(e model.Entry) event {
		x := event{ID: e.ID, Days: strconv.FormatFloat(e.At.Days(), 'f', -1, 64), When: e.At.String(), Actor: causes.Actor(e.Subject), What: sentence(e), Told: linked[e.ID], Times: 1}
		x.Cause = "the armistice"
		if e.Cause != 0 {
			x.Cause = fmt.Sprintf("#%d %s", e.Cause, events[e.Cause].Event)
		}
		if linked[e.Cause] {
			x.Linked = e.Cause
		}
		return x
	}
	v.axes()
	v.Gauges = []gauge{
		{Name: "Ukrainian reserve", Full: v.most(func(s *model.Scene) float64 { return s.ReserveUA }), Unit: "people"},
		{Name: "Russian reserve", Full: v.most(func(s *model.Scene) float64 { return s.ReserveRU }), Unit: "people"},
		{Name: "Reassurance force", Full: v.most(func(s *model.Scene) float64 { return s.Coalition }), Unit: "people"},
		{Name: "Interceptors", Full: v.most(func(s *model.Scene) float64 { return float64(s.Interceptors) }), Unit: "in stock"},
		{Name: "Merchant flow", Full: 100, Unit: "%"},
		{Name: "Bridges in use", Full: 100, Unit: "%"},
		{Name: "Rail nodes in use", Full: 100, Unit: "%"},
		{Name: "Depots in use", Full: 100, Unit: "%"},
		{Name: "Sanctions", Full: 100, Unit: "% of the war's"},
	}
	v.Rungs = figure.Rungs
	v.phases(told, words)
	for i, m := range h.Moments {
		if told[i] {
			v.Moments = append(v.Moments, v.moment(&m, words(m.Entry)))
		}
	}
	if n := len(v.Moments); n > 0 {
		v.Last = v.Moments[n-1]
		for i, x := range v.Last.Gauge {
			v.Gauges[i].Fill = percent(min(x, v.Gauges[i].Full), v.Gauges[i].Full)
		}
	}
	if n := len(entries); n > 0 {
		for _, e := range causes.Causes(events, entries[n-1]) {
			x := words(e)
			if n := len(v.Chain); n > 0 && v.Chain[n-1].Actor == x.Actor && chained(v.Chain[n-1].What) == chained(x.What) {
				x.Times += v.Chain[n-1].Times
				v.Chain[n-1] = x
				continue
			}
			v.Chain = append(v.Chain, x)
		}
	}
	v.fared()
	v.Timeline = newTimeline(h, linked)
	return v
}

// sentence is an event with what came of it.
func sentence(e model.Entry) string {
	if e.What == "" {
		return e.Event
	}
	return e.Event + ": " + e.What
}

// chained is the name of an event in its sentence.
func chained(what string) string {
	name, _, _ := strings.Cut(what, ":")
	return name
}

// most is the largest value of a variable in the history; 1 where it is never above 0.
func (v *view) most(of func(*model.Scene) float64) float64 {
	most := 0.0
	for i := range v.History.Moments {
		most = max(most, of(&v.History.Moments[i].Scene))
	}
	if most == 0 {
		return 1
	}
	return most
}

// axes lays the axes out: each bar spans from the armistice line to the objective, or to the furthest front
// beyond it.
func (v *view) axes() {
	n := len(v.History.Moments)
	if n == 0 {
		return
	}
	last := &v.History.Moments[n-1].Scene
	for i := range last.Axes {
		a := &last.Axes[i]
		scale := max(a.ObjectiveKm, a.FurthestKm)
		for _, m := range v.History.Moments {
			scale = max(scale, m.Scene.Axes[i].FrontKm)
		}
		if scale == 0 {
			scale = 1
		}
		v.Axes = append(v.Axes, axisRow{a.Name, scale, percent(a.ObjectiveKm, scale), percent(min(a.PreparedKm, scale), scale), a.Hub, percent(a.FrontKm, scale)})
	}
}

func percent(part, of float64) float64 { return math.Round(1000*max(0, part)/of) / 10 }

func (v *view) moment(m *Moment, e event) moment {
	s := &m.Scene
	x := moment{ID: m.ID, Day: m.At.Days(), When: e.When, Actor: e.Actor, What: e.What, Why: e.Cause, Cause: e.Linked, Rung: s.Rung}
	for i := range s.Axes {
		a := &s.Axes[i]
		x.Front = append(x.Front, front{math.Round(100*a.FrontKm) / 100, math.Round(100 * a.Supply), a.Posture, a.Held, a.Contact})
	}
	for _, g := range []float64{s.ReserveUA, s.ReserveRU, s.Coalition, float64(s.Interceptors), 100 * s.Flow, 100 * s.Bridges, 100 * s.Rail, 100 * s.Depots, 100 * s.Sanctions} {
		x.Gauge = append(x.Gauge, math.Round(g))
	}
	if s.Gate >= model.GateDetection {
		x.Gate = int(s.Gate-model.GateDetection) + 1
	}
	if s.Struck {
		x.Gate = int(model.GateTime-model.GateDetection) + 2
	}
	switch {
	case s.Withdrawn:
		x.Force = "withdrawn"
	case s.Fights:
		x.Force = "in combat"
	case s.FirstDeaths:
		x.Force = "has had first deaths"
	case s.Coalition == 0:
		x.Force = "not there"
	default:
		x.Force = "stands by"
	}
	x.Lane = s.Lane
	if s.LaneClosed {
		x.Lane += ", lane closed"
	}
	return x
}

// phases puts what is told under headings.
func (v *view) phases(told []bool, words func(model.Entry) event) {
	for i, m := range v.History.Moments {
		if !told[i] {
			continue
		}
		name, id := causes.Phase(m.Entry, v.Outcome)
		if n := len(v.Phases); n == 0 || v.Phases[n-1].ID != id {
			v.Phases = append(v.Phases, phase{Name: name, ID: id})
		}
		p := &v.Phases[len(v.Phases)-1]
		p.Events = append(p.Events, words(m.Entry))
	}
}

// fared is what each gate said.
func (v *view) fared() {
	if !v.Outcome.Invaded {
		return
	}
	for g := model.GateDetection; g <= model.GateTime; g++ {
		p := v.Gates[g]
		said := "never asked"
		switch {
		case p.PassedD == p.PassedD:
			said = fmt.Sprintf("passed %.1f days after D-day", p.PassedD)
		case p.ReachedD == p.ReachedD:
			said = fmt.Sprintf("reached %.1f days after D-day, and never passed", p.ReachedD)
		}
		if p.Refused > 0 {
			said += fmt.Sprintf("; refused %d×", p.Refused)
		}
		v.Fared = append(v.Fared, gate{g.String(), said})
	}
}
