package figure

import (
	"math"

	"tripwire/stats"
)

// An axis maps numbers to lengths, evenly or by their logarithms.
type axis struct {
	title    string
	low, top float64 // what it spans
	log      bool
	factor   float64 // by which numbers are multiplied when they are written; 0 is 1
	from, to float64 // where that is in the picture
	step     float64 // between marks; 0 for a fitting one
}

func (a *axis) at(x float64) float64 {
	low, top := a.low, a.top
	if a.log {
		x, low, top = math.Log(max(x, a.low)), math.Log(low), math.Log(top)
	}
	return a.from + (a.to-a.from)*(x-low)/(top-low)
}

// within is at, cut to what the axis spans: infinite bounds end at its end.
func (a *axis) within(x float64) float64 { return a.at(min(max(x, a.low), a.top)) }

// ticks is where an axis has marks and what stands there: multiples of 1, 2 or 5 times a power of ten, about
// so many; by logarithms the powers of ten, with 2 and 5 between where those are few.
func (a *axis) ticks(about int) (at []float64, words []string) {
	factor := a.factor
	if factor == 0 {
		factor = 1
	}
	if a.log {
		low, top := math.Floor(math.Log10(a.low)), math.Ceil(math.Log10(a.top))
		for p := low; p <= top; p++ {
			for _, m := range []float64{1, 2, 5} {
				if x := m * math.Pow10(int(p)); x >= a.low*(1-1e-9) && x <= a.top*(1+1e-9) && (m == 1 || top-low <= 3) {
					at, words = append(at, x), append(words, plain(factor*x))
				}
			}
		}
		return at, words
	}
	span := factor * (a.top - a.low)
	if !(span > 0) {
		return nil, nil
	}
	step := factor * a.step
	if step == 0 {
		step = math.Pow10(int(math.Floor(math.Log10(span / float64(about)))))
		for _, m := range []float64{1, 2, 5, 10} {
			if span/(m*step) <= float64(about) {
				step *= m
				break
			}
		}
	}
	digit := int(math.Floor(math.Log10(step) + 1e-9))
	for i := math.Ceil(factor*a.low/step - 1e-9); i*step <= factor*a.top*(1+1e-12)+1e-9*step; i++ {
		at, words = append(at, i*step/factor), append(words, stats.Round(i*step, min(digit, 0)))
	}
	return at, words
}

// round widens an axis to whole ticks.
func (a *axis) round(about int) {
	if a.log || a.low == a.top {
		return
	}
	at, _ := a.ticks(about)
	if len(at) < 2 {
		return
	}
	step := at[1] - at[0]
	a.step = step
	a.low, a.top = math.Floor(a.low/step+1e-9)*step, math.Ceil(a.top/step-1e-9)*step
}

// spread makes an axis hold the intervals of some estimates, and 0.
func (a *axis) spread(all ...stats.Estimate) {
	for _, e := range all {
		if e.N == 0 {
			continue
		}
		for _, x := range []float64{e.Value, e.Low, e.High} {
			if x-x == 0 { // finite
				a.low, a.top = min(a.low, x), max(a.top, x)
			}
		}
	}
	if a.low == a.top {
		a.top = a.low + 1
	}
}

// below draws marks and title of a horizontal axis at the height y, and returns where that ends.
func (a *axis) below(out *scene, y float64) float64 {
	about := max(2, int(math.Abs(a.to-a.from)/48))
	at, words := a.ticks(about)
	out.line(grey, thin, point{a.from, y}, point{a.to, y})
	end := math.Inf(-1)
	for i, x := range at {
		out.line(grey, thin, point{a.at(x), y}, point{a.at(x), y + 3})
		half := width(words[i], textSize, false) / 2
		if a.at(x)-half < end+4 {
			continue // no room beside the last
		}
		end = a.at(x) + half
		out.text(a.at(x), y+4+textSize, centre, textSize, grey, words[i])
	}
	y += 4 + textSize*leading
	if a.title != "" {
		for _, line := range wrap(a.title, a.to-a.from+40, textSize, false, 2) {
			y += textSize + 1
			middle := (a.from + a.to) / 2
			if half := width(line, textSize, false) / 2; middle+half > out.width-margin {
				middle = out.width - margin - half
			}
			out.text(middle, y, centre, textSize, black, line)
			y += 0.25 * textSize
		}
	}
	return y
}
