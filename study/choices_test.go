package study

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tripwire/input"
)

func TestChosenDesigns(t *testing.T) {
	factors := `
[[study.factors]]
key = "attribution.threshold"
values = [0.7, 0.9, 0.99]
[[study.factors]]
key = "washington.enabled"
`
	for _, c := range []struct{ name, text, want string }{
		{"grid", gridText, "R1 10000|R1 25000|R1 50000|R3 10000|R3 25000|R3 50000"},
		{"one-at-a-time", "attribution.threshold = 0.9\n[study]\ndesign = \"one-at-a-time\"\n" + factors,
			"0.9 true|0.7 true|0.99 true|0.9 false"},
		{"list", `
coalition.troops = 25_000
[study]
design = "list"
[[study.cases]]
name = "as it is"
[[study.cases]]
name = "alone"
set = { washington.enabled = false, "coalition.troops" = 1_000 }
[[study.cases]]
name = "armed"
set.coalition = { troops = 60_000, roe = "R4" }
`, "25000 R1 true|1000 R1 false|60000 R4 true"},
		{"ablation", "[study]\ndesign = \"ablation\"\n[[study.factors]]\nkey = \"sea.enabled\"\n[[study.factors]]\nkey = \"air.enabled\"\n",
			"true true|false true|true false|true false|false true|false false"},
		{"a range", "[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.overt_delay_d\"\nlow = 0.1\nhigh = 30.5\n",
			"0.1|own|30.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustLoad(t, c.text)
			want := strings.Split(c.want, "|")
			if c.name == "a range" {
				own, err := input.Value(&s.Scenario, "attribution.overt_delay_d")
				if err != nil {
					t.Fatal(err)
				}
				want[1] = fmt.Sprint(own)
			}
			if got := rows(t, s); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
	labels := mustLoad(t, "[study]\ndesign = \"ablation\"\n").plan.labels
	if len(labels) != 16 || labels[1] != "without coalition" || labels[8] != "only coalition" || labels[14] != "only strike.ukraine" {
		t.Errorf("the points of an ablation are called %q", labels)
	}
}

// A plan of a million points and more is a function of their number.
func TestPlanIsNotMaterialised(t *testing.T) {
	var text strings.Builder
	text.WriteString("[study]\ndesign = \"grid\"\nreplications = 1\n")
	for _, key := range []string{"washington.p_response_limited", "washington.p_response_major", "washington.consent_share"} {
		fmt.Fprintf(&text, "[[study.factors]]\nkey = %q\nvalues = [", key)
		for i := range 100 {
			fmt.Fprintf(&text, "%.3f, ", (float64(i)+0.5)/100)
		}
		text.WriteString("]\n")
	}
	s := mustLoad(t, text.String())
	if s.Runs() != 1_000_000 {
		t.Errorf("%d runs, want 1000000", s.Runs())
	}
	at, _, err := s.At(120_309, 0)
	if err != nil || float64(at.Washington.ConsentShare) != 0.095 || float64(at.Washington.PMajor) != 0.035 {
		t.Errorf("point 120309 has a consent share of %v, want 0.095, and answers with chance %v, want 0.035 (%v)",
			at.Washington.ConsentShare, at.Washington.PMajor, err)
	}
}

func TestDesignFaults(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[study]\ndesign = \"gird\"", "3:10: study.design: \"gird\" must be grid, list, one-at-a-time"},
		{"[study]\npoints = 5", "2:2: study: names no design: add design = \"grid\""},
		{"[study]\ndesign = \"grid\"", "3:10: study.design: grid needs [[study.factors]]"},
		{"[study]\ndesign = \"sobol\"\nuncertain = [\"air.*\"]", "3:10: study.design: sobol needs points"},
		{"[study]\ndesign = \"ablation\"\npoints = 4", "4:10: study.points: is of no use to ablation"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.trops\"", "5:7: study.factors[0].key: \"coalition.trops\": no such parameter (did you mean coalition.troops?)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [1, 2.5]", "6:14: study.factors[0].values[1]: 2.5 must be a whole number"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [10_000, 20_000, 1e4]", "6:27: study.factors[0].values[2]: 10000 is given twice: leave one out"},
		{"[study]\ndesign = \"one-at-a-time\"\n[[study.factors]]\nkey = \"coalition.roe\"\nvalues = [\"R1\", \"R3\", \"R1\"]", "6:23: study.factors[0].values[2]: R1 is given twice: leave one out"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nlow = 0.9\nhigh = 0.7", "6:7: study.factors[0].low: 0.9 must be below high (0.7)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nlow = 0.9\nhigh = 1.7", "7:8: study.factors[0].high: 1.7 must be in (0, 1)"},
		{"[study]\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nvales = [0.9]", "6:1: study.factors[0].vales: no such key (did you mean study.factors[0].values?)"},
		{"[study]\ndesign = \"ablation\"\n[[study.factors]]\nkey = \"coalition.troops\"", "cannot be switched off"},
		{"[study]\ndesign = \"sobol\"\npoints = 4\nuncertain = [\"moskow.*\"]", "5:14: study.uncertain[0]: \"moskow.*\": no parameter's key is like this"},
		{"[study]\ndesign = \"sobol\"\npoints = 4\nuncertain = [\"coalition.roe\"]", "5:14: study.uncertain[0]: coalition.roe has no believed range"},
		{"[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"x\"\nset = { coalition.trops = 5 }", "study.cases[0].set.coalition.trops: no such parameter (did you mean coalition.troops?)"},
		{"[study]\ndesign = \"list\"\n[[study.cases]]\nname = \"x\"\nset = { coalition.troops = 5 }", "study.cases[0]: at point 0 (coalition.troops = 5): coalition.states: "},
		{"[study]\ndesign = \"sobol\"\npoints = 400000\nuncertain = [\"*\"]", "4:10: study.points: 400000 points of "},
	} {
		_, err := loadText(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}
