package report

import (
	"html/template"
	"strconv"
	"strings"
)

// htmlBlock is a block as the template sets it.
type htmlBlock struct {
	Title, Text string
	Label       string // of the table, for who cannot see what stands above it
	Header      []htmlCell
	Rows        [][]htmlCell
	Notes       [][]string // footnotes: mark and text
}

type htmlCell struct {
	Text  string
	Right bool
	Bar   int // length of a bar in percent; -1 if the cell is no bar
}

var parts = template.Must(template.New("parts").Parse(`{{range $b := .}}{{with .Title}}<h3>{{.}}</h3>
{{end}}{{with .Text}}<p>{{.}}</p>
{{end}}{{if .Rows}}<div class="scroll" tabindex="0" role="group" aria-label="{{.Label}}"><table>
{{with .Header}}<thead><tr>{{range .}}{{if .Text}}<th scope="col"{{if .Right}} class="n"{{end}}>{{.Text}}</th>{{else}}<td></td>{{end}}{{end}}</tr></thead>
{{end}}<tbody>
{{range .Rows}}<tr>{{range $i, $c := .}}{{if ge $c.Bar 0}}<td><svg class="bar" width="100" height="10" viewBox="0 0 100 10" aria-hidden="true"><rect width="{{$c.Bar}}" height="10"/></svg></td>{{else if and (eq $i 0) $c.Text}}<th scope="row">{{$c.Text}}</th>{{else}}<td{{if $c.Right}} class="n"{{end}}>{{$c.Text}}</td>{{end}}{{end}}</tr>
{{end}}</tbody></table></div>
{{end}}{{with .Notes}}<ul class="notes">
{{range .}}<li>{{index . 0}} {{index . 1}}</li>
{{end}}</ul>
{{end}}{{end}}`))

// HTML is the document as a part of a page: paragraphs, and tables under headings of the third rank. It has
// no script, no style and no address, and text of the result stays text.
func (d *Document) HTML() template.HTML {
	var list []htmlBlock
	label := "Table"
	for _, b := range d.blocks {
		h := htmlBlock{Title: b.title, Text: b.text}
		if b.title != "" {
			label = b.title
		}
		h.Label = label
		if b.title == "" && b.text == "" && b.header == nil && b.align == "rl" {
			h.Notes = b.rows
		} else {
			h.Header, h.Rows = b.cells()
		}
		list = append(list, h)
	}
	var out strings.Builder
	if err := parts.Execute(&out, list); err != nil {
		panic("report: " + err.Error()) // memory takes everything
	}
	return template.HTML(out.String())
}

func (t *block) cells() (header []htmlCell, rows [][]htmlCell) {
	set := func(cells []string, body bool) []htmlCell {
		var out []htmlCell
		for j, text := range cells {
			c := htmlCell{Text: text, Bar: -1}
			switch t.align[j] {
			case 'r':
				c.Right = true
			case 'b':
				if body {
					c.Bar = 0
					if share, err := strconv.ParseFloat(text, 64); err == nil && share > 0 { // NaN where there are no histories
						c.Bar = int(100*min(share, 1) + 0.5)
					}
				}
			}
			out = append(out, c)
		}
		return out
	}
	if t.header != nil {
		header = set(t.header, false)
	}
	for _, row := range t.rows {
		rows = append(rows, set(row, true))
	}
	return header, rows
}
