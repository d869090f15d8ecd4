package figure

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// heatmap is a measure over two factors.
type heatmap struct {
	x, y   record.Column
	xs, ys []float64
	cells  [][]stats.Estimate // by y and x; N is 0 where the design has no point
	m      *measure
	pooled bool // several points a cell
	had    []report.Had
}

// mostCells is how many values a side of a heat map has at most.
const mostCells = 40

func drawHeatmap(r *record.Result, opt Options) (*Figure, error) {
	var ended []string // which only a failed history lacks
	if r.Manifest.Failed > 0 {
		ended = []string{"outcome"}
	}
	d, m, err := readMeasure(r, opt, "deterred", ended...)
	if err != nil {
		return nil, err
	}
	h, err := newHeatmap(d, m, opt.X, opt.Y)
	if err != nil {
		return nil, err
	}
	return h.draw(d, opt), nil
}

func newHeatmap(d *data, m *measure, x, y string) (*heatmap, error) {
	at := [2]int{-1, -1}
	for i, key := range []string{x, y} {
		if key == "" {
			continue
		}
		k, err := d.factor([]string{"--x", "--y"}[i], key)
		if err != nil {
			return nil, err
		}
		at[i] = k
	}
	for i := range at {
		if at[i] >= 0 {
			continue
		}
		for _, k := range d.levers() {
			if d.Columns[k].Name != "case" && !slices.Contains(at[:], k) && len(distinct(d.Table, k)) > 1 {
				at[i] = k
				break
			}
		}
	}
	if at[0] < 0 || at[1] < 0 || at[0] == at[1] {
		return nil, ask("it needs two factors that the design varies; a grid such as roe-by-size or delay-by-breach has them")
	}
	h := &heatmap{x: d.Columns[at[0]], y: d.Columns[at[1]], xs: distinct(d.Table, at[0]), ys: distinct(d.Table, at[1]), m: m}
	if len(h.xs) > mostCells || len(h.ys) > mostCells {
		return nil, ask("%s has %d values and %s %d, more than the %d of a heat map: it needs a grid", keyOf(&h.x), len(h.xs), keyOf(&h.y), len(h.ys), mostCells)
	}
	h.cells = make([][]stats.Estimate, len(h.ys))
	for i := range h.cells {
		h.cells[i] = make([]stats.Estimate, len(h.xs))
	}
	ended := d.ended(at[:])
	for k, g := range d.groups(at[:], m) {
		i, _ := slices.BinarySearch(h.ys, g.key[1])
		j, _ := slices.BinarySearch(h.xs, g.key[0])
		h.cells[i][j] = d.estimate(&g, m)
		h.had = append(h.had, report.Had{N: h.cells[i][j].N, Of: ended[k]})
		h.pooled = h.pooled || len(g.points) > 1
	}
	return h, nil
}

// distinct is the values of a column, ascending.
func distinct(t *record.Table, column int) []float64 {
	seen := map[float64]bool{}
	var values []float64
	for i := range t.Len() {
		if x := t.Row(i)[column]; x == x && !seen[x] {
			seen[x] = true
			values = append(values, x)
		}
	}
	slices.Sort(values)
	return values
}

// straddles says whether an interval leaves open on which side of one half a share lies.
func straddles(e stats.Estimate) bool { return e.N > 0 && e.Low < 0.5 && e.High > 0.5 }

