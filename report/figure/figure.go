// Package figure draws the figures of a result: the same for a paper, a report and a viewer. Start at
// [Draw], which gives a [Figure] that writes itself as SVG, PNG and PDF and holds the numbers it shows.
//
// Every figure has two steps. The first makes numbers out of the rows of a result, and says why it cannot
// where the result is of another kind ([Ask]); the second draws them, and knows nothing of results. A
// figure takes titles and units from the columns of the result; of the war it knows the names of measures.
//
// The same result gives the same bytes on the same machine, in every format: no clock, no order of a map.
package figure

import (
	"fmt"
	"slices"
	"strings"

	"tripwire/report"
	"tripwire/study/record"
)

// A Figure is a picture and the numbers behind it.
type Figure struct {
	Name        string // of the figure, as in [Names]
	Title       string // what it shows, of which result
	Caption     string // how to read it: what marks and intervals are, and how many histories stand behind
	Description string // what can be seen, for those who cannot see
	Table       Table  // the numbers behind the picture

	scene scene
}

// Table is numbers as text: a dot for the decimals, empty where missing. Shares are from 0 to 1.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Options is what one may ask of a figure. The zero value asks for the usual.
type Options struct {
	X, Y    string         // keys of factors; "" for the first levers of the design
	Measure string         // a column of runs.csv, with =CLASS if it has classes; "" for the figure's own
	Point   int64          // the design point that a figure of a single one shows; of a front 0 is all, along the lever
	Level   float64        // of confidence; 0 for 0.95
	With    *record.Result // side B of a dumbbell
	Cut     *report.Cut    // which points a box looks for; nil for those where a share is below one half
	// Inputs reads what sobol, morris and box have to know of the result's inputs; they need it.
	Inputs func() (report.Inputs, error)
	Width  float64 // mm; 0 for 160
	Height float64 // mm; 0 for what the content needs
	Bare   bool    // without title and notes, for a page that sets them as text
}

func (o Options) level() float64 {
	if o.Level == 0 {
		return 0.95
	}
	return o.Level
}

func (o Options) measure(usual string) string {
	if o.Measure == "" {
		return usual
	}
	return o.Measure
}

func (o Options) inputs() (report.Inputs, error) {
	if o.Inputs == nil {
		panic("figure: sobol, morris and box need Options.Inputs")
	}
	return o.Inputs()
}

// An Ask is a figure that cannot be had as it was asked for, and why: the mistake of whoever asks.
type Ask = report.Ask

func ask(format string, args ...any) error { return &Ask{Message: fmt.Sprintf(format, args...)} }

// feed is what a figure is drawn of.
type feed int

const (
	wholeStudy feed = iota // all design points of a result
	onePoint               // one of them
	another                // more than one result, or none
)

// figures is every figure.
var figures = []struct {
	name, doc string
	of        feed
	draw      func(r *record.Result, opt Options) (*Figure, error)
}{
	{"outcomes", "outcome classes, along a lever where the design has one", wholeStudy, drawOutcomes},
	{"heatmap", "a measure over two factors", wholeStudy, drawHeatmap},
	{"incidence", "how likely invasion, attribution and first strike have come by each time", onePoint, drawIncidence},
	{"race", "from D-day: attribution and first strike against the objective", onePoint, drawRace},
	{"front", "how far the front goes", wholeStudy, drawFront},
	{"sobol", "shares of the variance by factor", wholeStudy, drawSobol},
	{"morris", "screening of factors by elementary effects", wholeStudy, drawMorris},
	{"tornado", "effects of single factors", wholeStudy, drawTornado},
	{"convergence", "an estimate as histories are added", onePoint, drawConvergence},
	{"escalation", "how far up the ladder histories go", onePoint, drawEscalation},
	{"worth", "what each guarantee is worth, taken away and alone", wholeStudy, drawWorth},
	{"bars", "what luck and what the inputs leave unsure", wholeStudy, drawBars},
	{"box", "where in the space of the inputs something happens", wholeStudy, drawBox},
	{"dumbbell", "two results beside one another", another, drawDumbbell},
	{"calibration", "the model beside past wars", another, refuseCard},
	{"behaviours", "the behaviours that must hold", another, refuseCard},
}

