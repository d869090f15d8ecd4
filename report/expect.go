package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// Expectation is a band in which an estimate of a result is to lie.
type Expectation struct {
	Name      string  // in words; may be ""
	Measure   string  // a column of runs.csv, with =CLASS if it has classes
	Statistic string  // "share", "mean", "median", "q05" or "q95"; "" for the share or the mean
	Case      string  // "" for every one
	Point     int64   // -1 for every one
	Low, High float64 // the measure's unit, shares in [0, 1]; infinite where the band is open
}

// Verdict is what came of an expectation at one place.
type Verdict struct {
	Expectation
	Where  string // the design point or case; "" where there is one
	Result string // Holds, Fails or Undecided
	Title  string
	Unit   string
	stats.Estimate
}

// What comes of an expectation. A result that may well lie on either side of the band's edge decides nothing:
// more histories do.
const (
	Holds     = "holds"     // the whole interval lies in the band
	Fails     = "fails"     // the whole interval lies outside
	Undecided = "undecided" // anything else, also where no history has the measure, or a few have one value
)

// Verdicts are those of one result, in the order of what was expected.
type Verdicts []Verdict

// Judge asks of each expectation whether it holds, with intervals at a level, each by itself.
func Judge(r *record.Result, expect []Expectation, level float64) (Verdicts, error) {
	var all Verdicts
	read := map[string]*By{} // a measure is read once
	for _, e := range expect {
		keys := placesOf(r)
		if e.Point >= 0 {
			keys = []string{"point"}
		}
		id := strings.Join(append(slices.Clone(keys), e.Measure), ",")
		if read[id] == nil {
			b, err := readBy(r, keys, e.Measure, level, wanted{quantiles: true})
			if err != nil {
				return nil, err
			}
			read[id] = b
		}
		all = append(all, read[id].judge(e)...)
	}
	return all, nil
}

// placesOf is the keys that tell the places of a result apart: its cases, or what somebody chooses, or else its
// points.
func placesOf(r *record.Result) []string {
	var chosen []string
	for _, c := range r.Package.Resource("runs").Columns {
		switch {
		case c.Name == "case":
			return []string{"case"}
		case c.Factor && !slices.Contains(r.Manifest.Design.Uncertain, c.Title):
			chosen = append(chosen, c.Title)
		}
	}
	if len(r.Manifest.Design.Uncertain) > 0 {
		return chosen
	}
	return []string{"point"}
}

func (b *By) judge(e Expectation) (all Verdicts) {
	for i := range b.Groups {
		g := &b.Groups[i]
		if e.Case != "" && g.Values[0] != e.Case || e.Point >= 0 && g.Values[0] != strconv.FormatInt(e.Point, 10) {
			continue
		}
		v := Verdict{Expectation: e, Title: b.Measure.Title, Unit: b.Measure.Unit, Estimate: g.Estimate}
		if b.share() {
			v.Statistic, v.Unit = "share", "share"
		} else if v.Statistic == "" {
			v.Statistic = "mean"
		}
		if b.Class != "" {
			v.Title += ": " + b.Class
		}
		if p, ok := map[string]float64{"median": 0.5, "q05": 0.05, "q95": 0.95}[v.Statistic]; ok {
			v.Estimate = g.sample.QuantileInterval(p, b.Level).Estimate
		}
		if len(b.Groups) > 1 {
			for k, key := range b.Keys {
				if v.Where += ", " + key + " " + g.Values[k]; key == "case" {
					v.Where = ", " + g.Values[k]
				}
			}
			v.Where = strings.TrimPrefix(v.Where, ", ")
		}
		switch {
		case v.N == 0 || v.N < 30 && v.Estimate.Low == v.Estimate.High: // a few that are alike have no interval
			v.Result = Undecided
		case v.Estimate.High < e.Low || v.Estimate.Low > e.High:
			v.Result = Fails
		case v.Estimate.Low >= e.Low && v.Estimate.High <= e.High:
			v.Result = Holds
		default:
			v.Result = Undecided
		}
		all = append(all, v)
	}
	return all
}

