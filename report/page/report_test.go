package page

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/study"
	"tripwire/study/record"
)

// reported is the report of a small study of a hostile title, as cmd/tripwire puts one together.
func reported(t *testing.T) *Report {
	t.Helper()
	file, dir := filepath.Join(t.TempDir(), "x.toml"), filepath.Join(t.TempDir(), "x")
	text := "extends = \"baseline\"\ntitle = '''</style>" + `<img src=x onerror="alert(1)">` + "'''\n[study]\nreplications = 5\ndesign = \"grid\"\n[[study.factors]]\nkey = \"attribution.threshold\"\nvalues = [0.8, 0.9]\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := study.Load(input.Loader{Embedded: configs.FS}, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), w, study.Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	r, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	p := &Report{Result: r, Inputs: s.File.Parameters}
	if p.Summary, err = report.Read(r, 0.95); err != nil {
		t.Fatal(err)
	}
	f, err := figure.Draw(r, "outcomes", figure.Options{Bare: true})
	if err != nil {
		t.Fatal(err)
	}
	p.Figures = append(p.Figures, f)
	return p
}

// The report is one file without script that names no address, says what was varied and what is judged, and has
// the numbers behind every figure, whatever names it meets.
func TestWriteReport(t *testing.T) {
	p := reported(t)
	var a, b bytes.Buffer
	if err := WriteReport(&a, p); err != nil {
		t.Fatal(err)
	}
	if err := WriteReport(&b, p); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same report, written twice, has other bytes")
	}
	got := a.String()
	for _, not := range []string{"<script", "<img", "<link", `src="`, `href="http`, `style="`, "</style><"} {
		if not == "</style><" && strings.Count(got, "</style>") == 1 {
			continue
		}
		if strings.Contains(got, not) {
			t.Errorf("the report holds %q", not)
		}
	}
	v, err := newReportView(p)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Varied) != 1 || v.Varied[0].Key != "attribution.threshold" {
		t.Errorf("what the study varied is %v, want attribution.threshold", v.Varied)
	}
	c := v.Counts()
	if c.Varied != 1 || c.Judged != len(v.Judged)+c.VariedJudged || c.Judged < 50 || v.Evident <= c.Judged {
		t.Errorf("the counts of assumptions are %+v of %d", c, v.Evident)
	}
	for _, row := range p.Figures[0].Table.Rows {
		for _, cell := range row {
			if !strings.Contains(got, "<td>"+cell+"</td>") {
				t.Errorf("the report lacks the number %q of its figure", cell)
			}
		}
	}
	for _, want := range []string{
		"default-src &#39;none&#39;; style-src &#39;" + strings.Trim(strings.ReplaceAll(hash(reportStyle), "+", "&#43;"), "'") + "&#39;; img-src data:",
		p.Result.Manifest.Input, p.Result.Manifest.Files["runs.csv"].SHA256, "2 points of 5 replications", p.Summary.Caution(),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}
