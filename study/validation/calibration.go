package validation

import (
	"fmt"
	"math"
	"slices"

	"tripwire/input"
	"tripwire/model"
	"tripwire/stats"
)

// What a row of the calibration card rests on.
const (
	hindcast = "hindcast" // nothing was set to reproduce it
	tuned    = "tuned"    // constants of the ledger were set to reproduce it
	given    = "given"    // it goes in as a parameter, and should come out again
)

// A likeness is a past case: scenarios made like it, and what is compared.
type likeness struct {
	name    string
	all     []string // set on every side
	sides   []Line
	traced  bool // needs the chronicle
	tests   string
	note    string
	compare func(s *model.Scenario, sides [][]history) []Part // s is what is set on every side
}

// Calibration plays the past cases, n histories each, and compares.
func Calibration(l input.Loader, n int, seed uint64) (*Card, error) {
	c := &Card{
		Title: "Calibration card", Preface: calibrationPreface,
		Claim: "quantity", N: n, Seed: seed,
	}
	t := newTable(l, n, seed)
	all := likenesses()
	for _, k := range all {
		t.announce(k.all, k.sides)
	}
	for _, k := range all {
		s := new(model.Scenario)
		if err := t.load(k.all, s); err != nil {
			return nil, err
		}
		sides, err := t.play(k.all, k.sides, k.traced)
		if err != nil {
			return nil, err
		}
		c.Rows = append(c.Rows, Row{Name: k.name, Setup: setup(k.all, k.sides), Parts: k.compare(s, sides), Tests: k.tests, Note: k.note})
	}
	return c, nil
}

var calibrationPreface = []string{
	"Figures of past wars beside what the same code makes of a scenario that is like them. **Hindcasts show plausibility only, not validity of the future**: " +
		"few cases, read in the open, some of which the constants were set by.",
	"*Tests* says how much a row proves. **tuned**: constants of the ledger were set so that it comes out; it proves that the code does what it was made to do. " +
		"**given**: it goes in as a parameter, and should come out again through the code that uses it. **hindcast**: nothing was set by it. " +
		"A part holds if the model's whole interval lies within the evidence's range. Where the evidence is one case, the part asks how large a share of the model's histories falls short of it: " +
		"from .05 to .95, the case is none that the model would hardly ever see.",
	"Both sides' casualty claims are claims. Interception shares mix shot down, jammed and decoys. Intervals say how sure the computation is at fixed inputs, and nothing of how uncertain the inputs are.",
	"Regenerate with: `tripwire verify --calibration > docs/validation/calibration.md`",
}

// estimated is a part that is no difference.
func estimated(name, unit string, got stats.Estimate, e expectation) Part {
	p := Part{Name: name, Unit: unit, From: math.NaN(), Got: got, Saved: math.NaN()}
	p.hold(e)
	return p
}

// median is over histories, with its interval by order statistics.
func median(name, unit string, values []float64, e expectation) Part {
	return estimated(name+", median", unit, stats.NewSample(values).QuantileInterval(.5, Level).Estimate, e)
}

func average(name, unit string, values []float64, e expectation) Part {
	return estimated(name+", mean", unit, stats.Mean(values, Level), e)
}

// proportion is of cases, k of n.
func proportion(name string, k, n int, e expectation) Part {
	return estimated(name, "", stats.Share(k, n, Level), e)
}

// frequency is the share of histories that say yes (1).
func frequency(name string, values []float64, e expectation) Part {
	k := 0
	for _, v := range values {
		if v == 1 {
			k++
		}
	}
	return proportion(name, k, len(values), e)
}

// rarity is the share of histories with a value below the one case that is known. That case is none
// that the model would hardly ever see if the share is from .05 to .95.
func rarity(name string, values []float64, seen float64, unit string, e expectation) Part {
	below := make([]float64, len(values))
	for i, v := range values {
		below[i] = one(v < seen)
	}
	return frequency(fmt.Sprintf("share of histories below %g %s, %s", seen, unit, name), below, e)
}

var notRare = within(.05, .95, "0.05 to 0.95")

// exact is a number without luck, of a case that was seen n times.
func exact(name string, value float64, n int, e expectation) Part {
	return estimated(name, "", stats.Estimate{Value: value, Low: value, High: value, Level: Level, N: n, Method: "exact"}, e)
}

// values reads a number of every history in which the question arose.
func values(histories []history, of func(*history) float64) []float64 {
	var out []float64
	for i := range histories {
		if v := of(&histories[i]); !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

func likenesses() []likeness {
	return slices.Concat(grinding(), engagements(), manoeuvre(), interdiction(), below())
}
