package figure

// Colours. Outcomes run from blue, best, by grey and yellow to red and black, worst: red and green are
// never told apart, order and white gaps carry what grey copies lose. Single marks are Okabe and Ito's.
const (
	white ink = 0xffffff
	black ink = 0x1a1a1a
	grey  ink = 0x595959 // writing beside the main thing: 7:1 on white
	rule  ink = 0xd9d9d9 // grid
	faint ink = 0xf2f2f2

	blue      ink = 0x0072b2
	vermilion ink = 0xc44e00 // Okabe and Ito's, darkened to 4.5:1 on white
	green     ink = 0x007a5a // the same
	purple    ink = 0x9b4a80 // the same
	sky       ink = 0x56b4e9
	orange    ink = 0xe69f00
)

// sequence is the colours of things without an order; their line styles differ as well.
var sequence = []ink{blue, vermilion, green, purple, orange, black}

// ladder is the colours of outcome classes from best to worst; the last is of what is neither, such as
// terms refused.
var ladder = []ink{0x0b4f8a, 0x3f8fc9, 0x8fc1e3, 0xd0d0d0, 0xfbe3b0, 0xf2b84b, 0xe07b2a, 0xb8381f, 0x7a1530, 0x1a1a1a, 0x808080}

// rungColours is the colours of n ordered classes from best to worst.
func rungColours(n int) []ink {
	if n == len(ladder) {
		return ladder
	}
	out := make([]ink, n)
	for i := range out {
		out[i] = ladder[i*(len(ladder)-2)/max(1, n-1)]
	}
	return out
}

// shade is the colour of a share of a heat map's range: lightness falls all the way, so grey copies read.
func shade(x float64) ink {
	stops := []ink{0xf7fbff, 0xc6dbef, 0x85bcdb, 0x4292c6, 0x1c6aaf, 0x08306b}
	x = min(max(x, 0), 1) * float64(len(stops)-1)
	i := min(int(x), len(stops)-2)
	w := x - float64(i)
	part := func(shift uint) ink {
		a, b := float64(stops[i]>>shift&0xff), float64(stops[i+1]>>shift&0xff)
		return ink(a+w*(b-a)+0.5) << shift
	}
	return part(16) | part(8) | part(0)
}

// Sizes, in points.
const (
	titleSize = 10.5
	textSize  = 8.0
	noteSize  = 7.0
	leading   = 1.25
	margin    = 9.0
	thin      = 0.6
	thick     = 1.5
)
