package validation

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"tripwire/input"
	"tripwire/model"
)

// A table plays scenarios under one seed, so that any two of them meet the same luck, and keeps the
// histories of those that are asked for again.
type table struct {
	loader input.Loader
	n      int
	seed   uint64
	kept   map[string][]history
	left   map[string]int // how often a scenario will still be asked for
}

// A history is what is kept of one replication.
type history struct {
	model.Outcome
	told *chronicle // of a traced history
}

func newTable(l input.Loader, n int, seed uint64) *table {
	return &table{loader: l, n: n, seed: seed, kept: map[string][]history{}, left: map[string]int{}}
}

// load reads the baseline under assignments.
func (t *table) load(sets []string, s *model.Scenario) error {
	if _, err := t.loader.Load("baseline", sets, s, nil); err != nil {
		return fmt.Errorf("validation: the baseline with %s: %w", strings.Join(sets, ", "), err)
	}
	return nil
}

// announce says that the histories of these scenarios will be asked for once more.
func (t *table) announce(all []string, sides []Line) {
	for _, s := range sides {
		t.left[key(slices.Concat(all, s.Sets))]++
	}
}

func key(sets []string) string { return strings.Join(sets, "\n") }

// play returns the histories of each side, traced if its chronicle is needed.
func (t *table) play(all []string, sides []Line, traced bool) ([][]history, error) {
	var out [][]history
	for _, side := range sides {
		sets := slices.Concat(all, side.Sets)
		id := key(sets)
		t.left[id]--
		h, known := t.kept[id]
		if !known || traced && h[0].told == nil {
			s := new(model.Scenario)
			if err := t.load(sets, s); err != nil {
				return nil, err
			}
			h = t.histories(s, traced)
		}
		if t.left[id] > 0 {
			t.kept[id] = h
		} else {
			delete(t.kept, id)
		}
		out = append(out, h)
	}
	return out, nil
}

// setup is the scenarios as a card shows them.
func setup(all []string, sides []Line) []Line {
	switch {
	case len(all) == 0:
		return sides
	case len(sides) == 1:
		return []Line{{sides[0].Label, slices.Concat(all, sides[0].Sets)}}
	}
	return append([]Line{{"on every side", all}}, sides...)
}

// histories plays on all cores. A history depends on its number alone, so their number does not matter.
func (t *table) histories(s *model.Scenario, traced bool) []history {
	out := make([]history, t.n)
	workers := min(runtime.GOMAXPROCS(0), t.n)
	var all sync.WaitGroup
	for k := range workers {
		all.Go(func() {
			war := model.New(s)
			for rep := k; rep < t.n; rep += workers {
				if !traced {
					out[rep].Outcome = war.Play(t.seed, uint64(rep))
					continue
				}
				c := new(chronicle)
				out[rep] = history{war.Trace(t.seed, uint64(rep), c.write), c}
			}
		})
	}
	all.Wait()
	return out
}

// A chronicle is what a trace tells that an outcome does not.
type chronicle struct {
	opened   map[string]float64 // day on which the case of an incident was opened
	cases    []fate
	breaches int
	retreats []float64 // days on which Ukraine began to push an axis back
	closed   float64   // day of the first night on which Ukrainian weapons hit a target; 0 where there was none
}

// A fate is what became of the case of one incident.
type fate struct {
	guilty, blamed bool
	opened, after  float64 // days: from the armistice, and from there
}

var (
	caseOpened = regexp.MustCompile(`incident (\d+), [^:]+: seen, a case is opened`)
	caseClosed = regexp.MustCompile(`incident (\d+) \(([^)]+)\): (Russia is blamed|Russia is cleared|the case is dropped) after`)
)

func (c *chronicle) write(e model.Entry) {
	day := e.At.Days()
	switch e.Event {
	case "breach":
		if e.What != "" {
			c.breaches++
		}
	case "counter-attack":
		if e.What != "" {
			c.retreats = append(c.retreats, day)
		}
	case "drone night":
		if c.closed == 0 && e.What != "" {
			c.closed = day
		}
	}
	if !strings.Contains(e.What, "incident ") {
		return
	}
	if m := caseOpened.FindStringSubmatch(e.What); m != nil {
		if c.opened == nil {
			c.opened = map[string]float64{}
		}
		c.opened[m[1]] = day
	}
	if m := caseClosed.FindStringSubmatch(e.What); m != nil {
		opened, known := c.opened[m[1]]
		if !known {
			return // the disguised opening of an attack, which is no incident
		}
		delete(c.opened, m[1])
		c.cases = append(c.cases, fate{
			guilty: m[2] == "directed by Moscow" || m[2] == "by a proxy",
			blamed: m[3] == "Russia is blamed",
			opened: opened, after: day - opened,
		})
	}
}
