package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/sim"
	"tripwire/study/causes"
)

// played is a history as trace hands it over.
func played(t *testing.T, rep uint64, sets ...string) *History {
	t.Helper()
	s := new(model.Scenario)
	if _, err := (input.Loader{Embedded: configs.FS}).Load("baseline", sets, s, nil); err != nil {
		t.Fatal(err)
	}
	w := model.New(s)
	h := &History{Title: string(s.Title), Question: string(s.Question), Rep: int64(rep), Seed: uint64(s.Seed), Measures: [][2]string{{"Outcome", "x"}}}
	h.Outcome = w.Trace(uint64(s.Seed), rep, func(e model.Entry) { h.Moments = append(h.Moments, Moment{e, w.Scene()}) })
	h.Gates = w.Passages()
	return h
}

func written(t *testing.T, h *History) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteHistory(&b, h); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// several is histories of all sorts: quiet ones, refused terms, limited and full attacks with and without strikes.
func several(t *testing.T) map[string]*History {
	t.Helper()
	all := map[string]*History{}
	for _, rep := range []uint64{0, 4, 6, 9, 10, 19} {
		all["baseline "+strconv.Itoa(int(rep))] = played(t, rep)
	}
	for _, rep := range []uint64{0, 1, 2} {
		all["grinding strikes "+strconv.Itoa(int(rep))] = played(t, rep, `moscow.attack="full"`, "washington.p_response_major=0.95", "ground.breach_hazard_per_d=0.02")
		all["masked "+strconv.Itoa(int(rep))] = played(t, rep, `moscow.attack="limited"`, "ceasefire.masked_prob=1", `coalition.roe="R4"`)
	}
	return all
}

// The page is well formed, every link leads somewhere on it, and no two parts have one name.
func TestPageHoldsTogether(t *testing.T) {
	for name, h := range several(t) {
		text := written(t, h)
		markup := text
		for _, raw := range []string{"style", "script"} { // whose content is no markup
			markup = regexp.MustCompile(`(?s)(<`+raw+`\b[^>]*>).*?(</`+raw+`>)`).ReplaceAllString(markup, "$1$2")
		}
		d := xml.NewDecoder(strings.NewReader(markup))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		ids, links, open := map[string]bool{}, []string{}, []string{}
		for {
			token, err := d.RawToken()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch x := token.(type) {
			case xml.StartElement:
				for _, a := range x.Attr {
					switch a.Name.Local {
					case "id":
						if ids[a.Value] {
							t.Errorf("%s: two parts are called %s", name, a.Value)
						}
						ids[a.Value] = true
					case "href":
						links = append(links, a.Value)
					case "src", "srcset", "action", "style", "onclick", "onload":
						t.Errorf("%s: <%s %s=%q>", name, x.Name.Local, a.Name.Local, a.Value)
					}
				}
				if tag := x.Name.Local; tag != "meta" && tag != "input" && !strings.Contains(markup[max(0, int(d.InputOffset())-2):d.InputOffset()], "/>") {
					open = append(open, tag)
				}
			case xml.EndElement:
				if n := len(open); n > 0 && open[n-1] == x.Name.Local {
					open = open[:n-1]
				}
			}
		}
		if len(open) > 0 {
			t.Errorf("%s: not closed: %v", name, open)
		}
		for _, link := range links {
			if id := strings.TrimPrefix(link, "#"); id == link || !ids[id] && !strings.HasPrefix(id, "t=") {
				t.Errorf("%s: a link to %s leads nowhere on the page", name, link)
			}
		}
		if len(links) < 20 {
			t.Errorf("%s: only %d links", name, len(links))
		}
	}
}

// The page asks nothing of the network: its policy allows its own script and style by their hashes, and
// nothing else.
func TestPageIsSelfContained(t *testing.T) {
	text := written(t, played(t, 6))
	if found := regexp.MustCompile(`(?i)https?:|//[a-z]|@import|url\(|<link|<img|<iframe|<object|fetch\(|XMLHttp|import\(`).FindString(strings.ReplaceAll(text, "// Where the address", "")); found != "" {
		t.Errorf("the page holds %q", found)
	}
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil {
		t.Fatal("no policy")
	}
	allowed := strings.ReplaceAll(strings.ReplaceAll(policy[1], "&#39;", "'"), "&#43;", "+")
	if !strings.HasPrefix(allowed, "default-src 'none';") || strings.Contains(allowed, "unsafe") {
		t.Errorf("the policy is %s", allowed)
	}
	for directive, pattern := range map[string]string{"script-src": `(?s)<script>(.*?)</script>`, "style-src": `(?s)<style>(.*?)</style>`} {
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1)
		if len(found) != 1 {
			t.Fatalf("%d of %s", len(found), pattern)
		}
		sum := sha256.Sum256([]byte(found[0][1]))
		if want := directive + " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(allowed, want) {
			t.Errorf("the policy %s lacks %s: a browser refuses what the page brings", allowed, want)
		}
	}
}

func TestPageIsDeterministic(t *testing.T) {
	first, second := written(t, played(t, 4)), written(t, played(t, 4))
	if first != second {
		t.Error("the same history gives two pages")
	}
}

// What a user writes into a file stays text, wherever the page shows it.
func TestHostileNamesAreText(t *testing.T) {
	const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)> " ' & <!--`
	h := played(t, 4)
	h.Title, h.Question, h.Place = hostile, hostile, hostile
	h.Measures = [][2]string{{hostile, hostile}}
	for i := range h.Moments {
		m := &h.Moments[i]
		m.What += hostile
		for k := range m.Scene.Axes {
			m.Scene.Axes[k].Name = hostile
		}
	}
	text := written(t, h)
	for _, bad := range []string{"<script>alert", "<img", "onerror=alert(2)>", "<!--"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if n := strings.Count(text, "<script"); n != 2 {
		t.Errorf("%d scripts, want 2", n)
	}
}

