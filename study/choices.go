package study

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// guarantees is what an ablation switches off where nothing else is named.
var guarantees = []string{
	"coalition.enabled", "air.enabled", "sea.enabled", "purl.enabled", "washington.enabled", "sanctions.enabled", "strike.ukraine_enabled",
}

// wanted is the factors that the settings ask for: of a list what its cases set, in the order of the scenario.
func (s *Settings) wanted() (factors []Factor) {
	switch {
	case s.Design == list:
		set := map[string]bool{}
		for _, one := range s.Cases {
			for _, v := range flatten(one.Set) {
				set[v.key] = true
			}
		}
		for _, p := range s.read.File.Parameters {
			if set[p.Key] {
				factors = append(factors, Factor{Key: p.Key, Kind: lever})
			}
		}
	case s.Design == ablation && len(s.Factors) == 0:
		for _, key := range guarantees {
			factors = append(factors, Factor{Key: key, Kind: lever})
		}
	default:
		return s.Factors
	}
	return factors
}

// choices makes choose and labels, and returns how many chosen points there are.
func (p *plan) choices(s *Settings) int64 {
	switch s.Design {
	case grid:
		return p.grid()
	case list:
		return p.list(s.Cases)
	case oneAtATime:
		return p.oneAtATime()
	}
	return p.ablation()
}

// grid is all combinations, the last factor changing fastest.
func (p *plan) grid() int64 {
	chosen, count := p.factors[:p.chosen], int64(1)
	for i := range chosen {
		if n := int64(len(chosen[i].values)); count <= mostRuns/n {
			count *= n
		} else {
			return math.MaxInt64
		}
	}
	p.choose = func(point int64, cells []float64) {
		for i := len(chosen) - 1; i >= 0; i-- { // ranging over slices.Backward would allocate at every point
			values := chosen[i].values
			n := int64(len(values))
			cells[i] = values[point%n]
			point /= n
		}
	}
	return count
}

// list is the cases; what one does not set has the file's own value.
func (p *plan) list(cases []Case) int64 {
	settings := make([][]setting, len(cases))
	for i, one := range cases {
		p.labels = append(p.labels, string(one.Name))
		settings[i] = flatten(one.Set)
		for _, v := range settings[i] { // all names of a class column before any is written
			p.factors[p.factor(v.key)].cell(v.value)
		}
	}
	p.choose = func(point int64, cells []float64) {
		p.own(cells)
		for _, v := range settings[point] {
			i := p.factor(v.key)
			cells[i] = number(&p.factors[i], v.value)
		}
	}
	return int64(len(cases))
}

// oneAtATime is the file's own values, and then every other value of each factor.
func (p *plan) oneAtATime() int64 {
	chosen, count := p.factors[:p.chosen], int64(1)
	for i := range chosen {
		chosen[i].values = slices.DeleteFunc(slices.Clone(chosen[i].values), func(x float64) bool { return x == chosen[i].base })
		count += int64(len(chosen[i].values))
	}
	p.choose = func(point int64, cells []float64) {
		p.own(cells)
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

// own sets the cells of the chosen factors to the file's own values.
func (p *plan) own(cells []float64) {
	for i := range p.chosen {
		cells[i] = p.factors[i].base
	}
}

// ablation is all on, each off in turn, each alone, and all off.
func (p *plan) ablation() int64 {
	chosen, k := p.factors[:p.chosen], int64(p.chosen)
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

// factor is the place of the factor of a key.
func (p *plan) factor(key string) int {
	return slices.IndexFunc(p.factors, func(f varied) bool { return f.param.Key == key })
}

// mostChecked is how many chosen points are looked at before anything is played.
const mostChecked = 100_000

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
