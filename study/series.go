package study

import (
	"fmt"
	"math"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

var nan = math.NaN()

// seriesColumns is one shape for all curves: over time, or over the share of histories, or both.
func seriesColumns() []record.Column {
	return []record.Column{
		pointColumn,
		{Name: "curve", Kind: record.Text, Title: "Curve", Doc: curveDoc()},
		{Name: "t_d", Kind: record.Float, Unit: "d", Title: "Time", Doc: "days from the armistice; missing where the curve does not run over time"},
		{Name: "quantile", Kind: record.Float, Unit: "share", Title: "Quantile", Doc: "share of histories; missing where the curve is no distribution"},
		{Name: "value", Kind: record.Float, Title: "Value", Doc: "of the curve, in the unit of what it shows"},
		{Name: "low", Kind: record.Float, Title: "Value, low", Doc: "lower end of the 95% interval, log-log for incidence, by order statistics for quantiles"},
		{Name: "high", Kind: record.Float, Title: "Value, high", Doc: "upper end of the 95% interval"},
	}
}

func curveDoc() string {
	var b strings.Builder
	b.WriteString("share of all histories (Aalen-Johansen, the causes competing) in which by t_d")
	for cause := invasion; cause <= otherEnd; cause++ {
		fmt.Fprintf(&b, " %s: %s;", ends[cause].name, ends[cause].doc)
	}
	b.WriteString(" front_max_km: quantile of that measure over the histories with an invasion")
	return b.String()
}

// seriesSteps is into how many steps an incidence curve divides the length of a history.
const seriesSteps = 100

// seriesPercent is the quantiles of a distribution.
var seriesPercent = []int{1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99}

// series adds the curves of a design point.
func (t *tally) series(table *record.Table, point int64, horizon float64, level float64) {
	risk := t.race.Table()
	for cause := invasion; cause <= otherEnd; cause++ {
		name := table.Columns[1].Intern(ends[cause].name)
		curve := risk.AalenJohansen(int(cause), stats.Greenwood)
		for i := range seriesSteps + 1 {
			at := horizon * float64(i) / seriesSteps
			e := incidenceAt(curve, at, level)
			table.Append(finite(float64(point), name, at, nan, e.Value, e.Low, e.High)...)
		}
	}
	name := table.Columns[1].Intern("front_max_km")
	for _, percent := range seriesPercent {
		p := float64(percent) / 100
		e := t.fronts.QuantileInterval(p, level)
		table.Append(finite(float64(point), name, nan, p, e.Value, e.Low, e.High)...)
	}
}

// finite makes what is infinite missing: there the data set no bound.
func finite(cells ...float64) []float64 {
	for i, x := range cells {
		if math.IsInf(x, 0) {
			cells[i] = nan
		}
	}
	return cells
}
