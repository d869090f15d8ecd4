package figure

import (
	"math"

	"tripwire/stats"
)

// A rows chart has a line for each thing that is compared: its label, its marks along one axis, and figures
// in columns at the right. It is as high as its rows need.
type rows struct {
	axis  axis
	rows  []row
	heads []string  // of the columns of figures
	key   []keyed   // what the marks mean
	refs  []float64 // lines across all rows
	high  float64   // of a row, in points; 0 is 15
}

type row struct {
	label string
	head  bool // a heading: no marks
	marks []mark
	cells []string
	grow  float64 // least height, in points
}

// A mark is one thing on a row. Low and High are the ends of its interval; NaN where it has none.
type mark struct {
	shape       shape
	from, value float64 // a bar or a piece goes from one to the other
	low, high   float64
	fill        ink
	words       string  // inside a piece, if there is room; after the end of a bar
	lift        float64 // above the middle of the row, as a share of its height
	slim        bool    // half as high, for two in a row
}

type shape uint8

const (
	bar    shape = iota // a bar with a whisker
	piece               // a part of a bar, set off by white
	dot                 // a disc with a whisker
	ring                // a circle with a whisker
	span                // a broad line from low to high
	tick                // a short upright line with a whisker
	bridge              // a line that joins two marks
)

type keyed struct {
	shape shape
	fill  ink
	words string
}

// marked is a mark of an estimate.
func marked(s shape, e stats.Estimate, fill ink) mark {
	return mark{shape: s, value: e.Value, low: e.Low, high: e.High, fill: fill}
}

// bounded is an estimate whose open interval is none.
func bounded(e stats.Estimate) stats.Estimate {
	if math.IsInf(e.Low, 0) || math.IsInf(e.High, 0) {
		e.Low, e.High = math.NaN(), math.NaN()
	}
	return e
}

const (
	mostRows    = 60 // in a chart of groups
	mostFactors = 25 // in a ranking; the others are in its table

	labelShare = 0.36 // most of the width that labels take
	columnGap  = 10.0
)

// draw sets the chart on a sheet.
func (c *rows) draw(s sheet, opt Options) scene {
	out, y := s.begin(opt)
	y = drawKey(out, c.key, y)
	high := c.high
	if high == 0 {
		high = 15
	}

	labels, heights, widest := make([][]string, len(c.rows)), make([]float64, len(c.rows)), 0.0
	for i, r := range c.rows {
		room := labelShare * out.width
		if r.head {
			room = out.width - 2*margin
		}
		labels[i] = wrap(r.label, room, textSize, r.head, 2)
		heights[i] = max(high, r.grow, float64(len(labels[i]))*textSize*1.15+4)
		for _, line := range labels[i] {
			if !r.head {
				widest = max(widest, width(line, textSize, false))
			}
		}
	}
	columns := make([]float64, len(c.heads))
	for j, head := range c.heads {
		columns[j] = width(head, noteSize, false)
		for _, r := range c.rows {
			if j < len(r.cells) {
				columns[j] = max(columns[j], width(r.cells[j], textSize, false))
			}
		}
	}
	c.axis.from, c.axis.to = margin+widest+8, out.width-margin-6
	for _, w := range columns {
		c.axis.to -= w + columnGap
	}
	x := c.axis.to + 6 + columnGap
	if len(c.heads) > 0 {
		y += noteSize
		for j, head := range c.heads {
			out.text(x, y, left, noteSize, grey, head)
			x += columns[j] + columnGap
		}
		y += 4
	}

	top, bottom := y, y
	for _, h := range heights {
		bottom += h
	}
	at, _ := c.axis.ticks(max(2, int((c.axis.to-c.axis.from)/48)))
	for _, v := range at {
		out.line(rule, thin, point{c.axis.at(v), top}, point{c.axis.at(v), bottom})
	}
	for _, v := range c.refs {
		out.dashed(grey, 0.8, 2.5, point{c.axis.at(v), top}, point{c.axis.at(v), bottom})
	}
	for i, r := range c.rows {
		middle := y + heights[i]/2
		first := middle + 0.36*textSize - float64(len(labels[i])-1)*textSize*0.575
		for k, line := range labels[i] {
			base := first + float64(k)*textSize*1.15
			if r.head {
				w := width(line, textSize, true) // the grid does not run through a heading
				out.rect(margin, base-textSize, margin+w+2, base+3, white, none, 0)
				out.bold(margin, base, left, textSize, black, line)
			} else {
				out.text(c.axis.from-8, base, right, textSize, black, line)
			}
		}
		for _, m := range r.marks {
			c.mark(out, m, middle-m.lift*heights[i], high)
		}
		x := c.axis.to + 6 + columnGap
		for j, cell := range r.cells {
			out.text(x, middle+0.36*textSize, left, textSize, black, cell)
			x += columns[j] + columnGap
		}
		y += heights[i]
	}
	y = c.axis.below(out, bottom)
	s.end(out, y, opt)
	return *out
}

