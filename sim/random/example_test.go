package random_test

import (
	"fmt"

	"tripwire/sim/random"
)

func ExampleLuck() {
	luck := random.New()
	hit, stay := luck.Stream("missile/hit"), luck.Stream("sortie/stay")
	for replication := range uint64(2) {
		luck.Reset(42, replication)
		hits := 0
		for range 12 {
			if hit.Happens(0.5) {
				hits++
			}
		}
		// The 17th aircraft has luck of its own, whenever its turn comes.
		aircraft := stay.Numbered(17)
		fmt.Printf("%d of 12 hit; aircraft 17 stays %.2f h and then %.2f h\n", hits, aircraft.Gamma(4, 3), aircraft.Gamma(4, 3))
	}
	// Output:
	// 5 of 12 hit; aircraft 17 stays 3.87 h and then 1.78 h
	// 4 of 12 hit; aircraft 17 stays 2.37 h and then 1.71 h
}
