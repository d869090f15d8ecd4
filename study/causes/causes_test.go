package causes

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/study"
)

func load(t *testing.T, sets ...string) *study.Study {
	t.Helper()
	s, err := study.Load(input.Loader{Embedded: configs.FS}, "baseline", sets)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ended plays n histories and sorts them by how they ended.
func ended(t *testing.T, s *study.Study, n int64) map[model.Class][]Run {
	t.Helper()
	p := NewPlayer(s)
	all := map[model.Class][]Run{}
	for rep := range n {
		r := Run{Rep: rep}
		o, err := p.play(r)
		if err != nil {
			t.Fatal(err)
		}
		r.Outcome = o.Outcome
		all[o.Outcome] = append(all[o.Outcome], r)
	}
	return all
}

// The causes of every outcome end at the armistice, and its chain tells of them in order.
func TestChainsComeFromTheArmistice(t *testing.T) {
	s := load(t)
	p := NewPlayer(s)
	for class, runs := range ended(t, s, 300) {
		for _, r := range runs {
			var history []model.Entry
			key, err := p.stand(r)
			if err != nil {
				t.Fatal(err)
			}
			o := p.war.Trace(p.seed, key, func(e model.Entry) { history = append(history, e) })
			causes := Causes(ByID(history), history[len(history)-1])
			if causes[0].Cause != 0 || causes[len(causes)-1].What != class.String() {
				t.Fatalf("replication %d: its causes run from %+v to %+v", r.Rep, causes[0], causes[len(causes)-1])
			}
			steps := Chain(history, o, p.war.Passages())
			if _, err := p.outline(r); err != nil || !slices.Equal(steps, Chain(p.history, o, p.war.Passages())) || len(p.history) != len(history) {
				t.Fatalf("replication %d: told without words it has %d events of %d, and another chain (%v)", r.Rep, len(p.history), len(history), err)
			}
			for i, e := range p.history {
				if e.What != "" && i < len(history)-2 {
					t.Fatalf("replication %d: told without words an event is %+v", r.Rep, e)
				}
				if e.What = history[i].What; e != history[i] {
					t.Fatalf("replication %d: told without words an event is %+v, want %+v", r.Rep, e, history[i])
				}
			}
			last := steps[len(steps)-1]
			if last.What != class.String() || last.Days != o.EndD {
				t.Errorf("replication %d ends on day %v in %s, its chain in %+v", r.Rep, o.EndD, class, last)
			}
			for i, step := range steps[1:] {
				if step.Days < steps[i].Days || step.What == steps[i].What {
					t.Errorf("replication %d: %+v stands behind %+v", r.Rep, step, steps[i])
				}
			}
			text := kind(steps)
			if o.Invaded != (strings.Contains(text, "limited attack→") || strings.Contains(text, "full invasion→")) {
				t.Errorf("replication %d: invaded %v, told as %s", r.Rep, o.Invaded, text)
			}
			if struck := o.FirstStrikeD == o.FirstStrikeD; struck != strings.Contains(text, "American strike→") {
				t.Errorf("replication %d: struck %v, told as %s", r.Rep, struck, text)
			}
			if o.Invaded && Objective(&o) != strings.Contains(text, "an objective falls→") {
				t.Errorf("replication %d: objective %v, told as %s", r.Rep, Objective(&o), text)
			}
		}
	}
}

func TestSharesOfWaysAddUp(t *testing.T) {
	s := load(t)
	for class, runs := range ended(t, s, 300) {
		w, err := Chains(s, class, runs, len(runs), 0.95)
		if err != nil {
			t.Fatal(err)
		}
		n, sum := 0, 0.0
		for i, way := range w.All {
			n += way.Count
			sum += way.Share.Value
			if i > 0 && way.Count > w.All[i-1].Count {
				t.Errorf("%s: way %d counts %d, the one before %d", class, i, way.Count, w.All[i-1].Count)
			}
		}
		if n != len(runs) || math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s: %d ways hold %d of %d histories, a share of %v", class, len(w.All), n, len(runs), sum)
		}
	}
}

