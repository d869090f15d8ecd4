package main

import (
	"bytes"
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
	want := `{"done":0,"eta_s":0,"failed":0,"runs":200,"runs_per_s":0}
{"done":100,"eta_s":1,"failed":1,"runs":200,"runs_per_s":100}
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
