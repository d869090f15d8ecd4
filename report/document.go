package report

import (
	"slices"
	"strconv"
	"strings"

	"tripwire/stats"
)

// A Document is what a table says to a reader: [Document.Text] for a terminal, [Document.Markdown], and
// [Document.HTML] as a part of a page.
type Document struct {
	Title, Question string // HTML leaves them to the page
	blocks          []block
}

func newDocument(title, question string, blocks []block, advice []Advice) *Document {
	if len(advice) > 0 {
		blocks = append(blocks, block{title: "Next", advice: advice})
	}
	return &Document{title, question, blocks}
}

// A block is a part of a document, in all its forms alike.
type block struct {
	title  string
	text   string     // a paragraph
	header []string   // of the table
	rows   [][]string // of the table
	align  string     // of each column: l, r, or b for a bar, which only text has
	advice []Advice
}

// empty says whether there is nothing below the title.
func (b block) empty() bool { return b.text == "" && len(b.rows) == 0 && len(b.advice) == 0 }

// Advice is a command to type next, and what for.
type Advice struct{ Command, For string }

// notes numbers the warnings of the estimates that are shown.
type notes struct{ list []string }

// mark is the footnote marks of an estimate. That a count is zero or full its interval says itself.
func (n *notes) mark(e stats.Estimate) string {
	var at []int
	for _, w := range e.Warnings {
		if w == stats.WarnZeroCount || w == stats.WarnFullCount || w == stats.WarnNoRuns {
			continue
		}
		i := slices.Index(n.list, w)
		if i < 0 {
			i = len(n.list)
			n.list = append(n.list, w)
		}
		at = append(at, i)
	}
	slices.Sort(at)
	var marks []string
	for _, i := range at {
		marks = append(marks, superscript(i+1))
	}
	return strings.Join(marks, ",") // else two marks read as one number
}

// under adds the footnotes to blocks, if there are any.
func (n *notes) under(blocks []block) []block {
	if len(n.list) == 0 {
		return blocks
	}
	b := block{align: "rl"}
	for i, w := range n.list {
		b.rows = append(b.rows, []string{superscript(i + 1), w})
	}
	return append(blocks, b)
}

func superscript(n int) string {
	var b strings.Builder
	for _, d := range strconv.Itoa(n) {
		b.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[d-'0'])
	}
	return b.String()
}
