package study

import (
	"fmt"
	"math"
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

// A varied is a factor with all that the plan has to know of it.
type varied struct {
	param    input.Parameter
	kind     FactorKind
	column   record.Column
	base     float64   // the cell of the file's own value
	values   []float64 // cells of the values it takes; nil where it has a range
	quantile func(u float64) float64
	u0, u1   float64 // the part of the distribution that the parameter's type allows
}

// mostChecked is how many chosen points are looked at before anything is played.
const mostChecked = 100_000

// guarantees is what an ablation switches off where nothing else is named.
var guarantees = []string{
	"coalition.enabled", "air.enabled", "sea.enabled", "purl.enabled", "washington.enabled", "sanctions.enabled", "strike.ukraine_enabled",
}

// newPlan makes the plan of settings without a fault of their own, or notes what is wrong with it.
func newPlan(c *checker, s *Settings) *plan {
	p := &plan{kind: s.Design, base: s.read.Scenario}
	factors := s.Factors
	if s.Design == ablation && len(factors) == 0 {
		for _, key := range guarantees {
			factors = append(factors, Factor{Key: key, Kind: lever})
		}
	}
	if s.Design == list {
		factors = listed(s)
	}
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

// listed is the parameters that the cases of a list set, in the order of the scenario.
func listed(s *Settings) []Factor {
	set := map[string]bool{}
	for _, one := range s.Cases {
		for _, v := range flatten(one.Set) {
			set[v.key] = true
		}
	}
	var factors []Factor
	for _, p := range s.read.File.Parameters {
		if set[p.Key] {
			factors = append(factors, Factor{Key: p.Key, Kind: lever})
		}
	}
	return factors
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

// newVaried is a factor whose values the design chooses, or samples.
func newVaried(s *Settings, f *Factor, chosen bool) (v varied, problem string) {
	param, _ := s.read.File.Get(f.Key)
	v = varied{param: param, kind: f.Kind, u0: 0, u1: 1, column: record.Column{
		Name: "p_" + strings.ReplaceAll(f.Key, ".", "_"), Title: f.Key, Unit: param.Unit, Doc: param.Doc, Factor: true,
	}}
	if v.kind == "" {
		v.kind = lever
		if s.Design.sampled() {
			v.kind = uncertainty
		}
	}
	switch param.Kind {
	case "float":
		v.column.Kind = record.Float
	case "integer":
		v.column.Kind = record.Int
	case "boolean":
		v.column.Kind = record.Bool
	default:
		v.column.Kind = record.Class
	}
	own, _ := input.Value(&s.read.Scenario, f.Key)
	v.base = v.cell(own)
	low, high := f.Low, f.High
	if low == nil {
		low, high = param.Low, param.High
	}
	switch {
	case chosen && s.Design == list:
	case f.Values != nil:
		for _, x := range f.Values {
			v.values = append(v.values, v.cell(x))
		}
	case param.Kind == "boolean":
		v.values = []float64{0, 1}
	case low == nil:
		return v, f.Key + " has no believed range: give values, or low and high"
	default:
		v.quantile = quantile(v.kind, *low, v.base, *high)
		if chosen {
			v.values = []float64{v.tidy(*low), v.tidy(*high)}
			if s.Design == grid && *low < v.base && v.base < *high {
				v.values = []float64{v.tidy(*low), v.base, v.tidy(*high)}
			}
		}
		v.truncate()
	}
	return v, ""
}

// cell is a value as a cell of the factor's column.
func (v *varied) cell(value any) float64 {
	switch x := value.(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	case bool:
		if x {
			return 1
		}
		return 0
	}
	return v.column.Intern(value.(string))
}

// value is what a cell stands for.
func (v *varied) value(cell float64) any {
	switch v.column.Kind {
	case record.Float:
		return cell
	case record.Int:
		return int64(cell)
	case record.Bool:
		return cell == 1
	}
	return v.column.Label(cell)
}

// choices makes choose and labels, and returns how many chosen points there are.
func (p *plan) choices(s *Settings) int64 {
	chosen := p.factors[:p.chosen]
	base := func(cells []float64) {
		for i := range chosen {
			cells[i] = chosen[i].base
		}
	}
	switch s.Design {
	case grid:
		count := int64(1)
		for i := range chosen {
			if n := int64(len(chosen[i].values)); count <= mostRuns/n {
				count *= n
			} else {
				return math.MaxInt64
			}
		}
		p.choose = func(point int64, cells []float64) { // the last factor changes fastest
			for i, f := range slices.Backward(chosen) {
				n := int64(len(f.values))
				cells[i] = f.values[point%n]
				point /= n
			}
		}
		return count
	case list:
		settings := make([][]setting, len(s.Cases))
		for i, one := range s.Cases {
			p.labels = append(p.labels, string(one.Name))
			settings[i] = flatten(one.Set)
			for _, v := range settings[i] { // all names of a class column before any is written
				p.factor(v.key).cell(v.value)
			}
		}
		p.choose = func(point int64, cells []float64) {
			base(cells)
			for _, v := range settings[point] {
				i := slices.IndexFunc(chosen, func(f varied) bool { return f.param.Key == v.key })
				cells[i] = number(&chosen[i], v.value)
			}
		}
		return int64(len(s.Cases))
	case oneAtATime:
		count := int64(1) // the file's own values
		for i := range chosen {
			chosen[i].values = slices.DeleteFunc(slices.Clone(chosen[i].values), func(x float64) bool { return x == chosen[i].base })
			count += int64(len(chosen[i].values))
		}
		p.choose = func(point int64, cells []float64) {
			base(cells)
			for i, left := 0, point-1; left >= 0; i++ {
				if n := int64(len(chosen[i].values)); left >= n {
					left -= n
				} else {
					cells[i] = chosen[i].values[left]
					return
				}
			}
		}
		return count
	}
	return p.ablation(chosen)
}

// ablation is all on, each off in turn, each alone, and all off.
func (p *plan) ablation(chosen []varied) int64 {
	k := int64(len(chosen))
	p.labels = []string{"all"}
	for _, word := range []string{"without ", "only "} {
		for i := range chosen {
			p.labels = append(p.labels, word+strings.TrimSuffix(strings.TrimSuffix(chosen[i].param.Key, "enabled"), "."))
		}
	}
	p.labels = append(p.labels, "none")
	for i, label := range p.labels {
		p.labels[i] = strings.TrimRight(label, "._")
	}
	p.choose = func(point int64, cells []float64) {
		rest, one := 1.0, int64(-1)
		switch {
		case point == 0:
		case point <= k:
			one = point - 1
		case point <= 2*k:
			rest, one = 0, point-1-k
		default:
			rest = 0
		}
		for i := range chosen {
			cells[i] = rest
		}
		if one >= 0 {
			cells[one] = 1 - rest
		}
	}
	return 2*k + 2
}

func (p *plan) factor(key string) *varied {
	i := slices.IndexFunc(p.factors, func(f varied) bool { return f.param.Key == key })
	return &p.factors[i]
}

// number is a TOML number, or whatever a value is, as a cell that its column has already met.
func number(v *varied, value any) float64 {
	if s, ok := value.(string); ok {
		return float64(slices.Index(v.column.Classes, s))
	}
	return v.cell(value)
}

// checkChosen looks for chosen points that break a rule between parameters.
func (p *plan) checkChosen(c *checker, count int64) {
	if p.chosen == 0 {
		return
	}
	cells, set := make([]float64, p.chosen), make([]float64, p.chosen)
	s := p.base
	p.choose(0, set)
	p.assign(&s, set)
	for i := range min(count, mostChecked) {
		p.choose(i, cells)
		for j, x := range cells { // neighbours differ in little, and setting is what takes time
			if x != set[j] {
				p.set(&s, j, x)
				set[j] = x
			}
		}
		if broken := rulesBroken(&s); len(broken) > 0 {
			key := "factors"
			if p.kind == list {
				key = fmt.Sprintf("cases[%d]", i)
			} else if p.kind == ablation {
				key = "design"
			}
			c.fault(key, "at point %d (%s): %s: %s", i, p.describe(cells), broken[0].key, broken[0].message)
			return
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
