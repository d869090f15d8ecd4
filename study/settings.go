package study

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"tripwire/input"
	"tripwire/model"
)

// Settings is the [study] table of a file.
type Settings struct {
	Title        string    `toml:"title,optional" doc:"what the study is called in reports"`
	Design       Kind      `toml:"design,optional" doc:"how the design points are chosen"`
	Points       Runs      `toml:"points,optional" doc:"sampled points; for morris trajectories, for saltelli base points of each scrambling; beside chosen points, futures of the uncertain parameters at each"`
	Levels       Levels    `toml:"levels,optional" doc:"of a factor of a morris design (default 4)"`
	Scrambles    Scrambles `toml:"scrambles,optional" doc:"of a saltelli design: independent scramblings, whose spread makes the intervals (default 16)"`
	Uncertain    []string  `toml:"uncertain,optional" doc:"keys or globs: parameters sampled over what the ledger believes of them"`
	CommonLuck   bool      `toml:"common_luck,optional" doc:"replication k meets the same luck at every point, of a saltelli or morris design at every point of a scrambling or trajectory (default true)"`
	Replications Runs      `toml:"replications,optional" doc:"histories at each design point"`
	Until        Until     `toml:"until,optional" doc:"WIDTH@MEASURE: replications are added in rounds until the 95% interval of the measure is so narrow at every point; replications is then the first round"`
	MaxRuns      Runs      `toml:"max_runs,optional" doc:"where until or select gives up (default 10000000); what ocba spends"`
	Select       *Select   `toml:"select,optional" doc:"which of the chosen points is the best, with replications where they tell most; replications is then the first round"`
	Factors      []Factor  `toml:"factors,optional" doc:"the parameters that the design varies"`
	Policies     []string  `toml:"policies,optional" doc:"scenario files: points of a list, each with what differs between it and the file that the study extends; they come before the cases"`
	Cases        []Case    `toml:"cases,optional" doc:"the points of a list, by name"`

	read *Study         // the same file, read before, against which the design is checked; nil at first
	lost map[int]string // by policy: why it cannot be read
	plan *plan          // once it has been checked
}

// Kind is how design points are chosen.
type Kind string

const (
	single         Kind = "single" // no design: one point
	grid           Kind = "grid"
	list           Kind = "list"
	oneAtATime     Kind = "one-at-a-time"
	ablation       Kind = "ablation"
	latinHypercube Kind = "latin-hypercube"
	sobol          Kind = "sobol"
	nolh           Kind = "nolh"
	morris         Kind = "morris"
	saltelli       Kind = "saltelli"
)

var kinds = []Kind{grid, list, oneAtATime, ablation, latinHypercube, sobol, nolh, morris, saltelli}

func (k Kind) Allowed() (string, bool) {
	rule := "must be "
	for i, known := range kinds {
		if i > 0 {
			rule += ", "
		}
		rule += string(known)
	}
	return rule, slices.Contains(kinds, k)
}

// sampled says whether the points are a sample of a space.
func (k Kind) sampled() bool {
	return k == latinHypercube || k == sobol || k == nolh || k == morris || k == saltelli
}

// Levels is into how many values a factor of a Morris design falls.
type Levels int64

func (n Levels) Allowed() (string, bool) {
	return "must be even, from 2 to 64", 2 <= n && n <= 64 && n%2 == 0
}

// Scrambles is how many independent scramblings a Saltelli design has.
type Scrambles int64

func (n Scrambles) Allowed() (string, bool) {
	return "must be from 2 to 512: one has no spread", 2 <= n && n <= 512
}

// Factor is a parameter that the design varies: over values; or from low to high; or, where neither is
// given, over what the ledger believes of it.
type Factor struct {
	Key    string     `toml:"key" doc:"of the parameter"`
	Kind   FactorKind `toml:"kind,optional" doc:"lever: somebody chooses it; uncertainty: nobody does"`
	Values []any      `toml:"values,optional" doc:"those that it takes"`
	Low    *float64   `toml:"low,optional" doc:"least value of a lever, 5% point of an uncertainty"`
	High   *float64   `toml:"high,optional" doc:"greatest value of a lever, 95% point of an uncertainty"`
}

// FactorKind says whether somebody chooses a factor.
type FactorKind string

const (
	lever       FactorKind = "lever"
	uncertainty FactorKind = "uncertainty"
)

func (k FactorKind) Allowed() (string, bool) {
	return "must be lever or uncertainty", k == lever || k == uncertainty
}