// Names is the names of all figures.
func Names() []string { return drawnOf(wholeStudy, onePoint, another) }

// OfResult is the names of the figures that a result feeds by itself.
func OfResult() []string { return drawnOf(wholeStudy, onePoint) }

// OfStudy is the names of those that show a whole study: also those of one design point, where that is the file's own
// scenario and not just any.
func OfStudy(d *record.Design) []string {
	if d.Kind == "single" || d.Kind == "ablation" || d.Kind == "one-at-a-time" {
		return OfResult()
	}
	return drawnOf(wholeStudy)
}

func drawnOf(feeds ...feed) (names []string) {
	for _, f := range figures {
		if slices.Contains(feeds, f.of) {
			names = append(names, f.name)
		}
	}
	return names
}

// Doc says in a few words what a figure shows; "" where there is no such figure.
func Doc(name string) string {
	for _, f := range figures {
		if f.name == name {
			return f.doc
		}
	}
	return ""
}

// Draw draws a figure of a result. An error may be an [*Ask].
func Draw(r *record.Result, name string, opt Options) (*Figure, error) {
	if l := opt.level(); !(l > 0 && l < 1) {
		return nil, ask("%s: a level of %v is not in (0, 1)", name, l)
	}
	i := slices.Index(Names(), name)
	if i < 0 {
		return nil, ask("%q is no figure; there are %s", name, strings.Join(Names(), ", "))
	}
	f, err := figures[i].draw(r, opt)
	if a, ok := err.(*Ask); ok {
		return nil, ask("%s: %s", name, a.Message)
	} else if err != nil {
		return nil, err
	}
	f.Name = name
	return f, nil
}

func refuseCard(*record.Result, Options) (*Figure, error) {
	return nil, ask("a card is of the program and not of a result: draw it from what verify --calibration --json or verify --behaviours --json prints")
}

// A sheet is what surrounds a picture: its title above, notes below.
type sheet struct {
	title string // bold
	sub   string // what is shown, in which unit
	notes []string
}

// figure is the figure of a sheet, yet without its picture.
func (s sheet) figure(description string, table Table) *Figure {
	f := &Figure{Title: s.title, Description: description, Table: table}
	parts := s.notes
	if s.sub != "" {
		parts = append([]string{strings.TrimSuffix(s.sub, ".") + "."}, parts...)
	}
	f.Caption = strings.Join(parts, " ")
	return f
}

// begin starts a scene with the title, and returns where what follows begins.
func (s sheet) begin(opt Options) (*scene, float64) {
	w := opt.Width
	if w == 0 {
		w = 160
	}
	out := &scene{width: w * mm}
	y := margin
	if opt.Bare {
		return out, y
	}
	room := out.width - 2*margin
	for _, line := range wrap(s.title, room, titleSize, true, 3) {
		y += titleSize
		out.bold(margin, y, left, titleSize, black, line)
		y += (leading - 1) * titleSize
	}
	if s.sub != "" {
		y += 2
		for _, line := range wrap(strings.TrimSuffix(s.sub, "."), room, textSize, false, 4) {
			y += textSize
			out.text(margin, y, left, textSize, grey, line)
			y += (leading - 1) * textSize
		}
	}
	return out, y + 7
}

// lines is the notes below the picture, broken into lines.
func (s sheet) lines(opt Options, width float64) []string {
	if opt.Bare {
		return nil
	}
	return wrap(strings.Join(s.notes, " "), width-2*margin, noteSize, false, 0)
}

func (s sheet) below(opt Options, width float64) float64 {
	n := len(s.lines(opt, width))
	if n == 0 {
		return margin
	}
	return float64(n)*noteSize*leading + 6 + margin
}

// end sets the notes below y, and with that the height.
func (s sheet) end(out *scene, y float64, opt Options) {
	lines := s.lines(opt, out.width)
	if len(lines) > 0 {
		y += 6
	}
	for _, line := range lines {
		y += noteSize
		out.text(margin, y, left, noteSize, grey, line)
		y += (leading - 1) * noteSize
	}
	out.height = y + margin
}
