package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

const mm = 72 / 25.4 // in points

// SVG writes the picture as one svg element, which can stand alone or in a page. Writing stays writing: it
// can be selected and searched, and is set in Liberation Sans or a face of the same widths. Title and
// description are for those who cannot see the picture.
func (f *Figure) SVG() []byte { return f.svg(` style="font-kerning:none"`) }

// Inline is SVG for a page whose content security policy allows no style attributes: the page's own style gives it
// font-kerning: none.
func (f *Figure) Inline() []byte { return f.svg("") }

func (f *Figure) svg(style string) []byte {
	var body bytes.Buffer
	s := &f.scene
	for _, m := range s.marks {
		switch m := m.(type) {
		case path:
			body.WriteString(`<path d="` + m.data() + `"` + paint(m.fill, m.stroke, m.width))
			if m.dash > 0 {
				body.WriteString(` stroke-dasharray="` + short(m.dash) + `"`)
			}
			body.WriteString("/>\n")
		case disc:
			fmt.Fprintf(&body, `<circle cx="%s" cy="%s" r="%s"%s/>`+"\n", short(m.at.x), short(m.at.y), short(m.radius), paint(m.fill, m.stroke, m.width))
		case text:
			fmt.Fprintf(&body, `<text x="%s" y="%s" font-size="%s" fill="%s"`, short(m.at.x), short(m.at.y), short(m.size), m.fill.hex())
			if m.anchor != left {
				body.WriteString(` text-anchor="` + map[float64]string{centre: "middle", right: "end"}[m.anchor] + `"`)
			}
			if m.bold {
				body.WriteString(` font-weight="bold"`)
			}
			if utf8.RuneCountInString(m.words) > 1 { // where another face has to stand in, it is set as wide
				body.WriteString(` textLength="` + short(width(m.words, m.size, m.bold)) + `" lengthAdjust="spacingAndGlyphs"`)
			}
			body.WriteString(">" + escape(m.words) + "</text>\n")
		}
	}
	// Several figures may stand in one page, so what labels them is named after what they show.
	h := fnv.New64a()
	h.Write([]byte(f.Name + f.Title + f.Description))
	h.Write(body.Bytes())
	id := fmt.Sprintf("%s-%x", f.Name, h.Sum64())
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%s-title %s-desc" width="%smm" height="%smm" viewBox="0 0 %s %s" font-family="'Liberation Sans', Arimo, Arial, Helvetica, 'Nimbus Sans', sans-serif"%s>`+"\n",
		id, id, short(s.width/mm), short(s.height/mm), short(s.width), short(s.height), style)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", id, escape(f.Title), id, escape(f.Description))
	fmt.Fprintf(&b, `<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", short(s.width), short(s.height))
	b.Write(body.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func escape(words string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(words)); err != nil {
		panic("figure: " + err.Error()) // a buffer takes everything
	}
	return b.String()
}

// short writes a length to a hundredth of a point.
func short(x float64) string {
	s := strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

func (c ink) hex() string {
	if c == none {
		return "none"
	}
	return fmt.Sprintf("#%06x", int32(c))
}

func paint(fill, stroke ink, width float64) string {
	s := ` fill="` + fill.hex() + `"`
	if stroke != none {
		s += ` stroke="` + stroke.hex() + `" stroke-width="` + short(width) + `" stroke-linejoin="round"`
	}
	return s
}

func (p *path) data() string {
	var b strings.Builder
	for i, at := range p.points {
		b.WriteString([]string{"M", "L"}[min(i, 1)] + short(at.x) + " " + short(at.y))
	}
	if p.closed {
		b.WriteByte('Z')
	}
	return b.String()
}

// PDF writes the picture as a page of its size, its fonts in it, and no date.
func (f *Figure) PDF() ([]byte, error) {
	s := &f.scene
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: s.width, Ht: s.height}})
	doc.SetCatalogSort(true)
	doc.SetCreationDate(time.Unix(0, 0).UTC()) // none would be the clock's
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetTitle(f.Title, true)
	doc.SetSubject(f.Description, true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	doc.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	doc.SetLineJoinStyle("round")
	doc.AddPage()
	for _, m := range s.marks {
		switch m := m.(type) {
		case path:
			style := pdfPaint(doc, m.fill, m.stroke, m.width)
			doc.SetDashPattern(nil, 0)
			if m.dash > 0 {
				doc.SetDashPattern([]float64{m.dash, m.dash}, 0)
			}
			for i, at := range m.points {
				if i == 0 {
					doc.MoveTo(at.x, at.y)
				} else {
					doc.LineTo(at.x, at.y)
				}
			}
			if m.closed {
				doc.ClosePath()
			}
			doc.DrawPath(style)
		case disc:
			style := pdfPaint(doc, m.fill, m.stroke, m.width)
			doc.SetDashPattern(nil, 0)
			doc.Circle(m.at.x, m.at.y, m.radius, style)
		case text:
			style := ""
			if m.bold {
				style = "B"
			}
			doc.SetFont("sans", style, m.size)
			doc.SetTextColor(m.fill.rgb())
			x, _, _, _ := m.box()
			doc.Text(x, m.at.y, basic(m.words))
		}
	}
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, fmt.Errorf("figure: %s: PDF: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

// basic is words without the characters beyond U+FFFF, for which fpdf has no room.
func basic(words string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '?'
		}
		return r
	}, words)
}

func pdfPaint(doc *fpdf.Fpdf, fill, stroke ink, width float64) string {
	style := ""
	if fill != none {
		doc.SetFillColor(fill.rgb())
		style = "F"
	}
	if stroke != none {
		doc.SetDrawColor(stroke.rgb())
		doc.SetLineWidth(width)
		style += "D"
	}
	return style
}

func (c ink) rgb() (r, g, b int) { return int(c >> 16 & 0xff), int(c >> 8 & 0xff), int(c & 0xff) }

// PNG draws the picture at so many dots an inch.
func (f *Figure) PNG(dpi int) ([]byte, error) {
	s := &f.scene
	canvas := vgimg.NewWith(vgimg.UseWH(vg.Length(s.width), vg.Length(s.height)), vgimg.UseDPI(dpi))
	at := func(p point) vg.Point { return vg.Point{X: vg.Length(p.x), Y: vg.Length(s.height - p.y)} }
	draw := func(p vg.Path, fill, stroke ink, width, dash float64) {
		if fill != none {
			canvas.SetColor(fill.rgba())
			canvas.Fill(p)
		}
		if stroke != none {
			canvas.SetColor(stroke.rgba())
			canvas.SetLineWidth(vg.Length(width))
			canvas.SetLineDash(nil, 0)
			if dash > 0 {
				canvas.SetLineDash([]vg.Length{vg.Length(dash)}, 0)
			}
			canvas.Stroke(p)
		}
	}
	for _, m := range s.marks {
		var p vg.Path
		switch m := m.(type) {
		case path:
			for i, q := range m.points {
				if i == 0 {
					p.Move(at(q))
				} else {
					p.Line(at(q))
				}
			}
			if m.closed {
				p.Close()
			}
			draw(p, m.fill, m.stroke, m.width, m.dash)
		case disc:
			centre := at(m.at)
			p.Move(vg.Point{X: centre.X + vg.Length(m.radius), Y: centre.Y})
			p.Arc(centre, vg.Length(m.radius), 0, 2*math.Pi)
			p.Close()
			draw(p, m.fill, m.stroke, m.width, 0)
		case text:
			x, _, _, _ := m.box()
			canvas.SetColor(m.fill.rgba())
			for _, r := range m.words { // one by one, where width puts them: the raster's own kerning eats blanks
				canvas.FillString(face(m.size, m.bold), at(point{x, m.at.y}), string(r))
				x += width(string(r), m.size, m.bold)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, canvas.Image()); err != nil {
		return nil, fmt.Errorf("figure: %s: PNG: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

func (c ink) rgba() color.Color {
	r, g, b := c.rgb()
	return color.RGBA{uint8(r), uint8(g), uint8(b), 0xff}
}