// Case is one point of a list: a name, and what is set there. Everything else is as in the file.
type Case struct {
	Name input.Name     `toml:"name"`
	Set  map[string]any `toml:"set,optional" doc:"parameters and their values"`
}

// designed says whether the file asks for a design at all.
func (s *Settings) designed() bool {
	return s.Design != "" || s.Points != 0 || s.Scrambles != 0 || len(s.Uncertain) > 0 || len(s.Factors) > 0 || len(s.Cases) > 0 || len(s.Policies) > 0
}

// Check calls bad for what is wrong with the design. What needs the file's values and evidence is
// looked at in its second reading.
func (s *Settings) Check(bad func(key, format string, args ...any)) {
	if s.MaxRuns > 0 && s.Until == "" && s.Select == nil {
		bad("max_runs", "is of no use without until or [study.select]")
	}
	if s.Select != nil && s.Until != "" {
		bad("until", "does not go with [study.select], which has a rule of its own")
	}
	if s.Select != nil {
		s.Select.check(s, bad)
	}
	if !s.designed() {
		return
	}
	c := &checker{bad: bad, spec: specs()}
	c.needs(s)
	for i := range s.Factors {
		c.factor(fmt.Sprintf("factors[%d]", i), s, &s.Factors[i], s.Factors[:i])
	}
	c.cases(s.Cases)
	for i, glob := range s.Uncertain {
		if len(c.match(glob)) == 0 {
			c.fault(fmt.Sprintf("uncertain[%d]", i), "%q: %s", glob, c.unknown(glob))
		}
	}
	const mostOwn = 1 << 32 // see [Study.Key]
	own := !s.CommonLuck || s.Design == morris || s.Design == saltelli
	if own && s.Replications > mostOwn {
		c.fault("replications", "must be at most 2^32 where points have luck of their own")
	}
	if own && s.MaxRuns > mostOwn {
		c.fault("max_runs", "must be at most 2^32 where points have luck of their own")
	}
	if s.read != nil {
		for i, policy := range s.Policies {
			if why := s.read.Settings.lost[i]; why != "" {
				c.fault(fmt.Sprintf("policies[%d]", i), "%q %s", policy, why)
			}
		}
	}
	if c.faults == 0 && s.read != nil {
		s.plan = newPlan(c, s)
	}
}

// A checker notes faults of a [study] table.
type checker struct {
	bad    func(key, format string, args ...any)
	faults int
	spec   map[string]input.Parameter
}

func (c *checker) fault(key, format string, args ...any) {
	c.faults++
	c.bad(key, format, args...)
}

func specs() map[string]input.Parameter {
	byKey := map[string]input.Parameter{}
	for _, p := range input.Spec(model.Scenario{}) {
		byKey[p.Key] = p
	}
	return byKey
}

// unknown says that there is no parameter of that name, and which was perhaps meant.
func (c *checker) unknown(key string) string {
	if strings.ContainsAny(key, "*?[") {
		return "no parameter's key is like this"
	}
	_, err := input.Value(new(model.Scenario), key)
	if err == nil {
		return "" // not reached: match finds what there is
	}
	return strings.TrimPrefix(err.Error(), key+": ")
}

