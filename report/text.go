package report

import (
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Style is what a terminal can show.
type Style struct {
	Width int  // columns; at least 40 are used
	ASCII bool // bars are made of '#'
}

// Text writes the document for a terminal.
func (d *Document) Text(w io.Writer, style Style) error {
	width := max(style.Width, 40)
	var b strings.Builder
	for _, line := range []string{d.Title, d.Question} {
		if line != "" {
			b.WriteString(Wrap(line, width) + "\n")
		}
	}
	for i, block := range d.blocks {
		if i > 0 || b.Len() > 0 {
			b.WriteByte('\n')
		}
		if block.title != "" {
			b.WriteString(Wrap(block.title, width) + "\n")
		}
		if block.text != "" {
			b.WriteString(Wrap(block.text, width) + "\n")
		}
		for _, a := range block.advice {
			b.WriteString("  " + a.Command + "\n      " + a.For + "\n")
		}
		block.writeTable(&b, style)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeTable sets the columns of a block under one another, two apart.
func (t *block) writeTable(b *strings.Builder, style Style) {
	columns := len(t.align)
	grid := make([][]string, columns)
	for j := range columns {
		for _, row := range t.rows {
			text := row[j]
			if t.align[j] == 'b' {
				text = bar(text, style.ASCII)
			}
			grid[j] = append(grid[j], text)
		}
		if t.align[j] == 'r' {
			alignDecimals(grid[j])
		}
		if t.header != nil {
			grid[j] = append([]string{t.header[j]}, grid[j]...)
		}
	}
	lines := len(t.rows)
	if t.header != nil {
		lines++
	}
	for i := range lines {
		line := " "
		for j := range columns {
			cell, widest := grid[j][i], widest(grid[j])
			if widest == 0 {
				continue
			}
			pad := strings.Repeat(" ", widest-utf8.RuneCountInString(cell))
			if t.align[j] == 'r' {
				line += " " + pad + cell
			} else {
				line += " " + cell + pad
			}
			line += " "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func widest(column []string) int {
	most := 0
	for _, s := range column {
		most = max(most, utf8.RuneCountInString(s))
	}
	return most
}

// bar draws a share: a full block is 4%.
func bar(share string, ascii bool) string {
	x, err := strconv.ParseFloat(share, 64)
	if err != nil || math.IsNaN(x) {
		return ""
	}
	if ascii {
		return strings.Repeat("#", int(math.Round(25*x)))
	}
	eighths := int(math.Round(8 * 25 * x))
	if x > 0 {
		eighths = max(eighths, 1)
	}
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return s
}

// Wrap breaks a text into lines of at most so many columns, at blanks.
func Wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+n > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
