package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"tripwire/stats"
	"tripwire/study"
)

// A meter tells on stderr how far a run has come: by a bar on a terminal, else by one line at the
// start, every half minute, and at the end.
type meter struct {
	std   *streams
	mode  string
	what  string // is counted
	now   func() time.Time
	began time.Time
	told  time.Time
	last  study.Progress

	several bool // design points: their histories are no simple sample, so the share has no interval here
}

// how often each mode tells.
var every = map[string]time.Duration{
	"bar": time.Second / 10, "plain": 30 * time.Second, "json": time.Second, "none": math.MaxInt64,
}

func newMeter(std *streams, mode string) (*meter, error) {
	if mode == "auto" {
		mode = "plain"
		if std.bar != nil {
			mode = "bar"
		}
	}
	if _, ok := every[mode]; !ok {
		return nil, usagef("--progress %s: must be auto, bar, plain, json or none", mode)
	}
	if mode == "bar" && std.bar == nil {
		mode = "plain"
	}
	return &meter{std: std, mode: mode, what: "runs", now: time.Now}, nil
}

func (m *meter) start(runs int64) {
	m.began = m.now()
	m.last.Runs = runs
	m.tell()
}

func (m *meter) update(p study.Progress) {
	m.last = p
	if p.Done < p.Runs && m.now().Sub(m.told) >= every[m.mode] {
		m.tell()
	}
}

func (m *meter) end() {
	m.tell()
	if m.mode == "bar" {
		fmt.Fprintln(m.std.bar)
	}
}

func (m *meter) tell() {
	m.told = m.now()
	switch m.mode {
	case "plain":
		fmt.Fprintln(m.std.err, m.line())
	case "json":
		fmt.Fprintln(m.std.err, m.object())
	case "bar":
		const width = 20
		full := int(width * m.last.Done / max(1, m.last.Runs))
		line := []rune(fmt.Sprintf("[%s%s] %s", strings.Repeat("#", full), strings.Repeat(".", width-full), m.line()))
		line = line[:min(len(line), max(m.std.columns-1, 0))] // a line that breaks cannot be drawn over
		fmt.Fprintf(m.std.bar, "\r\x1b[K%s", string(line))
	}
}

// rate is histories a second, and the time that the rest will take.
func (m *meter) rate() (perSecond float64, left time.Duration) {
	passed := m.told.Sub(m.began).Seconds()
	played := m.last.Done - m.last.Kept
	if passed <= 0 || played == 0 {
		return 0, 0
	}
	perSecond = float64(played) / passed
	return perSecond, time.Duration(float64(m.last.Runs-m.last.Done) / perSecond * float64(time.Second))
}

// line is 612000/1000000 runs 61.2% 41.3k runs/s ETA 9s P(deterred)=0.434±0.001.
func (m *meter) line() string {
	p := m.last
	line := fmt.Sprintf("%d/%d %s %.1f%%", p.Done, p.Runs, m.what, 100*float64(p.Done)/float64(max(1, p.Runs)))
	if perSecond, left := m.rate(); perSecond > 0 {
		line += " " + short(perSecond) + " " + m.what + "/s"
		if p.Done < p.Runs {
			line += " ETA " + left.Round(time.Second).String()
		}
	}
	if p.Failed > 0 {
		line += fmt.Sprintf(" %d failed", p.Failed)
	}
	if p.Accepted > 0 {
		e := stats.Share(int(p.Deterred), int(p.Accepted), study.Level)
		decimals := max(0, -int(math.Floor(math.Log10(e.HalfWidth()))))
		if m.several {
			return line + fmt.Sprintf(" P(deterred)=%.*f", decimals, e.Value)
		}
		line += fmt.Sprintf(" P(deterred)=%.*f±%.*f", decimals, e.Value, decimals, e.HalfWidth())
	}
	return line
}

// short is 41.3k for 41300: three digits, and never an exponent.
func short(x float64) string {
	unit := ""
	for _, larger := range []string{"k", "M", "G"} {
		if x < 999.5 {
			break
		}
		x, unit = x/1000, larger
	}
	if x >= 999.5 {
		return fmt.Sprintf("%.0f%s", x, unit)
	}
	return fmt.Sprintf("%.3g%s", x, unit)
}

// object is the line for machines: eta_s and runs_per_s once they are known, deterred once an armistice was
// accepted.
func (m *meter) object() string {
	p := m.last
	perSecond, left := m.rate()
	o := map[string]any{
		"done": p.Done, "runs": p.Runs, "failed": p.Failed, "elapsed_s": math.Round(m.told.Sub(m.began).Seconds()),
	}
	if perSecond > 0 {
		o["runs_per_s"], o["eta_s"] = math.Round(perSecond), math.Round(left.Seconds())
	}
	if p.Accepted > 0 {
		e := stats.Share(int(p.Deterred), int(p.Accepted), study.Level)
		digits := func(x float64) float64 { return math.Round(x*1e6) / 1e6 }
		share := map[string]float64{"value": digits(e.Value)}
		if !m.several {
			share["low"], share["high"] = digits(e.Low), digits(e.High)
		}
		o["deterred"] = share
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(b)
}
