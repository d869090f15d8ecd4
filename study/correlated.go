package study

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tripwire/input"
)

// Correlations is the table [correlations] of a file, by name: which beliefs move together. It belongs to
// the ledger, as the believed ranges do, and bears on nothing but sampled uncertainties.
type Correlations map[string]Correlation

// Correlation is one reason why several parameters are high or low together.
type Correlation struct {
	Keys   []string `toml:"keys" doc:"two parameters or more, every two of which are correlated"`
	Rank   Rank     `toml:"rank" doc:"Spearman's correlation of each two; 0 switches it off"`
	Basis  Basis    `toml:"basis" doc:"what it rests on"`
	Source string   `toml:"source" doc:"the reason"`
}

// Rank is Spearman's rank correlation.
type Rank float64

func (r Rank) Allowed() (string, bool) { return "must be in (-1, 1)", -1 < r && r < 1 }

// Basis is one of [input.Bases].
type Basis string

func (b Basis) Allowed() (string, bool) {
	return "must be one of " + strings.Join(input.Bases, ", "), slices.Contains(input.Bases, string(b))
}

// Check calls bad for keys that cannot be correlated.
func (c Correlation) Check(bad func(key, format string, args ...any)) {
	spec := specs()
	check := &checker{bad: bad, spec: spec}
	if len(c.Keys) < 2 {
		bad("keys", "must name two parameters or more")
	}
	for i, key := range c.Keys {
		at := fmt.Sprintf("keys[%d]", i)
		p, ok := spec[key]
		switch {
		case !ok:
			bad(at, "%q: %s", key, check.unknown(key))
		case p.Kind != "float" && p.Kind != "integer":
			bad(at, "%q is no number", key)
		case slices.Contains(c.Keys[:i], key):
			bad(at, "%q is named twice", key)
		}
	}
}

// Check calls bad for correlations that no factors could have together.
func (c Correlations) Check(bad func(key, format string, args ...any)) {
	owner := map[[2]string]string{}
	so := Correlations{}
	for _, name := range c.names() {
		if c[name].Rank == 0 {
			continue
		}
		for i, a := range c[name].Keys {
			for _, b := range c[name].Keys[:i] {
				pair := [2]string{min(a, b), max(a, b)}
				if other, taken := owner[pair]; taken && other != name {
					bad(quoted(name)+".keys", "%s and %s are correlated by %s already", pair[0], pair[1], other)
				}
				owner[pair] = name
			}
		}
		so[name] = c[name]
		if _, ok := cholesky(so.matrix(so.keys())); !ok {
			others := slices.DeleteFunc(so.names(), func(n string) bool { return n == name })
			with := ""
			if len(others) > 0 {
				with = " beside " + strings.Join(others, ", ")
			}
			bad(quoted(name)+".rank", "%v cannot be%s: the matrix of the correlations is not positive definite", float64(c[name].Rank), with)
			return
		}
	}
}

// quoted is a name as a part of a key.
func quoted(name string) string {
	if strings.ContainsAny(name, ". ") {
		return `"` + name + `"`
	}
	return name
}

func (c Correlations) names() []string { return slices.Sorted(maps.Keys(c)) }

// keys is every key that is correlated with another.
func (c Correlations) keys() []string {
	all := map[string]bool{}
	for _, one := range c {
		for _, key := range one.Keys {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// matrix is the correlations of the normal scores of these keys.
func (c Correlations) matrix(keys []string) [][]float64 {
	m := make([][]float64, len(keys))
	for i := range m {
		m[i] = make([]float64, len(keys))
		m[i][i] = 1
	}
	for _, one := range c {
		if one.Rank == 0 { // and so leaves its pairs to others
			continue
		}
		for _, a := range one.Keys {
			for _, b := range one.Keys {
				if i, j := slices.Index(keys, a), slices.Index(keys, b); i >= 0 && j >= 0 && i != j {
					m[i][j] = normalCorrelation(float64(one.Rank))
				}
			}
		}
	}
	return m
}

// Correlated is the names of the ledger's correlations that the sampled points have, and of those that the
// design leaves out because it needs independent factors.
func (s *Study) Correlated() (sampled, leftOut []string) {
	return s.plan.correlated, s.plan.uncorrelated
}

// correlate applies the ledger's correlations to the sampled uncertainties. Where the design needs
// independent factors it leaves them out, and either way the manifest says which.
func (p *plan) correlate(c Correlations, kind Kind) {
	sampled := map[string]int{}
	for i, f := range p.factors[p.chosen:] {
		if f.kind == uncertainty && f.quantile != nil {
			sampled[f.param.Key] = i
		}
	}
	var keys []string
	for _, name := range c.names() {
		var mine []string
		for _, key := range c[name].Keys {
			if _, ok := sampled[key]; ok {
				mine = append(mine, key)
			}
		}
		if len(mine) < 2 || c[name].Rank == 0 {
			continue
		}
		if kind == nolh || kind == morris || kind == saltelli {
			p.uncorrelated = append(p.uncorrelated, name)
			continue
		}
		p.correlated = append(p.correlated, name)
		keys = append(keys, mine...)
	}
	if len(keys) == 0 {
		return
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	columns := make([]int, len(keys))
	for i, key := range keys {
		columns[i] = sampled[key]
	}
	pair(p.sample, columns, c.matrix(keys))
}
