package stats

import (
	"math"
	"strconv"
	"strings"
)

// Place is the power of ten of the last digit that an uncertainty supports: that of the first digit of half the
// interval, or of its second where the first is a 1. A value without uncertainty keeps three digits.
func Place(value, half float64) int {
	if !(half > 0) || math.IsInf(half, 0) {
		if value == 0 || math.IsNaN(value) || math.IsInf(value, 0) {
			return 0
		}
		return min(0, int(math.Floor(math.Log10(math.Abs(value))))-2)
	}
	p := int(math.Floor(math.Log10(half)))
	if half < 2*math.Pow10(p) {
		p--
	}
	return p
}

// Round writes x to the digit of a power of ten, thousands apart: 142,000 for 142377 at 3. Zero has no sign.
func Round(x float64, place int) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	}
	if place > 0 {
		unit := math.Pow10(place)
		x = math.Round(x/unit) * unit
	}
	s := Thousands(strconv.FormatFloat(math.Abs(x), 'f', max(0, -place), 64))
	if x < 0 && strings.Trim(s, "0.") != "" {
		return "−" + s
	}
	return s
}

// Thousands sets the digits of a number that is not below 0 apart by threes.
func Thousands(digits string) string {
	whole, fraction, found := strings.Cut(digits, ".")
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if found {
		b.WriteString("." + fraction)
	}
	return b.String()
}
