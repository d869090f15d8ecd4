package study

import (
	"math"
	"slices"
	"strings"
	"testing"

	"tripwire/model"
)

const pairedText = `
[study]
design = "latin-hypercube"
points = 400
replications = 1
uncertain = ["washington.p_response_*", "attribution.threshold", "moscow.rationality", "russia.troops"]
[correlations.answer]
keys = ["washington.p_response_major", "washington.p_response_limited", "moscow.rationality"]
rank = 0.7
basis = "judgement"
source = "a test"
[correlations.against]
keys = ["attribution.threshold", "russia.troops"]
rank = -0.4
basis = "judgement"
source = "a test"
[correlations]
american-answer.rank = 0
`

// columnsOf is the values that are played, by key.
func columnsOf(t *testing.T, s *Study) map[string][]float64 {
	t.Helper()
	columns := map[string][]float64{}
	cells := make([]float64, len(s.plan.factors))
	for point := range s.Points() {
		if err := s.plan.scenario(point, cells, new(model.Scenario)); err != nil {
			t.Fatal(err)
		}
		for i, x := range cells {
			key := s.plan.factors[i].param.Key
			columns[key] = append(columns[key], x)
		}
	}
	return columns
}

// spearman is the rank correlation of columns without ties, or with few.
func spearman(x, y []float64) float64 {
	ranks := func(v []float64) []float64 {
		order := make([]int, len(v))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			if v[a] < v[b] {
				return -1
			}
			return 1
		})
		r := make([]float64, len(v))
		for at, i := range order {
			r[i] = float64(at)
		}
		return r
	}
	a, b, d := ranks(x), ranks(y), 0.0
	for i := range a {
		d += (a[i] - b[i]) * (a[i] - b[i])
	}
	n := float64(len(x))
	return 1 - 6*d/(n*(n*n-1))
}

