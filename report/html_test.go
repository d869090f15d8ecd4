package report

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// A part of a page is well-formed whatever the text, which stays text, and has every cell of the tables.
func TestHTML(t *testing.T) {
	hostile := `</td></table><script>alert(1)</script>"'&`
	blocks := []block{
		{title: hostile, text: hostile},
		{title: "T", align: "lrlb", header: []string{"", hostile, "b", ""}, rows: [][]string{{hostile, "1", hostile, "0.456"}, {"", "2", "", "NaN"}}},
		{align: "rl", rows: [][]string{{"¹", hostile}}},
	}
	got := string((&Document{blocks: blocks}).HTML())
	d := xml.NewDecoder(strings.NewReader("<div>" + got + "</div>"))
	count := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, got)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
		}
	}
	for name, want := range map[string]int{"script": 0, "table": 1, "tr": 3, "th": 3, "td": 9, "rect": 2, "li": 1, "h3": 2, "p": 1} {
		if count[name] != want {
			t.Errorf("%d elements %s, want %d, in\n%s", count[name], name, want, got)
		}
	}
	for _, want := range []string{`<rect width="46"`, `<rect width="0"`, `&lt;script&gt;alert(1)`, `<th scope="row">`, `aria-label="T"`} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q:\n%s", want, got)
		}
	}
}

// The summary says the same as text and as a part of a page.
func TestSummaryHTML(t *testing.T) {
	s := summarise(war(), "Does it hold?", 0)
	headline, _ := s.Headline()
	got := string(s.Document().HTML())
	if headline == "" || !strings.Contains(got, headline) || !strings.Contains(got, "Outcomes of all") {
		t.Errorf("the page lacks the headline %q or the outcomes:\n%s", headline, got)
	}
}