// Count is how many verdicts are of that result.
func (v Verdicts) Count(result string) (n int) {
	for i := range v {
		if v[i].Result == result {
			n++
		}
	}
	return n
}

// String says what was expected and what was found.
func (v *Verdict) String() string {
	row := v.row()
	where := ""
	if v.Where != "" {
		where = " at " + v.Where
	}
	return fmt.Sprintf("%s%s: %s %s, expected %s", row[1], where, row[3], row[4], row[5])
}

// row is result, what, where, value, interval and band.
func (v *Verdict) row() []string {
	scale, unit := 1.0, v.Unit
	if unit == "share" {
		scale, unit = 100, "%"
	}
	what := v.Title
	if v.Statistic != "share" {
		what += ", " + v.Statistic
	}
	if unit != "" {
		what += ", " + squared(unit)
	}
	if v.Name != "" {
		what = v.Name + " (" + v.Measure + ", " + strings.TrimPrefix(v.Statistic+", ", "share, ") + unit + ")"
		what = strings.Replace(what, ", )", ")", 1)
	}
	f := show(v.Estimate, scale)
	value, interval := f.value, f.interval()
	if v.N == 0 {
		value, interval = "–", "in no history"
	}
	end := func(x float64) string { // all its digits
		s := strconv.FormatFloat(math.Round(scale*x*1e6)/1e6, 'f', -1, 64)
		_, fraction, _ := strings.Cut(s, ".")
		return stats.Round(scale*x, -len(fraction))
	}
	low, high := v.Expectation.Low, v.Expectation.High
	band := end(low) + " to " + end(high)
	switch {
	case math.IsInf(low, -1):
		band = "at most " + end(high)
	case math.IsInf(high, 1):
		band = "at least " + end(low)
	}
	return []string{v.Result, what, v.Where, value, interval, band}
}

// mostVerdicts is how many lines are shown of those that hold.
const mostVerdicts = 40

// blocks lays the verdicts out, a line each.
func (v Verdicts) blocks() []block {
	if len(v) == 0 {
		return nil
	}
	t := block{
		title: fmt.Sprintf("Expected: %s hold, %s undecided, %s fail", Count(v.Count(Holds)), Count(v.Count(Undecided)), Count(v.Count(Fails))),
		align: "lllrll", header: []string{"", "", "", "", "", "expected"},
	}
	hidden := 0
	for i := range v {
		if v[i].Result == Holds && len(v) > mostVerdicts {
			hidden++
			continue
		}
		t.rows = append(t.rows, v[i].row())
	}
	text := fmt.Sprintf("An expectation holds where the whole %g%% interval lies in its band, and fails where the whole of it lies outside.", 100*v[0].Level)
	if hidden > 0 {
		text += fmt.Sprintf(" The %s that hold are left out.", Count(hidden))
	}
	return []block{t, {text: text}}
}

// Document lays the verdicts out by themselves.
func (v Verdicts) Document() *Document { return newDocument("", "", v.blocks(), nil) }

type verdictJSON struct {
	Name      string `json:"name,omitempty"`
	Result    string `json:"result"`
	Where     string `json:"where,omitempty"`
	Measure   string `json:"measure"`
	Statistic string `json:"statistic"`
	Unit      string `json:"unit,omitempty"`
	BandLow   number `json:"expected_low"`
	BandHigh  number `json:"expected_high"`
	*estimateJSON
}

func (v Verdicts) json() []verdictJSON {
	var all []verdictJSON
	for _, x := range v {
		all = append(all, verdictJSON{x.Name, x.Result, x.Where, x.Measure, x.Statistic, x.Unit, number(x.Expectation.Low), number(x.Expectation.High),
			newEstimateJSON(x.Estimate)})
	}
	return all
}