// What is sampled has the correlations of the file; every column has the values that it had without them,
// and a column that is correlated with none has them in the same rows.
func TestCorrelations(t *testing.T) {
	for name, sets := range map[string][]string{
		"latin hypercube": nil,
		"sobol":           {"study.design=sobol", "study.points=512"},
		"futures":         {`study.design=list`, `study.cases=[{name="as it is"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustLoad(t, pairedText, sets...)
			free := mustLoad(t, pairedText, append(sets, "correlations.answer.rank=0", "correlations.against.rank=0")...)
			got, without := columnsOf(t, s), columnsOf(t, free)
			major, limited, rationality := "washington.p_response_major", "washington.p_response_limited", "moscow.rationality"
			for _, c := range []struct {
				a, b string
				want float64
			}{{major, limited, 0.7}, {major, rationality, 0.7}, {limited, rationality, 0.7}, {"attribution.threshold", "russia.troops", -0.4},
				{major, "russia.troops", 0}} {
				if r := spearman(got[c.a], got[c.b]); math.Abs(r-c.want) > 0.03 {
					t.Errorf("%s and %s: rank correlation %.3f, want %v; see it again: go test ./study -run '^TestCorrelations$'", c.a, c.b, r, c.want)
				}
			}
			for key, values := range got {
				if !slices.Equal(slices.Sorted(slices.Values(values)), slices.Sorted(slices.Values(without[key]))) {
					t.Errorf("%s has other values than without correlations", key)
				}
			}
			if flare := "washington.p_response_flareup"; !slices.Equal(got[flare], without[flare]) {
				t.Errorf("%s is correlated with nothing, and yet stands in other rows", flare)
			}
			if d := s.design(); !slices.Equal(d.Correlated, []string{"against", "answer"}) || d.Uncorrelated != nil {
				t.Errorf("the manifest has %q, and without %q", d.Correlated, d.Uncorrelated)
			}
			if d := free.design(); d.Correlated != nil {
				t.Errorf("switched off, the manifest has %q", d.Correlated)
			}
		})
	}
}

// Designs whose estimators need independent factors leave the correlations out, and say so.
func TestCorrelationsLeftOut(t *testing.T) {
	for _, sets := range [][]string{{"study.design=morris", "study.points=5"}, {"study.design=saltelli", "study.points=8"}} {
		s := mustLoad(t, pairedText, sets...)
		free := mustLoad(t, pairedText, append(sets, "correlations.answer.rank=0", "correlations.against.rank=0")...)
		if !slices.EqualFunc(s.plan.sample, free.plan.sample, slices.Equal[[]float64]) {
			t.Errorf("%s: correlations have moved the sample", sets[0])
		}
		if d := s.design(); !slices.Equal(d.Uncorrelated, []string{"against", "answer"}) || d.Correlated != nil {
			t.Errorf("%s: the manifest has %q, and without %q", sets[0], d.Correlated, d.Uncorrelated)
		}
	}
	s := mustLoad(t, gridText)
	if len(s.Correlations) == 0 || s.design().Correlated != nil || s.design().Uncorrelated != nil {
		t.Errorf("a study that samples nothing has the correlations %q and %q", s.design().Correlated, s.design().Uncorrelated)
	}
}

// Three points cannot have the correlations of four factors; they are paired all the same.
func TestCorrelationsOfFewPoints(t *testing.T) {
	s := mustLoad(t, pairedText, "study.points=3")
	got := columnsOf(t, s)
	if r := spearman(got["washington.p_response_major"], got["washington.p_response_limited"]); math.IsNaN(r) {
		t.Errorf("the rank correlation is %v", r)
	}
}

func TestCorrelationFaults(t *testing.T) {
	const more = "basis = \"judgement\"\nsource = \"a test\"\n"
	for _, c := range []struct{ text, want string }{
		{"[correlations.x]\nkeys = [\"coalition.trops\", \"russia.troops\"]\nrank = 0.5\n" + more,
			`3:9: correlations.x.keys[0]: "coalition.trops": no such parameter (did you mean coalition.troops?)`},
		{"[correlations.x]\nkeys = [\"coalition.roe\", \"russia.troops\"]\nrank = 0.5\n" + more, `correlations.x.keys[0]: "coalition.roe" is no number`},
		{"[correlations.x]\nkeys = [\"russia.troops\"]\nrank = 0.5\n" + more, "correlations.x.keys: must name two parameters or more"},
		{"[correlations.x]\nkeys = [\"russia.troops\", \"russia.troops\"]\nrank = 0.5\n" + more, `"russia.troops" is named twice`},
		{"[correlations.x]\nkeys = [\"russia.troops\", \"ukraine.army\"]\nrank = 1\n" + more, "4:8: correlations.x.rank: 1 must be in (-1, 1)"},
		{"[correlations.x]\nkeys = [\"russia.troops\", \"ukraine.army\"]\nrank = 0.5\nbasis = \"hope\"\nsource = \"\"\n", `correlations.x.basis: "hope" must be one of seed, public`},
		{"[correlations.x]\nkeys = [\"russia.troops\", \"ukraine.army\"]\nrank = 0.5\nbasis = \"public\"\n", "correlations.x.source: is missing"},
		{"[correlations.coalition-nerve]\nrank = -0.5\n", "3:8: correlations.coalition-nerve.rank: -0.5 cannot be beside american-answer: the matrix of the correlations is not positive definite"},
		{"[correlations.x]\nkeys = [\"coalition.stay_r0\", \"coalition.stay_r3\"]\nrank = 0.5\n" + more,
			"coalition.stay_r0 and coalition.stay_r3 are correlated by coalition-nerve already"},
		{"correlations = 5", "must be a table"},
	} {
		_, err := loadText(t, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}

// A saltelli design is independent scramblings, one after the other, and the first is that of the seed.
func TestScrambles(t *testing.T) {
	const text = "[study]\ndesign = \"saltelli\"\npoints = 8\nreplications = 1\nuncertain = [\"attribution.threshold\", \"russia.troops\"]\n"
	s := mustLoad(t, text)
	if d := s.design(); d.Scrambles != 16 || s.Points() != 16*8*4 {
		t.Fatalf("%d scramblings, %d points, want 16 and 512", d.Scrambles, s.Points())
	}
	sample := s.Sample()
	for b := range 16 {
		part := sample[b*32 : (b+1)*32]
		for r := range 8 { // A, B, and A with a column of B
			if part[16+r][0] != part[8+r][0] || part[16+r][1] != part[r][1] || part[24+r][0] != part[r][0] || part[24+r][1] != part[8+r][1] {
				t.Fatalf("scrambling %d, row %d is no Saltelli design", b, r)
			}
		}
		for c := range b {
			if part[0][0] == sample[c*32][0] {
				t.Errorf("scramblings %d and %d begin alike", c, b)
			}
		}
	}
	if s.Key(0, 3) != s.Key(31, 3) || s.Key(31, 3) == s.Key(32, 3) || s.Key(32, 3) != s.Key(63, 3) || s.design().Sharing != 32 {
		t.Errorf("the points of a scrambling meet the luck %x, %x, %x, %x, want two each alike", s.Key(0, 3), s.Key(31, 3), s.Key(32, 3), s.Key(63, 3))
	}
	if own := mustLoad(t, text, "study.common_luck=false"); own.Key(0, 3) == own.Key(1, 3) || own.design().Sharing != 0 {
		t.Error("common_luck = false: two points of a scrambling meet the same luck")
	}
	if m := mustLoad(t, text, "study.design=morris"); m.Key(0, 3) != m.Key(2, 3) || m.Key(2, 3) == m.Key(3, 3) {
		t.Error("the three points of a trajectory do not meet the same luck, or those of the next do too")
	}
	few := mustLoad(t, text, "study.scrambles=2")
	if !slices.EqualFunc(few.Sample(), sample[:64], slices.Equal[[]float64]) {
		t.Error("two scramblings are not the first two of sixteen")
	}
	for set, want := range map[string]string{
		"study.scrambles=1": "study.scrambles: 1 must be from 2 to 512", "study.design=sobol study.scrambles=4": "study.scrambles: is of no use to sobol",
	} {
		if _, err := loadText(t, text, strings.Fields(set)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", set, err, want)
		}
	}
}

// The levels of Morris come back as they are, whatever part of a distribution they stand for.
func TestSampleOfMorris(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"morris\"\npoints = 3\nreplications = 1\nuncertain = [\"attribution.threshold\", \"russia.troops\"]\n")
	for i, row := range s.Sample() {
		for _, u := range row {
			if level := math.Round(3*u) / 3; math.Abs(u-level) > 1e-12 {
				t.Errorf("row %d has %v, which is no third", i, u)
			}
		}
	}
}
