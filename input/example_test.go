package input_test

import (
	"fmt"
	"testing/fstest"

	"tripwire/input"
)

// Prob is a probability.
type Prob float64

func (p Prob) Allowed() (rule string, ok bool) { return "must be in [0, 1]", 0 <= p && p <= 1 }

// Scenario is what may stand in a file.
type Scenario struct {
	Seed    int64 `toml:"seed"`
	Missile struct {
		Stock int64 `toml:"stock" doc:"missiles at the start"`
		Hit   Prob  `toml:"hit"   doc:"chance that a leaker hits"`
	} `toml:"missile"`
}

var loader = input.Loader{Embedded: fstest.MapFS{
	"baseline.toml": {Data: []byte(`seed = 1
[missile]
stock = 500
hit = { value = 0.5, low = 0.3, high = 0.8, basis = "judgement" }
`)},
	"bad.toml": {Data: []byte(`extends = "baseline"
[missile]
hit = 1.3
stok = 600
`)},
}}

func ExampleLoader_Load() {
	var s Scenario
	f, err := loader.Load("baseline", []string{"missile.hit=0.6"}, &s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	hit, _ := f.Get("missile.hit")
	fmt.Println(s.Missile.Hit, "from", hit.Layer, "believed to be in", *hit.Low, "to", *hit.High)
	fmt.Printf("%s", f.TOML())
	// Output:
	// 0.6 from --set believed to be in 0.3 to 0.8
	// seed = 1
	//
	// [missile]
	// stock = 500
	// hit = { value = 0.6, low = 0.3, high = 0.8, basis = "judgement" }
}

func ExampleFaults() {
	_, err := loader.Load("bad", nil, new(Scenario), nil)
	fmt.Println(err)
	// Output:
	// bad:3:7: missile.hit: 1.3 must be in [0, 1]
	// bad:4:1: missile.stok: no such parameter (did you mean missile.stock?)
}
