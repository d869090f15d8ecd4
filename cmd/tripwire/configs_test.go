package main

import (
	"regexp"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/study"
)

// Every file that tripwire carries says what it asks, and plays.
func TestEmbeddedConfigurations(t *testing.T) {
	loader := input.Loader{Embedded: configs.FS}
	names := loader.Names()
	for _, want := range []string{"baseline", "no-guarantees", "grinding", "breakthrough", "grey-zone", "paper-tripwire",
		"steel-porcupine", "fast-hammer", "abandoned", "black-sea",
		"worth", "delay-by-breach", "roe-by-size", "threshold", "credibility", "purl", "policies", "screening", "sensitivity", "failure", "nightly"} {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+want+" ") {
			t.Errorf("there is no embedded %s", want)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			whole, err := study.Load(loader, name, nil)
			if err != nil {
				t.Fatal(err)
			}
			if whole.Runs() > 50_000 {
				t.Errorf("%d histories: more than a minute of two cores", whole.Runs())
			}
			s := &whole.Scenario
			if s.Title == "" || !strings.HasSuffix(string(s.Question), "?") {
				t.Errorf("title %q, question %q", s.Title, s.Question)
			}
			w := model.New(s)
			classes := map[model.Class]bool{}
			for rep := range uint64(60) {
				classes[w.Play(uint64(s.Seed), rep).Outcome] = true
			}
			if len(classes) < 2 {
				t.Errorf("60 histories end in %d outcome class", len(classes))
			}
		})
	}
}

// What a scenario was made to show is seen when it is played beside the baseline.
func TestNamedScenariosDiffer(t *testing.T) {
	const n = 600
	loader := input.Loader{Embedded: configs.FS}
	invaded := func(name string) float64 {
		s := new(model.Scenario)
		if _, err := loader.Load(name, nil, s, nil); err != nil {
			t.Fatal(err)
		}
		w, k := model.New(s), 0
		for rep := range uint64(n) {
			if w.Play(uint64(s.Seed), rep).Invaded {
				k++
			}
		}
		return float64(k) / n
	}
	base := invaded("baseline")
	for _, c := range []struct {
		name string
		more bool
	}{{"no-guarantees", true}, {"abandoned", true}, {"breakthrough", true}, {"steel-porcupine", false}, {"fast-hammer", false}, {"grinding", false}} {
		got := invaded(c.name)
		if d := got - base; c.more && d < .03 || !c.more && d > -.03 {
			t.Errorf("%s: %.3f invaded, baseline %.3f", c.name, got, base)
		}
	}
	if got := invaded("grey-zone"); got != 0 {
		t.Errorf("grey-zone: %.3f invaded", got)
	}
}

// What a file that is carried says to type for its answer runs, on its result and a small one of the baseline.
func TestCommentsNameCommandsThatRun(t *testing.T) {
	loader := input.Loader{Embedded: configs.FS}
	named := map[string]int{}
	for _, name := range loader.Names() {
		text, err := configs.FS.ReadFile(name + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		var commands [][]string
		for _, m := range regexp.MustCompile(`(?m)^# Then: tripwire (.*)$`).FindAllStringSubmatch(string(text), -1) {
			args := strings.Fields(m[1])
			named[args[0]]++
			if !strings.Contains(m[1]+" ", name+" ") {
				t.Errorf("%s.toml: %q is about another result than results/%s", name, m[1], name)
			}
			if args[0] != "sensitivity" { // of ten thousand design points; TestSensitivity runs it on fewer
				commands = append(commands, args)
			}
		}
		if commands == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			must(t, "run", "baseline", "-n", "20")
			must(t, "run", name, "-n", "20")
			for _, args := range commands {
				if args[0] == "run" {
					args = append(args, "-n", "20")
				}
				must(t, args...)
			}
		})
	}
	if named["summary"] < 2 || named["compare"] < 2 || named["sensitivity"] < 3 {
		t.Errorf("the comments name %v: are they still written as \"# Then: tripwire ...\"?", named)
	}
}
