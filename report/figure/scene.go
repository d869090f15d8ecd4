package figure

import "math"

// An ink is a colour, 0xRRGGBB; nothing is drawn with none. All are opaque: what is to look transparent is
// mixed with the paper beforehand, so that PDF, print and grey copies show what the screen does.
type ink int32

const none ink = -1

// mix is a colour so much of which is left on white paper.
func (c ink) mix(share float64) ink {
	part := func(shift uint) ink {
		v := float64(c>>shift&0xff)*share + 255*(1-share)
		return ink(math.Round(v)) << shift
	}
	return part(16) | part(8) | part(0)
}

// luminance is the relative luminance of WCAG 2, from 0 for black to 1 for white.
func (c ink) luminance() float64 {
	linear := func(shift uint) float64 {
		v := float64(c>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

// contrast is the ratio of WCAG 2 between two colours, from 1 to 21.
func contrast(a, b ink) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// on is the colour of writing on a ground.
func (c ink) on() ink {
	if contrast(c, white) >= contrast(c, black) {
		return white
	}
	return black
}

// A point is in points, 1/72 in, from the top left corner of the picture, y downwards.
type point struct{ x, y float64 }

// A path is straight lines, filled or stroked or both.
type path struct {
	points       []point
	closed       bool
	fill, stroke ink
	width        float64
	dash         float64 // length of dashes and gaps; 0 for a whole line
}

// A disc is a circle, filled or stroked or both.
type disc struct {
	at           point
	radius       float64
	fill, stroke ink
	width        float64
}

// A text is one line of writing.
type text struct {
	at     point // on the base line
	anchor float64
	size   float64
	bold   bool
	fill   ink
	words  string
}

// Where a text stands about its point: begins, is centred or ends there.
const (
	left   = 0.0
	centre = 0.5
	right  = 1.0
)

// box is what a text covers: an ascent above its base line and a descent below.
func (t *text) box() (x0, y0, x1, y1 float64) {
	w := width(t.words, t.size, t.bold)
	x := t.at.x - t.anchor*w
	return x, t.at.y - 0.74*t.size, x + w, t.at.y + 0.21*t.size
}

// A scene is what a picture shows, in the order of painting: of [path], [disc] and [text].
type scene struct {
	width, height float64
	marks         []any
}

func (s *scene) line(colour ink, width float64, points ...point) {
	s.marks = append(s.marks, path{points: points, fill: none, stroke: colour, width: width})
}

func (s *scene) dashed(colour ink, width, dash float64, points ...point) {
	s.marks = append(s.marks, path{points: points, fill: none, stroke: colour, width: width, dash: dash})
}

func (s *scene) area(fill ink, points ...point) {
	s.marks = append(s.marks, path{points: points, closed: true, fill: fill, stroke: none})
}

func (s *scene) rect(x0, y0, x1, y1 float64, fill, stroke ink, width float64) {
	s.marks = append(s.marks, path{points: []point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, closed: true, fill: fill, stroke: stroke, width: width})
}

func (s *scene) disc(x, y, radius float64, fill, stroke ink, width float64) {
	s.marks = append(s.marks, disc{point{x, y}, radius, fill, stroke, width})
}

func (s *scene) text(x, y, anchor, size float64, fill ink, words string) {
	if words != "" {
		s.marks = append(s.marks, text{at: point{x, y}, anchor: anchor, size: size, fill: fill, words: words})
	}
}

func (s *scene) bold(x, y, anchor, size float64, fill ink, words string) {
	if words != "" {
		s.marks = append(s.marks, text{at: point{x, y}, anchor: anchor, size: size, bold: true, fill: fill, words: words})
	}
}
