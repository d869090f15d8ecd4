package study

import (
	"fmt"
	"slices"
	"sync"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/record"
)

// What can end the armistice compete: whichever comes first keeps the others from coming. So their
// chances by a time are cumulative incidences (Aalen and Johansen 1978), of which there is one a
// cause, and a history without any is censored at its end.
type end int

const (
	noEnd end = iota
	invasion
	settlement
	refusal
	otherEnd
)

// ends describes the causes, by end.
var ends = [...]struct{ name, doc string }{
	invasion:   {"invasion", "Russia has attacked again, limited or full"},
	settlement: {"settlement", "a political settlement came before any attack"},
	refusal:    {"refusal", "the armistice terms were refused on day 0"},
	otherEnd:   {"other_end", "the history ended in another way before any attack"},
}

// place is where the measures that the study itself looks at stand among all.
type place struct{ outcome, deterred, invasion, end, front int }

var places = sync.OnceValue(func() place {
	find := func(name string) int {
		i := record.Index(Measures(), name)
		if i < 0 {
			panic(fmt.Sprintf("study: model.Outcome has no measure %s", name))
		}
		return i
	}
	return place{
		outcome: find("outcome"), deterred: find("deterred"),
		invasion: find("t_invasion_d"), end: find("t_end_d"), front: find("front_max_km"),
	}
})

// firstEnd is when and how the armistice ended in a history: its time in days, and the cause.
func firstEnd(measures []float64) (at float64, cause end) {
	p := places()
	if t := measures[p.invasion]; t == t {
		return t, invasion
	}
	switch class := model.Class(measures[p.outcome] + 1); {
	case class == model.TermsRefused:
		return 0, refusal
	case class == model.Settled:
		return measures[p.end], settlement
	case class.Held():
		return measures[p.end], noEnd
	}
	return measures[p.end], otherEnd
}

// raceCell is the width [d] of the cells in which the times of very many histories are counted. The years and nearly all
// horizons are multiples of it, so that an incidence there has the same events as without cells.
const raceCell = 0.25

const year = 365 // days, as in model.PerYear

// addRace adds the incidence of invasion by some years, as a share of all histories as the curves have it, to the estimates of a design point.
func (t *tally) addRace(e *estimates, level float64) {
	curve := t.race.Table().AalenJohansen(int(invasion), stats.Greenwood)
	for _, years := range []int{1, 2, 3, 5} {
		e.interval(fmt.Sprintf("invaded_by_%dy", years), fmt.Sprintf("Invaded within %d y, of all histories", years), "share",
			fmt.Sprintf("share of all histories, those with refused terms among them, invaded within %d days; settlement, refusal and other ends compete; missing where the histories end before", years*year),
			incidenceAt(curve, float64(years*year), level))
	}
}

// incidenceAt is nothing beyond the last time at which anything is known.
func incidenceAt(c *stats.Curve, t, level float64) stats.Estimate {
	e := c.At(t, level, stats.LogLog)
	if slices.Contains(e.Warnings, stats.WarnBeyondFollowUp) {
		return stats.Estimate{Value: nan, Low: nan, High: nan, Level: level, Method: e.Method}
	}
	return e
}
