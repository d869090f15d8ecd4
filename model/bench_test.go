package model

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"tripwire/configs"
	"tripwire/input"
)

// histories plays the histories of a scenario one after the other, as a worker does.
func histories(b *testing.B, s *Scenario) {
	w := New(s)
	rep, events := uint64(0), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		w.Play(1, rep%1000)
		rep++
		events += w.w.engine.Fired()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
	b.ReportMetric(float64(events)/float64(rep), "events/op")
}

func BenchmarkHistory(b *testing.B) {
	b.Run("baseline", func(b *testing.B) { histories(b, baseline(b)) })
	for _, attack := range []string{"never", "limited", "full"} {
		b.Run(attack, func(b *testing.B) { histories(b, baseline(b, "moscow.attack="+attack)) })
	}
}

// BenchmarkScenario plays every scenario that tripwire carries, the studies apart.
func BenchmarkScenario(b *testing.B) {
	files, err := fs.Glob(configs.FS, "*.toml")
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range files {
		text, err := configs.FS.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		if bytes.Contains(text, []byte("[study")) {
			continue
		}
		name := strings.TrimSuffix(file, ".toml")
		b.Run(name, func(b *testing.B) {
			s := new(Scenario)
			if _, err := (input.Loader{Embedded: configs.FS}).Load(name, nil, s, nil); err != nil {
				b.Fatal(err)
			}
			histories(b, s)
		})
	}
}

// BenchmarkCost is how the cost of a history grows: with the horizon of a peace, with its incidents, and with the axes and the
// length of a war.
func BenchmarkCost(b *testing.B) {
	run := func(name string, value any, sets ...string) {
		b.Run(fmt.Sprintf("%s=%v", name, value), func(b *testing.B) { histories(b, baseline(b, sets...)) })
	}
	for _, years := range []int{1, 2, 5, 10, 20} {
		run("peace/years", years, "moscow.attack=never", fmt.Sprintf("horizon_d=%d", 365*years))
	}
	for _, n := range []int{0, 12, 48, 192, 768} {
		run("peace/flareups_per_y", n, "moscow.attack=never", fmt.Sprintf("ceasefire.flareups_per_y=%d", n))
	}
	names := []string{"donbas", "zaporizhzhia", "kharkiv", "sumy", "kyiv", "kherson"}
	for n := 1; n <= len(names); n++ {
		sets := []string{"moscow.attack=full", "moscow.attack_d=1", "horizon_d=366"}
		for _, left := range names[n:] {
			sets = append(sets, "axis."+left+".full_share=0")
		}
		run("war/axes", n, sets...)
	}
}
