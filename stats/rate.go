package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Rate estimates a Poisson rate from events counted over an exposure above 0 (days, runs), with the exact
// central interval (Garwood, Biometrika 28, 1936). The estimate is per unit of the exposure; N is the
// number of events.
func Rate(events int, exposure, level float64) Estimate {
	checkLevel("Rate", level)
	if events < 0 || !(exposure > 0 && exposure <= math.MaxFloat64) {
		panic(fmt.Sprintf("stats: Rate: %d events over %v", events, exposure))
	}
	e := Estimate{Value: float64(events) / exposure, Level: level, N: events, Method: "Poisson exact"}
	if events > 0 {
		e.Low = mathext.GammaIncRegInv(float64(events), (1-level)/2) / exposure
	} else {
		e.Warnings = []string{WarnZeroCount}
	}
	e.High = mathext.GammaIncRegCompInv(float64(events+1), (1-level)/2) / exposure
	return e
}