// match is the keys that a key or glob means; * stands for dots too.
func (c *checker) match(glob string) []string {
	var keys []string
	flat := strings.NewReplacer(".", "_", "/", "_")
	for _, p := range input.Spec(model.Scenario{}) {
		if ok, err := path.Match(flat.Replace(glob), flat.Replace(p.Key)); err == nil && ok {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// needs looks at which keys a design takes.
func (c *checker) needs(s *Settings) {
	d := s.Design
	if d == "" {
		c.fault("", "names no design: add design = \"grid\", or another of %s", strings.TrimPrefix(first(Kind("").Allowed()), "must be "))
		return
	}
	needs := func(key string, given, wanted bool) {
		if wanted && !given {
			c.fault("design", "%s needs %s", d, key)
		}
	}
	refuses := func(key string, given bool) {
		if given {
			c.fault(key, "is of no use to %s", d)
		}
	}
	futures := len(s.Uncertain) > 0
	needs("points", s.Points > 0, d.sampled() && d != nolh || futures && !d.sampled())
	if d == nolh || !d.sampled() && !futures {
		refuses("points", s.Points > 0)
	}
	if d != morris {
		refuses("levels", s.Levels > 0)
	}
	if d != saltelli {
		refuses("scrambles", s.Scrambles > 0)
	}
	if d == list {
		refuses("factors", len(s.Factors) > 0)
	} else {
		refuses("cases", len(s.Cases) > 0)
		refuses("policies", len(s.Policies) > 0)
	}
	needs("[[study.cases]] or policies", len(s.Cases) > 0 || len(s.Policies) > 0, d == list)
	needs("[[study.factors]]", len(s.Factors) > 0, d == grid || d == oneAtATime)
	needs("[[study.factors]] or uncertain", len(s.Factors) > 0 || futures, d.sampled())
}

func first(rule string, _ bool) string { return rule }

// factor looks at one factor by itself.
func (c *checker) factor(at string, s *Settings, f *Factor, before []Factor) {
	p, ok := c.spec[f.Key]
	switch {
	case !ok:
		c.fault(at+".key", "%q: %s", f.Key, c.unknown(f.Key))
		return
	case slices.ContainsFunc(before, func(b Factor) bool { return b.Key == f.Key }):
		c.fault(at+".key", "%q is a factor already", f.Key)
	case f.Key == "seed" || f.Key == "title" || f.Key == "question":
		c.fault(at+".key", "%q cannot be a factor", f.Key)
	}
	number := p.Kind == "float" || p.Kind == "integer"
	switch {
	case s.Design == ablation && p.Kind != "boolean":
		c.fault(at+".key", "%q cannot be switched off: ablation takes parameters that are true or false", f.Key)
	case f.Values != nil && (f.Low != nil || f.High != nil):
		c.fault(at, "has values and a range: give one of them")
	case f.Values != nil && len(f.Values) == 0:
		c.fault(at+".values", "must not be empty")
	case (f.Low == nil) != (f.High == nil):
		c.fault(at, "has half a range: give low and high")
	case f.Low != nil && !number:
		c.fault(at+".low", "%s is no number: give values", f.Key)
	case f.Low != nil && *f.Low >= *f.High:
		c.fault(at+".low", "%v must be below high (%v)", *f.Low, *f.High)
	case f.Values == nil && p.Kind == "string":
		c.fault(at, "%s has no range: give values", f.Key)
	}
	scratch := new(model.Scenario)
	taken := map[any]bool{} // as the parameter has them: 1000 and 1e3 are one value
	for i, v := range f.Values {
		place := fmt.Sprintf("%s.values[%d]", at, i)
		if !c.assign(place, scratch, f.Key, v) {
			continue
		}
		value, _ := input.Value(scratch, f.Key)
		if taken[value] {
			c.fault(place, "%v is given twice: leave one out (replications says how often a point is played)", v)
		}
		taken[value] = true
	}
	if f.Low != nil && number && (f.Kind == lever || !s.Design.sampled()) {
		c.assign(at+".low", scratch, f.Key, *f.Low)
		c.assign(at+".high", scratch, f.Key, *f.High)
	}
}

func (c *checker) assign(at string, s *model.Scenario, key string, value any) bool {
	err := input.Assign(s, key, value)
	if err != nil {
		c.fault(at, "%s", strings.TrimPrefix(err.Error(), key+": "))
	}
	return err == nil
}

func (c *checker) cases(cases []Case) {
	for i, one := range cases {
		at := fmt.Sprintf("cases[%d]", i)
		if slices.ContainsFunc(cases[:i], func(b Case) bool { return b.Name == one.Name }) {
			c.fault(at+".name", "%q is the name of another case", one.Name)
		}
		for _, v := range flatten(one.Set) {
			if p, ok := c.spec[v.key]; !ok {
				c.fault(at+".set."+v.at, "%s", c.unknown(v.key))
			} else {
				c.assign(at+".set."+v.at, new(model.Scenario), p.Key, v.value)
			}
		}
	}
}

// A setting is a parameter that a case sets, and where in the table set.
type setting struct {
	key, at string
	value   any
}

// flatten lists what a table sets, sorted by key: coalition.troops = 1 is a table in a table, and
// "coalition.troops" = 1 is not.
func flatten(table map[string]any) []setting {
	var all []setting
	for name, v := range table {
		at := quoted(name)
		if below, ok := v.(map[string]any); ok {
			for _, b := range flatten(below) {
				all = append(all, setting{name + "." + b.key, at + "." + b.at, b.value})
			}
			continue
		}
		all = append(all, setting{name, at, v})
	}
	slices.SortFunc(all, func(a, b setting) int { return strings.Compare(a.at, b.at) })
	return all
}
