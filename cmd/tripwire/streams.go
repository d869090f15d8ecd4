package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"
)

// streams is the world of a command: answers go to out, everything else to err. Neither lets through
// what could steer a terminal.
type streams struct {
	out     *bufio.Writer // the last to be written
	err     io.Writer
	bar     io.Writer // a terminal for a progress bar, steered and all; nil where there is none
	columns int       // of that terminal
	width   int       // columns for text
	ascii   bool      // no block characters
	program string    // how this program is called by whoever reads its advice
}

// system is the streams of the process.
func system() *streams {
	dumb := os.Getenv("TERM") == "dumb"
	s := &streams{
		out: bufio.NewWriterSize(&cleaner{w: os.Stdout}, 1<<16), err: &cleaner{w: os.Stderr},
		width: 80, ascii: dumb, program: "tripwire",
	}
	if columns := columnsOf(os.Stdout); columns > 0 {
		s.width = min(max(columns, 60), 100)
	}
	if term.IsTerminal(int(os.Stderr.Fd())) && !dumb {
		s.bar, s.columns = os.Stderr, 80
		if columns := columnsOf(os.Stderr); columns > 0 {
			s.columns = columns
		}
	}
	// go run builds into a folder of its own, where nobody finds the program again.
	if path, err := os.Executable(); err == nil && strings.Contains(filepath.ToSlash(path), "/go-build") {
		s.program = "go run ./cmd/tripwire"
	}
	return s
}

// columnsOf is the width of a terminal; 0 where it is unknown.
func columnsOf(f *os.File) int {
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// A cleaner writes text with every character that could steer a terminal, or turn the direction of
// writing, as an escape that can be read.
type cleaner struct {
	w    io.Writer
	rest []byte // the beginning of a character
}

func (c *cleaner) Write(p []byte) (int, error) {
	text := append(c.rest, p...)
	clean := make([]byte, 0, len(text))
	for len(text) > 0 && utf8.FullRune(text) {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			clean = fmt.Appendf(clean, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || !unicode.In(r, unicode.Cc, unicode.Cf):
			clean = append(clean, text[:n]...)
		default:
			clean = fmt.Appendf(clean, `\u%04x`, r)
		}
		text = text[n:]
	}
	c.rest = append([]byte(nil), text...)
	if _, err := c.w.Write(clean); err != nil {
		return 0, err
	}
	return len(p), nil
}
