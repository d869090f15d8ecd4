package page

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"tripwire/model"
	"tripwire/sim"
)

// Measures of the timeline [px].
const (
	lineWidth   = 1000.0 // of the drawing
	lineLeft    = 130.0  // where time begins
	lineRight   = 990.0
	rowHeight   = 22.0
	lanePadding = 8.0
	glyphWidth  = 6.6 // of 11.5 px text: an upper mean of sans-serif faces
	gapWidth    = 6.0 // between two boxes
	markWidth   = 8.0
	axisHeight  = 26.0
)

// timeline is the history in lanes, one an actor. What is in a lane lies on rows, so that no box, label
// included, lies on another.
type timeline struct {
	Width, Height float64
	Ticks         []tick
	Lanes         []lane
	DDay          float64 // x; 0 where there was none
	Steps         string  // of the ladder's curve
	StepsTop      float64
	StepsBottom   float64
	StepsMiddle   float64
}

type tick struct {
	X      float64
	Label  string
	Anchor string
}

type lane struct {
	Name        string
	Top, Height float64
	Items       []*item
}

// Middle is where the lane's name stands.
func (l lane) Middle() float64 { return l.Top + l.Height/2 }

// item is a span of time, or an instant, with its label.
type item struct {
	From, To    float64 // days
	Label       string
	Class       string
	ID          sim.ID  // of its event; 0 for none
	Event       string  // the anchor of that event, if the page tells of it
	X, W        float64 // of the span
	Y           float64 // top of its row
	TextX       float64
	Anchor      string
	left, right float64 // of the box that span and label fill
}

// Instant says whether the item is a mark and no span.
func (i *item) Instant() bool { return i.From == i.To }

// TextY is the base line of the label.
func (i *item) TextY() float64 { return i.Y + 14 }

// scale brings days to x. Where an attack came, the armistice has a third of the width, and the war the rest.
type scale struct{ dDay, end float64 }

func (s scale) x(day float64) float64 {
	width := lineRight - lineLeft
	split := width * 0.35
	switch {
	case s.dDay <= 0 || s.dDay >= s.end:
		return lineLeft + width*clamp(day/max(s.end, 1e-9))
	case day <= s.dDay:
		return lineLeft + split*clamp(day/s.dDay)
	}
	return lineLeft + split + (width-split)*clamp((day-s.dDay)/(s.end-s.dDay))
}

func clamp(x float64) float64 { return min(1, max(0, x)) }

// newTimeline draws a history; its marks lead to the events that the page tells of.
func newTimeline(h *History, told map[sim.ID]bool) *timeline {
	end := 0.0
	if n := len(h.Moments); n > 0 {
		end = h.Moments[n-1].At.Days()
	}
	s := scale{0, end}
	if h.Outcome.Invaded {
		s.dDay = h.Outcome.InvasionD
	}
	t := &timeline{Width: lineWidth}
	t.ticks(s)
	if s.dDay > 0 {
		t.DDay = s.x(s.dDay)
	}
	y := axisHeight
	for _, l := range []lane{
		{Name: "Moscow", Items: moscowItems(h)},
		{Name: "Front", Items: frontItems(h)},
		{Name: "American answer", Items: gateItems(h)},
		{Name: "Strikes", Items: eventItems(h, "strike", "package flown", "widening")},
		{Name: "Coalition", Items: coalitionItems(h)},
		{Name: "Shipping", Items: spans(h, func(c *model.Scene) string {
			if c.LaneClosed {
				return "lane closed"
			}
			if c.Lane == "left alone" {
				return ""
			}
			return c.Lane
		}, "sea")},
	} {
		if len(l.Items) == 0 {
			continue
		}
		l.Top = y
		rows := place(l.Items, s)
		l.Height = float64(rows)*rowHeight + 2*lanePadding
		for _, i := range l.Items {
			i.Y += y + lanePadding
			if i.ID != 0 && told[i.ID] {
				i.Event = fmt.Sprintf("#e%d", i.ID)
			}
		}
		y += l.Height
		t.Lanes = append(t.Lanes, l)
	}
	t.steps(h, s, y)
	t.Height = t.StepsBottom + 8
	return t
}

