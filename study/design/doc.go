// Package design says at which points of the unit cube an experiment is run. It knows nothing of
// factors, their ranges or the war: a design is a matrix, a row a point, a column a factor, every value
// in [0, 1]. Start at [LatinHypercube] to fill the space with any number of points, [Sobol] for sequences
// that may be continued, [NOLH] for regression on up to 29 factors, [Morris] to find the few factors
// that matter, [Saltelli] to say how much of the variance each explains.
//
// Every design has the same bits on every machine: luck comes from integers hashed by position, values
// are quotients of integers, and no function of math is used whose last bits differ between processors.
// Equal arguments give equal designs.
//
// A number of points or factors that is not positive is the programmer's mistake and panics. What a
// study file may ask for and no table holds is an error.
package design

import (
	"fmt"
	"math/bits"
	"runtime"
	"sync"
)

// luck is a sequence of pseudo-random integers keyed by a seed and by what it is for: SplitMix64
// (Steele, Lea and Flood, OOPSLA 2014).
type luck uint64

const golden = 0x9e3779b97f4a7c15

func newLuck(seed uint64, purpose string) *luck {
	h := mix(seed)
	for _, c := range []byte(purpose) {
		h = mix(h ^ uint64(c))
	}
	return (*luck)(&h)
}

// after is the sequence behind so many numbers.
func (l luck) after(numbers int) *luck {
	l += luck(numbers) * golden
	return &l
}

func (l *luck) next() uint64 {
	*l += golden
	return mix(uint64(*l))
}

// below is uniform on 0 .. n-1, biased by less than n/2^64.
func (l *luck) below(n int) int {
	high, _ := bits.Mul64(l.next(), uint64(n))
	return int(high)
}

func (l *luck) permutation(n int) []int {
	p := make([]int, n)
	for i := range p {
		j := l.below(i + 1)
		p[i] = p[j]
		p[j] = i
	}
	return p
}

// mix is the finaliser of SplitMix64: a bijection whose every output bit depends on every input bit.
func mix(x uint64) uint64 {
	x += golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func checkSize(function string, n, d int) {
	if n < 1 || d < 1 {
		panic(fmt.Sprintf("design: %s: %d points of %d factors", function, n, d))
	}
}

// columns makes the columns of a design on all cores, some successive ones on each.
func columns(d int, column func(j int)) {
	workers := min(runtime.GOMAXPROCS(0), d)
	var group sync.WaitGroup
	for k := range workers {
		group.Go(func() {
			for j := k * d / workers; j < (k+1)*d/workers; j++ {
				column(j)
			}
		})
	}
	group.Wait()
}

// matrix is n rows of d zeros in one piece of memory.
func matrix[T any](n, d int) [][]T {
	cells := make([]T, n*d)
	rows := make([][]T, n)
	for i := range rows {
		rows[i] = cells[i*d : (i+1)*d : (i+1)*d]
	}
	return rows
}
