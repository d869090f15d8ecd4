package causes

import (
	"slices"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/record"
)

// A Census is how every history of a result ended, and what held the answer to an attack back.
type Census struct {
	Runs     []Run                                            // with an outcome, in their order
	Attacked []Run                                            // of them, those in which an attack came
	gates    [model.DeterredQuiet + 1][model.GateTime + 1]int // attacks, by how they ended and what held the answer back
}

// Read counts the histories of one point of a result; of every point, if it is negative.
func Read(r *record.Result, point int64) (*Census, error) {
	c := new(Census)
	for t, err := range r.Chunks("runs", "point", "rep", "outcome", "gate_failed") {
		if err != nil {
			return nil, err
		}
		points, reps, outcome, gate := t.Index("point"), t.Index("rep"), t.Index("outcome"), t.Index("gate_failed")
		for i := range t.Len() {
			row := t.Row(i)
			if x := row[outcome]; x != x || point >= 0 && int64(row[points]) != point {
				continue
			}
			class, _ := ClassOf(t.Columns[outcome].Label(row[outcome]))
			run := Run{int64(row[points]), int64(row[reps]), class}
			c.Runs = append(c.Runs, run)
			if x := row[gate]; x == x {
				c.gates[class][gateOf(t.Columns[gate].Label(x))]++
				c.Attacked = append(c.Attacked, run)
			}
		}
	}
	return c, nil
}

// ClassOf finds an outcome class by its name.
func ClassOf(name string) (model.Class, bool) {
	i := max(0, slices.Index(model.Class(0).Classes(), name))
	return model.Class(i), i > 0
}

// gateOf finds a gate by its name; [model.GateNotAsked] where there is none of that name.
func gateOf(name string) model.Gate {
	return model.Gate(max(0, slices.Index(model.Gate(0).Classes(), name)))
}

// Ended is the histories that ended so.
func (c *Census) Ended(o model.Class) []Run {
	var runs []Run
	for _, r := range c.Runs {
		if r.Outcome == o {
			runs = append(runs, r)
		}
	}
	return runs
}

// Held is the share of attacks that ended in an outcome whose answer one gate held back.
type Held struct {
	Outcome model.Class
	Attacks int // that ended so
	Gate    model.Gate
	Share   stats.Estimate
}

// Held lists, from the worst outcome to the best, the gates that held back at least one answer, the
// commonest first.
func (c *Census) Held(level float64) []Held {
	var all []Held
	for o := model.TermsRefused; o <= model.DeterredQuiet; o++ {
		counts, n := c.gates[o], 0
		for _, k := range counts {
			n += k
		}
		for range counts {
			best := model.GateNotAsked
			for g, k := range counts {
				if k > counts[best] {
					best = model.Gate(g)
				}
			}
			if counts[best] == 0 {
				break
			}
			all = append(all, Held{o, n, best, stats.Share(counts[best], n, level)})
			counts[best] = 0
		}
	}
	return all
}
