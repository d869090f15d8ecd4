package report

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"tripwire/stats"
	"tripwire/study/record"
)

// place is the power of ten of the last digit that an uncertainty supports: that of its first digit,
// or of its second where the first is a 1. A value without uncertainty keeps three digits.
func place(value, half float64) int {
	if !(half > 0) || math.IsInf(half, 0) {
		if value == 0 || math.IsNaN(value) {
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

// round writes x to the digit of that power of ten, with thousands apart: 142,000 for 142377 at 3.
func round(x float64, place int) string {
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
	s := strconv.FormatFloat(math.Abs(x), 'f', max(0, -place), 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(s, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

// Count writes a whole number with thousands apart.
func Count(n int64) string { return round(float64(n), 0) }

func count[N int | int64](n N) string { return Count(int64(n)) }

// figures is an estimate as it is shown: no digit that its interval does not support.
type figures struct{ value, low, high string }

// show rounds an estimate in a multiple of its unit: 100 shows a share in percent.
func show(e stats.Estimate, scale float64) figures {
	return showTo(e, scale, place(scale*e.Value, scale*e.HalfWidth()))
}

// showWhole is show for a measure that counts things: it has no decimals.
func showWhole(e stats.Estimate) figures {
	return showTo(e, 1, max(0, place(e.Value, e.HalfWidth())))
}

func showTo(e stats.Estimate, scale float64, place int) figures {
	low := scale * e.Low
	if e.Value == 0 {
		return figures{"0", round(low, place), round(scale*e.High, place)}
	}
	f := figures{round(scale*e.Value, place), round(low, place), round(scale*e.High, place)}
	if value := scale * e.Value; low > 0 && value <= math.Pow10(place)/2 && place <= 0 {
		f.value = round(value, int(math.Floor(math.Log10(value)))) // 0 would say never
	}
	if low > 0 && low < math.Pow10(place)/2 {
		f.low = round(low, int(math.Floor(math.Log10(low)))) // not 0, so it does not say 0
	}
	if high := scale * e.High; high < 0 && -high < math.Pow10(place)/2 {
		f.high = round(high, int(math.Floor(math.Log10(-high))))
	}
	return f
}

// interval is "[low, high]".
func (f figures) interval() string { return "[" + f.low + ", " + f.high + "]" }

// Plural is "1 history" or "5,000 histories".
func Plural[N int | int64](n N, one, many string) string {
	return count(n) + " " + record.Noun(n, one, many)
}

func histories[N int | int64](n N) string { return Plural(n, "history", "histories") }

// failures says how many histories are left out.
func failures(n int64) string {
	return " " + histories(n) + " failed and " + record.Noun(n, "is", "are") + " left out."
}

// spread rounds one number to two digits, for the ends of a range that have no interval beside them.
func spread(x float64, whole bool) string {
	least := math.MinInt
	if whole {
		least = 0
	}
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return round(x, 0)
	}
	return round(x, max(least, int(math.Floor(math.Log10(math.Abs(x))))-1))
}

// alignDecimals pads numbers on the right so that their decimal points stand under one another when
// they are set flush right.
func alignDecimals(column []string) {
	most := 0
	after := func(s string) int {
		if i := strings.IndexByte(s, '.'); i >= 0 {
			return utf8.RuneCountInString(s[i:])
		}
		return 0
	}
	for _, s := range column {
		most = max(most, after(s))
	}
	for i, s := range column {
		column[i] = s + strings.Repeat(" ", most-after(s))
	}
}
