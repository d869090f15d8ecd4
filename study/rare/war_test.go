package rare

import (
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
)

func scenario(t *testing.T, sets ...string) *model.Scenario {
	t.Helper()
	s := new(model.Scenario)
	if _, err := (input.Loader{Embedded: configs.FS}).Load("baseline", sets, s, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// Where plain histories can see the end too, splitting must find what they find.
func TestAgainstPlainHistories(t *testing.T) {
	n, effort := 2000, 40
	if *long {
		n, effort = 100_000, 1000
	}
	for _, c := range []struct {
		end  string
		sets []string
		is   func(*model.Outcome) bool
	}{
		{"nuclear-use", []string{"escalation.nuclear_use_per_d=0.0001"}, func(o *model.Outcome) bool { return o.NuclearUse }},
		{"nato-russia-war", nil, func(o *model.Outcome) bool { return o.Outcome == model.NATORussiaWar }},
		{"rung=8", nil, func(o *model.Outcome) bool { return o.RungMax >= 8 }},
	} {
		s := scenario(t, c.sets...)
		end, ok := model.RareEnd(c.end)
		if !ok {
			t.Fatalf("no end %s", c.end)
		}
		v, hits := model.New(s), 0
		for rep := range uint64(n) {
			if o := v.Play(uint64(s.Seed), rep); c.is(&o) {
				hits++
			}
		}
		plain := float64(hits) / float64(n)
		r, err := Estimate(t.Context(), War(s, end), Options{End: AtEnd, Effort: effort, Repetitions: 20, Level: 0.95, Seed: uint64(s.Seed), Workers: runtime.GOMAXPROCS(0)})
		if err != nil {
			t.Fatal(err)
		}
		split := r.RelativeError * r.Value
		z := (r.Value - plain) / math.Hypot(split, math.Sqrt(plain*(1-plain)/float64(n)))
		t.Logf("%s: splitting %.5f ± %.5f, %d plain histories %.5f: %+.1f s.e.", c.end, r.Value, split, n, plain, z)
		if !(math.Abs(z) <= 4) {
			t.Errorf("%s: splitting says %.5f ± %.5f, %d plain histories %.5f: %.1f standard errors apart (go test ./study/rare -run %s -long)", c.end, r.Value, split, n, plain, z, t.Name())
		}
	}
}

func TestWarOnAnyWorkers(t *testing.T) {
	s := scenario(t)
	end, _ := model.RareEnd("nuclear-use")
	want := ""
	for _, workers := range []int{1, 3} {
		r, err := Estimate(t.Context(), War(s, end), Options{End: AtEnd, Effort: 20, Repetitions: 5, Level: 0.95, Seed: 1, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%v %v %+v %d %d", r.Estimates, r.Pilot, r.Levels, r.Segments, r.Work)
		example, err := json.Marshal(r.Example)
		if err != nil {
			t.Fatal(err)
		}
		if got += string(example); want == "" {
			want = got
		} else if got != want {
			t.Errorf("%d workers: got\n%s\nwant\n%s", workers, got, want)
		}
	}
}

// The path that splitting found to the end must come to it when it is told.
func TestTraceOfAnExample(t *testing.T) {
	s := scenario(t)
	for _, name := range []string{"nuclear-use", "nato-russia-war"} {
		end, _ := model.RareEnd(name)
		r, err := Estimate(t.Context(), War(s, end), Options{End: AtEnd, Effort: 60, Repetitions: 2, Level: 0.95, Seed: 1, Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if r.Example == nil {
			t.Fatalf("%s: no repetition came to it", name)
		}
		var last model.Entry
		o, _ := Trace(s, end, *r.Example, func(e model.Entry) { last = e })
		if o.Outcome.String() != name || last.Event != "outcome" || last.What != name {
			t.Errorf("%s: the example comes to %v, and its last entry is %+v", name, o.Outcome, last)
		}
	}
}
