package causes

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"tripwire/model"
	"tripwire/sim"
	"tripwire/stats"
	"tripwire/study"
)

// A Step is one kind of event in a causal chain.
type Step struct {
	Actor string  `json:"actor"`
	What  string  `json:"what"`
	Times float64 `json:"times"` // in a row; in many histories the median
	Days  float64 `json:"t_d"`   // from the armistice to the last of them; in many histories the median
}

// String is the step in words, with its number of times.
func (s Step) String() string {
	if s.Times > 1 {
		return s.What + " ×" + strconv.FormatFloat(math.Round(s.Times), 'f', -1, 64)
	}
	return s.What
}

// Causes is how the armistice led to an event of a history, cause by cause, the event itself last.
func Causes(events map[sim.ID]model.Entry, last model.Entry) []model.Entry {
	var entries []model.Entry
	for e, ok := last, true; ok; e, ok = events[e.Cause] {
		entries = append(entries, e)
	}
	slices.Reverse(entries)
	return entries
}

// ByID finds the events of a history by their numbers.
func ByID(history []model.Entry) map[sim.ID]model.Entry {
	events := make(map[sim.ID]model.Entry, len(history))
	for _, e := range history {
		events[e.ID] = e
	}
	return events
}

// Chain reduces a history to the kinds of events that led to its outcome, in order of time: the causes of the
// outcome back to the armistice; build-ups that came to nothing; how the American answer fared at each gate;
// and the objectives that fell. The last two move the end of a war though they do not schedule it.
// Repetitions in a row are one step.
func Chain(history []model.Entry, o model.Outcome, gates [model.GateTime + 1]model.Passage) []Step {
	c := &chain{outcome: o}
	last := history[len(history)-1]
	causes := []model.Entry{last} // as of Causes: a cause was told before what it caused
	for _, e := range slices.Backward(history) {
		if e.ID == causes[len(causes)-1].Cause {
			causes = append(causes, e)
		}
	}
	slices.Reverse(causes)
	ordered := map[sim.ID]bool{} // orders that led to a D-day
	for _, e := range history {
		if e.Event == "D-day" {
			ordered[e.Cause] = true
		}
	}
	for _, e := range history {
		switch {
		case e.Event == "objective reached":
			c.add(e.At.Days(), 0, "moscow", "an objective falls")
		case e.Event == "go or no-go" && !ordered[e.ID]:
			c.add(e.At.Days(), 0, "moscow", "Moscow masses and stands down")
		}
	}
	for i, e := range causes[:len(causes)-1] {
		if what := c.words(e, causes[i+1]); what != "" {
			c.add(e.At.Days(), 0, e.Subject, what)
		}
	}
	if o.Invaded {
		c.answer(gates)
	}
	slices.SortStableFunc(c.steps, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.rank, b.rank))
	})
	c.add(last.At.Days(), 0, "outcome", o.Outcome.String())
	return fold(c.steps)
}

type chain struct {
	outcome model.Outcome
	steps   []placed
}

// placed is a step that is told after those of the same instant with a lower rank.
type placed struct {
	Step
	rank int
}

func (c *chain) add(days float64, rank int, actor, what string) {
	c.steps = append(c.steps, placed{Step{actor, what, 1, days}, rank})
}

// words is what an event on the way to another was; "" for what only marks that time passes.
func (c *chain) words(e, next model.Entry) string {
	switch e.Event {
	case "the terms":
		return "Moscow refuses the terms"
	case "review":
		switch {
		case e.Subject != "moscow":
			return e.Subject + " reviewed"
		case next.Event == "go or no-go" && c.outcome.Kind == model.FullInvasion:
			return "Moscow masses for a full invasion"
		case next.Event == "go or no-go":
			return "Moscow masses for a limited attack"
		case next.Event == "outcome" && c.outcome.Outcome == model.Settled:
			return "a settlement is reached"
		}
		return "Moscow holds back"
	case "go or no-go":
		return "the order is given"
	case "D-day":
		switch {
		case !c.outcome.Invaded:
			return "the war goes on"
		case c.outcome.Kind == model.FullInvasion:
			return "full invasion"
		}
		return "limited attack"
	case "occasion to stop firing":
		if next.Event == "outcome" {
			return "firing stops"
		}
		return ""
	case "warning runs out":
		if next.Event == "outcome" {
			return "Moscow complies"
		}
		return "" // a gate
	case "horizon":
		return "the horizon comes"
	case "attack detected", "attack attributed", "warning", "decision", "host consent", "tasking", "package flown", "package arrives":
		return "" // told as gates
	case "national decisions":
		return "the coalition fights"
	case "widening":
		return "strikes widened to Russia"
	case "strike on NATO territory":
		return "Russia strikes NATO territory"
	case "nuclear use":
		return "a nuclear weapon is used"
	}
	return e.Event
}