func (h *heatmap) draw(d *data, opt Options) *Figure {
	share := h.m.Share()
	low, high := math.Inf(1), math.Inf(-1)
	table := Table{Columns: []string{keyOf(&h.x), keyOf(&h.y), "value", "low", "high", "n"}}
	any, open, widest := stats.Estimate{}, false, 0.0
	var least, most string
	fewest, greatest := math.MaxInt, 0
	for i := range h.ys {
		for j := range h.xs {
			e := h.cells[i][j]
			table.Rows = append(table.Rows, append([]string{value(&h.x, h.xs[j]), value(&h.y, h.ys[i])}, cells(e)...))
			if e.N == 0 {
				continue
			}
			any, open = e, open || straddles(e)
			widest = max(widest, h.m.scale().factor*e.HalfWidth())
			fewest, greatest = min(fewest, e.N), max(greatest, e.N)
			words, _ := h.m.scale().words(e)
			where := fmt.Sprintf("%s at %s %s, %s %s", words, keyOf(&h.x), value(&h.x, h.xs[j]), keyOf(&h.y), value(&h.y, h.ys[i]))
			if e.Value < low {
				low, least = e.Value, where
			}
			if e.Value > high {
				high, most = e.Value, where
			}
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if share {
		low, high = math.Floor(10*low)/10, math.Ceil(10*high)/10
	}
	if low == high {
		high = low + 1
	}
	way := method(any, d.level)
	behind := histories(greatest) + " a cell"
	if fewest < greatest {
		behind = report.Count(fewest) + " to " + behind
	}
	notes := []string{fmt.Sprintf("Darker is more. %s, %s.", way, behind)}
	if share {
		notes[0] = fmt.Sprintf("Darker is more; %s.", behind)
		if open {
			notes[0] = fmt.Sprintf("Darker is more. ○: the %s interval (%s) holds one half, so on which side of it the share lies is open; %s.", percentOf(d.level), any.Method, behind)
		}
	}
	if widest > 0 && !math.IsInf(widest, 0) {
		unit, _ := h.m.changes()
		notes = append(notes, fmt.Sprintf("The widest %s interval of a cell is ±%s.", percentOf(d.level), strings.TrimSpace(stats.Round(widest, stats.Place(widest, widest))+" "+unit)))
	}
	if h.pooled {
		notes = append(notes, "A cell is the mean over all other factors.", d.scarce())
	}
	if text := report.Counted(&h.m.Column, "cell", h.had, d.level); text != "" {
		notes = append(notes, printable(text))
	}
	s := d.sheet(lower(h.m.title()), fmt.Sprintf("%s, by %s and %s", h.m.axis(), keyOf(&h.x), keyOf(&h.y)), notes...)
	f := s.figure(fmt.Sprintf("Heat map of %s over %s of %s and %d of %s. Least is %s; most is %s.", h.m.title(), report.Plural(len(h.xs), "value", "values"), keyOf(&h.x), len(h.ys), keyOf(&h.y), least, most), table)
	f.scene = h.picture(s, opt, low, high, share)
	return f
}

func (h *heatmap) picture(s sheet, opt Options, low, high float64, share bool) scene {
	out, y := s.begin(opt)
	yTitle := titled(keyOf(&h.y), printed(h.y.Unit))
	for _, line := range wrap(printable(yTitle), out.width-2*margin, textSize, false, 2) {
		y += textSize
		out.text(margin, y, left, textSize, black, line)
		y += 2
	}
	y += 3
	labels, widest := make([][]string, len(h.ys)), 0.0
	for i, v := range h.ys {
		labels[i] = wrap(value(&h.y, v), 0.28*out.width, textSize, false, 2)
		for _, line := range labels[i] {
			widest = max(widest, width(line, textSize, false))
		}
	}
	x0 := margin + widest + 6
	x1 := out.width - margin - 44 // the scale stands there
	step := (x1 - x0) / float64(len(h.xs))
	high1 := min(34, max(9, 190/float64(len(h.ys))))
	if opt.Height > 0 {
		high1 = max(9, (opt.Height*mm-y-s.below(opt, out.width)-40)/float64(len(h.ys)))
	}
	top := y
	for i := range h.ys {
		row := len(h.ys) - 1 - i // the largest on top
		y0 := top + float64(i)*high1
		middle := y0 + high1/2
		if high1 >= textSize+1 || i%2 == 0 {
			first := middle + 0.36*textSize - float64(len(labels[row])-1)*textSize*0.575
			for k, line := range labels[row] {
				if high1 >= float64(len(labels[row]))*textSize*1.15 || k == 0 {
					out.text(x0-6, first+float64(k)*textSize*1.15, right, textSize, grey, line)
				}
			}
		}
		for j := range h.xs {
			e := h.cells[row][j]
			xa, xb := x0+float64(j)*step, x0+float64(j+1)*step
			if e.N == 0 {
				out.rect(xa, y0, xb, y0+high1, white, rule, 0.5)
				out.line(rule, thin, point{xa, y0 + high1}, point{xb, y0})
				continue
			}
			ground := shade((e.Value - low) / (high - low))
			out.rect(xa, y0, xb, y0+high1, ground, white, 0.8)
			words, _ := h.m.scale().words(e)
			mark := share && straddles(e)
			room := step - 4
			if mark {
				room -= 9
			}
			x := (xa + xb) / 2
			if high1 >= 10 && width(words, textSize, false) <= room {
				if mark {
					x -= 4.5
				}
				out.text(x, middle+0.36*textSize, centre, textSize, ground.on(), words)
				x += width(words, textSize, false)/2 + 6.5
			}
			if mark {
				out.disc(x, middle, min(2.5, high1/4, step/4), none, ground.on(), 1)
			}
		}
	}
	bottom := top + float64(len(h.ys))*high1
	end := -math.MaxFloat64
	deepest := 1
	for j, v := range h.xs {
		lines := wrap(value(&h.x, v), max(step-4, 18), textSize, false, 3)
		x := x0 + (float64(j)+0.5)*step
		half := 0.0
		for _, line := range lines {
			half = max(half, width(line, textSize, false)/2)
		}
		if x-half < end+3 {
			continue
		}
		end = x + half
		deepest = max(deepest, len(lines))
		for k, line := range lines {
			out.text(x, bottom+4+textSize+float64(k)*textSize*1.15, centre, textSize, grey, line)
		}
	}
	y = bottom + 6 + float64(deepest)*textSize*1.15
	for _, line := range wrap(printable(titled(keyOf(&h.x), printed(h.x.Unit))), x1-x0+40, textSize, false, 2) {
		y += textSize + 1
		out.text((x0+x1)/2, y, centre, textSize, black, line)
	}
	// The scale, beside the map.
	const pieces = 40
	xs, height := x1+12, bottom-top
	for k := range pieces {
		a, b := bottom-height*float64(k)/pieces, bottom-height*float64(k+1)/pieces
		out.rect(xs, b, xs+8, a+0.3, shade((float64(k)+0.5)/pieces), none, 0)
	}
	scaleAxis := axis{low: low, top: high, factor: h.m.scale().factor, from: bottom, to: top}
	at, words := scaleAxis.ticks(max(3, int(height/24)))
	for i, v := range at {
		out.text(xs+11, scaleAxis.at(v)+0.36*noteSize, left, noteSize, grey, words[i])
	}
	if share && low < 0.5 && high > 0.5 {
		out.line(black, 1, point{xs - 2, scaleAxis.at(0.5)}, point{xs + 10, scaleAxis.at(0.5)})
	}
	s.end(out, y, opt)
	return *out
}
