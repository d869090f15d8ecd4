package report

import (
	"io"
	"strings"
)

// Markdown writes the document for a page.
func (d *Document) Markdown(w io.Writer) error {
	var b strings.Builder
	if d.Title != "" {
		b.WriteString("# " + escape(d.Title) + "\n\n")
	}
	if d.Question != "" {
		b.WriteString("*" + escape(d.Question) + "*\n\n")
	}
	for i, block := range d.blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		if block.title != "" {
			b.WriteString("## " + escape(block.title) + "\n\n")
		}
		if block.text != "" {
			b.WriteString(escape(block.text) + "\n")
		}
		for _, a := range block.advice {
			b.WriteString("    " + a.Command + "    # " + a.For + "\n")
		}
		block.writeMarkdown(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeMarkdown sets the table of a block without its bars. Its first row is the header, which
// Markdown cannot do without.
func (t *block) writeMarkdown(b *strings.Builder) {
	if len(t.rows) == 0 {
		return
	}
	line := func(cells []string) {
		for j, cell := range cells {
			if t.align[j] != 'b' {
				b.WriteString("| " + escape(cell) + " ")
			}
		}
		b.WriteString("|\n")
	}
	header := t.header
	if header == nil {
		header = make([]string, len(t.align))
	}
	line(header)
	for _, a := range t.align {
		switch a {
		case 'r':
			b.WriteString("|--:")
		case 'l':
			b.WriteString("|---")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.rows {
		line(row)
	}
}

// escape keeps a text from becoming markup.
var escape = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`,
	"\n", " ", "\r", " ",
).Replace
