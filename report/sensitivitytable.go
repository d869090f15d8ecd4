package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// mostDrivers is how many factors a table for readers has. JSON and CSV have all of them.
const mostDrivers = 20

// Document lays the table out.
func (s *Sensitivity) Document(advice ...Advice) *Document {
	n := new(notes)
	opening, t, reading := s.indices(n)
	if s.Method == "morris" {
		opening, t, reading = s.effects(n)
	}
	if more := len(s.Drivers) - mostDrivers; more > 0 {
		reading = append([]string{fmt.Sprintf("%s less; --json and --csv have all of them.", Plural(more, "more factor matters", "more factors matter"))}, reading...)
	}
	blocks := []block{{text: strings.TrimSpace(opening + " " + s.missing())}, t, {text: s.RestsOn()}, {text: strings.Join(reading, " ")}, {text: s.doubts()}}
	return newDocument(s.Title, s.Question, slices.DeleteFunc(n.under(blocks), block.empty), advice)
}

func (s *Sensitivity) opening(sample string) string {
	d := s.Manifest.Design
	return fmt.Sprintf("%s: %s of %s, %s, of %s, seed %d. In brackets the %g%% interval.",
		histories(s.Manifest.Runs), designPoints(d.Points), histories(d.Replications), sample, factors(len(d.Factors)), s.Manifest.Seed, 100*s.Level)
}

func factors(n int) string { return Plural(n, "factor", "factors") }

// indices is the table of Sobol' indices.
func (s *Sensitivity) indices(n *notes) (opening string, t block, reading []string) {
	d := s.Manifest.Design
	scrambles := max(1, d.Scrambles)
	base := d.Points / scrambles / int64(len(d.Factors)+2)
	opening = s.opening(fmt.Sprintf("%s of %s", Plural(scrambles, "scrambling", "scramblings"), Plural(base, "base point", "base points")))
	t = block{
		title: s.name() + ": share of the variance that each factor has a part in, %", align: "llrlrllb",
		header: []string{"factor", "basis", "alone", "", "in total", "", "", ""},
	}
	for _, one := range s.Drivers[:min(mostDrivers, len(s.Drivers))] {
		first, total := showIndex(one.First), showIndex(one.Total)
		both := one.Total
		for _, w := range one.First.Warnings {
			if !slices.Contains(both.Warnings, w) {
				both.Warnings = append(slices.Clip(both.Warnings), w)
			}
		}
		t.rows = append(t.rows, []string{one.Key, one.Basis, first.value, first.interval(), total.value, total.interval(),
			n.mark(both), fmt.Sprint(min(1, max(0, one.Total.Value)))})
	}
	alone := 0.0
	for _, e := range s.Sobol.First {
		alone += e.Value
	}
	scale, unit := s.scale()
	mean := show(s.possible(s.Sobol.Mean), scale)
	reading = []string{fmt.Sprintf("The mean is %s%s %s.", mean.value, spaced(unit), mean.interval())}
	if x := 100 * alone; !math.IsNaN(x) {
		rest := "the rest is factors acting together"
		if x < 0 || x > 100 {
			rest = "no sum of shares lies outside 0 to 100%, so this is sampling error; more scramblings and points have less of it"
		}
		reading = append(reading, fmt.Sprintf("Alone is what is gone of the variance once that factor is known (first-order index, Janon), in total what is left "+
			"while only it is not (total index, Jansen). Alone they add up to %s%%: %s.", stats.Round(x, 0), rest))
	}
	if v, noise := s.Sobol.Variance.Value, s.Sobol.Noise.Value; d.Replications > 1 {
		reading = append(reading, "All of it is about the mean over luck at a point: the noise of single histories is taken out.")
		if x := 100 * v / (v + noise); !math.IsNaN(x) {
			reading = append(reading, fmt.Sprintf("Of the variance of single histories %s%% is the factors', the rest is luck.", spread(x, false)))
		}
	} else {
		reading = append(reading, "With one history a point luck is one more cause, and counts in every total: give the study replications to take it out.")
	}
	return opening, t, reading
}

