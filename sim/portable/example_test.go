package portable_test

import (
	"fmt"

	"tripwire/sim/portable"
)

func ExampleGammaQuantile() {
	// The time within which nine in ten of the third failures come, where there is one a day on average.
	fmt.Printf("%.4f d\n", portable.GammaQuantile(0.9, 3))
	// Output: 5.3223 d
}