// ticks are the days that are marked on the axis: thirds of the parts.
func (t *timeline) ticks(s scale) {
	days := []float64{0, s.end / 4, s.end / 2, 3 * s.end / 4, s.end}
	if s.dDay > 0 && s.dDay < s.end {
		days = []float64{0, s.dDay / 2, s.dDay, s.dDay + (s.end-s.dDay)/3, s.dDay + 2*(s.end-s.dDay)/3, s.end}
	}
	for i, d := range days {
		anchor, label := "middle", fmt.Sprintf("day %.0f", d)
		if d == s.dDay && d > 0 {
			label = fmt.Sprintf("D-day, %.0f", d)
		}
		switch i {
		case 0:
			anchor = "start"
		case len(days) - 1:
			anchor = "end"
		}
		t.Ticks = append(t.Ticks, tick{s.x(d), label, anchor})
	}
}

// place sets items on as few rows as it finds, each on the first that is free, and says how many there are.
func place(items []*item, s scale) int {
	for _, i := range items {
		i.X = s.x(i.From)
		i.W = max(s.x(i.To)-i.X, 2)
		if i.Instant() {
			i.W = markWidth
			i.X = min(i.X, lineRight-markWidth)
		}
		text := textWidth(i.Label)
		i.TextX, i.Anchor = i.X+4, "start" // on the span
		if i.Instant() || text+8 > i.W {
			i.TextX = i.X + i.W + 3 // behind it
		}
		i.left, i.right = i.X, max(i.X+i.W, i.TextX+text)
		if i.right > lineRight {
			i.TextX, i.Anchor = i.X-3, "end" // before it
			i.left, i.right = i.TextX-text, i.X+i.W
		}
		if i.left < lineLeft { // a label wider than all there is
			i.TextX, i.Anchor = lineLeft, "start"
			i.Label = cut(i.Label, (lineRight-lineLeft)/glyphWidth)
			i.left, i.right = lineLeft, max(i.X+i.W, lineLeft+textWidth(i.Label))
		}
	}
	rows := 0
	for _, i := range items {
		row := 0
		for clashes(items, i, row) {
			row++
		}
		rows = max(rows, row+1)
		i.Y = float64(row) * rowHeight
	}
	return rows
}

// clashes says whether a row already holds a box that i would touch.
func clashes(items []*item, i *item, row int) bool {
	for _, other := range items {
		if other == i {
			return false // those behind it have no row yet
		}
		if other.Y == float64(row)*rowHeight && i.left < other.right+gapWidth && other.left < i.right+gapWidth {
			return true
		}
	}
	return false
}

func textWidth(s string) float64 { return glyphWidth * float64(utf8.RuneCountInString(s)) }

// cut is a text in so many characters.
func cut(s string, most float64) string {
	if r := []rune(s); float64(len(r)) > most {
		return string(r[:int(most)-1]) + "…"
	}
	return s
}

// moscowItems is build-ups, D-day, and mobilisation.
func moscowItems(h *History) []*item {
	at := map[sim.ID]*Moment{}
	for k := range h.Moments {
		at[h.Moments[k].ID] = &h.Moments[k]
	}
	var items []*item
	for _, m := range h.Moments {
		switch m.Event {
		case "go or no-go":
			if from := at[m.Cause]; from != nil {
				items = append(items, &item{From: from.At.Days(), To: m.At.Days(), Label: "build-up", Class: "moscow", ID: from.ID})
			}
		case "D-day":
			label := "D-day"
			if !h.Outcome.Invaded {
				label = "the war goes on"
			}
			items = append(items, &item{From: m.At.Days(), To: m.At.Days(), Label: label, Class: "moscow", ID: m.ID})
		case "mobilisation":
			items = append(items, &item{From: m.At.Days(), To: m.At.Days(), Label: "mobilisation", Class: "moscow", ID: m.ID})
		}
	}
	return items
}

