package figure

import (
	"cmp"
	"math"
	"slices"
)

// A curves chart has lines over one axis, each with its band, and its name at its end.
type curves struct {
	x, y  axis
	lines []curve
	refs  []reference
}

// A curve is a line through points, or a step function that holds each value until the next.
type curve struct {
	name      string
	x, y      []float64
	low, high []float64 // of its band; nil without one
	step      bool
	dots      bool // no line: discs with whiskers
	colour    ink
	dash      float64
}

// A reference is a level line with words at its left end.
type reference struct {
	y     float64
	words string
}

// steps is at how many places a curve is worked out.
const steps = 240

// draw sets the chart on a sheet.
func (c *curves) draw(s sheet, opt Options) scene {
	out, y := s.begin(opt)
	height := opt.Height * mm
	if height == 0 {
		height = 100 * mm
	}
	// The title of the upright axis stands above it, where it is read without turning the head.
	for _, line := range wrap(c.y.title, out.width-2*margin, textSize, false, 2) {
		y += textSize
		out.text(margin, y, left, textSize, black, line)
		y += 3
	}
	bottom := max(y+60, height-s.below(opt, out.width)-2*textSize*leading-8)
	c.y.from, c.y.to = bottom, y+6
	about := max(2, int((bottom-y)/32))
	at, words := c.y.ticks(about)
	widest := 0.0
	for _, w := range words {
		widest = max(widest, width(w, textSize, false))
	}
	ends := make([]ending, len(c.lines))
	names := 0.0
	for i, l := range c.lines {
		ends[i].lines = wrap(l.name, 0.26*out.width, textSize, false, 3)
		for _, line := range ends[i].lines {
			names = max(names, width(line, textSize, false))
		}
	}
	c.x.from, c.x.to = margin+widest+6, out.width-margin
	if names > 0 {
		c.x.to -= names + 14
	} else {
		c.x.to -= 10
	}
	for i, v := range at {
		out.line(rule, thin, point{c.x.from, c.y.at(v)}, point{c.x.to, c.y.at(v)})
		out.text(c.x.from-5, c.y.at(v)+0.36*textSize, right, textSize, grey, words[i])
	}
	// Bands first, so that none hides a line.
	for _, l := range c.lines {
		if l.low != nil && !l.dots {
			c.band(out, l)
		}
	}
	for _, l := range c.lines { // their edges after them, so that bands are told apart where they overlap
		if l.low != nil && !l.dots {
			for _, edge := range [][]float64{l.low, l.high} {
				if points := c.outline(l, edge); len(points) > 1 {
					out.line(l.colour.mix(0.45), 0.35, points...)
				}
			}
		}
	}
	for _, r := range c.refs {
		out.dashed(grey, 0.8, 2.5, point{c.x.from, c.y.at(r.y)}, point{c.x.to, c.y.at(r.y)})
		out.text(c.x.from+3, c.y.at(r.y)-3, left, noteSize, grey, r.words)
	}
	for i, l := range c.lines {
		c.line(out, l)
		if n := len(l.x); n > 0 {
			ends[i].y = c.y.within(l.y[n-1])
			ends[i].x = c.x.within(l.x[n-1])
		} else {
			ends[i].y, ends[i].x = bottom, c.x.to
		}
		ends[i].colour = l.colour
	}
	c.names(out, ends)
	end := c.x.below(out, bottom)
	s.end(out, end, opt)
	return *out
}

// outline is the points of a curve through some values, with its steps.
func (c *curves) outline(l curve, values []float64) []point {
	var points []point
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		p := point{c.x.within(l.x[i]), c.y.within(v)}
		if n := len(points); l.step && n > 0 {
			last := points[n-1].y
			if n > 1 && points[n-2].y == last { // still level: the same point, further on
				points = points[:n-1]
			}
			points = append(points, point{p.x, last})
			if p.y == last {
				continue
			}
		}
		points = append(points, p)
	}
	return points
}

func (c *curves) band(out *scene, l curve) {
	upper, lower := c.outline(l, l.high), c.outline(l, l.low)
	if len(upper) < 2 || len(lower) < 2 {
		return
	}
	slices.Reverse(lower)
	out.area(l.colour.mix(0.2), append(upper, lower...)...)
}

func (c *curves) line(out *scene, l curve) {
	if l.dots {
		for i, v := range l.y {
			if math.IsNaN(v) {
				continue
			}
			x := c.x.within(l.x[i])
			if l.low != nil {
				out.line(l.colour, 1.1, point{x, c.y.within(l.low[i])}, point{x, c.y.within(l.high[i])})
			}
			out.disc(x, c.y.within(v), 2.4, l.colour, none, 0)
		}
		return
	}
	points := c.outline(l, l.y)
	switch {
	case len(points) == 1:
		out.disc(points[0].x, points[0].y, 2.4, l.colour, none, 0)
	case l.dash > 0:
		out.dashed(l.colour, thick, l.dash, points...)
	case len(points) > 1:
		out.line(l.colour, thick, points...)
	}
}

// An ending is the name of a curve beside where it ends.
type ending struct {
	lines  []string
	x, y   float64
	colour ink
}

// names sets the names at the right in the order of the ends of their curves, as near to them as can be
// without overprinting, and leads a thin line there where one had to move.
func (c *curves) names(out *scene, ends []ending) {
	ends = slices.DeleteFunc(slices.Clone(ends), func(e ending) bool { return e.lines[0] == "" })
	slices.SortStableFunc(ends, func(a, b ending) int { return cmp.Compare(a.y, b.y) })
	const line = textSize * 1.15
	place := make([]float64, len(ends)) // of the middle
	top := c.y.to - 8
	for i, e := range ends {
		half := float64(len(e.lines)) * line / 2
		place[i] = max(e.y, top+half)
		top = place[i] + half + 2
	}
	floor := c.y.from + 4
	for i := len(ends) - 1; i >= 0; i-- {
		half := float64(len(ends[i].lines)) * line / 2
		place[i] = min(place[i], floor-half)
		floor = place[i] - half - 2
	}
	for i, e := range ends {
		if math.Abs(place[i]-e.y) > 3 || c.x.to-e.x > 3 {
			out.line(e.colour.mix(0.6), thin, point{e.x, e.y}, point{c.x.to + 3, e.y}, point{c.x.to + 9, place[i]})
		}
		first := place[i] + 0.36*textSize - float64(len(e.lines)-1)*line/2
		for k, words := range e.lines {
			out.text(c.x.to+11, first+float64(k)*line, left, textSize, e.colour, words)
		}
	}
}
