package random

import (
	"encoding/binary"

	//lint:ignore SA1019 golang.org/x/exp/rand is deprecated, but this program's user asked for it by name.
	"golang.org/x/exp/rand"
)

// generator is x/exp's PCG XSL RR 128/64 (O'Neill, PCG: A family of simple fast space-efficient statistically good
// algorithms for random number generation, 2014). All 128 bits of its state are set: PCGSource.Seed would set
// both words alike.
type generator struct{ pcg rand.PCGSource }

func (g *generator) set(state key) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], state.hi)
	binary.BigEndian.PutUint64(b[8:], state.lo)
	if err := g.pcg.UnmarshalBinary(b[:]); err != nil {
		panic("random: golang.org/x/exp/rand changed the form of a PCGSource: " + err.Error())
	}
}

func (g *generator) next() uint64 { return g.pcg.Uint64() }