// mark draws a mark about the height y.
func (c *rows) mark(out *scene, m mark, y, high float64) {
	if math.IsNaN(m.value) && m.shape != span {
		return
	}
	from, to := c.axis.within(m.from), c.axis.within(m.value)
	half := 0.31 * high
	if m.slim {
		half /= 2
	}
	whisker := func(colour ink, width float64) {
		if math.IsNaN(m.low) || math.IsNaN(m.high) || m.low == m.high {
			return
		}
		a, b := c.axis.within(m.low), c.axis.within(m.high)
		out.line(colour, width, point{a, y}, point{b, y})
		for _, end := range []float64{m.low, m.high} {
			if end >= c.axis.low && end <= c.axis.top { // an interval that goes on has no end
				out.line(colour, width, point{c.axis.at(end), y - 2}, point{c.axis.at(end), y + 2})
			}
		}
	}
	switch m.shape {
	case bar:
		out.rect(min(from, to), y-half, max(from, to), y+half, m.fill, none, 0)
		whisker(black, 0.9)
	case piece:
		if to <= from {
			return
		}
		out.rect(from, y-1.25*half, to, y+1.25*half, m.fill, white, 0.5)
		if to-from > width(m.words, noteSize, false)+3 {
			out.text((from+to)/2, y+0.36*noteSize, centre, noteSize, m.fill.on(), m.words)
		}
	case dot:
		whisker(m.fill, 1.2)
		out.disc(to, y, 2.6, m.fill, none, 0)
	case ring:
		whisker(m.fill, 1.2)
		out.disc(to, y, 2.5, white, m.fill, 1.2)
	case span:
		a, b := c.axis.within(m.low), c.axis.within(m.high)
		out.rect(a, y-half, max(b, a+0.8), y+half, m.fill, none, 0)
	case bridge:
		out.line(m.fill, 3, point{from, y}, point{to, y})
	case tick:
		whisker(m.fill, 1.1)
		out.line(m.fill, 1.4, point{to, y - 1.15*half}, point{to, y + 1.15*half})
	}
}

// drawKey says what marks mean, above the chart, and returns where that ends.
func drawKey(out *scene, key []keyed, y float64) float64 {
	if len(key) == 0 {
		return y
	}
	x := margin
	y += 4
	for _, k := range key {
		w := 15 + width(k.words, textSize, false)
		if x > margin && x+w > out.width-margin {
			x, y = margin, y+textSize*leading+2
		}
		switch k.shape {
		case dot:
			out.line(k.fill, 1.2, point{x, y}, point{x + 11, y})
			out.disc(x+5.5, y, 2.6, k.fill, none, 0)
		case ring:
			out.line(k.fill, 1.2, point{x, y}, point{x + 11, y})
			out.disc(x+5.5, y, 2.5, white, k.fill, 1.2)
		case tick:
			out.line(k.fill, 1.1, point{x, y}, point{x + 11, y})
			out.line(k.fill, 1.4, point{x + 5.5, y - 4}, point{x + 5.5, y + 4})
		default:
			out.rect(x+1, y-3.5, x+10, y+3.5, k.fill, none, 0)
			if contrast(k.fill, white) < 1.5 {
				out.rect(x+1, y-3.5, x+10, y+3.5, none, grey, 0.4)
			}
		}
		out.text(x+14, y+0.36*textSize, left, textSize, black, k.words)
		x += w + 12
	}
	return y + textSize*leading
}
