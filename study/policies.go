package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tripwire/input"
)

// readPolicies makes cases of the policies, which are the names of scenario files: a case sets what differs
// between that file and the one that the study extends, so that what the study itself sets holds for
// all. The answer is the assignments that put the cases into the resolved input, which then needs none of those
// files; or, by policy, what is wrong with it.
func (s *Study) readPolicies(l input.Loader, file string, sets int) (assignments []string, problems map[int]string) {
	base := s.File
	if layers := s.File.Layers; len(layers)-sets > 1 {
		if extended, err := load(l, layers[len(layers)-sets-2], nil, nil); err == nil {
			base = extended.File
		}
	}
	problems = map[int]string{}
	var cases []Case
	named := map[input.Name]string{} // who has a name
	for i, one := range s.Settings.Cases {
		named[one.Name] = fmt.Sprintf("cases[%d]", i)
	}
	for i, policy := range s.Settings.Policies {
		if slices.Contains(s.Settings.Policies[:i], policy) {
			problems[i] = "is given twice: leave one out"
			continue
		}
		path, problem := beside(l, file, policy)
		if problem != "" {
			problems[i] = problem
			continue
		}
		read, err := load(l, path, nil, nil)
		if err != nil {
			first, _, _ := strings.Cut(err.Error(), "\n")
			problems[i] = strings.TrimPrefix(first, path+": ")
			continue
		}
		if read.Settings.designed() {
			problems[i] = "is a study, and no policy: a policy is a scenario"
			continue
		}
		one := Case{Name: input.Name(read.File.Name), Set: map[string]any{}}
		if other, taken := named[one.Name]; taken {
			problems[i] = fmt.Sprintf("has the name %q, which %s has too: rename one", one.Name, other)
			continue
		}
		named[one.Name] = fmt.Sprintf("policies[%d]", i)
		for _, p := range read.File.Parameters {
			if was, ok := base.Get(p.Key); ok && was.Value == p.Value || p.Key == "seed" || p.Key == "title" || p.Key == "question" {
				continue
			}
			one.Set[p.Key] = literal(p.Value)
		}
		cases = append(cases, one)
	}
	text := make([]string, 0, len(cases)+len(s.Settings.Cases))
	for _, one := range append(cases, s.Settings.Cases...) {
		text = append(text, one.toml())
	}
	return []string{"study.policies=[]", "study.cases=[" + strings.Join(text, ", ") + "]"}, problems
}

// beside is where a policy is read: an embedded name, or a file beside the study's or below, as with extends.
func beside(l input.Loader, file, policy string) (path, problem string) {
	names := l.Names()
	local := filepath.FromSlash(policy)
	switch {
	case slices.Contains(names, policy):
		return policy, ""
	case slices.Contains(names, file):
		return "", "is no embedded configuration"
	case !filepath.IsLocal(local) || strings.ContainsAny(policy, `\:`):
		return "", `must be the path of a file beside this one or below, without "..", or an embedded configuration`
	}
	return filepath.Join(filepath.Dir(file), local), ""
}

// A literal is a value as TOML writes it.
type literal string

// toml is a case as an inline table.
func (c *Case) toml() string {
	var set []string
	for _, v := range flatten(c.Set) {
		text := fmt.Sprint(v.value)
		if s, ok := v.value.(string); ok {
			text = strconv.Quote(s)
		} else if x, ok := v.value.(float64); ok {
			text = strconv.FormatFloat(x, 'g', -1, 64)
		}
		set = append(set, v.key+" = "+text)
	}
	return fmt.Sprintf("{ name = %q, set = { %s } }", string(c.Name), strings.Join(set, ", "))
}
