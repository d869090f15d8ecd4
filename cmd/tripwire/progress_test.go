package main

import (
	"bytes"
	"regexp"
	"testing"
	"time"

	"tripwire/study"
)

// clock is a meter whose time a test sets.
func clock(t *testing.T, mode string) (m *meter, err *bytes.Buffer, passed *time.Duration) {
	t.Helper()
	err, passed = new(bytes.Buffer), new(time.Duration)
	m, fault := newMeter(&streams{err: err}, mode)
	if fault != nil {
		t.Fatal(fault)
	}
	began := time.Unix(1e9, 0)
	m.now = func() time.Time { return began.Add(*passed) }
	return m, err, passed
}

func TestPlainProgress(t *testing.T) {
	m, got, passed := clock(t, "auto")
	m.start(1_000_000)
	for _, second := range []int64{1, 10, 29, 30, 31, 59, 61} {
		*passed = time.Duration(second) * time.Second
		done := second * 10_000
		m.update(study.Progress{Runs: 1_000_000, Done: done, Accepted: done, Deterred: done * 43 / 100, Failed: second / 60})
	}
	*passed = 100 * time.Second
	m.update(study.Progress{Runs: 1_000_000, Done: 1_000_000, Accepted: 1_000_000, Deterred: 434_000, Failed: 3})
	m.end()
	want := `0/1000000 runs 0.0%
300000/1000000 runs 30.0% 10k runs/s ETA 1m10s P(deterred)=0.430±0.002
610000/1000000 runs 61.0% 10k runs/s ETA 39s 1 failed P(deterred)=0.430±0.001
1000000/1000000 runs 100.0% 10k runs/s 3 failed P(deterred)=0.4340±0.0010
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestJSONProgress(t *testing.T) {
	m, got, passed := clock(t, "json")
	m.start(200)
	*passed = 500 * time.Millisecond
	m.update(study.Progress{Runs: 200, Done: 50})
	*passed = time.Second
	m.update(study.Progress{Runs: 200, Done: 100, Failed: 1})
	*passed = 2 * time.Second
	m.update(study.Progress{Runs: 200, Done: 200, Failed: 1, Accepted: 100, Deterred: 0})
	m.end()
	want := `{"done":0,"elapsed_s":0,"failed":0,"runs":200}
{"done":100,"elapsed_s":1,"eta_s":1,"failed":1,"runs":200,"runs_per_s":100}
{"deterred":{"high":0.036993,"low":0,"value":0},"done":200,"elapsed_s":2,"eta_s":0,"failed":1,"runs":200,"runs_per_s":100}
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

func TestBar(t *testing.T) {
	terminal := new(bytes.Buffer)
	m, err := newMeter(&streams{err: new(bytes.Buffer), bar: terminal, columns: 37}, "auto")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Unix(1e9, 0)
	m.now = func() time.Time { return began }
	m.start(4)
	m.last = study.Progress{Runs: 4, Done: 2}
	m.end()
	if want := "\r\x1b[K[....................] 0/4 runs 0.0%\r\x1b[K[##########..........] 2/4 runs 50.0\n"; terminal.String() != want {
		t.Errorf("got %q, want %q", terminal.String(), want)
	}
}

// The line is the contract's, to the letter.
func TestLine(t *testing.T) {
	m, got, passed := clock(t, "plain")
	m.start(1_000_000)
	*passed = 612_000 * time.Second / 41_300
	m.last = study.Progress{Runs: 1_000_000, Done: 612_000, Accepted: 612_000, Deterred: 265_608}
	m.end()
	if want := "0/1000000 runs 0.0%\n612000/1000000 runs 61.2% 41.3k runs/s ETA 9s P(deterred)=0.434±0.001\n"; got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.123456: "0.123", 12.34: "12.3", 999.4: "999", 999.7: "1k", 41_300: "41.3k", 999_700: "1M", 2.5e6: "2.5M", 4e9: "4G", 4e12: "4000G",
	} {
		if got := short(x); got != want {
			t.Errorf("short(%v) is %s, want %s", x, got, want)
		}
	}
}

// Where the terminal is dumb, or none, a bar becomes lines; and nothing is ever in colour, NO_COLOR or not.
func TestNoBarNoColour(t *testing.T) {
	t.Setenv("TERM", "dumb")
	if s := system(); s.bar != nil || !s.ascii {
		t.Errorf("TERM=dumb: bar %v, ascii %v", s.bar, s.ascii)
	}
	for _, mode := range []string{"auto", "bar", "plain", "json", "none"} {
		m, got, passed := clock(t, mode)
		m.start(10)
		*passed = time.Minute
		m.update(study.Progress{Runs: 10, Done: 5})
		m.end()
		if lines := bytes.Count(got.Bytes(), []byte("\n")); bytes.ContainsAny(got.Bytes(), "\x1b\r") || lines != map[bool]int{true: 3}[mode != "none"] {
			t.Errorf("%s without a terminal: %q", mode, got)
		}
	}
	terminal := new(bytes.Buffer)
	m, err := newMeter(&streams{err: new(bytes.Buffer), bar: terminal, columns: 80}, "bar")
	if err != nil {
		t.Fatal(err)
	}
	m.start(10)
	m.update(study.Progress{Runs: 10, Done: 5, Accepted: 5})
	m.end()
	if colour := regexp.MustCompile("\x1b\\[[0-9;]*m").Find(terminal.Bytes()); colour != nil || terminal.Len() == 0 {
		t.Errorf("the bar is coloured by %q in %q", colour, terminal)
	}
}
