package figure

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
)

// typeface finds the two faces of Liberation Sans, which has the widths of Arial and Helvetica.
var typeface = sync.OnceValue(func() *font.Cache {
	var collection font.Collection
	for _, f := range []struct {
		weight stdfont.Weight
		data   []byte
	}{{stdfont.WeightNormal, liberationsansregular.TTF}, {stdfont.WeightBold, liberationsansbold.TTF}} {
		face, err := opentype.Parse(f.data)
		if err != nil {
			panic("figure: " + err.Error())
		}
		collection = append(collection, font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: f.weight}, Face: face})
	}
	return font.NewCache(collection)
})

func face(size float64, bold bool) font.Face {
	weight := stdfont.WeightNormal
	if bold {
		weight = stdfont.WeightBold
	}
	return typeface().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, font.Length(size))
}

// advances is the width of each character at a size of 1,000, by weight: asking the font takes long.
var advances [2]sync.Map

// width is that of a line of writing. Kerning is not counted: it makes words narrower, never wider.
func width(words string, size float64, bold bool) float64 {
	weight := 0
	if bold {
		weight = 1
	}
	total := 0.0
	for _, r := range words {
		w, known := advances[weight].Load(r)
		if !known {
			f := face(1000, bold)
			w = f.Width(string(r)).Points()
			advances[weight].Store(r, w)
		}
		total += w.(float64)
	}
	return total * size / 1000
}

// printable is words without what a picture cannot show: control and format characters, line ends.
func printable(words string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, words)
}

// wrap breaks words into lines no wider than room, at blanks, and within a word that alone is wider.
// Beyond most lines the last ends in "…"; most 0 is no limit.
func wrap(words string, room, size float64, bold bool, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(words, func(r rune) bool { return r == ' ' }) { // not at U+00A0
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if width(joined, size, bold) <= room {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; width(line, size, bold) > room && utf8.RuneCountInString(line) > 1; {
			head := fit(line, room, size, bold)
			lines, line = append(lines, head), line[len(head):]
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	if most > 0 && len(lines) > most {
		last := strings.Join(lines[most-1:], " ")
		lines = append(lines[:most-1:most-1], strings.TrimRight(fit(last, room-width("…", size, bold), size, bold), " ._")+"…")
	}
	return lines
}

// fit is the longest beginning of a word that has room: one character at least, and, if it can be, up to a
// point or an underscore, where keys are best broken.
func fit(word string, room, size float64, bold bool) string {
	end, mark := 0, 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if end > 0 && width(word[:next], size, bold) > room {
			break
		}
		if end = next; r == '.' || r == '_' || r == '-' {
			mark = next
		}
	}
	if mark > end/2 && end < len(word) {
		return word[:mark]
	}
	return word[:end]
}