// showIndex shows a share of the variance in percent, to a tenth at most: less is 0 by any meaning.
func showIndex(e stats.Estimate) shown {
	p := max(-1, stats.Place(100*e.Value, 100*e.HalfWidth()))
	return shown{stats.Round(100*e.Value, p), stats.Round(100*e.Low, p), stats.Round(100*e.High, p)}
}

// spaced is a unit behind a number.
func spaced(unit string) string {
	if unit == "" || unit == "%" {
		return unit
	}
	return " " + unit
}

// effects is the table of elementary effects.
func (s *Sensitivity) effects(n *notes) (opening string, t block, reading []string) {
	d := s.Manifest.Design
	opening = s.opening(Plural(d.Points/int64(len(d.Factors)+1), "trajectory", "trajectories"))
	scale, unit := s.scale()
	title := s.name() + ": effect of each factor from its 5% to its 95% point"
	switch unit {
	case "":
	case "%":
		title += ", in percentage points"
	default:
		title += ", " + unit
	}
	t = block{
		title: title, align: "llrlrrllb",
		header: []string{"factor", "basis", "size", "", "mean", "spread", "", "", ""},
	}
	most := 0.0
	if len(s.Drivers) > 0 {
		most = s.Drivers[0].Effects.MuStar.Value
	}
	for _, one := range s.Drivers[:min(mostDrivers, len(s.Drivers))] {
		e := one.Effects
		size, mean, sigma := show(e.MuStar, scale), show(e.Mu, scale).signed(e.Mu.Value), show(e.Sigma, scale)
		t.rows = append(t.rows, []string{one.Key, one.Basis, size.value, size.interval(), mean.value, sigma.value, sigma.interval(),
			n.mark(e.MuStar), fmt.Sprint(e.MuStar.Value / most)})
	}
	reading = []string{"Size is the mean size of the effect (μ*), mean keeps its sign (μ), spread is its standard deviation (σ): as large as the size " +
		"where the effect is not straight, or hangs on other factors. Bars are relative to the largest. Intervals are over trajectories."}
	if d.Replications > 1 {
		reading = append(reading, "The noise of single histories is taken out of the spread; of a size it cannot be.")
	} else {
		reading = append(reading, "With one history a point luck is in every size and spread.")
	}
	return opening, t, reading
}

// told says whether any driver could be told from the noise of the computation at all.
func (s *Sensitivity) told() bool {
	return slices.ContainsFunc(s.Drivers, func(d Driver) bool {
		if s.Method == "sobol" {
			return !math.IsNaN(d.Total.Value) && !slices.Contains(d.Total.Warnings, stats.WarnNothingToShare)
		}
		return !math.IsNaN(d.Effects.MuStar.Value)
	})
}

// RestsOn says how much of what matters most is judgement.
func (s *Sensitivity) RestsOn() string {
	drivers := s.Drivers
	if !s.told() {
		return ""
	}
	top := min(5, len(drivers))
	k := 0
	for _, d := range drivers[:top] {
		if d.Basis == "judgement" {
			k++
		}
	}
	switch {
	case top == 0:
		return ""
	case top == 1 && k == 1:
		return "The only driver rests on judgement."
	case top == 1:
		return "The only driver does not rest on judgement."
	case k == top:
		return fmt.Sprintf("All of the %d largest drivers rest on judgement.", top)
	case k == 0:
		return fmt.Sprintf("None of the %d largest drivers rests on judgement.", top)
	}
	return fmt.Sprintf("%d of the %d largest drivers %s on judgement.", k, top, record.Noun(k, "rests", "rest"))
}

// missing says what became of histories without the measure: here the denominator is all histories, as it is not in a summary.
func (s *Sensitivity) missing() string {
	if s.Missing == 0 {
		return ""
	}
	return fmt.Sprintf("Of all histories: in %s%% of them the measure is missing, and counts as no (%s).", spread(100*s.Missing, false), s.Measure.Doc)
}

// Doubts is what stands between the numbers and their meaning.
func (s *Sensitivity) Doubts() string {
	return strings.TrimSpace(s.missing() + " " + s.doubts())
}

