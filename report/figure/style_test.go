package figure

import (
	"math"
	"strings"
	"testing"

	"tripwire/stats"
)

// WCAG 2 wants 4.5:1 for writing, 3:1 for marks.
func TestContrast(t *testing.T) {
	for _, c := range []ink{black, grey, blue, vermilion, green, purple} {
		if ratio := contrast(c, white); ratio < 4.5 {
			t.Errorf("%s on white has a contrast of %.1f, want 4.5", c.hex(), ratio)
		}
	}
	for _, c := range ladder {
		if ratio := contrast(c, c.on()); ratio < 4.5 && c != 0x808080 || ratio < 3 {
			t.Errorf("writing on %s has a contrast of %.1f, want 4.5", c.hex(), ratio)
		}
	}
	for i := range 50 {
		if a, b := shade(float64(i)/50).luminance(), shade(float64(i+1)/50).luminance(); b >= a {
			t.Errorf("the shades of a heat map do not darken from %d/50: %.3f, %.3f", i, a, b)
		}
	}
}

// Of two neighbours in a bar, one is lighter, also in a grey copy and to who cannot tell colours apart.
func TestNeighboursDiffer(t *testing.T) {
	for i := range ladder[1:] {
		if ratio := contrast(ladder[i], ladder[i+1]); ratio < 1.2 {
			t.Errorf("%s and %s, neighbours, have a contrast of %.2f, want 1.2", ladder[i].hex(), ladder[i+1].hex(), ratio)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{plain(0.00004), "4e−05"}, {plain(60000), "60,000"}, {plain(0.1), "0.1"}, {plain(math.Copysign(0, -1)), "0"},
		{short(-0.001), "0"}, {short(1.005), "1"}, {short(12.3456), "12.35"},
		{lower("Deterrence held"), "deterrence held"}, {lower("NATO territory"), "NATO territory"}, {lower(""), ""},
		{printable("a\u202eb\x00c\nd"), "ab c d"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	for _, c := range []struct {
		s               scale
		e               stats.Estimate
		value, interval string
	}{
		{percent, stats.Share(0, 1000, 0.95), "0", "[0, 0.4]"},
		{percent, stats.Share(1000, 1000, 0.95), "100", "[99.6, 100]"},
		{percent, stats.Share(1, 1000, 0.95), "0.1", "[0.02, 0.6]"},
		{percent, stats.Share(0, 0, 0.95), "–", ""},
		{scale{factor: 100, signed: true}, stats.Estimate{Value: 0.252, Low: 0.19, High: 0.31, N: 9}, "+25", "[19, 31]"},
		{scale{factor: 1}, stats.Estimate{Value: 2.3, Low: 0.3, High: 80, N: 9}, "2", "[0.3, 80]"},
		{scale{factor: 1}, stats.Estimate{Value: -1e-9, Low: -0.3, High: 0.3, N: 9}, "0.0", "[−0.3, 0.3]"},
	} {
		if value, interval := c.s.words(c.e); value != c.value || interval != c.interval {
			t.Errorf("%+v: got %s %s, want %s %s", c.e, value, interval, c.value, c.interval)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		a    axis
		want string
	}{
		{axis{low: -0.1, top: 0.25, factor: 100}, "−10 0 10 20"},
		{axis{low: 0, top: 1, factor: 100}, "0 20 40 60 80 100"},
		{axis{low: 0.01, top: 500, log: true}, "0.01 0.1 1 10 100"},
		{axis{low: 10, top: 1000, log: true}, "10 20 50 100 200 500 1,000"},
		{axis{low: -1, top: 1, step: 0.5}, "−1.0 −0.5 0.0 0.5 1.0"},
		{axis{low: 3, top: 3}, ""},
	} {
		if _, words := c.a.ticks(5); strings.Join(words, " ") != c.want {
			t.Errorf("from %v to %v: got %q, want %q", c.a.low, c.a.top, words, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	const key = "washington.p_response_major_of_a_name_that_never_ends"
	for _, words := range []string{"", "one", "some words that take more than a line", key, "long " + key, strings.Repeat("W", 64), "Україна і ще слова"} {
		for _, room := range []float64{30, 60, 200} {
			lines := wrap(words, room, textSize, false, 2)
			if len(lines) == 0 || len(lines) > 2 {
				t.Errorf("%q in %v: %d lines, want 1 or 2", words, room, len(lines))
			}
			for _, line := range lines {
				if width(line, textSize, false) > room {
					t.Errorf("%q in %v: %q is %.0f wide", words, room, line, width(line, textSize, false))
				}
			}
			if joined := strings.Join(wrap(words, room, textSize, false, 0), ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(words, " ", "") {
				t.Errorf("%q in %v becomes %q", words, room, joined)
			}
		}
	}
}