// The replay has an event for each that the page tells, with a value for each of its marks.
func TestReplay(t *testing.T) {
	h := played(t, 6)
	text := written(t, h)
	data := regexp.MustCompile(`(?s)<script type="application/json" id="moments">(.*?)</script>`).FindStringSubmatch(text)
	if data == nil {
		t.Fatal("no moments")
	}
	var moments []moment
	if err := json.Unmarshal([]byte(data[1]), &moments); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text, `<li id="e`); n != len(moments) || n < 50 {
		t.Errorf("%d moments, %d events", len(moments), n)
	}
	last := 0.0
	for _, m := range moments {
		if m.Day < last || len(m.Front) != 6 || len(m.Gauge) != strings.Count(text, `class="gauge"`) || m.Rung < 0 || m.Rung > 10 || m.Gate < 0 || m.Gate > 8 {
			t.Fatalf("moment %+v after day %v", m, last)
		}
		last = m.Day
	}
	if end := moments[len(moments)-1]; end.Gate != 8 || end.Day != h.Outcome.EndD {
		t.Errorf("the replay ends at gate %d on day %v; a strike came, and the history ended on day %v", end.Gate, end.Day, h.Outcome.EndD)
	}
}

// No box of the timeline, label included, lies on another or outside the drawing.
func TestTimelineNeverOverprints(t *testing.T) {
	items := 0
	for name, h := range several(t) {
		items += overprints(t, name, newTimeline(h, map[sim.ID]bool{}))
	}
	if items < 100 {
		t.Errorf("only %d items were looked at", items)
	}
	// A lane as full as can be.
	var crowd []*item
	for i := range 60 {
		crowd = append(crowd, &item{From: float64(i), To: float64(i + 7*(i%5)), Label: strings.Repeat("label ", 1+i%30)})
	}
	l := lane{Name: "crowd", Items: crowd}
	l.Height = float64(place(crowd, scale{20, 100})) * rowHeight
	overprints(t, "crowd", &timeline{Width: lineWidth, Height: l.Height + 100, Lanes: []lane{l}})
}

func overprints(t *testing.T, name string, drawn *timeline) (items int) {
	t.Helper()
	bottom := 0.0
	for _, l := range drawn.Lanes {
		if l.Top < bottom {
			t.Errorf("%s: lane %s begins at %v, in the lane before", name, l.Name, l.Top)
		}
		bottom = l.Top + l.Height
		items += len(l.Items)
		for i, a := range l.Items {
			left, right := box(a)
			if left < lineLeft-1e-9 || right > lineRight+1e-9 || a.Y < l.Top || a.Y+rowHeight > bottom+1e-9 {
				t.Errorf("%s, %s: %q fills %.0f to %.0f at %.0f", name, l.Name, a.Label, left, right, a.Y)
			}
			for _, b := range l.Items[:i] {
				otherLeft, otherRight := box(b)
				if math.Abs(a.Y-b.Y) < rowHeight && left < otherRight && otherLeft < right {
					t.Errorf("%s, %s: %q (%.0f to %.0f) overprints %q (%.0f to %.0f)", name, l.Name, a.Label, left, right, b.Label, otherLeft, otherRight)
				}
			}
		}
	}
	if bottom > drawn.Height {
		t.Errorf("%s: the lanes end at %v, the drawing at %v", name, bottom, drawn.Height)
	}
	return items
}

// box is what an item fills, from what is drawn.
func box(i *item) (left, right float64) {
	from, to := i.TextX, i.TextX+textWidth(i.Label)
	if i.Anchor == "end" {
		from, to = i.TextX-textWidth(i.Label), i.TextX
	}
	return min(i.X, from), max(i.X+i.W, to)
}

// Every colour of text stands out from every ground that it is written on (WCAG 2.2, 1.4.3: 4.5 to 1).
func TestContrast(t *testing.T) {
	colour := map[string]float64{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`).FindAllStringSubmatch(style, -1) {
		x, err := strconv.ParseUint(m[2], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		linear := func(c uint64) float64 {
			v := float64(c&255) / 255
			if v <= 0.04045 {
				return v / 12.92
			}
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		colour[m[1]] = 0.2126*linear(x>>16) + 0.7152*linear(x>>8) + 0.0722*linear(x)
	}
	for _, pair := range [][2]string{
		{"ink", "paper"}, {"ink", "panel"}, {"ink", "red-tint"}, {"ink", "blue-tint"}, {"ink", "grey-tint"}, {"ink", "amber-tint"}, {"ink", "green-tint"},
		{"soft", "paper"}, {"soft", "panel"}, {"link", "paper"}, {"link", "panel"}, {"link", "amber-tint"}, {"blue", "panel"}, {"paper", "ink"},
	} {
		a, okA := colour[pair[0]]
		b, okB := colour[pair[1]]
		if !okA || !okB {
			t.Fatalf("history.css has no colour %v", pair)
		}
		if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
			t.Errorf("%s on %s: %.2f to 1, want 4.5", pair[0], pair[1], ratio)
		}
	}
}

// The page tells the events that the text of trace tells.
func TestPageTellsWhatTraceTells(t *testing.T) {
	h := played(t, 9)
	var entries []model.Entry
	for _, m := range h.Moments {
		entries = append(entries, m.Entry)
	}
	told, _, _ := causes.Telling(entries)
	text := written(t, h)
	for i, e := range entries {
		if told[i] && !strings.Contains(text, `<li id="e`+strconv.Itoa(int(e.ID))+`">`) {
			t.Errorf("the page lacks event %d, %s", e.ID, e.Event)
		}
	}
}
