package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study/record"
)

// plain writes a value as it was given, to six digits at most.
func plain(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return stats.Round(x, 0)
	}
	if size := math.Abs(x); size != 0 && (size < 1e-4 || size >= 1e9) {
		return strings.Replace(strconv.FormatFloat(x, 'g', 4, 64), "-", "−", 1)
	}
	s, err := strconv.ParseFloat(strconv.FormatFloat(math.Abs(x), 'g', 6, 64), 64)
	if err != nil {
		panic("figure: " + err.Error())
	}
	words := stats.Thousands(strconv.FormatFloat(s, 'f', -1, 64))
	if x < 0 && words != "0" {
		return "−" + words
	}
	return words
}

// A scale is how numbers of a measure are shown.
type scale struct {
	factor float64 // by which they are multiplied
	whole  bool    // they have no decimals
	signed bool    // a plus is written
}

// words is a value to the digit that its interval supports, and the interval.
func (s scale) words(e stats.Estimate) (value, interval string) {
	if e.N == 0 || math.IsNaN(e.Value) {
		return "–", ""
	}
	p := stats.Place(s.factor*e.Value, s.factor*e.HalfWidth())
	switch {
	case s.whole:
		p = max(p, 0)
	case s.factor == 100:
		p = max(p, -1)
	}
	if x := s.factor * e.Value; e.Low > 0 && x < math.Pow10(p)/2 {
		p = int(math.Floor(math.Log10(x))) // an interval far from even about its value must not hide it
	}
	value = stats.Round(s.factor*e.Value, p)
	if e.Value == 0 || s.factor == 100 && e.Value == 1 {
		value = stats.Round(s.factor*e.Value, 0)
	}
	if s.signed && e.Value > 0 && strings.Trim(value, "0.,") != "" {
		value = "+" + value
	}
	low := s.factor * e.Low
	lowest := stats.Round(low, p)
	if low == 0 {
		lowest = "0"
	} else if low > 0 && e.Value > 0 && low < math.Pow10(p)/2 && !s.whole {
		lowest = stats.Round(low, int(math.Floor(math.Log10(low)))) // not 0, so it does not say 0
	}
	highest := stats.Round(s.factor*e.High, p)
	if s.factor == 100 && e.High == 1 {
		highest = "100"
	}
	return value, "[" + lowest + ", " + highest + "]"
}

// percent is what shares are shown in.
var percent = scale{factor: 100}

// cells is an estimate for the table behind a figure: value, low, high, n.
func cells(e stats.Estimate) []string {
	out := make([]string, 0, 4)
	for _, x := range []float64{e.Value, e.Low, e.High} {
		cell := ""
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			cell = string(record.AppendFloat(nil, x, 6))
		}
		out = append(out, cell)
	}
	return append(out, strconv.Itoa(e.N))
}

// number is a cell of such a table.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strings.TrimSuffix(string(record.AppendFloat(nil, x, 6)), ".0")
}

// unbroken keeps words in one line.
func unbroken(words string) string { return strings.ReplaceAll(words, " ", "\u00a0") }

// lower begins words with a small letter, as within a sentence; not where they begin with a name in capitals.
func lower(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	second, _ := utf8.DecodeRuneInString(words[size:])
	if words == "" || unicode.IsUpper(second) {
		return words
	}
	return string(unicode.ToLower(first)) + words[size:]
}

func histories[N int | int64](n N) string { return report.Plural(n, "history", "histories") }

func percentOf(level float64) string { return fmt.Sprintf("%g%%", 100*level) }

// digits rounds to so many significant digits.
func digits(x float64, n int) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	if err != nil {
		panic("figure: " + err.Error())
	}
	return rounded
}
