package study

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// In any order, and again: the lines of runs.csv.
func TestEncore(t *testing.T) {
	s := baseline(t, 40)
	files, err := play(t, newRunner(s, Options{Workers: 2}))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(files["runs.csv"], "\n")
	e := s.Encore()
	if got := string(e.Header()); got != lines[0] {
		t.Errorf("the header is %s, want %s", got, lines[0])
	}
	for _, run := range []int64{39, 0, 17, 17, 3} {
		got, err := e.Row(t.Context(), 0, run)
		if err != nil || string(got) != lines[1+run] {
			t.Errorf("run %d is %s, %v; want %s", run, got, err, lines[1+run])
		}
	}
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if _, err := e.Row(ctx, 0, 1); !errors.Is(err, stop) {
		t.Errorf("after its end the context's cause is %v, want %v", err, stop)
	}
}
