package study

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/study/record"
)

// BenchmarkHarness is what a replication costs besides its history: at one point, and at many, block by
// block by way of the spool.
func BenchmarkHarness(b *testing.B) {
	for _, points := range []int{1, 10} {
		b.Run(fmt.Sprint(points), func(b *testing.B) {
			sets := []string{fmt.Sprintf("study.replications=%d", max(1, b.N/points))}
			if points > 1 {
				sets = append(sets, `study.design="latin-hypercube"`, fmt.Sprintf("study.points=%d", points), `study.uncertain=["air.*"]`)
			}
			s, err := Load(input.Loader{Embedded: configs.FS}, "baseline", sets)
			if err != nil {
				b.Fatal(err)
			}
			outcome := model.New(&s.Scenario).Play(1, 0)
			r := newRunner(s, Options{Workers: 1})
			r.play = func(*model.War, uint64, uint64, func(model.Entry)) model.Outcome { return outcome }
			w, err := record.Create(filepath.Join(b.TempDir(), "result"))
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			if err := r.run(b.Context(), w); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkBatch is 4,000 histories of the baseline on one worker and then on two, and how many times as fast two are
// by the clock.
func BenchmarkBatch(b *testing.B) {
	const histories = 4000
	s := baseline(b, histories)
	var clock [3]time.Duration // by workers
	for b.Loop() {
		for workers := 1; workers <= 2; workers++ {
			began := time.Now()
			if err := runIn(b, b.Context(), filepath.Join(b.TempDir(), "result"), newRunner(s, Options{Workers: workers})); err != nil {
				b.Fatal(err)
			}
			clock[workers] += time.Since(began)
		}
	}
	for workers := 1; workers <= 2; workers++ {
		b.ReportMetric(histories*float64(b.N)/clock[workers].Seconds(), fmt.Sprintf("runs/s-%d", workers))
	}
	b.ReportMetric(clock[1].Seconds()/clock[2].Seconds(), "speedup")
}

// BenchmarkPlan is what plan does with a million design points, chosen and sampled, but for a probe of more than one history.
func BenchmarkPlan(b *testing.B) {
	var grid strings.Builder
	grid.WriteString("[study]\ndesign = \"grid\"\nreplications = 1\n")
	for _, key := range []string{"coalition.troops", "moscow.review_d", "air.fighters", "washington.decision_lag_d", "attribution.overt_delay_d", "ukraine.army"} {
		fmt.Fprintf(&grid, "[[study.factors]]\nkey = %q\nvalues = [101, 102, 103, 104, 105, 106, 107, 108, 109, 110]\n", key)
	}
	texts := map[string]string{"grid/factors=6": grid.String()}
	for _, design := range []string{"latin-hypercube", "sobol"} {
		for factors, uncertain := range map[int]string{
			6:  `"coalition.troops", "moscow.review_d", "air.fighters", "washington.decision_lag_d", "attribution.overt_delay_d", "ukraine.army"`,
			48: `"washington.*"`,
		} {
			texts[fmt.Sprintf("%s/factors=%d", design, factors)] = fmt.Sprintf(
				"[study]\ndesign = %q\nreplications = 1\npoints = 1_000_000\nuncertain = [%s]\n", design, uncertain)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s := mustLoad(b, text)
				if _, err := s.Probe(b.Context(), 0, 1); err != nil || s.Points() != 1_000_000 || !strings.HasSuffix(name, fmt.Sprint("=", len(s.plan.factors))) {
					b.Fatalf("%d points: %v", s.Points(), err)
				}
			}
		})
	}
}

// BenchmarkResume is how long it takes to find what is there: 100,000 units of one history, and 10,000 as long as those of a
// long study.
func BenchmarkResume(b *testing.B) {
	for _, c := range []struct{ units, each int }{{100_000, 1}, {10_000, unitRuns}} {
		b.Run(fmt.Sprintf("units=%d/of=%d", c.units, c.each), func(b *testing.B) {
			s := baseline(b, c.units*c.each)
			outcome := model.New(&s.Scenario).Play(1, 0)
			runner := func() *runner {
				r := newRunner(s, Options{Workers: 1})
				r.unitRuns = int64(c.each)
				r.play = func(*model.War, uint64, uint64, func(model.Entry)) model.Outcome { return outcome }
				return r
			}
			dir := filepath.Join(b.TempDir(), "result")
			w, err := record.Create(dir)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := runner().begin(b.Context(), w); err != nil {
				b.Fatal(err)
			}
			if err := w.Keep(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				parts, err := record.OpenParts(dir)
				if err != nil {
					b.Fatal(err)
				}
				r := runner()
				found, err := openCheckpoint([]*record.Parts{parts}, nil, s.Origin(r.opt), r.opt.Warn)
				if err != nil {
					b.Fatal(err)
				}
				if err := r.all(b.Context(), found); err != nil || r.progress.Kept != int64(c.units*c.each) {
					b.Fatalf("%+v, %v", r.progress, err)
				}
				parts.Close()
			}
		})
	}
}