func (s *Sensitivity) doubts() string {
	text := s.inputs.moved()
	if names := s.Manifest.Design.Uncorrelated; len(names) > 0 {
		text = append(text, fmt.Sprintf("Left out, because the method needs independent factors: the ledger's correlations %s.", strings.Join(names, ", ")))
	}
	return strings.Join(append(text, caution(&s.Manifest.Design)), " ")
}

// moved says that not all points were played where the design put them.
func (in *Inputs) moved() []string {
	if in.Moved == 0 {
		return nil
	}
	return []string{fmt.Sprintf("At %s of %s looked at, sampled values break a rule between parameters: there those that it names took the file's own values.",
		Count(in.Moved), Plural(in.Looked, "point", "points"))}
}

type driverJSON struct {
	Key    string        `json:"factor"`
	Basis  string        `json:"basis,omitempty"`
	First  *estimateJSON `json:"first,omitempty"`
	Total  *estimateJSON `json:"total,omitempty"`
	Mu     *estimateJSON `json:"mu,omitempty"`
	MuStar *estimateJSON `json:"mu_star,omitempty"`
	Sigma  *estimateJSON `json:"sigma,omitempty"`
}

// JSON writes the table as one JSON object.
func (s *Sensitivity) JSON(w io.Writer) error {
	out := struct {
		Title    string           `json:"title,omitempty"`
		Question string           `json:"question,omitempty"`
		Method   string           `json:"method"`
		Measure  string           `json:"measure"`
		Class    string           `json:"class,omitempty"`
		Level    float64          `json:"level"`
		Missing  number           `json:"missing_share"`
		Moved    int64            `json:"points_moved"`
		Looked   int64            `json:"points_looked_at"`
		Rests    string           `json:"rests_on"`
		Manifest *record.Manifest `json:"manifest"`
		Mean     *estimateJSON    `json:"mean,omitempty"`
		Variance *estimateJSON    `json:"variance,omitempty"`
		Noise    *estimateJSON    `json:"noise,omitempty"`
		Drivers  []driverJSON     `json:"drivers"`
	}{Title: s.Title, Question: s.Question, Method: s.Method, Measure: s.Measure.Name, Class: s.Class, Level: s.Level, Missing: number(s.Missing),
		Moved: s.inputs.Moved, Looked: s.inputs.Looked, Rests: s.RestsOn(), Manifest: s.Manifest, Drivers: []driverJSON{}}
	if s.Method == "sobol" {
		out.Mean, out.Variance, out.Noise = newEstimateJSON(s.possible(s.Sobol.Mean)), newEstimateJSON(s.Sobol.Variance), newEstimateJSON(s.Sobol.Noise)
	}
	for _, d := range s.Drivers {
		j := driverJSON{Key: d.Key, Basis: d.Basis}
		if s.Method == "sobol" {
			j.First, j.Total = newEstimateJSON(d.First), newEstimateJSON(d.Total)
		} else {
			j.Mu, j.MuStar, j.Sigma = newEstimateJSON(d.Effects.Mu), newEstimateJSON(d.Effects.MuStar), newEstimateJSON(d.Effects.Sigma)
		}
		out.Drivers = append(out.Drivers, j)
	}
	return writeJSON(w, out)
}

// CSV writes a row a factor and statistic.
func (s *Sensitivity) CSV(w io.Writer) error {
	line := []byte("factor,basis,measure,class,statistic,value,low,high,level,n,method\n")
	for _, d := range s.Drivers {
		type statistic struct {
			name string
			stats.Estimate
		}
		all := []statistic{{"first", d.First}, {"total", d.Total}}
		if s.Method == "morris" {
			all = []statistic{{"mu", d.Effects.Mu}, {"mu_star", d.Effects.MuStar}, {"sigma", d.Effects.Sigma}}
		}
		for _, e := range all {
			line = fmt.Appendf(line, "%s,%s,%s,%s,%s", d.Key, d.Basis, s.Measure.Name, s.Class, e.name)
			line = appendFloats(line, e.Value, e.Low, e.High, e.Level)
			line = fmt.Appendf(line, ",%d,", e.N)
			line = append(record.AppendText(line, e.Method), '\n')
		}
	}
	_, err := w.Write(line)
	return err
}
