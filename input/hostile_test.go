package input

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostile gives 1 MiB of everything that could take long. Nothing takes a second on a machine
// that is free; the limit allows for one that is not.
func TestHostile(t *testing.T) {
	fill := func(piece string) string { return strings.Repeat(piece, maxSize/len(piece)) }
	number := func(format string) string {
		var b strings.Builder
		for i := 0; b.Len() < maxSize-100; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"dotted":        "a" + fill(".a"),
		"dotted lines":  fill(strings.Repeat("a.", 500) + "a=1\n"),
		"dotted deep":   number("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b%d=1\n"),
		"brackets":      "a=" + fill("["),
		"bracket lines": "a=" + fill("[\n"),
		"braces":        "a=" + fill("{a="),
		"many brackets": fill("a=[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n"),
		"headers":       fill("[["),
		"header lines":  fill("[a]\n"),
		"tables":        number("[a%d]\n"),
		"table arrays":  fill("[[a]]\n"),
		"expects":       fill("[[expect]]\n"),
		"quotes":        fill(`"`),
		"quote lines":   fill("\"\n"),
		"quote triples": fill("a='''"),
		"open text":     fill("a=\"\"\"\n"),
		"escapes":       fill(`\`),
		"keys":          number("key%d=1\n"),
		"quoted keys":   number("\"\\t%d\"=1\n"),
		"same key":      fill("seed=1\n"),
		"near keys":     fill("strike.tomahwak_stocks=1\n"),
		"bad values":    number("study.weights.a%d=x\n"),
		"good values":   number("study.weights.a%d=1\n"),
		"array":         "study.uncertain=[" + fill("'a',\n")[:maxSize-100] + "]",
		"numbers":       "study.uncertain=[" + fill("1,\n")[:maxSize-100] + "]",
		"inline":        "study.weights={" + number("a%d=1,\n") + "}",
		"equals":        fill("=\n"),
		"signs":         fill("="),
		"comments":      fill("#\n"),
		"newlines":      fill("\n"),
		"returns":       fill("\r"),
		"controls":      fill("\x01\n"),
		"nul":           " " + fill(" \x00"),
		"snowmen":       fill("☃"),
		"snow lines":    fill("☃\n"),
		"long lines":    fill(strings.Repeat("x", maxLine-1) + "\n"),
		"long value":    fill("seed=" + strings.Repeat("1", maxLine-10) + "\n"),
		"zeros":         fill("\x00"),
		"too much":      fill("#") + "###########################",
		"long forms":    number("attribution.threshold.x%d=1\n"),
		"underscores":   "seed=1" + fill("_")[:maxLine-100],
		"multiline":     "title=\"\"\"" + fill("\\u0041\n")[:maxSize-100] + "\"\"\"",
		"backslashes":   "title=\"\"\"" + fill("\\\\\n")[:maxSize-100] + "\"\"\"",
		"quotes inside": "title='''" + fill("''\n")[:maxSize-100] + "'''",
	} {
		var took time.Duration
		var err error
		for range 3 { // the machine may be busy with something else
			start := time.Now()
			_, err = load(t, text, nil)
			if took = time.Since(start); took < 5*time.Second {
				break
			}
		}
		if took >= 5*time.Second {
			t.Errorf("%s: took %v three times, want well under a second; see TestHostile", name, took)
		} else if testing.Verbose() {
			t.Logf("%-14s %8v", name, took.Round(time.Millisecond))
		}
		if err == nil {
			t.Errorf("%s: no fault", name)
		} else if n := len(faultLines(t, err)); n > maxFaults+1 {
			t.Errorf("%s: %d faults are listed, want at most %d", name, n, maxFaults+1)
		}
	}
}