// mostMarks is how many instants of one kind a lane shows.
const mostMarks = 6

// frontItems is what happened on the axes, a few of each kind.
func frontItems(h *History) []*item {
	return eventItems(h, "land", "breach", "breach sealed", "culmination", "counter-attack", "defence collapses", "objective reached")
}

// eventItems is the first few events of each of these kinds; the front's stand under two subjects.
func eventItems(h *History, class string, kinds ...string) []*item {
	var items []*item
	count := map[string]int{}
	for _, m := range h.Moments {
		for _, kind := range kinds {
			if m.Event != kind {
				continue
			}
			if count[kind]++; count[kind] > mostMarks || kind == "package flown" && count[kind] > 1 {
				continue
			}
			label := kind
			if place, _, ok := strings.Cut(m.What, ": "); ok && class == "land" {
				label = place + ": " + kind
			}
			items = append(items, &item{From: m.At.Days(), To: m.At.Days(), Label: label, Class: class, ID: m.ID})
		}
	}
	return items
}

// gateItems is the gates of the American answer, from when the answer came to each until it passed.
func gateItems(h *History) []*item {
	if !h.Outcome.Invaded {
		return nil
	}
	var items []*item
	for g := model.GateDetection; g <= model.GateTime; g++ {
		p := h.Gates[g]
		if math.IsNaN(p.ReachedD) {
			break
		}
		i := &item{From: h.Outcome.InvasionD + p.ReachedD, To: h.Outcome.EndD, Label: g.String(), Class: "held"}
		if p.PassedD == p.PassedD {
			i.To, i.Class = h.Outcome.InvasionD+p.PassedD, "passed"
		}
		if p.Refused > 0 {
			i.Label += fmt.Sprintf(", refused %d×", p.Refused)
		}
		items = append(items, i)
	}
	return items
}

// coalitionItems is first deaths, combat, withdrawal and reinforcement.
func coalitionItems(h *History) []*item {
	items := spans(h, func(c *model.Scene) string {
		switch {
		case c.Withdrawn:
			return "withdrawn"
		case c.Fights:
			return "in combat"
		case c.FirstDeaths:
			return "first deaths"
		}
		return ""
	}, "coalition")
	return append(items, eventItems(h, "coalition", "reinforcement", "fire-fight")...)
}

// spans is the times for which a word that the scene gives holds.
func spans(h *History, word func(*model.Scene) string, class string) []*item {
	var items []*item
	var open *item
	for k := range h.Moments {
		m := &h.Moments[k]
		now := word(&m.Scene)
		if open != nil {
			open.To = m.At.Days()
			if open.Label == now {
				continue
			}
			open = nil
		}
		if now != "" && len(items) < 4*mostMarks {
			open = &item{From: m.At.Days(), To: m.At.Days(), Label: now, Class: class, ID: m.ID}
			items = append(items, open)
		}
	}
	return items
}

// steps draws the rung of the ladder over time.
func (t *timeline) steps(h *History, s scale, top float64) {
	const height, rungs = 66.0, 10
	t.StepsTop, t.StepsBottom, t.StepsMiddle = top+lanePadding, top+lanePadding+height, top+lanePadding+height/2
	var b strings.Builder
	last := -1
	for k := range h.Moments {
		m := &h.Moments[k]
		if m.Scene.Rung == last {
			continue
		}
		x, y := s.x(m.At.Days()), t.StepsBottom-height*float64(m.Scene.Rung)/rungs
		if last < 0 {
			fmt.Fprintf(&b, "M%.1f %.1f", x, y)
		} else {
			fmt.Fprintf(&b, "H%.1fV%.1f", x, y)
		}
		last = m.Scene.Rung
	}
	fmt.Fprintf(&b, "H%.1f", s.x(s.end))
	t.Steps = b.String()
}