// gateWords is how each gate is told: who is asked; what is said when it opens, when it refuses, and when
// the history ends before it has answered.
var gateWords = [model.GateTime + 1]struct{ actor, opens, refuses, open string }{
	model.GateDetection:   {"ceasefire", "seen for an attack", "", "never seen for an attack"},
	model.GateAttribution: {"attribution", "attributed", "", "never attributed"},
	model.GateWarning:     {"washington", "warning ignored", "", "still warning"},
	model.GateDecision:    {"washington", "strikes ordered", "strikes refused", "no decision in time"},
	model.GateConsent:     {"hosts", "hosts consent", "hosts refuse", "hosts not yet asked"},
	model.GateCapacity:    {"washington", "strikes tasked", "nothing to strike with", "not yet tasked"},
	model.GateTime:        {"washington", "American strike", "", "too late to strike"},
}

// answer adds how the American answer fared.
func (c *chain) answer(gates [model.GateTime + 1]model.Passage) {
	day := c.outcome.InvasionD
	for g := model.GateDetection; g <= model.GateTime; g++ {
		p, words := gates[g], gateWords[g]
		if p.ReachedD != p.ReachedD {
			return
		}
		at, rank := c.outcome.EndD, -1 // before the event that ended the history
		if p.PassedD == p.PassedD {
			at, rank = day+p.PassedD, 1 // after the event that passed it
		}
		if p.Refused > 0 {
			c.steps = append(c.steps, placed{Step{words.actor, words.refuses, float64(p.Refused), at}, rank})
		}
		switch {
		case p.PassedD == p.PassedD:
			c.add(at, rank, words.actor, words.opens)
		case g == model.GateWarning && c.complied():
			return
		case p.Refused == 0:
			c.add(at, rank, words.actor, words.open)
		}
	}
}

// complied says whether the history ended in Moscow giving way to the warning.
func (c *chain) complied() bool {
	return slices.ContainsFunc(c.steps, func(s placed) bool { return s.What == "Moscow complies" })
}

// fold makes one step of those of one kind in a row.
func fold(steps []placed) []Step {
	var out []Step
	for _, p := range steps {
		s := p.Step
		if n := len(out); n > 0 && out[n-1].What == s.What {
			out[n-1].Times += s.Times
			out[n-1].Days = s.Days
			continue
		}
		out = append(out, s)
	}
	return out
}

// Way is one way to an outcome, and how common it is.
type Way struct {
	Steps   []Step
	Count   int
	Share   stats.Estimate // of the histories that ended so
	Example Run
}

// Ways is the ways to an outcome, the commonest first.
type Ways struct {
	Outcome model.Class
	Runs    int // that ended so
	Played  int // of them, played again
	All     []Way
}

// Chains plays runs of one outcome again, of which there are total, and counts their chains.
func Chains(s *study.Study, outcome model.Class, runs []Run, total int, level float64) (*Ways, error) {
	chains := make([][]Step, len(runs))
	err := each(s, runs, func(p *Player, i int) error {
		o, err := p.outline(runs[i])
		if err != nil {
			return err
		}
		chains[i] = Chain(p.history, o, p.war.Passages())
		return runs[i].unchanged(o)
	})
	if err != nil {
		return nil, err
	}
	w := &Ways{Outcome: outcome, Runs: total, Played: len(runs)}
	places := map[string]int{}
	var members [][]int
	for i, steps := range chains {
		key := kind(steps)
		k, ok := places[key]
		if !ok {
			k = len(w.All)
			places[key] = k
			w.All = append(w.All, Way{Example: runs[i]})
			members = append(members, nil)
		}
		members[k] = append(members[k], i)
	}
	for k := range w.All {
		w.All[k].Count = len(members[k])
		w.All[k].Share = stats.Share(len(members[k]), len(runs), level)
		w.All[k].Steps = typical(chains, members[k])
	}
	slices.SortStableFunc(w.All, func(a, b Way) int { return cmp.Compare(b.Count, a.Count) })
	return w, nil
}

// kind is what two chains of one way have in common.
func kind(steps []Step) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString(s.What + "→")
	}
	return b.String()
}

// typical is the chain of several histories of one kind, with the medians of its numbers.
func typical(chains [][]Step, members []int) []Step {
	steps := slices.Clone(chains[members[0]])
	times, days := make([]float64, len(members)), make([]float64, len(members))
	for i := range steps {
		for k, m := range members {
			times[k], days[k] = chains[m][i].Times, chains[m][i].Days
		}
		steps[i].Times = stats.NewSample(times).Quantile(0.5, stats.MedianUnbiased)
		steps[i].Days = stats.NewSample(days).Quantile(0.5, stats.MedianUnbiased)
	}
	return steps
}

// outline plays a run and keeps its events, without what came of them, until the next.
func (p *Player) outline(r Run) (model.Outcome, error) {
	key, err := p.stand(r)
	if err != nil {
		return model.Outcome{}, err
	}
	p.history = p.history[:0]
	return p.war.Outline(p.seed, key, func(e model.Entry) { p.history = append(p.history, e) }), nil
}
