package report

import (
	"math"
	"strings"
	"unicode/utf8"

	"tripwire/stats"
	"tripwire/study/record"
)

// Count writes a whole number with thousands apart.
func Count[N int | int64](n N) string { return stats.Round(float64(n), 0) }

// shown is an estimate as it is shown: no digit that its interval does not support.
type shown struct{ value, low, high string }

// show rounds an estimate in a multiple of its unit: 100 shows a share in percent.
func show(e stats.Estimate, scale float64) shown {
	return showTo(e, scale, stats.Place(scale*e.Value, scale*e.HalfWidth()))
}

// showWhole is show for a measure that counts things: it has no decimals.
func showWhole(e stats.Estimate) shown {
	return showTo(e, 1, max(0, stats.Place(e.Value, e.HalfWidth())))
}

func showTo(e stats.Estimate, scale float64, place int) shown {
	low := scale * e.Low
	if e.Value == 0 {
		return shown{"0", stats.Round(low, place), stats.Round(scale*e.High, place)}
	}
	f := shown{stats.Round(scale*e.Value, place), stats.Round(low, place), stats.Round(scale*e.High, place)}
	if value := scale * e.Value; low > 0 && value <= math.Pow10(place)/2 && place <= 0 {
		f.value = stats.Round(value, int(math.Floor(math.Log10(value)))) // 0 would say never
	}
	if low > 0 && low < math.Pow10(place)/2 {
		f.low = stats.Round(low, int(math.Floor(math.Log10(low)))) // not 0, so it does not say 0
	}
	if high := scale * e.High; high < 0 && -high < math.Pow10(place)/2 {
		f.high = stats.Round(high, int(math.Floor(math.Log10(-high))))
	}
	return f
}

// signed writes a plus before a value that is above 0.
func (f shown) signed(value float64) shown {
	if value > 0 {
		f.value = "+" + f.value
	}
	return f
}

// interval is "[low, high]".
func (f shown) interval() string { return "[" + f.low + ", " + f.high + "]" }

// Plural is "1 history" or "5,000 histories".
func Plural[N int | int64](n N, one, many string) string {
	return Count(n) + " " + record.Noun(n, one, many)
}

func histories[N int | int64](n N) string { return Plural(n, "history", "histories") }

func designPoints(n int64) string { return Plural(n, "design point", "design points") }

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
		return stats.Round(x, 0)
	}
	return stats.Round(x, max(least, int(math.Floor(math.Log10(math.Abs(x))))-1))
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
