package study

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"tripwire/model"
)

var memoryRuns = flag.Int64("memory-runs", 300_000, "histories of TestMemoryIsFlat")

// emptyHistory is an outcome that costs nothing to play: every number is drawn from a wide distribution, and every
// class is as likely.
func emptyHistory(rep uint64) (o model.Outcome) {
	r := rand.New(rand.NewPCG(rep, 1))
	v := reflect.ValueOf(&o).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Type() == reflect.TypeFor[model.Maybe]() {
			f.SetFloat(float64(r.IntN(2)))
			continue
		}
		switch f.Kind() {
		case reflect.Float64:
			f.SetFloat(math.Exp(2 * r.NormFloat64()))
		case reflect.Int64:
			f.SetInt(int64(math.Exp(3 * r.NormFloat64())))
		case reflect.Uint8:
			if c, ok := f.Interface().(classed); ok {
				f.SetUint(1 + uint64(r.IntN(len(c.Classes())-1)))
			}
		}
	}
	return o
}

// The memory of a run is the same however long it is, from playing to the last estimate, and its parts and estimates hold
// every history.
func TestMemoryIsFlat(t *testing.T) {
	live := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	peak := func(runs int64) (most uint64) {
		s := mustLoad(t, "[study]\n", fmt.Sprintf("study.replications=%d", runs))
		r := newRunner(s, Options{Workers: 2})
		var count atomic.Int64
		r.play = func(_ *model.War, _, rep uint64, _ func(model.Entry)) model.Outcome {
			count.Add(1)
			return emptyHistory(rep)
		}
		// Progress is told while it plays; the estimates are made after it, so that the peak is looked for beside.
		stop, done := make(chan bool), make(chan uint64)
		go func() {
			most := uint64(0)
			for {
				select {
				case <-stop:
					done <- most
					return
				case <-time.After(2 * time.Millisecond):
					most = max(most, live())
				}
			}
		}()
		dir := filepath.Join(t.TempDir(), "result")
		err := runIn(t, t.Context(), dir, r)
		close(stop)
		if err != nil || count.Load() != runs {
			t.Fatalf("%d of %d histories: %v", count.Load(), runs, err)
		}
		return <-done
	}
	some := peak(*memoryRuns / 2)
	all := peak(*memoryRuns)
	t.Logf("%d histories: %d MB, %d: %d MB", *memoryRuns/2, some>>20, *memoryRuns, all>>20)
	const bound, slack = 128 << 20, 16 << 20 // a rare value opens another octave
	if all > bound || all > some+slack {
		t.Errorf("the heap of %d histories is %d MB, of %d %d MB: want no more than %d MB, and no more for more", *memoryRuns/2, some>>20, *memoryRuns, all>>20, bound>>20)
	}
}
