package model

import (
	"fmt"
	"math"
	"testing"
)

func TestMoreTargets(t *testing.T) {
	k := judged(t)
	for _, c := range []struct{ perD, repairD, days float64 }{{.3, 2, 1}, {.02, 30, 25}} {
		name := fmt.Sprintf("renewal/%v-%v-%v", c.perD, c.repairD, c.days)
		up := 1 / (1 + c.perD*c.repairD)
		k.mean(name, renewed(name, 20_000, c.perD, c.repairD, c.days), up+(1-up)*math.Exp(-(c.perD+1/c.repairD)*c.days))
	}
	for _, c := range []struct {
		links         int64
		perD, repairD float64
		slack         float64
	}{{3, .2, 3, 1.2}, {6, .05, 20, 2}} {
		up := 1 / (1 + c.perD*c.repairD)
		ratio := 0.0
		for n, p := range binomial(c.links, up) {
			ratio += p * min(1, c.slack*float64(n)/float64(c.links))
		}
		name := fmt.Sprintf("links/%d", c.links)
		share, _, supply := interdicted(name, 300, 200, c.links, c.perD, c.repairD, c.slack)
		k.mean(name+"/up", share, up)
		k.mean(name+"/supply", supply, ratio)
	}
}

func TestMoreSorties(t *testing.T) {
	for _, c := range []struct {
		n                      int64
		station, transit, turn float64
		aircraft               int64
		perD                   float64
	}{
		{6, 3, 1, 5, 20, 48}, // a cycle of ten hours, three of them on station
		{1, 5, 2.5, 0, 2, 4.8},
		{4, 2, 0, 0, 4, 48},
	} {
		aircraft, perD := shuttle(c.n, c.station, c.transit, c.turn)
		if aircraft != c.aircraft || math.Abs(perD-c.perD) > 1e-12 {
			t.Errorf("shuttle(%d, %v, %v, %v) is %d aircraft and %v sorties a day, want %d and %v",
				c.n, c.station, c.transit, c.turn, aircraft, perD, c.aircraft, c.perD)
		}
	}
}

func TestMoreQueues(t *testing.T) {
	k := judged(t)
	for _, load := range []float64{.2, .5, .7} {
		name := fmt.Sprintf("mm1/%v", load)
		number, se := queued(name, 50_000, load)
		k.estimated(name, number, se, load/(1-load))
	}
}
