package figure

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

var results string // of the results of all tests

func TestMain(m *testing.M) {
	var err error
	if results, err = os.MkdirTemp("", "figure"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(results)
	os.Exit(code)
}

const hostileTitle = `<script>alert("1")</script> & 'quotes' ]]> and a title so long that it has to be broken into lines`

// studies is the small studies that figures are drawn of.
var studies = map[string]string{
	"baseline": "[study]\nreplications = 250\n",
	"few":      "[study]\nreplications = 3\n",
	"war":      "[moscow]\nattack = \"full\"\n[study]\nreplications = 25\n",
	"peace":    "[moscow]\nattack = \"never\"\n[study]\nreplications = 25\n",
	"worth":    "[study]\ndesign = \"ablation\"\nreplications = 25\n",
	"grid":     "[study]\ndesign = \"grid\"\nreplications = 25\n[[study.factors]]\nkey = \"coalition.roe\"\nvalues = [\"R0\", \"R1\", \"R3\"]\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [5_000, 60_000]\n",
	"oat":      "[study]\ndesign = \"one-at-a-time\"\nreplications = 25\n[[study.factors]]\nkey = \"coalition.troops\"\n[[study.factors]]\nkey = \"moscow.rationality\"\n[[study.factors]]\nkey = \"coalition.enabled\"\n",
	"oat-many": "[study]\ndesign = \"one-at-a-time\"\nreplications = 25\n[[study.factors]]\nkey = \"attribution.threshold\"\nvalues = [0.7, 0.8, 0.9, 0.99]\n",
	"list": "title = '''" + hostileTitle + "'''\n[study]\ndesign = \"list\"\nreplications = 20\n" +
		"[[study.cases]]\nname = \"A-name-of-sixty-four-characters-without-any-blank-whatsoever-abc\"\n" +
		"[[study.cases]]\nname = \"a case with a rather long name in several words that must wrap\"\nset = { coalition.troops = 5_000 }\n" +
		strings.Join(slices.Collect(func(yield func(string) bool) {
			for i := range 9 {
				if !yield(fmt.Sprintf("[[study.cases]]\nname = \"case %d\"\nset = { coalition.troops = %d }\n", i, 1000*(i+1))) {
					return
				}
			}
		}), ""),
	"cube":     "[study]\ndesign = \"latin-hypercube\"\npoints = 300\nreplications = 2\nuncertain = [\"moscow.r*\", \"coalition.t*\", \"washington.p*\"]\n",
	"futures":  "[study]\ndesign = \"grid\"\npoints = 20\nreplications = 10\nuncertain = [\"moscow.r*\"]\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [5_000, 30_000]\n",
	"morris":   "[study]\ndesign = \"morris\"\npoints = 8\nreplications = 5\nuncertain = [\"moscow.r*\", \"coalition.t*\", \"washington.p*\"]\n",
	"saltelli": "[study]\ndesign = \"saltelli\"\npoints = 8\nscrambles = 4\nreplications = 4\nuncertain = [\"moscow.rationality\", \"coalition.troops\"]\n",
}

var opened, samples sync.Map // results and what their designs sampled, by the names of their studies

// result is the result of a small study, played when it is first asked for.
func result(t testing.TB, name string) *record.Result {
	t.Helper()
	if r, ok := opened.Load(name); ok {
		return r.(*record.Result)
	}
	file := filepath.Join(results, name+".toml")
	if err := os.WriteFile(file, []byte("extends = \"baseline\"\n"+studies[name]), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := study.Load(input.Loader{Embedded: configs.FS}, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(results, name)
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), w, study.Options{Workers: 2, Events: name == "war"}); err != nil {
		t.Fatal(err)
	}
	r, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	opened.Store(name, r)
	samples.Store(name, s.Sample())
	return r
}

// draw draws a figure of a small study.
func draw(t testing.TB, study, name string, opt Options) (*Figure, error) {
	t.Helper()
	r := result(t, study)
	opt.Inputs = func() (report.Inputs, error) {
		sample, _ := samples.Load(study)
		return report.Inputs{Sample: sample.([][]float64)}, nil
	}
	return Draw(r, name, opt)
}

// drawn is which figures are drawn of which study.
var drawn = []struct {
	study, figure string
	opt           Options
}{
	{"baseline", "outcomes", Options{}},
	{"baseline", "outcomes", Options{Measure: "gate_failed"}},
	{"baseline", "outcomes", Options{Bare: true, Width: 90}},
	{"few", "outcomes", Options{}},
	{"worth", "outcomes", Options{}},
	{"grid", "outcomes", Options{}},
	{"grid", "outcomes", Options{X: "coalition.troops"}},
	{"list", "outcomes", Options{}},
	{"futures", "outcomes", Options{}},
	{"grid", "heatmap", Options{}},
	{"grid", "heatmap", Options{X: "coalition.troops", Y: "coalition.roe", Measure: "area_max_km2", Level: 0.9}},
	{"grid", "heatmap", Options{Width: 80}},
	{"baseline", "incidence", Options{}},
	{"few", "incidence", Options{}},
	{"peace", "incidence", Options{}},
	{"worth", "incidence", Options{Point: 15}},
	{"baseline", "race", Options{}},
	{"war", "race", Options{}},
	{"war", "incidence", Options{}},
	{"war", "front", Options{}},
	{"baseline", "front", Options{}},
	{"baseline", "front", Options{Measure: "losses_russia"}},
	{"list", "front", Options{}},
	{"grid", "front", Options{X: "coalition.roe"}},
	{"grid", "front", Options{Point: 2}},
	{"baseline", "escalation", Options{}},
	{"few", "escalation", Options{}},
	{"peace", "escalation", Options{}},
	{"baseline", "convergence", Options{}},
	{"baseline", "convergence", Options{Measure: "war_d"}},
	{"peace", "convergence", Options{}},
	{"worth", "worth", Options{}},
	{"worth", "worth", Options{Measure: "losses_ukraine"}},
	{"oat", "tornado", Options{}},
	{"oat-many", "tornado", Options{}},
	{"cube", "box", Options{Measure: "invaded", Cut: &report.Cut{Threshold: 0.4, Above: true}}},
	{"cube", "box", Options{Measure: "losses_ukraine", Cut: &report.Cut{Threshold: 1000, Above: true}}},
	{"futures", "box", Options{Measure: "invaded", Level: 0.8}},
	{"futures", "bars", Options{}},
	{"morris", "morris", Options{}},
	{"saltelli", "sobol", Options{}},
	{"baseline", "dumbbell", Options{}},
	{"few", "dumbbell", Options{}},
}

func TestFigures(t *testing.T) {
	other := result(t, "peace")
	for _, c := range drawn {
		t.Run(c.study+"/"+c.figure, func(t *testing.T) {
			if c.figure == "dumbbell" {
				c.opt.With = other
			}
			f, err := draw(t, c.study, c.figure, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			again, err := draw(t, c.study, c.figure, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			checkFigure(t, f, again)
		})
	}
}

// Every figure of a result is drawn somewhere above.
func TestEveryFigureIsDrawn(t *testing.T) {
	for _, f := range figures {
		if f.name == "calibration" || f.name == "behaviours" {
			continue // TestCards
		}
		if !slices.ContainsFunc(drawn, func(c struct {
			study, figure string
			opt           Options
		}) bool {
			return c.figure == f.name
		}) {
			t.Errorf("no test draws %s", f.name)
		}
	}
}

// checkFigure looks at a figure from all sides; again is the same drawn a second time.
func checkFigure(t *testing.T, f, again *Figure) {
	t.Helper()
	if f.Title == "" || f.Caption == "" || f.Description == "" || len(f.Table.Rows) == 0 && !strings.Contains(f.Caption, "No range of any factor") {
		t.Errorf("title %q, caption %q, description %q, %d rows: none may be empty", f.Title, f.Caption, f.Description, len(f.Table.Rows))
	}
	for _, row := range f.Table.Rows {
		if len(row) != len(f.Table.Columns) {
			t.Fatalf("a row of the table has %d cells under %d columns: %q", len(row), len(f.Table.Columns), row)
		}
	}
	checkTexts(t, f)
	checkSVG(t, f)
	page, err := f.PNG(60)
	if err != nil {
		t.Fatal(err)
	}
	image, err := png.Decode(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := float64(image.Bounds().Dx()), f.scene.width*60/72; math.Abs(got-want) > 1.5 {
		t.Errorf("the PNG is %v pixels wide, want %v", got, want)
	}
	doc, err := f.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(doc, []byte("%PDF-")) || !bytes.Contains(doc, []byte("D:19700101000000")) {
		t.Errorf("the PDF begins %q, and does not bear the date that stands for none", doc[:20])
	}
	page2, err := again.PNG(60)
	if err != nil {
		t.Fatal(err)
	}
	doc2, err := again.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(f.SVG(), again.SVG()) || !bytes.Equal(page, page2) || !bytes.Equal(doc, doc2) {
		t.Error("drawn twice it comes out otherwise")
	}
}

var minusZero = regexp.MustCompile(`^[-−]0(\.0*)?%?$|[[ ][-−]0(\.0*)?[],]`)

// checkTexts holds the writing against the page and against itself: no word leaves the picture or stands
// on another, none is a negative zero or not a number.
func checkTexts(t *testing.T, f *Figure) {
	t.Helper()
	var texts []text
	for _, m := range f.scene.marks {
		switch m := m.(type) {
		case text:
			texts = append(texts, m)
		case path:
			for _, p := range m.points {
				if !(p.x >= -1 && p.x <= f.scene.width+1 && p.y >= -1 && p.y <= f.scene.height+1) {
					t.Fatalf("a line goes to %v, beyond %v × %v", p, f.scene.width, f.scene.height)
				}
			}
		}
	}
	for i := range texts {
		a := &texts[i]
		x0, y0, x1, y1 := a.box()
		if x0 < 2 || y0 < 0 || x1 > f.scene.width-2 || y1 > f.scene.height {
			t.Errorf("%q reaches from (%.0f, %.0f) to (%.0f, %.0f) on a page of %.0f × %.0f", a.words, x0, y0, x1, y1, f.scene.width, f.scene.height)
		}
		if minusZero.MatchString(a.words) || strings.Contains(a.words, "NaN") || strings.Contains(a.words, "Inf") {
			t.Errorf("%q is written", a.words)
		}
		for j := range i {
			u0, v0, u1, v1 := texts[j].box()
			if math.Min(x1, u1)-math.Max(x0, u0) > 0.5 && math.Min(y1, v1)-math.Max(y0, v0) > 0.5 {
				t.Errorf("%q stands on %q", a.words, texts[j].words)
			}
		}
	}
}

func checkSVG(t *testing.T, f *Figure) {
	t.Helper()
	var title, desc, labelled, role string
	ids := map[string]string{}
	d := xml.NewDecoder(bytes.NewReader(f.SVG()))
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("the SVG is no XML: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attribute := map[string]string{}
		for _, a := range start.Attr {
			attribute[a.Name.Local] = a.Value
		}
		switch start.Name.Local {
		case "svg":
			labelled, role = attribute["aria-labelledby"], attribute["role"]
		case "title", "desc":
			var words string
			if err := d.DecodeElement(&words, &start); err != nil {
				t.Fatal(err)
			}
			ids[attribute["id"]] = words
			if start.Name.Local == "title" {
				title = words
			} else {
				desc = words
			}
		case "script":
			t.Fatal("the SVG has a script")
		}
	}
	if title != f.Title || desc != f.Description || role != "img" {
		t.Errorf("title %q, description %q, role %q; want %q, %q, img", title, desc, role, f.Title, f.Description)
	}
	for _, id := range strings.Fields(labelled) {
		if ids[id] == "" {
			t.Errorf("aria-labelledby names %s, which is not there", id)
		}
	}
	if len(strings.Fields(labelled)) != 2 {
		t.Errorf("aria-labelledby is %q, want title and description", labelled)
	}
}

func TestHostileTitle(t *testing.T) {
	f, err := Draw(result(t, "list"), "outcomes", Options{})
	if err != nil {
		t.Fatal(err)
	}
	svg := string(f.SVG())
	if strings.Contains(svg, "<script") || !strings.Contains(svg, "&lt;script&gt;") {
		t.Errorf("the title %q is not escaped", f.Title)
	}
	if !strings.HasPrefix(f.Title, hostileTitle) {
		t.Errorf("the title is %q, want it to begin %q", f.Title, hostileTitle)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		study, figure string
		opt           Options
		want          string
	}{
		{"baseline", "pie", Options{}, "is no figure"},
		{"baseline", "heatmap", Options{}, "roe-by-size"},
		{"baseline", "heatmap", Options{X: "coalition.troops"}, "varies nothing"},
		{"grid", "heatmap", Options{X: "coalition.trops"}, "what it varies: coalition.roe, coalition.troops"},
		{"cube", "heatmap", Options{X: "moscow.rationality", Y: "coalition.troops"}, "needs a grid"},
		{"baseline", "worth", Options{}, "an ablation such as worth"},
		{"grid", "tornado", Options{}, "one-at-a-time such as threshold"},
		{"baseline", "sobol", Options{}, `design = "saltelli"`},
		{"baseline", "morris", Options{}, `design = "morris"`},
		{"baseline", "box", Options{}, "latin-hypercube"},
		{"cube", "box", Options{Measure: "war_d"}, "--below X or --above X"},
		{"futures", "box", Options{Cut: &report.Cut{Threshold: -1}}, "no point is a case of interest"},
		{"baseline", "bars", Options{}, "no input is sampled"},
		{"baseline", "dumbbell", Options{}, "--with DIR"},
		{"baseline", "calibration", Options{}, "verify --calibration --json"},
		{"peace", "race", Options{}, "no history has an attack"},
		{"peace", "front", Options{}, "no history has an attack"},
		{"few", "convergence", Options{}, "it needs 20 histories"},
		{"baseline", "outcomes", Options{Measure: "war_d"}, "shares of classes"},
		{"baseline", "convergence", Options{Measure: "outcome"}, "say which class"},
		{"baseline", "convergence", Options{Measure: "nonsense"}, "no measure nonsense"},
		{"baseline", "incidence", Options{Point: 1}, "the last design point is 0"},
		{"saltelli", "sobol", Options{Measure: "war_d"}, "missing in"},
		{"baseline", "outcomes", Options{Level: 2}, "not in (0, 1)"},
	} {
		_, err := draw(t, c.study, c.figure, c.opt)
		var a *Ask
		if !errors.As(err, &a) || !strings.Contains(a.Message, c.want) {
			t.Errorf("%s of %s with %+v: got %v, want an Ask with %q", c.figure, c.study, c.opt, err, c.want)
		}
	}
}

// BenchmarkFigure draws each figure of a small study that feeds it, as SVG and PNG.
func BenchmarkFigure(b *testing.B) {
	for _, c := range [][3]string{
		{"baseline", "outcomes"}, {"grid", "heatmap"}, {"baseline", "incidence"}, {"war", "race"}, {"baseline", "front"}, {"saltelli", "sobol"}, {"morris", "morris"},
		{"oat", "tornado"}, {"baseline", "convergence"}, {"baseline", "escalation"}, {"worth", "worth"}, {"futures", "bars"}, {"futures", "box", "invaded"},
	} {
		b.Run(c[1], func(b *testing.B) {
			result(b, c[0])
			for b.Loop() {
				f, err := draw(b, c[0], c[1], Options{Measure: c[2]})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := f.PNG(200); err != nil {
					b.Fatal(err)
				}
				f.SVG()
			}
		})
	}
}

// A viewer draws as it is asked, several at once.
func TestDrawnAtOnce(t *testing.T) {
	r := result(t, "baseline")
	want, err := Draw(r, "escalation", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			f, err := Draw(r, "escalation", Options{})
			if err != nil {
				t.Error(err)
				return
			}
			doc, err := f.PDF()
			page, err2 := f.PNG(40)
			if err != nil || err2 != nil || len(doc) == 0 || len(page) == 0 || !bytes.Equal(f.SVG(), want.SVG()) {
				t.Errorf("drawn beside others it comes out otherwise: %v, %v", err, err2)
			}
		})
	}
	all.Wait()
}

// A report shows a figure of one design point only where that is the file's own scenario, and never one that needs more
// than the result.
func TestWhatAReportShows(t *testing.T) {
	for kind, want := range map[string]bool{"single": true, "ablation": true, "one-at-a-time": true, "grid": false, "saltelli": false} {
		names := OfStudy(&record.Design{Kind: kind})
		if got := slices.Contains(names, "race"); got != want || !slices.Contains(names, "outcomes") || slices.Contains(names, "dumbbell") {
			t.Errorf("of a %s a report shows %v", kind, names)
		}
	}
	if all, fed := len(Names()), len(OfResult()); all-fed != 3 {
		t.Errorf("%d figures, of which %d take a result alone, want all but dumbbell and the two cards", all, fed)
	}
}

// Whiskers over few scramblings are said to be.
func TestFewScramblings(t *testing.T) {
	f, err := draw(t, "saltelli", "sobol", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(f.SVG()), "There are fewer than 8 scramblings") {
		t.Error("4 scramblings pass for many")
	}
}