func TestGatesAddUp(t *testing.T) {
	s := load(t, "moscow.attack=\"full\"", "moscow.attack_d=100")
	var runs []Run
	for rep := range int64(60) {
		runs = append(runs, Run{Rep: rep})
	}
	gates, err := Gates(s, runs, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, g := range gates {
		sum += g.Held.Value
		if i > 1 && g.Reached != gates[i-1].Passed && g.Gate != model.GateDetection {
			t.Errorf("%d answers came to %s, %d passed the gate before", g.Reached, g.Gate, gates[i-1].Passed)
		}
		if i > 2 && g.Passed > 0 && g.Days.Value < gates[i-1].Days.Value && g.Passed == gates[i-1].Passed {
			t.Errorf("%s passes on day %v, the gate before on day %v", g.Gate, g.Days.Value, gates[i-1].Days.Value)
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("the gates hold back a share of %v", sum)
	}
	worths, err := Worths(s, runs, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range worths {
		if w.Answer == model.No && w.Struck.Value > 0 || w.Gate == model.GateNone && w.Struck.Value <= 0 {
			t.Errorf("%s supposed to say %s changes the share of strikes by %v", w.Name(), w.Answer, w.Struck.Value)
		}
	}
	if len(worths) != 15 {
		t.Errorf("%d suppositions, want seven gates at once, all of them, and seven shut", len(worths))
	}
}

// One history, supposed otherwise, is what the model plays when it is told so.
func TestSuppose(t *testing.T) {
	s := load(t, "moscow.attack=\"full\"", "moscow.attack_d=100")
	p := NewPlayer(s)
	for rep := range int64(20) {
		own, gates, err := p.Suppose(Run{Rep: rep})
		if err != nil || len(gates) != 8 {
			t.Fatalf("replication %d: %d gates, %v", rep, len(gates), err)
		}
		w := model.New(&s.Scenario)
		for _, said := range gates[:7] {
			for _, f := range said.Ifs {
				w.Suppose(f.Gate, f.Answer)
				if got := w.Play(uint64(s.Scenario.Seed), uint64(rep)); got.Outcome != f.Outcome.Outcome || got.EndD != f.Outcome.EndD {
					t.Errorf("replication %d: %s %s ends in %s, the model says %s", rep, f.Name(), f.Answer, f.Outcome.Outcome, got.Outcome)
				}
				w.Suppose(f.Gate, model.OwnAnswer)
			}
		}
		if again, err := p.play(Run{Rep: rep}); err != nil || again.EndD != own.EndD {
			t.Errorf("replication %d ends on day %v, and after suppositions on day %v (%v)", rep, own.EndD, again.EndD, err)
		}
	}
}

func TestSampleIsEvenlySpread(t *testing.T) {
	var runs []Run
	for rep := range int64(10) {
		runs = append(runs, Run{Rep: rep})
	}
	var got []int64
	for _, r := range Sample(runs, 4) {
		got = append(got, r.Rep)
	}
	if want := []int64{0, 2, 5, 7}; len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := len(Sample(runs, 10)); n != 10 {
		t.Errorf("a sample of 10 of 10 has %d", n)
	}
}

// A run that comes out otherwise than it is recorded is refused.
func TestChangedRuns(t *testing.T) {
	s := load(t)
	wrong := Run{Rep: 0, Outcome: model.NuclearUse}
	var changed *Changed
	if _, err := Chains(s, model.NuclearUse, []Run{wrong}, 1, 0.95); !errors.As(err, &changed) {
		t.Errorf("Chains: %v", err)
	}
	if _, err := Gates(s, []Run{wrong}, 0.95); !errors.As(err, &changed) || !strings.Contains(err.Error(), "replication 0 of point 0 ended in nuclear-use") {
		t.Errorf("Gates: %v", err)
	}
}

func TestTelling(t *testing.T) {
	entry := func(event, what string) model.Entry {
		return model.Entry{Subject: "sea", Event: event, What: what}
	}
	told, routine, repeated := Telling([]model.Entry{entry("a", ""), entry("a", "1 ship"), entry("a", "2 ship"), entry("a", "3.5 ship"), entry("a", "4 ship"), entry("b", "5 ship")})
	if routine != 1 || repeated != 1 || told[0] || !told[3] || told[4] || !told[5] {
		t.Errorf("told %v, %d routine, %d repeated", told, routine, repeated)
	}
}
