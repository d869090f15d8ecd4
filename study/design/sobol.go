package design

import (
	_ "embed"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

//go:embed joe-kuo-6.txt
var joeKuo string

// SobolDimensions is how many factors [Sobol] has direction numbers for. [Saltelli] needs two a factor.
const SobolDimensions = 512

const sobolBits = 32

// Sobol is the first n points of Sobol's sequence in d dimensions (USSR Comput. Math. Math. Phys. 7,
// 1967) in the Gray-code order of Antonov and Saleev, with the direction numbers of Joe and Kuo (2008).
// Take n a power of 2: only then are the points balanced. n beyond 2^32 panics.
//
// Seed 0 gives the plain sequence, which begins with the origin. Any other seed gives Owen's nested
// uniform scrambling (SIAM J. Numer. Anal. 34, 1997): each binary digit of a coordinate is flipped by a
// hash of the seed, the dimension and the digits before it, to 52 digits. Then every point is uniform in
// the open cube, any function's mean over the points is unbiased, and designs of different seeds are
// independent, so that their spread measures the error. Asking for more points under the same seed
// continues the sequence.
func Sobol(n, d int, seed uint64) ([][]float64, error) {
	checkSize("Sobol", n, d)
	if uint64(n) > 1<<sobolBits {
		panic(fmt.Sprintf("design: Sobol: %d points, at most 2^%d", n, sobolBits))
	}
	if d > SobolDimensions {
		return nil, fmt.Errorf("design: Sobol' sequence of %d factors, at most %d", d, SobolDimensions)
	}
	points := matrix[float64](n, d)
	columns(d, func(j int) {
		v := directions()[j]
		key := mix(mix(seed) ^ uint64(j))
		x := uint32(0)
		for i := range n {
			if i > 0 {
				x ^= v[bits.TrailingZeros32(uint32(i))]
			}
			if seed == 0 {
				points[i][j] = float64(x) / (1 << sobolBits)
			} else {
				points[i][j] = scrambled(x, key)
			}
		}
	})
	return points, nil
}

// scrambled is x/2^32, its digits flipped, and 20 further digits and a half in their last place added.
func scrambled(x uint32, key uint64) float64 {
	y := x
	for b := range sobolBits {
		before := uint64(x) >> (sobolBits - b) // the b digits before; below, their number is told by the leading 1
		y ^= uint32(mix(key^(1<<b|before))>>63) << (sobolBits - 1 - b)
	}
	more := mix(key^(1<<sobolBits|uint64(x))) >> 44
	return (float64(uint64(y)<<20|more) + 0.5) / (1 << 52)
}

// directions is the direction numbers by dimension, most significant digit first.
var directions = sync.OnceValue(func() [][sobolBits]uint32 {
	v := make([][sobolBits]uint32, 1, SobolDimensions)
	for k := range sobolBits {
		v[0][k] = 1 << (sobolBits - 1 - k)
	}
	for line := range strings.Lines(joeKuo) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var number []uint32
		for _, field := range strings.Fields(line) {
			u, err := strconv.ParseUint(field, 10, 32)
			if err != nil {
				panic(fmt.Sprintf("design: joe-kuo-6.txt: %q: %v", line, err))
			}
			number = append(number, uint32(u))
		}
		degree, inner, m := int(number[1]), number[2], number[3:]
		var w [sobolBits]uint32
		for k := range sobolBits {
			if k < degree {
				w[k] = m[k] << (sobolBits - 1 - k)
				continue
			}
			w[k] = w[k-degree] ^ w[k-degree]>>degree
			for l := 1; l < degree; l++ {
				if inner>>(degree-1-l)&1 == 1 {
					w[k] ^= w[k-l]
				}
			}
		}
		v = append(v, w)
	}
	return v
})

// Saltelli is the points at which Sobol' indices of d factors are estimated (Saltelli et al., Comput.
// Phys. Commun. 181, 2010): n rows of A, n of B, and for each factor i n of AB_i, which is A with column
// i from B; in all n(d+2) rows. A and B are the halves of one [Sobol] sequence in 2d dimensions under the
// seed. Take n a power of 2, and 16 or more designs of different seeds other than 0: tripwire/stats
// makes intervals from their spread.
func Saltelli(n, d int, seed uint64) ([][]float64, error) {
	checkSize("Saltelli", n, d)
	if 2*d > SobolDimensions {
		return nil, fmt.Errorf("design: Saltelli sampling of %d factors, at most %d", d, SobolDimensions/2)
	}
	pairs, err := Sobol(n, 2*d, seed)
	if err != nil {
		return nil, err
	}
	points := matrix[float64](n*(d+2), d)
	for r, pair := range pairs {
		a, b := pair[:d], pair[d:]
		copy(points[r], a)
		copy(points[n+r], b)
		for i := range d {
			row := points[(2+i)*n+r]
			copy(row, a)
			row[i] = b[i]
		}
	}
	return points, nil
}
