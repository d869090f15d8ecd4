package study

import (
	"fmt"
	"slices"
	"strings"

	"tripwire/input"
	"tripwire/model"
	"tripwire/study/record"
)

// A plan is the design points of a study as a function of their number, so that a million of them take
// no memory. Chosen points (grid, list, one-at-a-time, ablation) are counted; a sample is a table of
// coordinates in the unit cube. Where both are, each chosen point is met in every sampled future.
type plan struct {
	kind    Kind
	base    model.Scenario // the file's own values
	factors []varied       // in the order of their columns; the chosen ones first
	points  int64

	chosen  int                                // factors that are chosen
	choose  func(point int64, cells []float64) // sets their cells
	labels  []string                           // the names of chosen points, if they have names
	futures int64                              // rows of sample; 0 where nothing is sampled
	sample  [][]float64                        // of the factors after the chosen ones, in the unit cube

	sharing                  int64    // so many successive points share luck under common luck; 0 means all
	scrambles                int64    // of a saltelli design: independent parts of the sample, one after the other
	correlated, uncorrelated []string // names of correlations that the sample has, and of those left out
}

// newPlan makes the plan of settings without a fault of their own, or notes what is wrong with it.
func newPlan(c *checker, s *Settings) *plan {
	p := &plan{kind: s.Design, base: s.read.Scenario}
	factors := s.wanted()
	for i := range factors {
		v, problem := newVaried(s, &factors[i], !s.Design.sampled())
		if problem != "" {
			c.fault(fmt.Sprintf("factors[%d]", i), "%s", problem)
		}
		p.factors = append(p.factors, v)
	}
	if !s.Design.sampled() {
		p.chosen = len(p.factors)
	}
	p.believed(c, s)
	if c.faults > 0 {
		return nil
	}
	count := int64(1)
	if !s.Design.sampled() {
		count = p.choices(s)
	}
	p.points = count
	if p.chosen < len(p.factors) {
		p.sampleFutures(c, s)
		if c.faults > 0 {
			return nil
		}
		p.points = count * p.futures
	}
	if p.points > mostRuns/max(1, int64(s.Replications)) || count > mostRuns/max(1, p.futures) {
		c.fault("design", "has more points than can be counted")
		return nil
	}
	if s.Until != "" && int64(s.MaxRuns) < p.points {
		c.fault("max_runs", "%d is less than one history at each of %d points", s.MaxRuns, p.points)
	}
	if s.Select != nil {
		s.Select.checkPlan(c, s, count, p.points)
	}
	p.checkChosen(c, count)
	return p
}

// believed adds the uncertain parameters that are no factors yet. A glob passes over what has no
// believed range; a key that has none is a fault.
func (p *plan) believed(c *checker, s *Settings) {
	wanted := map[string]bool{}
	for i, glob := range s.Uncertain {
		for _, key := range c.match(glob) {
			param, _ := s.read.File.Get(key)
			if param.Low != nil {
				wanted[key] = true
			} else if key == glob {
				c.fault(fmt.Sprintf("uncertain[%d]", i), "%s has no believed range: give it low and high, or make it a factor", key)
			}
		}
	}
	for i := range p.factors {
		delete(wanted, p.factors[i].param.Key)
	}
	for _, param := range s.read.File.Parameters {
		if wanted[param.Key] {
			v, _ := newVaried(s, &Factor{Key: param.Key, Kind: uncertainty}, false)
			p.factors = append(p.factors, v)
		}
	}
}

// describe is the values of a point in words.
func (p *plan) describe(cells []float64) string {
	var words []string
	for i := range cells {
		words = append(words, fmt.Sprintf("%s = %v", p.factors[i].param.Key, p.factors[i].value(cells[i])))
	}
	return strings.Join(words, ", ")
}

// assign sets the first factors of a scenario.
func (p *plan) assign(s *model.Scenario, cells []float64) {
	for i, x := range cells {
		p.set(s, i, x)
	}
}

// set sets a factor of a scenario. A value that does not fit panics: it has been checked.
func (p *plan) set(s *model.Scenario, factor int, cell float64) {
	f := &p.factors[factor]
	if err := input.Assign(s, f.param.Key, f.value(cell)); err != nil {
		panic(fmt.Sprintf("study: factor %v", err))
	}
}

// A broken rule between parameters: the key that it blames, and why.
type broken struct{ key, message string }

func rulesBroken(s *model.Scenario) (all []broken) {
	s.Check(func(key, format string, args ...any) {
		all = append(all, broken{key, fmt.Sprintf(format, args...)})
	})
	return all
}

// scenario fills s with the scenario of a design point, and cells with its factors.
//
// Where sampled values break a rule between parameters, the sampled parameters that the rule names
// take the file's own values, which keep all rules, and the rules are asked again; in the end all of
// them do. So every point is a function of its number alone, and the others stay where the design
// has put them. What is left is a chosen point that breaks a rule, which is an error.
func (p *plan) scenario(point int64, cells []float64, s *model.Scenario) error {
	if p.choose != nil {
		p.choose(point/max(1, p.futures), cells[:p.chosen])
	}
	if p.futures > 0 {
		u := p.sample[point%p.futures]
		for i := range u {
			cells[p.chosen+i] = p.factors[p.chosen+i].at(u[i])
		}
	}
	const attempts = 8
	for attempt := range attempts {
		*s = p.base
		p.assign(s, cells)
		faults := rulesBroken(s)
		if len(faults) == 0 {
			return nil
		}
		if attempt == attempts-1 {
			return fmt.Errorf("%s: %s", faults[0].key, faults[0].message)
		}
		for i := p.chosen; i < len(cells); i++ {
			key := p.factors[i].param.Key
			if attempt == attempts-2 || slices.ContainsFunc(faults, func(b broken) bool { return b.key == key || names(b.message, key) }) {
				cells[i] = p.factors[i].base
			}
		}
	}
	panic("study: not reached")
}

// names says whether a message names a key.
func names(message, key string) bool {
	return slices.Contains(strings.FieldsFunc(message, func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	}), key)
}

// caseColumn says which point of a list or an ablation a row belongs to.
func (p *plan) caseColumn() record.Column {
	return record.Column{Name: "case", Kind: record.Class, Title: "Case", Doc: "name of the chosen point", Classes: p.labels, Factor: true}
}

// columns is the columns of the factors.
func (p *plan) columns() []record.Column {
	var columns []record.Column
	if p.labels != nil {
		columns = append(columns, p.caseColumn())
	}
	for i := range p.factors {
		columns = append(columns, p.factors[i].column)
	}
	return columns
}

// row is the cells of those columns, given those of the factors.
func (p *plan) row(point int64, cells []float64) []float64 {
	if p.labels == nil {
		return cells
	}
	return append([]float64{float64(point / max(1, p.futures))}, cells...)
}
